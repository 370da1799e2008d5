//! Small files become large ones, and superseded versions leave the files.

use crate::data_file::{DataFile, PinnedFiles};
use crate::failure::{answering, engine};
use crate::flush::usable;
use crate::log::Change;
use crate::options::FaultPoint;
use crate::pinned_table::PinnedTable;
use crate::snapshot::without_superseded;
use crate::stored::Stored;
use crate::write::{Destination, FileWriter};
use crate::{History, Shared};
use arrow::array::{AsArray, RecordBatch};
use datafusion::catalog::TableProvider;
use datafusion::prelude::{DataFrame, SessionContext, col};
use futures::StreamExt;
use history::HistoryError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a compaction has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compacted {
    /// Files that were read and are no longer used.
    pub files_before: usize,
    /// Files that stand in their place.
    pub files_after: usize,
    /// Superseded versions that left the files.
    pub superseded_dropped: usize,
}

/// The list of superseded versions, when this compaction is to drop them.
#[derive(Clone)]
struct Dropping {
    superseded: Arc<PinnedFiles>,
    orders: Arc<PinnedFiles>,
}

impl History {
    /// Joins small files and drops superseded versions. Runs beside appends, flushes and
    /// questions; memory stays within the bound of questions, since sorting spills to disk.
    pub async fn compact(&self, now_micros: i64) -> Result<Compacted, HistoryError> {
        let shared = self.shared.clone();
        self.shared.threads.run_to_end(async move { shared.compact(now_micros.div_euclid(1_000)).await }).await
    }

    /// Removes files and log entries that no reader within the retention needs any more.
    /// Gives the number of removed files.
    pub async fn vacuum(&self) -> Result<usize, HistoryError> {
        let shared = self.shared.clone();
        let work = async move {
            let mut logs = shared.logs.lock().await;
            let mut removed = 0;
            for log in &mut usable(logs.as_mut())?.tables {
                log.checkpoint().await?;
                removed += log.vacuum(shared.options.retention_seconds).await?;
            }
            Ok(removed)
        };
        self.shared.threads.run_to_end(work).await
    }
}

impl Shared {
    async fn compact(self: &Arc<Self>, now_ms: i64) -> Result<Compacted, HistoryError> {
        let _only_one = self.compacting.lock().await;
        let (tables, dropping) = self.pin();
        let mut done = Compacted::default();
        let mut any_stale = false;
        for (table, files) in tables {
            let dropping = dropping.as_ref().filter(|_| table.has_versions());
            let stale = match dropping {
                Some(dropping) => self.months_with_superseded(&files, dropping).await?,
                None => BTreeSet::new(),
            };
            any_stale |= !stale.is_empty();
            for (month, chosen) in choose(&files, &stale, &self.options) {
                let dropping = dropping.filter(|_| month.as_ref().is_some_and(|month| stale.contains(month)));
                let (before, after) = (chosen.len(), self.rewrite(&files, month, chosen, dropping, now_ms).await?);
                done.files_before += before;
                done.files_after += after;
            }
        }
        if let Some(dropping) = dropping.as_ref().filter(|_| any_stale) {
            done.superseded_dropped = self.forget_superseded(dropping, now_ms).await?;
        }
        Ok(done)
    }

    /// The files that this compaction looks at. Superseded versions are dropped only while all
    /// tables reach equally far: a version that is still to come would else come back to life.
    fn pin(&self) -> (Vec<(Stored, Arc<PinnedFiles>)>, Option<Dropping>) {
        let tails = self.lock_tails();
        let files = |table: Stored| tails.table(table).files.clone();
        let dropping = Dropping { superseded: files(Stored::Superseded), orders: files(Stored::Orders) };
        let count = dropping.superseded.row_count().unwrap_or(usize::MAX);
        let is_worth_it = count > 0 && count >= self.options.compact_superseded_min;
        let tables = [Stored::OrderLines, Stored::Orders, Stored::Events].map(|table| (table, files(table)));
        (tables.to_vec(), Some(dropping).filter(|_| is_worth_it && tails.is_evenly_committed()))
    }

    async fn months_with_superseded(
        &self,
        files: &Arc<PinnedFiles>,
        dropping: &Dropping,
    ) -> Result<BTreeSet<String>, HistoryError> {
        let session = self.engine.session();
        register(&session, "stored", provider(files))?;
        register(&session, "superseded", provider(&dropping.superseded))?;
        let sql = "SELECT DISTINCT stored.month FROM stored JOIN superseded
                   ON stored.order_id = superseded.order_id AND stored.version = superseded.version";
        let found = session.sql(sql).await.map_err(engine)?.collect().await.map_err(answering)?;
        Ok(found
            .iter()
            .flat_map(|batch| batch.column(0).as_string_view().iter().flatten())
            .map(str::to_owned)
            .collect())
    }

