//! The pipeline: reads the journals in order and brings everything else in step with them.
//!
//! Invariant: every event has its effect once. A batch's effects, its rows for the history and the position after it
//! are one transaction of the records; after a crash the batch is either done or not begun (shown in `torture/`).
//!
//! Two lanes: what happens now goes first, so that ten years of history never stand in front of an unsubscribe.

mod batch;
mod relay;
mod upkeep;
mod verdict;

pub use relay::relay_outbox;
pub use upkeep::Upkeep;

use crate::backup::hold;
use collect::ingest::Done;
use customers::stream::Projection;
use history::{Append, Lane};
use history_engine::History;
use journal::{Entry, Journal};
use records::{Actor, Records, RecordsError, Sql, values};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::watch;
use vocabulary::{Clock, SharedClock, Zone, clock::SystemClock};

/// Events of one transaction, on each lane: short for those that people wait for, large for files.
const LIVE_EVENTS: usize = 500;
const BACKFILL_EVENTS: usize = 1_000;
/// Bytes that are read for one transaction.
const BATCH_BYTES: usize = 8 << 20;
/// How long to wait after a failure that may pass.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Why the pipeline cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The records.
    #[error("the records failed")]
    Records(#[from] RecordsError),
    /// The journal.
    #[error("the journal failed")]
    Journal(#[from] journal::JournalError),
    /// The history.
    #[error("the history failed")]
    History(#[from] history::HistoryError),
    /// A batch's rows for the history cannot be written or read.
    #[error("the verdict on a batch cannot be read or written")]
    Verdict(#[from] std::io::Error),
}

/// Brings records and history in step with the journals.
pub struct Pipeline {
    /// The records.
    pub records: Records,
    /// What happens now.
    pub live: Journal,
    /// Files and all that is older than a day.
    pub backfill: Journal,
    /// The history.
    pub history: History,
    /// The features' tables, in the order in which they are brought up to date.
    pub projections: Vec<Arc<dyn Projection>>,
    /// Where the pipeline stands, for others to see.
    pub done: Arc<Done>,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The shop's zone.
    pub zone: Zone,
    /// The data folder: while a backup is taken of it, the journals are not trimmed.
    pub data: PathBuf,
}

impl Pipeline {
    /// Runs until `shutdown` becomes true.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) -> Result<(), PipelineError> {
        self.recover().await?;
        while !*shutdown.borrow() {
            let step = tokio::select! {
                step = self.step() => step,
                _ = shutdown.changed() => break,
            };
            match step {
                Ok(()) => {}
                Err(PipelineError::Records(error)) if error.is_transient() => {
                    tracing::warn!(%error, "the records did not answer; the batch is tried again");
                    self.regain(&shutdown).await?;
                }
                Err(error) => return Err(error),
            }
        }
        self.flush().await
    }

    /// Gives the history the batches that it did not make durable before the last end.
    async fn recover(&self) -> Result<(), PipelineError> {
        for lane in Lane::ALL {
            let position = self.position(lane).await?;
            self.done.set(lane, position);
            let committed = self.history.committed_positions().of(lane);
            for append in verdict::pending(&self.records, lane, committed).await? {
                self.give(append).await?;
            }
        }
        Ok(())
    }

    /// After a failure: waits until the records answer again, and goes on from where they say. A commit whose answer
    /// was lost may have been made; its rows stand in the records then, and the batch is not applied again.
    async fn regain(&self, shutdown: &watch::Receiver<bool>) -> Result<(), PipelineError> {
        while !*shutdown.borrow() {
            tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
            match self.follow_records().await {
                Err(PipelineError::Records(error)) if error.is_transient() => {}
                other => return other,
            }
        }
        Ok(())
    }

    async fn follow_records(&self) -> Result<(), PipelineError> {
        for lane in Lane::ALL {
            let done = self.done.positions().of(lane);
            if self.position(lane).await? <= done {
                continue;
            }
            for append in verdict::pending(&self.records, lane, done).await? {
                let until = append.until;
                self.give(append).await?;
                self.done.set(lane, until);
            }
        }
        Ok(())
    }

    async fn step(&self) -> Result<(), PipelineError> {
        let done = self.done.positions();
        let live = self.live.read_from(done.live, LIVE_EVENTS, BATCH_BYTES)?;
        if !live.is_empty() {
            return self.take(Lane::Live, live).await;
        }
        let backfill = self.backfill.read_from(done.backfill, BACKFILL_EVENTS, BATCH_BYTES)?;
        if !backfill.is_empty() {
            return self.take(Lane::Backfill, backfill).await;
        }
        tokio::select! {
            () = self.live.wait_for(done.live) => {}
            () = self.backfill.wait_for(done.backfill) => {}
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
        }
        self.flush_if_due().await
    }

    async fn take(&self, lane: Lane, entries: Vec<Entry>) -> Result<(), PipelineError> {
        let append = batch::apply(self, lane, entries).await?;
        let until = append.until;
        self.give(append).await?;
        self.done.set(lane, until);
        self.flush_if_due().await
    }

    /// Hands rows to the history; when its tail is full, writes it first.
    async fn give(&self, append: Append) -> Result<(), PipelineError> {
        if self.history.waiting_rows() + append.row_count() > TAIL_ROWS_MAX {
            self.flush().await?;
        }
        Ok(self.history.append(append).await?)
    }

    async fn flush_if_due(&self) -> Result<(), PipelineError> {
        if self.history.flush_if_due(wall_now()).await?.is_some() {
            self.after_flush().await?;
        }
        Ok(())
    }

    async fn flush(&self) -> Result<(), PipelineError> {
        self.history.flush(wall_now()).await?;
        self.after_flush().await
    }

    /// Forgets what the history holds durably now.
    async fn after_flush(&self) -> Result<(), PipelineError> {
        let committed = self.history.committed_positions();
        verdict::forget(&self.records, committed).await?;
        let trim = || self.live.trim(committed.live).and_then(|()| self.backfill.trim(committed.backfill));
        Ok(hold::unless_held(&self.data, trim).transpose().map(|_| ())?)
    }

    async fn position(&self, lane: Lane) -> Result<u64, RecordsError> {
        position(&self.records, lane).await
    }

    fn actor() -> Actor {
        Actor::System("pipeline")
    }
}

/// How far a lane has come, by the records.
pub async fn position(records: &Records, lane: Lane) -> Result<u64, RecordsError> {
    let found: Option<String> =
        records.reader().scalar("SELECT value FROM settings WHERE name = $1", values![setting(lane)]).await?;
    Ok(found.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Rows that the history keeps in memory at the most.
const TAIL_ROWS_MAX: usize = 900_000;

/// The setting that holds how far a lane was worked through.
pub fn setting(lane: Lane) -> String {
    format!("pipeline.{}", lane.as_str())
}

/// The history's own habits (when to write, what to keep for running readers) go by the clock on the wall.
fn wall_now() -> i64 {
    Clock::now(&SystemClock).micros()
}
