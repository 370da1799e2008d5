//! What can go wrong with the records, whose fault it is, and whether to try again.

/// The result of a call to the records.
pub type RecordsResult<T> = Result<T, RecordsError>;

/// An error of the records database.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The database refused or could not be reached.
    #[error("the records database failed")]
    Database(#[from] sea_orm::DbErr),
    /// A file beside the database could not be read or written.
    #[error("a file of a snapshot could not be read or written")]
    Disk(#[source] std::io::Error),
    /// A row holds what this version cannot read.
    #[error("the records hold `{what}` that cannot be read")]
    Unreadable {
        /// Which column or value.
        what: String,
    },
    /// The address of the database is not one that is supported.
    #[error("`{0}` is not an address of a database; use sqlite://FILE or postgres://…")]
    Address(String),
    /// A later version of the program has changed the tables.
    #[error("the records were changed by a newer version (`{0}`); start that version or a later one")]
    Newer(String),
    /// The SQLite that was linked has a known defect.
    #[error("SQLite {0} is too old; 3.51.3 or newer is needed (a defect in its write-ahead log was mended there)")]
    SqliteTooOld(String),
}

impl RecordsError {
    /// A value that this version cannot read.
    pub fn unreadable(what: impl Into<String>) -> Self {
        Self::Unreadable { what: what.into() }
    }

    /// Whether the same call may succeed when it is made again (restart of the server, conflict of two writers).
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => {
                let text = error.to_string();
                matches!(error, sea_orm::DbErr::Conn(_) | sea_orm::DbErr::ConnectionAcquire(_))
                    || [
                        "terminating connection",
                        "connection",
                        "deadlock",
                        "could not serialize",
                        "database is locked",
                        "starting up",
                        "shutting down",
                    ]
                    .iter()
                    .any(|sign| text.contains(sign))
            }
            Self::Disk(_) | Self::Unreadable { .. } | Self::Address(_) | Self::Newer(_) | Self::SqliteTooOld(_) => false,
        }
    }

    /// Whether a row with this key was there already.
    pub fn is_duplicate(&self) -> bool {
        match self {
            Self::Database(error) => {
                let text = error.to_string();
                text.contains("UNIQUE constraint failed") || text.contains("duplicate key value")
            }
            _ => false,
        }
    }
}