    /// Reads the chosen files of a month in order, writes new ones and exchanges them.
    async fn rewrite(
        &self,
        files: &Arc<PinnedFiles>,
        month: Option<String>,
        chosen: Vec<DataFile>,
        dropping: Option<&Dropping>,
        now_ms: i64,
    ) -> Result<usize, HistoryError> {
        let table = files.table;
        let session = self.engine.session();
        let old: Arc<dyn TableProvider> = Arc::new(PinnedTable::some(files.clone(), chosen.clone()));
        let kept = match dropping {
            Some(dropping) => without_superseded(old, provider(&dropping.superseded))?,
            None => old,
        };
        let sorted = session.read_table(kept).and_then(|rows| sort(table, rows)).map_err(engine)?;
        let added = self.write(table, files.version, month, sorted, now_ms).await?;
        self.pass(FaultPoint::AfterRewrite(table.name()))?;
        let after = added.len();
        self.exchange(table, added, chosen, dropping.is_some(), now_ms).await?;
        self.pass(FaultPoint::AfterExchange(table.name()))?;
        Ok(after)
    }

    /// Writes rows as they come, into files of about the size aimed at.
    async fn write(
        &self,
        table: Stored,
        version: u64,
        month: Option<String>,
        rows: DataFrame,
        now_ms: i64,
    ) -> Result<Vec<DataFile>, HistoryError> {
        let folder = self.folder.join(table.name());
        let destination = Destination { table, folder, prefix: format!("compact-{version:012}"), now_ms };
        let target = self.options.file_bytes_target;
        let mut stream = rows.execute_stream().await.map_err(answering)?;
        let mut open: Option<FileWriter> = None;
        let mut files = Vec::new();
        while let Some(batch) = stream.next().await {
            let batch: RecordBatch = batch.map_err(answering)?;
            let mut writer = match open.take() {
                Some(writer) => writer,
                None => FileWriter::create(&destination, month.clone(), files.len())?,
            };
            writer.write(&batch)?;
            if writer.size() >= target {
                files.push(writer.finish()?);
            } else {
                open = Some(writer);
            }
        }
        if let Some(writer) = open {
            files.push(writer.finish()?);
        }
        Ok(files)
    }

    async fn exchange(
        &self,
        table: Stored,
        added: Vec<DataFile>,
        removed: Vec<DataFile>,
        changes_data: bool,
        now_ms: i64,
    ) -> Result<(), HistoryError> {
        let mut logs = self.logs.lock().await;
        let logs = usable(logs.as_mut())?;
        let Some(log) = logs.tables.get_mut(table.index()) else { return Err(engine("a table is missing")) };
        let change = Change { added, removed, positions: None, changes_data, now_ms };
        if let Err(error) = log.commit(change).await {
            logs.broken = Some(error.to_string());
            return Err(error);
        }
        let files = log.files();
        let mut tails = self.lock_tails();
        tails.exchange(table, files);
        self.publish(&tails);
        Ok(())
    }

    /// Shortens the list by the versions that the files no longer hold. A version that was not
    /// found stays in the list: its row may come by the other lane.
    async fn forget_superseded(&self, dropping: &Dropping, now_ms: i64) -> Result<usize, HistoryError> {
        let session = self.engine.session();
        register(&session, "stored", provider(&dropping.orders))?;
        register(&session, "superseded", provider(&dropping.superseded))?;
        let sql = "SELECT superseded.order_id, superseded.version FROM superseded LEFT ANTI JOIN stored
                   ON stored.order_id = superseded.order_id AND stored.version = superseded.version";
        let kept = session.sql(sql).await.and_then(|rows| sort(Stored::Superseded, rows)).map_err(engine)?;
        let before = dropping.superseded.row_count().unwrap_or(0);
        let added = self.write(Stored::Superseded, dropping.superseded.version, None, kept, now_ms).await?;
        let after = added.iter().filter_map(|file| file.rows).sum::<usize>();
        let removed = dropping.superseded.files.clone();
        self.exchange(Stored::Superseded, added, removed, true, now_ms).await?;
        self.pass(FaultPoint::AfterExchange(Stored::Superseded.name()))?;
        Ok(before.saturating_sub(after))
    }
}

fn provider(files: &Arc<PinnedFiles>) -> Arc<dyn TableProvider> {
    Arc::new(PinnedTable::new(files.clone(), Vec::new()))
}

fn register(session: &SessionContext, name: &str, provider: Arc<dyn TableProvider>) -> Result<(), HistoryError> {
    session.register_table(name, provider).map(|_| ()).map_err(engine)
}

fn sort(table: Stored, rows: DataFrame) -> datafusion::error::Result<DataFrame> {
    rows.sort(table.sort_columns().iter().map(|name| col(*name).sort(true, true)).collect())
}

/// The months that are worth the work, with their files: many small ones, or any that hold a
/// superseded version (then all files of the month).
fn choose(
    files: &PinnedFiles,
    stale: &BTreeSet<String>,
    options: &crate::Options,
) -> Vec<(Option<String>, Vec<DataFile>)> {
    let mut months: BTreeMap<Option<String>, Vec<DataFile>> = BTreeMap::new();
    for file in &files.files {
        months.entry(file.month.clone()).or_default().push(file.clone());
    }
    let is_stale = |month: &Option<String>| month.as_ref().is_some_and(|month| stale.contains(month));
    months
        .into_iter()
        .filter_map(|(month, mut files)| {
            if !is_stale(&month) {
                files.retain(|file| file.size < options.file_bytes_target / 2);
                if files.len() < options.compact_files_min.max(2) {
                    return None;
                }
            }
            Some((month, files))
        })
        .collect()
}
