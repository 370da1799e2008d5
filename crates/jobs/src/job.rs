//! A job as others see it: its state, how far it is, and how it ended.

use records::{RecordsError, RecordsResult};
use std::time::Duration;
use vocabulary::{Timestamp, id::JobId};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its time or for a free hand.
    Queued,
    /// Somebody works on it.
    Running,
    /// Ended well.
    Done,
    /// Ended badly; `error` says why.
    Failed,
    /// Was stopped by a person.
    Cancelled,
}

impl JobState {
    /// The name in the table and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen.
    pub const fn is_finished(self) -> bool {
        matches!(self, JobState::Done | JobState::Failed | JobState::Cancelled)
    }

    pub(crate) fn read(name: &str) -> RecordsResult<Self> {
        [JobState::Queued, JobState::Running, JobState::Done, JobState::Failed, JobState::Cancelled]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| RecordsError::unreadable("jobs.state"))
    }
}

/// How far a job is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Units done, of the job's own kind (lines, people).
    pub done: u64,
    /// Units in all, when known.
    pub total: Option<u64>,
    /// What it does now; no personal data.
    pub note: String,
}

/// A job as it stands in the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub job_id: JobId,
    /// Which work it is for.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// How far it is.
    pub progress: Progress,
    /// Why it failed, or why it is tried again: a sentence for people.
    pub error: Option<String>,
    /// What a person can do about it.
    pub hint: Option<String>,
    /// What the work answered.
    pub result: Option<serde_json::Value>,
    /// How many times it was begun without getting further.
    pub attempts: u32,
    /// Not before this instant.
    pub run_at: Timestamp,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Why a piece of work did not end well.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JobError {
    /// The outside world is at fault; try again.
    #[error("to be tried again: {sentence}")]
    Retry {
        /// Why, for people.
        sentence: String,
        /// When; by a growing pause when not given.
        after: Option<Duration>,
    },
    /// Trying again would not help.
    #[error("failed: {sentence}")]
    Failed {
        /// Why, for people.
        sentence: String,
        /// What a person can do.
        hint: Option<String>,
    },
    /// The work saw [`crate::JobContext::is_cancelled`] and stopped.
    #[error("cancelled")]
    Cancelled,
}

impl JobError {
    /// The outside world is at fault; try again after a growing pause.
    pub fn retry(sentence: impl Into<String>) -> Self {
        Self::Retry { sentence: sentence.into(), after: None }
    }
    /// Trying again would not help.
    pub fn failed(sentence: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed { sentence: sentence.into(), hint: Some(hint.into()) }
    }
}

impl From<RecordsError> for JobError {
    fn from(error: RecordsError) -> Self {
        if error.is_transient() {
            return Self::retry("The records database could not be reached.");
        }
        tracing::error!(error = &error as &dyn std::error::Error, "the records refused a job");
        Self::failed("The records database refused the change.", "See the log of Najimi for the cause.")
    }
}
