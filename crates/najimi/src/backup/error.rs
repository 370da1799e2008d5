//! What can be wrong with a backup, by its member where one is at fault.

use std::path::PathBuf;

/// Why a backup cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to back up.
    #[error("there is nothing to back up in `{}`: no records were found", .0.display())]
    Nothing(PathBuf),
    /// A member is not what was written.
    #[error("the backup is damaged in `{member}`: {sentence}; use another backup")]
    Damaged {
        /// The member, or where between two of them.
        member: String,
        /// What is wrong.
        sentence: String,
    },
    /// All members are whole, but other bytes of the file were changed.
    #[error("the backup was changed outside of its members, which are whole ({0}); use another backup")]
    Changed(&'static str),
    /// Not one of ours.
    #[error("`{}` is no backup of Najimi", .0.display())]
    NotABackup(PathBuf),
    /// Made by a later version.
    #[error("the backup was made by Najimi {0}, which is newer than this one; restore it with that version")]
    Newer(String),
    /// The place is taken.
    #[error("`{}` is not empty; move it away, or name another folder with --data", .0.display())]
    Occupied(PathBuf),
    /// The database that is to be filled holds something.
    #[error("the records database holds data already; name an empty one (`records.url`)")]
    DatabaseOccupied,
    /// The other kind of database.
    #[error("the backup holds records of {found}, and `records.url` names {wanted}; name one of the same kind")]
    OtherDatabase {
        /// In the backup.
        found: String,
        /// In the configuration.
        wanted: &'static str,
    },
    /// The disk.
    #[error("could not {doing} `{}`", path.display())]
    Disk {
        /// What was tried.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The records.
    #[error("the records could not be copied")]
    Records(#[from] records::RecordsError),
    /// The journal.
    #[error("the journal could not be copied")]
    Journal(#[from] journal::JournalError),
    /// The history.
    #[error("the history could not be copied")]
    History(#[from] history::HistoryError),
    /// Our own fault.
    #[error("the backup broke off: {0}")]
    BrokenOff(String),
}

impl BackupError {
    /// Turns an error of the disk into one that names the file.
    pub(super) fn disk(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { doing, path, source }
    }

    pub(super) fn damaged(member: impl Into<String>, sentence: impl ToString) -> Self {
        Self::Damaged { member: member.into(), sentence: sentence.to_string() }
    }
}
