//! Crashes: a job outlives the process that worked on it, and only one run at a time changes anything.

use crate::stage::{ACTOR, Answer, Queue, Told, start, until};
use jobs::{JobContext, JobState};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A runner that dies while it works: its task is dropped, and nothing is written any more.
async fn die_at_work(queue: &Queue, work: &Arc<Told>) {
    let before = work.runs();
    let (_stop, runner) = start(queue.other_process(work).await.1);
    until(async || work.runs() > before).await;
    runner.abort();
    let _ = runner.await;
}

testing::on_both! {
    async fn a_job_runs_again_when_the_lease_of_the_dead_has_run_out(queue: Queue) {
        let work = Told::to(|run, _| if run == 1 { Answer::Never } else { Answer::Now(Ok(Value::Null)) });
        let job_id = queue.add("told", json!({})).await;
        die_at_work(&queue, &work).await;
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 0, "the lease still holds");
        queue.pass_seconds(16);
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 1);
        assert_eq!(queue.state(job_id).await, JobState::Done);
    }

    async fn who_holds_the_data_folder_takes_over_at_once(queue: Queue) {
        let work = Told::to(|run, _| if run == 1 { Answer::Never } else { Answer::Now(Ok(Value::Null)) });
        let job_id = queue.add("told", json!({})).await;
        die_at_work(&queue, &work).await;
        assert_eq!(queue.jobs.take_over().await.unwrap(), 1);
        queue.runner(&work).drain().await.unwrap();
        assert_eq!(queue.state(job_id).await, JobState::Done);
    }

    async fn a_job_that_kills_its_process_each_time_is_given_up(queue: Queue) {
        let work = Told::to(|_, _| Answer::Never);
        let job_id = queue.add("told", json!({})).await;
        for _ in 0..3 {
            die_at_work(&queue, &work).await;
            queue.jobs.take_over().await.unwrap();
        }
        queue.runner(&work).drain().await.unwrap();
        assert_eq!((queue.state(job_id).await, work.runs()), (JobState::Failed, 3));
    }

    async fn a_job_that_gets_further_each_time_is_never_given_up(queue: Queue) {
        let work = Told::to(|run, job| {
            job.progress(u64::from(run), Some(6), "");
            if run < 6 { Answer::Never } else { Answer::Now(Ok(Value::Null)) }
        });
        let job_id = queue.add("told", json!({})).await;
        for run in 1..6_u32 {
            let (_stop, runner) = start(queue.other_process(&work).await.1);
            until(async || queue.get(job_id).await.progress.done == u64::from(run)).await;
            runner.abort();
            let _ = runner.await;
            queue.jobs.take_over().await.unwrap();
        }
        queue.runner(&work).drain().await.unwrap();
        assert_eq!((queue.state(job_id).await, work.runs()), (JobState::Done, 6));
    }

    async fn a_run_that_lost_its_lease_holds_nothing_and_ends_nothing(queue: Queue) {
        let contexts: Arc<Mutex<Vec<JobContext>>> = Arc::default();
        let kept = contexts.clone();
        let work = Told::to(move |run, job| {
            kept.lock().unwrap().push(job.clone());
            if run == 1 { Answer::Never } else { Answer::WhenCancelled(Ok(Value::Null)) }
        });
        queue.add("told", json!({})).await;
        die_at_work(&queue, &work).await;
        queue.jobs.take_over().await.unwrap();
        let (stop, runner) = start(queue.runner(&work));
        until(async || work.runs() == 2).await;
        let [dead, alive] = [0, 1].map(|run| contexts.lock().unwrap()[run].clone());
        let tx = queue.database.records.begin(&ACTOR, "story").await.unwrap();
        assert!(!dead.holds(&tx).await.unwrap());
        assert!(alive.holds(&tx).await.unwrap());
        tx.rollback().await.unwrap();
        stop.send(true).unwrap();
        runner.await.unwrap();
    }
}
