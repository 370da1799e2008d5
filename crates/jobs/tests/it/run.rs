//! Running: the result, progress, failures, pauses between tries, a bound on how many run at a time.

use crate::stage::{Answer, Queue, Told, start, until};
use jobs::{JobError, JobState, Progress};
use serde_json::{Value, json};

testing::on_both! {
    async fn what_was_queued_arrives_and_what_came_of_it_is_kept(queue: Queue) {
        let work = Told::to(|_, job| Answer::Now(job.input::<Value>().map(|input| json!({ "twice": input["n"].as_i64().unwrap() * 2 }))));
        let job_id = queue.add("told", json!({ "n": 21 })).await;
        queue.runner(&work).drain().await.unwrap();
        let job = queue.get(job_id).await;
        assert_eq!((job.state, job.result), (JobState::Done, Some(json!({ "twice": 42 }))));
        assert!(job.finished_at.is_some());
    }

    async fn an_input_of_another_version_is_a_failure_in_words(queue: Queue) {
        let work = Told::to(|_, job| Answer::Now(job.input::<u32>().map(Value::from)));
        let job_id = queue.add("told", json!({ "n": 21 })).await;
        queue.runner(&work).drain().await.unwrap();
        let job = queue.get(job_id).await;
        assert_eq!(job.state, JobState::Failed);
        assert!(job.error.unwrap().starts_with("This version of Najimi cannot read what was queued"));
    }

    async fn progress_is_seen_while_it_runs(queue: Queue) {
        let work = Told::to(|_, job| {
            job.progress(30, Some(100), "reading lines");
            Answer::WhenCancelled(Ok(Value::Null))
        });
        let job_id = queue.add("told", json!({})).await;
        let (stop, runner) = start(queue.runner(&work));
        let seen = Progress { done: 30, total: Some(100), note: "reading lines".to_owned() };
        until(async || queue.get(job_id).await.progress == seen).await;
        assert_eq!(queue.state(job_id).await, JobState::Running);
        stop.send(true).unwrap();
        runner.await.unwrap();
    }

    async fn a_failure_says_why_and_what_to_do(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Err(JobError::failed("The file is no table.", "Save it as CSV."))));
        let job_id = queue.add("told", json!({})).await;
        queue.runner(&work).drain().await.unwrap();
        let job = queue.get(job_id).await;
        assert_eq!(job.state, JobState::Failed);
        assert_eq!((job.error.as_deref(), job.hint.as_deref()), (Some("The file is no table."), Some("Save it as CSV.")));
        assert_eq!(work.runs(), 1);
    }

    async fn a_fault_outside_is_tried_again_after_growing_pauses_and_then_fails(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Err(JobError::retry("The mail server is away."))));
        let job_id = queue.add("told", json!({})).await;
        for (pause, runs) in [(0, 1), (1, 1), (1, 2), (3, 2), (1, 3)] {
            queue.pass_seconds(pause);
            queue.runner(&work).drain().await.unwrap();
            assert_eq!(work.runs(), runs);
        }
        let job = queue.get(job_id).await;
        assert_eq!((job.state, job.error.as_deref()), (JobState::Failed, Some("The mail server is away.")));
    }

    async fn a_panic_ends_one_try_of_one_job(queue: Queue) {
        let work = Told::to(|run, _| if run == 1 { Answer::Panic } else { Answer::Now(Ok(Value::Null)) });
        let job_id = queue.add("told", json!({})).await;
        queue.runner(&work).drain().await.unwrap();
        assert_eq!(queue.state(job_id).await, JobState::Queued);
        queue.pass_seconds(2);
        queue.runner(&work).drain().await.unwrap();
        assert_eq!(queue.state(job_id).await, JobState::Done);
    }

    async fn no_more_run_at_a_time_than_is_allowed(queue: Queue) {
        let work = Told::to(|_, _| Answer::WhenCancelled(Ok(Value::Null)));
        for _ in 0..5 {
            queue.add("told", json!({})).await;
        }
        let (stop, runner) = start(queue.runner(&work).at_once_max(2));
        until(async || work.runs() == 2).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(work.runs(), 2);
        stop.send(true).unwrap();
        runner.await.unwrap();
    }

    async fn two_runners_never_take_the_same_job(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Ok(Value::Null)));
        for _ in 0..60 {
            queue.add("told", json!({})).await;
        }
        let (_, other) = queue.other_process(&work).await;
        let here = queue.runner(&work);
        let (first, second) = tokio::join!(here.drain(), other.drain());
        assert_eq!(first.unwrap() + second.unwrap(), 60);
        assert_eq!(work.runs(), 60);
    }
}
