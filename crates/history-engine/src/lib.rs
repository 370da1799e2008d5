//! The history: Delta Lake tables on a local folder, and DataFusion that answers over them.
//!
//! Rows come in by [`History::append`] and are visible at once. [`History::flush`] writes what
//! waits into the tables, each commit carrying the journal positions that it reaches, so that a
//! journal that is read again after a crash adds nothing twice. Whoever asks gets all tables at
//! the same position.

mod answer;
mod batches;
mod bind;
mod compact;
mod data_file;
mod durable_store;
mod failure;
mod flush;
mod log;
mod options;
mod pin;
mod pinned_table;
mod question;
mod snapshot;
mod stored;
mod tail;
mod threads;
mod write;

pub use compact::Compacted;
pub use flush::Flushed;
pub use options::{FaultHook, FaultPoint, Options};
pub use pin::{Pinned, PinnedVersion};

use async_trait::async_trait;
use failure::{engine, storage_error};
use history::{Append, HistoryError, HistoryReader, Positions, Query, Rows};
use log::TableLog;
use snapshot::{Engine, Snapshot};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use stored::Stored;
use tail::{TableTail, Tails};
use threads::Threads;

/// The history of one installation. Cloning is cheap; all clones are the same history.
#[derive(Clone)]
pub struct History {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    options: Options,
    engine: Engine,
    threads: Threads,
    tails: Mutex<Tails>,
    published: RwLock<Arc<Snapshot>>,
    /// The logs of the tables, held by whoever commits; `None` when opened for reading.
    logs: tokio::sync::Mutex<Option<Logs>>,
    /// Held by the one compaction that may run.
    compacting: tokio::sync::Mutex<()>,
    /// Since when rows wait, as `flush_if_due` has seen it.
    waiting_since: Mutex<Option<i64>>,
    /// Held while this process may write; `None` when opened for reading.
    writer_lock: Option<File>,
}

struct Logs {
    tables: Vec<TableLog>,
    /// Set when the disk failed: what the disk holds is then unknown until it is read again.
    broken: Option<String>,
}

impl History {
    /// Opens the history in a folder, making it when it is new. One process may write it.
    ///
    /// Afterwards the journals are to be read again from [`Self::committed_positions`].
    pub async fn open(folder: impl Into<PathBuf>, options: Options) -> Result<Self, HistoryError> {
        let folder = absolute(folder.into())?;
        std::fs::create_dir_all(&folder).map_err(storage_error("made a folder"))?;
        let lock = lock(&folder)?;
        Self::open_with(folder, options, Some(lock)).await
    }

    /// Opens what is written so far, for reading beside a process that may be writing.
    pub async fn open_to_read(folder: impl Into<PathBuf>, options: Options) -> Result<Self, HistoryError> {
        Self::open_with(absolute(folder.into())?, options, None).await
    }

