//! The Delta log of one table: which files count, and up to which journal positions they reach.

use crate::data_file::{DataFile, PinnedFiles};
use crate::durable_store::{DurableStore, sync_folder};
use crate::failure::{storage, storage_error};
use crate::options::Options;
use crate::stored::{MONTH, Stored};
use deltalake::kernel::transaction::{CommitBuilder, CommitProperties};
use deltalake::kernel::{Action, Transaction};
use deltalake::logstore::LogStoreRef;
use deltalake::protocol::{DeltaOperation, SaveMode};
use deltalake::table::state::DeltaTableState;
use deltalake::{DeltaTable, DeltaTableBuilder, TableProperty};
use history::{HistoryError, Lane, Positions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use url::Url;

/// What a commit changes.
#[derive(Debug, Default)]
pub(crate) struct Change {
    pub(crate) added: Vec<DataFile>,
    pub(crate) removed: Vec<DataFile>,
    /// New positions; `None` when the same rows lie in other files.
    pub(crate) positions: Option<Positions>,
    /// False when exactly the same rows stay.
    pub(crate) changes_data: bool,
    pub(crate) now_ms: i64,
}

pub(crate) struct TableLog {
    table: Stored,
    folder: PathBuf,
    store: LogStoreRef,
    state: DeltaTableState,
    positions: Positions,
}

fn application(lane: Lane) -> String {
    format!("journal.{}", lane.as_str())
}

impl TableLog {
    /// Opens the table below `root`; makes it first when it is new and `options` are given.
    pub(crate) async fn open(table: Stored, root: &Path, create: Option<&Options>) -> Result<Self, HistoryError> {
        let folder = root.join(table.name());
        let mut delta = unopened(&folder, create.is_some())?;
        let exists = delta.verify_deltatable_existence().await.map_err(damaged(table))?;
        delta = match create {
            Some(options) if !exists => create_table(table, &delta, options).await?,
            _ => {
                delta.load().await.map_err(damaged(table))?;
                delta
            }
        };
        if create.is_some() {
            // A process that died between a commit and its last sync left only this undone.
            sync_folder(&folder.join("_delta_log")).map_err(storage_error("synced a folder"))?;
        }
        let store = delta.log_store();
        let state = delta.snapshot().map_err(damaged(table))?.clone();
        let positions = positions_of(table, &store, &state).await?;
        Ok(Self { table, folder, store, state, positions })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn version(&self) -> u64 {
        self.state.version()
    }

    /// The files that count now.
    pub(crate) fn files(&self) -> PinnedFiles {
        pinned(self.table, &self.state, self.positions)
    }

    /// The files of the newest version that reaches no further than `bound`.
    pub(crate) async fn files_within(&self, bound: Positions) -> Result<PinnedFiles, HistoryError> {
        let mut delta = DeltaTable::new(self.store.clone());
        let (mut state, mut positions) = (self.state.clone(), self.positions);
        while !positions.is_within(&bound) {
            let Some(version) = state.version().checked_sub(1) else {
                return Err(damaged(self.table)("no version reaches back far enough"));
            };
            delta.load_version(version).await.map_err(damaged(self.table))?;
            state = delta.snapshot().map_err(damaged(self.table))?.clone();
            positions = positions_of(self.table, &self.store, &state).await?;
        }
        Ok(pinned(self.table, &state, positions))
    }

    /// Writes one log entry. When this returns, the entry is on the disk.
    pub(crate) async fn commit(&mut self, change: Change) -> Result<(), HistoryError> {
        let data_change = change.changes_data;
        let removes = change.removed.iter().map(|file| Action::Remove(file.to_remove(data_change, change.now_ms)));
        let adds = change.added.iter().map(|file| Action::Add(file.to_add(data_change)));
        let actions = removes.chain(adds).collect();
        let operation = operation(self.table, change.removed.is_empty());
        let properties = CommitProperties::default()
            .with_cleanup_expired_logs(Some(false))
            .with_application_transactions(transactions(change.positions, change.now_ms)?);
        let done = CommitBuilder::from(properties)
            .with_actions(actions)
            .build(Some(&self.state), self.store.clone(), operation)
            .await
            .map_err(storage_error("committed to the log"))?;
        self.state = done.snapshot();
        self.positions = change.positions.unwrap_or(self.positions);
        Ok(())
    }

    /// Removes files that no version within the retention names, and log entries before it.
    pub(crate) async fn vacuum(&mut self, retention_seconds: u64) -> Result<usize, HistoryError> {
        let retention = i64::try_from(retention_seconds).unwrap_or(i64::MAX / 1_000);
        let (delta, metrics) = self
            .as_delta()
            .vacuum()
            .with_retention_period(chrono::Duration::seconds(retention))
            .with_enforce_retention_duration(false)
            .await
            .map_err(storage_error("removed old files"))?;
        deltalake::checkpoints::cleanup_metadata(&delta, None)
            .await
            .map_err(storage_error("removed old log entries"))?;
        self.state = delta.snapshot().map_err(damaged(self.table))?.clone();
        Ok(metrics.files_deleted.len())
    }

    /// Writes a checkpoint, so that opening reads one file instead of all log entries.
    pub(crate) async fn checkpoint(&self) -> Result<(), HistoryError> {
        deltalake::checkpoints::create_checkpoint(&self.as_delta(), None)
            .await
            .map_err(storage_error("wrote a checkpoint"))
    }

    fn as_delta(&self) -> DeltaTable {
        let mut delta = DeltaTable::new(self.store.clone());
        delta.state = Some(self.state.clone());
        delta
    }
}

fn damaged<E: std::fmt::Display>(table: Stored) -> impl Fn(E) -> HistoryError {
    move |error| HistoryError::Damaged { table: table.name().to_owned(), reason: error.to_string() }
}

fn unopened(folder: &Path, create: bool) -> Result<DeltaTable, HistoryError> {
    if create {
        std::fs::create_dir_all(folder.join("_delta_log")).map_err(storage_error("made a folder"))?;
        for parent in folder.ancestors().take(2) {
            sync_folder(parent).map_err(storage_error("synced a folder"))?;
        }
    }
    let url = Url::from_directory_path(folder)
        .map_err(|()| storage("opened a folder")(format!("`{}` is not absolute", folder.display())))?;
    DeltaTableBuilder::from_url(url.clone())
        .map(|builder| builder.with_storage_backend(Arc::new(DurableStore::new()), url))
        .and_then(DeltaTableBuilder::build)
        .map_err(storage_error("opened a folder"))
}

async fn create_table(table: Stored, delta: &DeltaTable, options: &Options) -> Result<DeltaTable, HistoryError> {
    let partitions = table.is_partitioned().then_some(MONTH);
    let retention = format!("interval {} seconds", options.retention_seconds);
    delta
        .create()
        .with_table_name(table.name())
        .with_columns(table.delta_columns())
        .with_partition_columns(partitions)
        .with_configuration_property(TableProperty::CheckpointInterval, Some(options.checkpoint_commits.to_string()))
        .with_configuration_property(TableProperty::LogRetentionDuration, Some(retention.clone()))
        .with_configuration_property(TableProperty::DeletedFileRetentionDuration, Some(retention))
        .await
        .map_err(storage_error("made a table"))
}

fn operation(table: Stored, is_append: bool) -> DeltaOperation {
    if is_append {
        let partition_by = table.is_partitioned().then(|| vec![MONTH.to_owned()]);
        DeltaOperation::Write { mode: SaveMode::Append, partition_by, predicate: None }
    } else {
        DeltaOperation::Optimize { predicate: None, target_size: 0 }
    }
}

fn transactions(positions: Option<Positions>, now_ms: i64) -> Result<Vec<Transaction>, HistoryError> {
    let Some(positions) = positions else { return Ok(Vec::new()) };
    Lane::ALL
        .into_iter()
        .map(|lane| {
            let position = i64::try_from(positions.of(lane)).map_err(storage_error("kept a position"))?;
            Ok(Transaction::new_with_last_update(application(lane), position, Some(now_ms)))
        })
        .collect()
}

async fn positions_of(table: Stored, store: &LogStoreRef, state: &DeltaTableState) -> Result<Positions, HistoryError> {
    let mut positions = Positions::default();
    for lane in Lane::ALL {
        let found = state.transaction_version(store.as_ref(), application(lane)).await.map_err(damaged(table))?;
        let position = u64::try_from(found.unwrap_or(0)).map_err(damaged(table))?;
        positions = positions.with(lane, position);
    }
    Ok(positions)
}

fn pinned(table: Stored, state: &DeltaTableState, positions: Positions) -> PinnedFiles {
    let files = state.log_data().iter().map(|view| DataFile::from_log(&view)).collect();
    PinnedFiles { table, version: state.version(), positions, files }
}
