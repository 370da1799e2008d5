//! What can go wrong with the records, whose fault it is, and whether to try again.

use sea_orm::{DbErr, RuntimeErr, sqlx};

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
    ///
    /// A change whose commit failed so may have been made all the same: the connection was lost, not the commit.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(DbErr::ConnectionAcquire(_)) => true,
            Self::Database(error) => sqlx_error(error).is_some_and(is_passing),
            Self::Disk(_) | Self::Unreadable { .. } | Self::Address(_) | Self::Newer(_) | Self::SqliteTooOld(_) => {
                false
            }
        }
    }
}

fn sqlx_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// The connection was lost, or the database says itself that it is for now.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing_code(&code)),
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ => false,
    }
}

/// PostgreSQL: connection exceptions (08), the server ends, ended or begins (57P), no room for another connection
/// (53300), two writers in each other's way (40). SQLite: busy (5) and locked (6), alone or with more bits.
fn is_passing_code(code: &str) -> bool {
    let is_sqlite_busy = code.parse::<u32>().is_ok_and(|number| code.len() < 5 && matches!(number & 0xff, 5 | 6));
    is_sqlite_busy
        || code.starts_with("08")
        || code.starts_with("40")
        || matches!(code, "57P01" | "57P02" | "57P03" | "57P05" | "53300")
}

#[cfg(test)]
mod tests {
    use super::is_passing_code;

    #[test]
    fn what_passes_is_told_from_what_stays() {
        let passing = ["5", "6", "261", "517", "08006", "57P01", "57P03", "40001", "40P01", "53300"];
        assert_eq!(passing.into_iter().filter(|code| !is_passing_code(code)).count(), 0);
        // Full disk, a broken constraint, a syntax error, a value out of range.
        let staying = ["13", "19", "787", "1555", "2067", "53100", "23505", "42601", "22003"];
        assert_eq!(staying.into_iter().filter(|code| is_passing_code(code)).count(), 0);
    }
}
