//! The queue: jobs are added in the caller's transaction, looked at, and cancelled.

use crate::{Job, sql, work::Signals};
use records::{Actor, Records, RecordsError, RecordsResult, Tx};
use serde::Serialize;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use vocabulary::{SharedClock, Timestamp, id::JobId};

/// The queue of background work.
#[derive(Clone)]
pub struct Jobs {
    pub(crate) records: Records,
    pub(crate) clock: SharedClock,
    /// Jobs that run in this process, so that a cancellation reaches them at once.
    running: Arc<Mutex<HashMap<JobId, Arc<Signals>>>>,
    permissions: Arc<Mutex<HashMap<&'static str, &'static str>>>,
}

impl Jobs {
    /// The queue in these records. `wall_clock` is the real one: leases are no matter of the demo's time.
    pub fn new(records: Records, wall_clock: SharedClock) -> Self {
        Self { records, clock: wall_clock, running: Arc::default(), permissions: Arc::default() }
    }

    /// Queues a job in the caller's transaction: it exists when the transaction commits.
    pub async fn enqueue(
        &self,
        tx: &Tx,
        kind: &str,
        input: &impl Serialize,
        run_at: Option<Timestamp>,
    ) -> RecordsResult<JobId> {
        let job_id = JobId::new(self.clock.now());
        self.insert(tx, job_id, kind, None, input, run_at).await?;
        Ok(job_id)
    }

    /// Like [`Jobs::enqueue`], unless a job of this kind and key waits or runs: then that one's id.
    pub async fn enqueue_unique(
        &self,
        tx: &Tx,
        kind: &str,
        key: &str,
        input: &impl Serialize,
        run_at: Option<Timestamp>,
    ) -> RecordsResult<JobId> {
        loop {
            let job_id = JobId::new(self.clock.now());
            if self.insert(tx, job_id, kind, Some(key), input, run_at).await? {
                return Ok(job_id);
            }
            // The other one may end between the two statements; then there is room for ours.
            if let Some(other) = sql::find_open(tx, kind, key).await? {
                return Ok(other);
            }
        }
    }

    async fn insert(
        &self,
        tx: &Tx,
        job_id: JobId,
        kind: &str,
        key: Option<&str>,
        input: &impl Serialize,
        run_at: Option<Timestamp>,
    ) -> RecordsResult<bool> {
        let input = serde_json::to_string(input).map_err(|_| RecordsError::unreadable("jobs.input"))?;
        let now = self.clock.now();
        sql::insert(tx, &sql::NewJob { job_id, kind, key, input, run_at: run_at.unwrap_or(now), now }).await
    }

    /// The job with this id.
    pub async fn get(&self, job_id: JobId) -> RecordsResult<Option<Job>> {
        sql::find(&self.records.reader(), job_id).await
    }

    /// The job with this id, as the caller's transaction sees it.
    pub async fn get_within(tx: &Tx, job_id: JobId) -> RecordsResult<Option<Job>> {
        sql::find(tx, job_id).await
    }

    /// Jobs of this kind that wait or run, the oldest first.
    pub async fn unfinished(&self, kind: &str) -> RecordsResult<Vec<Job>> {
        sql::unfinished(&self.records.reader(), kind).await
    }

    /// Whether a job of this kind and key waits or runs, as this transaction sees it.
    pub async fn is_open(&self, tx: &Tx, kind: &str, key: &str) -> RecordsResult<bool> {
        Ok(sql::find_open(tx, kind, key).await?.is_some())
    }

    /// Asks a job to stop. One that waits ends at once; one that runs ends at its next safe point.
    /// False when there is no such job or it has ended.
    pub async fn cancel(&self, actor: &Actor, job_id: JobId) -> RecordsResult<bool> {
        let mut tx = self.records.begin(actor, "job.cancel").await?;
        if !sql::request_cancel(&tx, job_id, self.clock.now()).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        tx.about(job_id, serde_json::json!({}));
        tx.commit().await?;
        if let Some(signals) = self.running().get(&job_id) {
            signals.cancel();
        }
        Ok(true)
    }

    /// Frees the jobs of a process that died. Only for the one process that holds the data folder, before its
    /// [`crate::Runner`] starts: it need not wait until the dead one's leases end.
    pub async fn take_over(&self) -> RecordsResult<u64> {
        let tx = self.records.begin(&Actor::System("jobs"), "job.take_over").await?;
        let freed = sql::expire_leases(&tx, self.clock.now()).await?;
        tx.commit().await?;
        Ok(freed)
    }

    /// The permission that may cancel jobs of this kind and see how they ended, as their work declares it.
    pub fn permission_of(&self, kind: &str) -> Option<&'static str> {
        self.permissions.lock().unwrap_or_else(PoisonError::into_inner).get(kind).copied()
    }

    pub(crate) fn declare(&self, kind: &'static str, permission: &'static str) {
        self.permissions.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, permission);
    }

    pub(crate) fn running(&self) -> MutexGuard<'_, HashMap<JobId, Arc<Signals>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
