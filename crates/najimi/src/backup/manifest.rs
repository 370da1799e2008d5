//! The list of what a backup holds; its last member.

use super::BackupError;
use history::Positions;
use records::SnapshotFile;
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    path::{Component, Path},
};
use vocabulary::Timestamp;

/// The form of the archive; a later form has a larger number.
pub const FORMAT: u32 = 1;
/// The name of the manifest itself.
pub const NAME: &str = "manifest.json";
/// Folders of the members.
pub const RECORDS: &str = "records";
pub const JOURNAL: &str = "journal";
pub const HISTORY: &str = "history";
pub const KEYS: &str = "keys";
pub const IMPORTS: &str = "imports";

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    pub format: u32,
    /// The version of Najimi that made it.
    pub version: String,
    /// When the records were read, by the wall clock.
    pub made_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// The files of the records.
    pub records: Vec<SnapshotFile>,
    /// The migrations that the records have had.
    pub migrations: BTreeSet<String>,
    /// How far the pipeline had come.
    pub pipeline: Lanes,
    /// The ends of the journals.
    pub journal: Lanes,
    /// How far the history reaches.
    pub history: Lanes,
    /// The tables of the history.
    pub tables: Vec<TableVersion>,
    /// All other members.
    pub members: Vec<Member>,
}

/// A position on each lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lanes {
    /// What happens now.
    pub live: u64,
    /// Files, and what is older than a day.
    pub backfill: u64,
}

impl From<Positions> for Lanes {
    fn from(positions: Positions) -> Self {
        Self { live: positions.live, backfill: positions.backfill }
    }
}

/// A table of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableVersion {
    /// Its name.
    pub name: String,
    /// Its version in the Delta log.
    pub version: u64,
    /// Its rows.
    pub rows: Option<u64>,
}

/// One file in the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name in the archive.
    pub name: String,
    /// Its size.
    pub size_bytes: u64,
    /// SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    /// Bytes of all members.
    pub fn size_bytes(&self) -> u64 {
        self.members.iter().map(|member| member.size_bytes).sum()
    }

    /// Whether this version of Najimi can restore it.
    pub fn check(&self, known: &BTreeSet<&str>) -> Result<(), BackupError> {
        let is_known = self.migrations.iter().all(|name| known.contains(name.as_str()));
        if self.format <= FORMAT && is_known { Ok(()) } else { Err(BackupError::Newer(self.version.clone())) }
    }
}

/// Whether a member of this name may be written below a folder: plain names in one of our own folders.
pub fn is_safe(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let is_ours = matches!(parts.next(), Some(Component::Normal(first))
        if [RECORDS, JOURNAL, HISTORY, KEYS, IMPORTS].iter().any(|folder| first == *folder));
    let rest: Vec<Component<'_>> = parts.collect();
    is_ours && !rest.is_empty() && rest.iter().all(|part| matches!(part, Component::Normal(_)))
}

/// Hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::is_safe;

    #[test]
    fn members_lie_in_our_folders_only() {
        for (name, is_fine) in [
            ("history/orders/_delta_log/00000000000000000000.json", true),
            ("keys/links.key", true),
            ("keys", false),
            ("../keys/links.key", false),
            ("keys/../../etc/passwd", false),
            ("/keys/links.key", false),
            ("elsewhere/file", false),
            ("", false),
        ] {
            assert_eq!(is_safe(name), is_fine, "{name}");
        }
    }
}
