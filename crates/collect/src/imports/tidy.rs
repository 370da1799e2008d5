//! Files that were uploaded and never imported do not stay for ever.

use super::{Imports, file};
use records::{Actor, RecordsResult, Sql, values};
use uuid::Uuid;
use vocabulary::Timestamp;

/// How long an uploaded file waits to be started.
const KEPT_DAYS: i64 = 7;
/// Files of one look.
const FILES_MAX: i64 = 100;

impl Imports {
    /// Removes files that have waited too long, by the clock on the wall. What was imported stays: its lines can be
    /// looked at, and it can be taken back.
    pub async fn forget_unstarted(&self, wall_now: Timestamp) -> RecordsResult<()> {
        let tx = self.records.begin(&Actor::System("imports"), "import.forget_unstarted").await?;
        let text = "DELETE FROM imports WHERE import_id IN (SELECT import_id FROM imports WHERE state = 'uploaded' \
                    AND created_at < $1 ORDER BY created_at LIMIT $2) AND state = 'uploaded' RETURNING import_id AS value";
        let before = wall_now.plus_days(-KEPT_DAYS);
        let forgotten: Vec<Uuid> = tx.column(text, values![before.micros(), FILES_MAX]).await?;
        if forgotten.is_empty() {
            return tx.rollback().await;
        }
        tx.commit().await?;
        for id in forgotten {
            let path = file::path_of(&self.folder, id.into());
            if let Err(error) = tokio::fs::remove_file(&path).await {
                tracing::warn!(%error, file = %path.display(), "a file that was never imported could not be removed");
            }
        }
        Ok(())
    }
}
