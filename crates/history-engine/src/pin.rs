//! One consistent version of a history on the disk, for whoever copies it: which files belong to it, and no others.
//!
//! Files are never changed once they are written, and removed only behind the retention, so a copy can be taken while
//! the history goes on being written.

use crate::failure::storage_error;
use crate::log::TableLog;
use crate::stored::Stored;
use crate::threads::Threads;
use crate::{History, absolute, level};
use history::{HistoryError, Positions};
use std::path::{Path, PathBuf};

/// A history at one version of each table, all at the same position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Up to where the journals are in it.
    pub positions: Positions,
    /// The tables.
    pub tables: Vec<PinnedVersion>,
}

/// One table at one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedVersion {
    /// Its name.
    pub name: &'static str,
    /// Its version in the Delta log.
    pub version: u64,
    /// Rows of the version, where its files tell.
    pub rows: Option<usize>,
    /// All its files below the folder of the history: the log up to the version, and the data.
    pub files: Vec<PathBuf>,
}

impl History {
    /// The newest version of the history in `folder` that reaches no further than `bound`. Nothing where there is no
    /// history yet.
    pub async fn pin(folder: impl Into<PathBuf>, bound: Positions) -> Result<Option<Pinned>, HistoryError> {
        let folder = absolute(folder.into())?;
        if !folder.join(Stored::Superseded.name()).join("_delta_log").exists() {
            return Ok(None);
        }
        let threads = Threads::start(1)?;
        threads.run(async move { pin(&folder, bound).await }).await.map(Some)
    }
}

async fn pin(folder: &Path, bound: Positions) -> Result<Pinned, HistoryError> {
    let mut logs = Vec::new();
    for table in Stored::ALL {
        logs.push(TableLog::open(table, folder, None).await?);
    }
    let tails = level(&logs, bound).await?;
    let mut tables = Vec::new();
    for (table, tail) in Stored::ALL.into_iter().zip(tails.tables()) {
        let (name, pinned) = (table.name(), &tail.files);
        let mut files = log_files(folder, name, pinned.version)?;
        files.extend(pinned.files.iter().map(|file| Path::new(name).join(&file.path)));
        tables.push(PinnedVersion { name, version: pinned.version, rows: pinned.row_count(), files });
    }
    Ok(Pinned { positions: tails.committed(), tables })
}

/// Entries and checkpoints of a log up to a version, in order.
fn log_files(folder: &Path, table: &str, version: u64) -> Result<Vec<PathBuf>, HistoryError> {
    let log = Path::new(table).join("_delta_log");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder.join(&log)).map_err(storage_error("listed a log"))? {
        let name = entry.map_err(storage_error("listed a log"))?.file_name();
        if name.to_str().and_then(version_of).is_some_and(|found| found <= version) {
            files.push(log.join(name));
        }
    }
    files.sort();
    Ok(files)
}

/// `00000000000000000012.json` and `00000000000000000012.checkpoint….parquet`.
fn version_of(name: &str) -> Option<u64> {
    let (number, rest) = name.split_once('.')?;
    let is_entry = rest == "json" || (rest.starts_with("checkpoint") && rest.ends_with("parquet"));
    (is_entry && number.len() == 20).then(|| number.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::version_of;

    #[test]
    fn entries_and_checkpoints_belong_to_a_version() {
        for (name, version) in [
            ("00000000000000000012.json", Some(12)),
            ("00000000000000000050.checkpoint.parquet", Some(50)),
            ("00000000000000000050.checkpoint.0000000001.0000000002.parquet", Some(50)),
            ("_last_checkpoint", None),
            ("00000000000000000012.json.tmp", None),
            ("_commit_2f.json.tmp", None),
        ] {
            assert_eq!(version_of(name), version, "{name}");
        }
    }
}