    async fn open_with(folder: PathBuf, options: Options, lock: Option<File>) -> Result<Self, HistoryError> {
        let threads = Threads::start(options.cores)?;
        let engine = Engine::new(&folder, &options)?;
        let create = lock.is_some().then(|| options.clone());
        let root = folder.clone();
        let (logs, tails, snapshot) = threads.run(async move { open_tables(&root, create.as_ref()).await }).await?;
        let logs = lock.is_some().then_some(Logs { tables: logs, broken: None });
        let shared = Shared {
            folder,
            options,
            engine,
            threads,
            tails: Mutex::new(tails),
            published: RwLock::new(Arc::new(snapshot)),
            logs: tokio::sync::Mutex::new(logs),
            compacting: tokio::sync::Mutex::new(()),
            waiting_since: Mutex::new(None),
            writer_lock: lock,
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// Takes in the rows of a stretch of a journal; questions see them at once.
    pub async fn append(&self, append: Append) -> Result<(), HistoryError> {
        let shared = &self.shared;
        if shared.writer_lock.is_none() {
            return Err(HistoryError::ReadOnly);
        }
        let mut tails = shared.lock_tails();
        let rows = tails.waiting_rows();
        if rows + append.row_count() > shared.options.tail_rows_max && rows > 0 {
            return Err(HistoryError::Full { rows });
        }
        tails.append(append)?;
        shared.publish(&tails);
        Ok(())
    }

    /// The positions before which everything is on the disk: the journals may be trimmed behind
    /// them, and are read again from them after a start.
    pub fn committed_positions(&self) -> Positions {
        self.shared.lock_tails().committed()
    }

    /// Rows that wait to be written.
    pub fn waiting_rows(&self) -> usize {
        self.shared.lock_tails().waiting_rows()
    }

    /// Answers what a person typed: a single SELECT, WITH or EXPLAIN over the three tables.
    pub async fn query_readonly(&self, sql: &str) -> Result<Rows, HistoryError> {
        let sql = sql.to_owned();
        self.ask(move |shared, snapshot| async move {
            let session = snapshot.session(&shared.engine)?;
            question::answer_typed(session, &sql, &shared.options).await
        })
        .await
    }

    /// Runs a question on the engine's own threads, so that a long one holds up no request.
    async fn ask<Ask, Answer>(&self, ask: Ask) -> Result<Rows, HistoryError>
    where
        Ask: FnOnce(Arc<Shared>, Arc<Snapshot>) -> Answer + Send + 'static,
        Answer: Future<Output = Result<Rows, HistoryError>> + Send + 'static,
    {
        let shared = self.shared.clone();
        let snapshot = shared.snapshot();
        let seconds = shared.options.query_seconds_max;
        // Timed by the engine's own clock: the caller's may stand still in a test.
        let timed = async move {
            let limit = Duration::from_secs(seconds);
            tokio::time::timeout(limit, ask(shared, snapshot)).await.unwrap_or(Err(HistoryError::TooSlow { seconds }))
        };
        self.shared.threads.run(timed).await
    }
}

#[async_trait]
impl HistoryReader for History {
    async fn query(&self, query: &Query) -> Result<Rows, HistoryError> {
        let query = query.clone();
        self.ask(move |shared, snapshot| async move {
            let session = snapshot.session(&shared.engine)?;
            question::answer_query(session, &query, &shared.options).await
        })
        .await
    }

    fn position(&self) -> Positions {
        self.shared.snapshot().positions()
    }
}

impl Shared {
    // A panic while a lock was held leaves plain values behind, none of them half changed.
    fn lock_tails(&self) -> MutexGuard<'_, Tails> {
        self.tails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shows the present state to questions, unless a table's files are ahead of the others.
    fn publish(&self, tails: &Tails) {
        if tails.is_level() {
            *self.published.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Snapshot::of(tails));
        }
    }
}

fn absolute(folder: PathBuf) -> Result<PathBuf, HistoryError> {
    std::path::absolute(folder).map_err(storage_error("opened a folder"))
}

fn lock(folder: &Path) -> Result<File, HistoryError> {
    let file = File::create(folder.join("writer.lock")).map_err(storage_error("locked a folder"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(HistoryError::Locked { folder: folder.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(storage_error("locked a folder")(error)),
    }
}

/// Opens all tables. What is shown first is what all of them reach: after a crash between two
/// commits, the ones ahead are read at an older version until the journal is read again.
async fn open_tables(root: &Path, create: Option<&Options>) -> Result<(Vec<TableLog>, Tails, Snapshot), HistoryError> {
    let mut logs = Vec::new();
    for table in Stored::ALL {
        logs.push(TableLog::open(table, root, create).await?);
    }
    let newest = tables(logs.iter().map(TableLog::files))?;
    let tails = Tails::new(newest);
    if tails.is_level() {
        let snapshot = Snapshot::of(&tails);
        return Ok((logs, tails, snapshot));
    }
    let snapshot = Snapshot::of(&level(&logs, tails.committed()).await?);
    Ok((logs, tails, snapshot))
}

/// The newest versions of the tables that all reach equally far, and no further than `bound`.
async fn level(logs: &[TableLog], mut bound: Positions) -> Result<Tails, HistoryError> {
    loop {
        let mut files = Vec::new();
        for log in logs {
            files.push(log.files_within(bound).await?);
        }
        let level = Tails::new(tables(files.into_iter())?);
        if level.is_level() {
            return Ok(level);
        }
        // A table has no version in between, so the others step back to where it stands.
        bound = level.committed();
    }
}

fn tables(files: impl Iterator<Item = data_file::PinnedFiles>) -> Result<[TableTail; 4], HistoryError> {
    let tables = files.map(TableTail::new).collect::<Vec<_>>();
    tables.try_into().map_err(|_| engine("a table is missing"))
}
