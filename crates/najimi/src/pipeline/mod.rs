//! The pipeline: reads the journals in order and brings everything else in step with them.
//!
//! Invariant: every event has its effect once. A batch's effects, its rows for the history and the position after it
//! are one transaction of the records; after a crash the batch is either done or not begun (shown in `torture/`).
//!
//! Two lanes: what happens now goes first, so that ten years of history never stand in front of an unsubscribe.
//!
//! Three things go on beside each other: the next stretch of a journal is read (`batch`), the present one is worked
//! through here, and the history takes in the one before (`follow`).

mod batch;
mod follow;
mod relay;
mod upkeep;
mod verdict;

pub use relay::relay_outbox;
pub use upkeep::Upkeep;

use crate::backup::hold;
use batch::Stretch;
use collect::ingest::Done;
use customers::stream::Projection;
use history::{Append, Lane, Positions};
use history_engine::History;
use journal::{Journal, JournalError};
use records::{Actor, Records, RecordsError, Sql, values};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    task::{JoinError, JoinHandle},
};
use vocabulary::{Clock, SharedClock, Zone, clock::SystemClock};

/// Events of one transaction, on each lane: short for those that people wait for, large for files.
const LIVE_EVENTS: usize = 500;
const BACKFILL_EVENTS: usize = 1_000;
/// Bytes that are read for one transaction.
const BATCH_BYTES: usize = 8 << 20;
/// Batches that the history may be behind the records.
const APPENDS_WAITING: usize = 2;
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
    /// A part of the pipeline has broken off.
    #[error("a part of the pipeline has broken off")]
    Broken(#[from] JoinError),
}

/// A stretch that is being read; none when there is nothing more.
type Reading = JoinHandle<Result<Option<Stretch>, JournalError>>;

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
    pub async fn run(self, shutdown: watch::Receiver<bool>) -> Result<(), PipelineError> {
        self.recover().await?;
        let pipeline = Arc::new(self);
        let (appends, waiting) = mpsc::channel(APPENDS_WAITING);
        let mut following = tokio::spawn(follow::follow(pipeline.clone(), waiting));
        let worked = tokio::select! {
            worked = pipeline.work(appends, shutdown) => worked,
            // It ends by itself only when it fails.
            followed = &mut following => return followed?,
        };
        following.await??;
        worked
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

    /// Works through the journals. Rows for the history go to `appends`, which ends with this.
    async fn work(
        &self,
        appends: mpsc::Sender<Append>,
        mut shutdown: watch::Receiver<bool>,
    ) -> Result<(), PipelineError> {
        let (mut reached, mut ahead) = (self.done.positions(), None);
        while !*shutdown.borrow() {
            let step = tokio::select! {
                step = self.step(&mut reached, &mut ahead, &appends) => step,
                _ = shutdown.changed() => break,
            };
            match step {
                Ok(()) => {}
                Err(PipelineError::Records(error)) if error.is_transient() => {
                    tracing::warn!(%error, "the records did not answer; the batch is tried again");
                    self.regain(&mut reached, &appends, &shutdown).await?;
                    ahead = None;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// One batch; meanwhile the one after it is read.
    async fn step(
        &self,
        reached: &mut Positions,
        ahead: &mut Option<Reading>,
        appends: &mpsc::Sender<Append>,
    ) -> Result<(), PipelineError> {
        let reading = ahead.take().unwrap_or_else(|| self.read(*reached));
        let Some(stretch) = reading.await?? else {
            tokio::select! {
                () = self.live.wait_for(reached.live) => {}
                () = self.backfill.wait_for(reached.backfill) => {}
            }
            return Ok(());
        };
        let next = reached.with(stretch.lane, stretch.until);
        let reading = self.read(next);
        let append = batch::apply(self, stretch).await?;
        (*reached, *ahead) = (next, Some(reading));
        hand_over(appends, append).await;
        Ok(())
    }

    /// Begins to read the stretch that comes next.
    fn read(&self, from: Positions) -> Reading {
        let (live, backfill) = (self.live.clone(), self.backfill.clone());
        tokio::task::spawn_blocking(move || {
            let found = Stretch::read(Lane::Live, live.read_from(from.live, LIVE_EVENTS, BATCH_BYTES)?);
            if found.is_some() {
                return Ok(found);
            }
            let entries = backfill.read_from(from.backfill, BACKFILL_EVENTS, BATCH_BYTES)?;
            Ok(Stretch::read(Lane::Backfill, entries))
        })
    }

    /// After a failure: waits until the records answer again, and goes on from where they say. A commit whose answer
    /// was lost may have been made; its rows stand in the records then, and the batch is not applied again.
    async fn regain(
        &self,
        reached: &mut Positions,
        appends: &mpsc::Sender<Append>,
        shutdown: &watch::Receiver<bool>,
    ) -> Result<(), PipelineError> {
        while !*shutdown.borrow() {
            tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
            match self.follow_records(reached, appends).await {
                Err(PipelineError::Records(error)) if error.is_transient() => {}
                other => return other,
            }
        }
        Ok(())
    }

    async fn follow_records(
        &self,
        reached: &mut Positions,
        appends: &mpsc::Sender<Append>,
    ) -> Result<(), PipelineError> {
        for lane in Lane::ALL {
            if self.position(lane).await? <= reached.of(lane) {
                continue;
            }
            for append in verdict::pending(&self.records, lane, reached.of(lane)).await? {
                *reached = reached.with(lane, append.until);
                hand_over(appends, append).await;
            }
        }
        Ok(())
    }

    /// Hands rows to the history; when its tail is full, writes it first.
    async fn give(&self, append: Append) -> Result<(), PipelineError> {
        if self.is_full_with(&append) {
            self.flush().await?;
        }
        Ok(self.history.append(append).await?)
    }

    fn is_full_with(&self, append: &Append) -> bool {
        self.history.waiting_rows() + append.row_count() > TAIL_ROWS_MAX
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

    /// Forgets what the history holds durably now. Records that do not answer forget it after the next flush.
    async fn after_flush(&self) -> Result<(), PipelineError> {
        let committed = self.history.committed_positions();
        match verdict::forget(&self.records, committed).await {
            Err(error) if error.is_transient() => {
                tracing::warn!(%error, "what the history holds could not be forgotten")
            }
            done => done?,
        }
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

/// When nobody takes it, the history has failed; that is told by `follow`.
async fn hand_over(appends: &mpsc::Sender<Append>, append: Append) {
    let _ = appends.send(append).await;
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
