//! What a feature writes: a [`Work`], which is run with a [`JobContext`].

use crate::{JobError, Jobs, Progress, sql};
use async_trait::async_trait;
use records::{RecordsResult, Tx};
use serde::de::DeserializeOwned;
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering::Relaxed},
};
use uuid::Uuid;
use vocabulary::id::JobId;

/// One kind of background work.
///
/// It may run twice and must change the world once.
#[async_trait]
pub trait Work: Send + Sync {
    /// The name under which its jobs are queued, `campaign.send`.
    fn kind(&self) -> &'static str;

    /// Does it. What is returned is kept as the job's result.
    async fn run(&self, job: JobContext) -> Result<serde_json::Value, JobError>;

    /// The permission that may cancel such a job and see how it ended.
    fn permission(&self) -> &'static str {
        "operators.manage"
    }

    /// How many times in a row it may end without getting further.
    fn attempts_max(&self) -> u32 {
        10
    }
}

/// What a runner and a work tell each other about one run.
#[derive(Debug, Default)]
pub(crate) struct Signals {
    is_cancelled: AtomicBool,
    is_stopping: AtomicBool,
    is_told: AtomicBool,
    is_changed: AtomicBool,
    progress: Mutex<Progress>,
}

impl Signals {
    pub(crate) fn starting_at(progress: Progress) -> Self {
        Self { progress: Mutex::new(progress), ..Self::default() }
    }
    pub(crate) fn cancel(&self) {
        self.is_cancelled.store(true, Relaxed);
    }
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Relaxed);
    }
    pub(crate) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Relaxed)
    }
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Relaxed)
    }
    /// Whether the work was told to stop: then what it returns is the result of half a job.
    pub(crate) fn is_told(&self) -> bool {
        self.is_told.load(Relaxed)
    }
    pub(crate) fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
    /// Whether there is progress since this was asked last.
    pub(crate) fn take_changed(&self) -> bool {
        self.is_changed.swap(false, Relaxed)
    }
}

/// One run of one job.
#[derive(Clone)]
pub struct JobContext {
    pub(crate) job_id: JobId,
    pub(crate) input: Arc<str>,
    pub(crate) lease: Uuid,
    pub(crate) attempt: u32,
    pub(crate) signals: Arc<Signals>,
    pub(crate) jobs: Jobs,
}

impl JobContext {
    /// The job's id.
    pub fn job_id(&self) -> JobId {
        self.job_id
    }

    /// The how-manieth run without getting further this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// The queue, to add what follows.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// What was queued.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, JobError> {
        serde_json::from_str(&self.input).map_err(|error| JobError::Failed {
            sentence: format!("This version of Najimi cannot read what was queued ({error})."),
            hint: Some("Start it again from its screen.".to_owned()),
        })
    }

    /// Tells how far it is. Costs nothing: the runner writes it down every half second.
    pub fn progress(&self, done: u64, total: Option<u64>, note: impl Into<String>) {
        *self.signals.progress.lock().unwrap_or_else(PoisonError::into_inner) =
            Progress { done, total, note: note.into() };
        self.signals.is_changed.store(true, Relaxed);
    }

    /// Whether it should stop at the next safe point and return: a person cancelled it, or Najimi shuts down
    /// (then it is run again after the start). Costs nothing.
    pub fn is_cancelled(&self) -> bool {
        let should_stop = self.signals.is_cancelled() || self.signals.is_stopping();
        if should_stop {
            self.signals.is_told.store(true, Relaxed);
        }
        should_stop
    }

    /// Whether this run still holds the job; locks it until the transaction ends. A work whose changes have no
    /// natural key asks this in each of its transactions: another run cannot have begun when it is true.
    pub async fn holds(&self, tx: &Tx) -> RecordsResult<bool> {
        sql::holds(tx, self.job_id, self.lease).await
    }
}
