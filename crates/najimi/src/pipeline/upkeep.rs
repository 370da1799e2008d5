//! Upkeep, so that nothing grows without end: small files of the history become large ones and unused ones go, and so do
//! the ids of messages that came more than a month ago and files that were uploaded and never imported.

use super::{Pipeline, PipelineError, wall_now};
use crate::backup::hold;
use collect::{imports::Imports, ingest::Intake};
use history_engine::History;
use records::{Records, RecordsResult, Sql, values};
use std::{path::PathBuf, time::Duration};
use tokio::{sync::watch, time};
use uuid::Uuid;
use vocabulary::Timestamp;

/// How often it is looked what there is to do.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// Looks between two compactions while events wait; when none wait, every look is one.
const BUSY_LOOKS: u64 = 10;
/// Looks between two removals of unused files.
const VACUUM_LOOKS: u64 = 6 * 60;
/// How long a message that comes again is known again.
const SEEN_DAYS: i64 = 30;
/// Ids of messages are cleared away in so many parts, one a look, so that nobody waits for it: each several times a day.
const PARTS: u128 = 256;

/// What is kept up.
pub struct Upkeep {
    /// The records.
    pub records: Records,
    /// The history.
    pub history: History,
    /// How far the pipeline is behind.
    pub intake: Intake,
    /// Files that were uploaded.
    pub imports: Imports,
    /// The data folder: while a backup is taken of it, no files are removed.
    pub data: PathBuf,
}

impl Upkeep {
    /// Runs until `shutdown` becomes true.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) -> Result<(), PipelineError> {
        let mut looks: u64 = 0;
        while !*shutdown.borrow() {
            tokio::select! {
                () = time::sleep(LOOK_EVERY) => looks += 1,
                _ = shutdown.changed() => break,
            }
            let waiting = self.intake.lag();
            if waiting.live + waiting.backfill == 0 || looks.is_multiple_of(BUSY_LOOKS) {
                self.compact().await;
            }
            if looks.is_multiple_of(VACUUM_LOOKS) {
                self.vacuum().await;
            }
            // By the shop's clock, which the demo's people move by hand; so is the time at which a message was seen.
            let before = self.intake.clock.now().plus_days(-SEEN_DAYS);
            let forgotten = async {
                forget_seen(&self.records, wall_now().unsigned_abs() / 60_000_000, before).await?;
                self.imports.forget_unstarted(Timestamp::from_micros(wall_now())).await
            };
            match forgotten.await {
                Err(error) if !error.is_transient() => return Err(error.into()),
                Err(error) => tracing::warn!(%error, "what is not needed any more could not be cleared away"),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// A history that cannot be written to is told by the pipeline; here it only stays as it is.
    async fn compact(&self) {
        match self.history.compact(wall_now()).await {
            Ok(done) if done.files_before > 0 => {
                tracing::info!(
                    files_before = done.files_before,
                    files_after = done.files_after,
                    "compacted the history"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the history could not be compacted"),
        }
    }

    async fn vacuum(&self) {
        let Some(_removal) = hold::removal(&self.data) else { return };
        if let Err(error) = self.history.vacuum().await {
            tracing::warn!(%error, "unused files of the history could not be removed");
        }
    }
}

/// Clears one part away: which one follows from the minute, so that a restart skips none for ever.
async fn forget_seen(records: &Records, minute: u64, before: Timestamp) -> RecordsResult<()> {
    let width = u128::MAX / PARTS;
    let from = (u128::from(minute) % PARTS) * (width + 1);
    let tx = records.begin(&Pipeline::actor(), "pipeline.forget_seen").await?;
    tx.execute(
        "DELETE FROM seen_messages WHERE message >= $1 AND message <= $2 AND seen_at < $3",
        values![Uuid::from_u128(from), Uuid::from_u128(from + width), before.micros()],
    )
    .await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_cover_every_id_once() {
        let width = u128::MAX / PARTS;
        assert_eq!((PARTS - 1) * (width + 1) + width, u128::MAX);
    }
}
