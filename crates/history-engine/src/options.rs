//! Bounds and habits of the history, and the points at which a test may stop it.

use std::path::PathBuf;
use std::sync::Arc;

/// Where a test may stop the work, as if the process had died there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultPoint {
    /// Nothing of this table has been written yet.
    BeforeFiles(&'static str),
    /// The table's files lie on the disk, but no log entry names them.
    AfterFiles(&'static str),
    /// The table's log entry is written; the program does not know it yet.
    AfterCommit(&'static str),
    /// Compaction has written the new files of a month.
    AfterRewrite(&'static str),
    /// Compaction has exchanged the files of a month.
    AfterExchange(&'static str),
}

/// Answers true when the work is to stop at this point.
pub type FaultHook = Arc<dyn Fn(FaultPoint) -> bool + Send + Sync>;

/// Bounds and habits of the history.
#[derive(Clone)]
pub struct Options {
    /// Threads that answer questions; also the number of partitions of a plan.
    pub cores: usize,
    /// Memory that all questions together may use before they spill to disk.
    pub memory_bytes_max: usize,
    /// Where large questions spill; the system's folder for temporary files when `None`.
    pub spill_folder: Option<PathBuf>,
    /// How much may be spilled.
    pub spill_bytes_max: u64,
    /// Longest time for one question.
    pub query_seconds_max: u64,
    /// Most rows of one answer.
    pub answer_rows_max: usize,
    /// `flush_if_due` writes when this many rows wait …
    pub flush_rows: usize,
    /// … or when rows have waited for this long.
    pub flush_seconds: u64,
    /// Most rows that may wait; `append` refuses more.
    pub tail_rows_max: usize,
    /// Size of files that compaction aims at.
    pub file_bytes_target: u64,
    /// A month is compacted when it has this many small files.
    pub compact_files_min: usize,
    /// Superseded versions are dropped from the files when there are this many.
    pub compact_superseded_min: usize,
    /// A checkpoint is written every so many commits of a table.
    pub checkpoint_commits: u32,
    /// How long removed files and old log entries are kept for running readers.
    pub retention_seconds: u64,
    /// For tests: stops the work at a chosen point.
    pub fault_hook: Option<FaultHook>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cores: std::thread::available_parallelism().map_or(2, usize::from),
            memory_bytes_max: 2 << 30,
            spill_folder: None,
            spill_bytes_max: 50 << 30,
            query_seconds_max: 60,
            answer_rows_max: 10_000_000,
            flush_rows: 200_000,
            flush_seconds: 30,
            tail_rows_max: 1_000_000,
            file_bytes_target: 128 << 20,
            compact_files_min: 8,
            compact_superseded_min: 1_000,
            checkpoint_commits: 50,
            retention_seconds: 86_400,
            fault_hook: None,
        }
    }
}

impl Options {
    pub(crate) fn is_stopped_at(&self, point: FaultPoint) -> bool {
        self.fault_hook.as_ref().is_some_and(|hook| hook(point))
    }
}
