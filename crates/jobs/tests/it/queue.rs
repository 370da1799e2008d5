//! Queueing: with the caller's transaction, at a time, once for a key.

use crate::stage::{ACTOR, Answer, Queue, Told};
use jobs::JobState;
use serde_json::{Value, json};
use vocabulary::Clock;

testing::on_both! {
    async fn a_job_exists_when_its_transaction_commits(queue: Queue) {
        let tx = queue.database.records.begin(&ACTOR, "story").await.unwrap();
        let job_id = queue.jobs.enqueue(&tx, "told", &json!({}), None).await.unwrap();
        assert_eq!(queue.jobs.get(job_id).await.unwrap(), None);
        tx.commit().await.unwrap();
        assert_eq!(queue.state(job_id).await, JobState::Queued);
    }

    async fn a_job_of_a_transaction_that_is_given_up_never_was(queue: Queue) {
        let tx = queue.database.records.begin(&ACTOR, "story").await.unwrap();
        let job_id = queue.jobs.enqueue(&tx, "told", &json!({}), None).await.unwrap();
        drop(tx);
        assert_eq!(queue.jobs.get(job_id).await.unwrap(), None);
    }

    async fn a_job_waits_for_its_time(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Ok(Value::Null)));
        let later = queue.database.clock.now().plus_seconds(60);
        let job_id = queue.add_at("told", json!({}), Some(later)).await;
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 0);
        queue.pass_seconds(60);
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 1);
        assert_eq!(queue.state(job_id).await, JobState::Done);
    }

    async fn one_job_for_a_key_while_it_waits_or_runs(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Ok(Value::Null)));
        let first = queue.add_unique("told", "campaign 1").await;
        assert_eq!(queue.add_unique("told", "campaign 1").await, first);
        assert_ne!(queue.add_unique("told", "campaign 2").await, first);
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 2);
        assert_ne!(queue.add_unique("told", "campaign 1").await, first, "it has ended, so there is room for another");
    }

    async fn jobs_of_a_kind_that_are_not_finished_are_listed(queue: Queue) {
        let first = queue.add("told", json!({})).await;
        let second = queue.add("told", json!({})).await;
        queue.add("other", json!({})).await;
        let ids: Vec<_> = queue.jobs.unfinished("told").await.unwrap().into_iter().map(|job| job.job_id).collect();
        assert_eq!(ids.len(), 2);
        assert!(ids.contains(&first) && ids.contains(&second));
    }

    async fn jobs_of_kinds_that_nobody_knows_stay(queue: Queue) {
        let work = Told::to(|_, _| Answer::Now(Ok(Value::Null)));
        let job_id = queue.add("other", json!({})).await;
        assert_eq!(queue.runner(&work).drain().await.unwrap(), 0);
        assert_eq!(queue.state(job_id).await, JobState::Queued);
        assert_eq!(queue.jobs.permission_of("told"), Some("imports.run"));
    }
}
