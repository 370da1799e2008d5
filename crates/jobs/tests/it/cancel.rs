//! Stopping: by a person, and by a shutdown, which are not the same.

use crate::stage::{ACTOR, Answer, Queue, Told, start, until};
use jobs::{JobError, JobState};
use records::{Actor, Sql, values};
use serde_json::{Value, json};
use vocabulary::{Clock, OperatorId};

testing::on_both! {
    async fn a_job_that_waits_is_cancelled_at_once(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Ok(Value::Null)));
        let job_id = queue.add("told", json!({})).await;
        assert!(queue.jobs.cancel(&ACTOR, job_id).await.unwrap());
        assert_eq!(queue.state(job_id).await, JobState::Cancelled);
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 0);
        assert!(!queue.jobs.cancel(&ACTOR, job_id).await.unwrap(), "it has ended");
    }

    async fn a_cancellation_by_a_person_is_in_the_audit_log(queue: Queue) {
        let job_id = queue.add("told", json!({})).await;
        let operator = Actor::Operator(OperatorId::new(queue.database.clock.now()));
        queue.jobs.cancel(&operator, job_id).await.unwrap();
        queue.jobs.cancel(&operator, job_id).await.unwrap();
        let objects: Vec<String> = queue.database.records.reader().column("SELECT object AS value FROM audit_log WHERE action = 'job.cancel'", values![]).await.unwrap();
        assert_eq!(objects, [job_id.to_string()], "once: the second changed nothing");
    }

    async fn a_job_that_runs_ends_at_its_next_safe_point_and_keeps_what_it_did(queue: Queue) {
        let work = Told::to(|_, _| Answer::WhenCancelled(Ok(json!({ "lines": 17 }))));
        let job_id = queue.add("told", json!({})).await;
        let (stop, runner) = start(queue.runner(&work));
        until(async || work.runs() == 1).await;
        assert!(queue.jobs.cancel(&ACTOR, job_id).await.unwrap());
        until(async || queue.state(job_id).await == JobState::Cancelled).await;
        assert_eq!(queue.get(job_id).await.result, Some(json!({ "lines": 17 })));
        stop.send(true).unwrap();
        runner.await.unwrap();
    }

    async fn a_cancellation_reaches_a_runner_in_another_process(queue: Queue) {
        let work = Told::to(|_, _| Answer::WhenCancelled(Err(JobError::Cancelled)));
        let job_id = queue.add("told", json!({})).await;
        let (_, other) = queue.other_process(&work).await;
        let (stop, runner) = start(other);
        until(async || work.runs() == 1).await;
        assert!(queue.jobs.cancel(&ACTOR, job_id).await.unwrap());
        until(async || queue.state(job_id).await == JobState::Cancelled).await;
        stop.send(true).unwrap();
        runner.await.unwrap();
    }

    async fn a_shutdown_puts_a_job_back_and_does_not_count_as_a_try(queue: Queue) {
        let work = Told::to(|run, _| if run < 6 { Answer::WhenCancelled(Ok(Value::Null)) } else { Answer::Now(Ok(json!("whole"))) });
        let job_id = queue.add("told", json!({})).await;
        for run in 1..6 {
            let (stop, runner) = start(queue.runner(&work));
            until(async || work.runs() == run).await;
            stop.send(true).unwrap();
            runner.await.unwrap();
            let job = queue.get(job_id).await;
            assert_eq!((job.state, job.attempts), (JobState::Queued, 0));
        }
        queue.runner(&work).drain().await.unwrap();
        assert_eq!(queue.get(job_id).await.result, Some(json!("whole")));
    }
}
