//! What waits is written: one commit a table, each with the journal positions that it reaches.

use crate::failure::{engine, storage};
use crate::log::{Change, TableLog};
use crate::options::FaultPoint;
use crate::stored::Stored;
use crate::tail::Frozen;
use crate::write::{Destination, write_sorted};
use crate::{History, Logs, Shared};
use history::{HistoryError, Positions};
use std::sync::{Arc, PoisonError};

/// What a flush has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flushed {
    /// Rows written.
    pub rows: usize,
    /// Everything before these positions is on the disk.
    pub positions: Positions,
}

impl History {
    /// Writes what waits. When this returns, it is on the disk with the positions that it reaches.
    ///
    /// After an error of the storage nothing more is written until the history is opened again:
    /// whether a failed sync has reached the disk cannot be known.
    pub async fn flush(&self, now_micros: i64) -> Result<Flushed, HistoryError> {
        let shared = self.shared.clone();
        self.shared.threads.run_to_end(async move { shared.flush(now_micros.div_euclid(1_000)).await }).await
    }

    /// Flushes when enough rows wait or they have waited long enough; to be called every second.
    pub async fn flush_if_due(&self, now_micros: i64) -> Result<Option<Flushed>, HistoryError> {
        if !self.is_due(now_micros) {
            return Ok(None);
        }
        let flushed = self.flush(now_micros).await?;
        *self.shared.waiting_since.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(Some(flushed))
    }

    fn is_due(&self, now_micros: i64) -> bool {
        let (is_behind, rows) = {
            let tails = self.shared.lock_tails();
            (tails.is_behind(), tails.waiting_rows())
        };
        let mut since = self.shared.waiting_since.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_behind {
            *since = None;
            return false;
        }
        let waited = now_micros - *since.get_or_insert(now_micros);
        let longest = i64::try_from(self.shared.options.flush_seconds).unwrap_or(i64::MAX / 1_000_000) * 1_000_000;
        rows >= self.shared.options.flush_rows || waited >= longest
    }
}

impl Shared {
    async fn flush(self: &Arc<Self>, now_ms: i64) -> Result<Flushed, HistoryError> {
        let mut logs = self.logs.lock().await;
        let logs = usable(logs.as_mut())?;
        let written = self.flush_tables(logs, now_ms).await;
        let mut tails = self.lock_tails();
        tails.thaw();
        self.publish(&tails);
        match written {
            Ok(rows) => Ok(Flushed { rows, positions: tails.committed() }),
            Err(error) => {
                logs.broken = Some(error.to_string());
                Err(error)
            }
        }
    }

    async fn flush_tables(&self, logs: &mut Logs, now_ms: i64) -> Result<usize, HistoryError> {
        // All tables are frozen at one moment, so that their commits carry the same positions.
        let frozen = {
            let mut tails = self.lock_tails();
            Stored::ALL.map(|table| tails.freeze(table))
        };
        let mut rows = 0;
        for ((table, frozen), log) in Stored::ALL.into_iter().zip(frozen).zip(&mut logs.tables) {
            if let Some(frozen) = frozen {
                rows += frozen.batches.iter().map(|batch| batch.num_rows()).sum::<usize>();
                self.flush_table(table, frozen, log, now_ms).await?;
            }
        }
        Ok(rows)
    }

    async fn flush_table(
        &self,
        table: Stored,
        frozen: Frozen,
        log: &mut TableLog,
        now_ms: i64,
    ) -> Result<(), HistoryError> {
        let name = table.name();
        self.pass(FaultPoint::BeforeFiles(name))?;
        let destination = Destination {
            table,
            folder: log.folder().to_owned(),
            prefix: format!("flush-{:012}", log.version() + 1),
            now_ms,
        };
        let batches = frozen.batches;
        let added = if batches.is_empty() {
            Vec::new()
        } else {
            tokio::task::spawn_blocking(move || write_sorted(&destination, &batches)).await.map_err(engine)??
        };
        self.pass(FaultPoint::AfterFiles(name))?;
        let positions = Some(frozen.positions);
        log.commit(Change { added, removed: Vec::new(), positions, changes_data: true, now_ms }).await?;
        self.pass(FaultPoint::AfterCommit(name))?;
        self.lock_tails().settle(table, log.files());
        Ok(())
    }

    /// Stops here when a test wants it.
    pub(crate) fn pass(&self, point: FaultPoint) -> Result<(), HistoryError> {
        if self.options.is_stopped_at(point) {
            return Err(storage("was stopped by a test")(format!("{point:?}")));
        }
        Ok(())
    }
}

/// The logs, unless the history is for reading or its disk has failed.
pub(crate) fn usable(logs: Option<&mut Logs>) -> Result<&mut Logs, HistoryError> {
    let logs = logs.ok_or(HistoryError::ReadOnly)?;
    match &logs.broken {
        Some(reason) => Err(storage("worked before")(format!("{reason}; open the history again"))),
        None => Ok(logs),
    }
}
