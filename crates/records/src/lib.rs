//! The records database: what is true now, on SQLite or PostgreSQL by one code path.
//!
//! Invariant: a change, its audit row and the events it emits are in one commit (kept by [`Tx::commit`];
//! shown in `tests/it/commit.rs` and `roll_back.rs`). SQL is written once, with `$1` placeholders and types that both
//! databases know: BIGINT, DOUBLE PRECISION, BOOLEAN, TEXT, UUID, and BYTEA for bytes.

mod connect;
mod error;
mod migrate;
mod outbox;
mod snapshot;
mod sql;
mod tx;

pub use connect::{Dialect, Records};
pub use error::{RecordsError, RecordsResult};
pub use migrate::Migration;
pub use outbox::{OutboxEvent, delete_outbox, read_outbox};
pub use sea_orm::{FromQueryResult, Value};
pub use snapshot::{SQLITE_FILE, Snapshot, SnapshotFile};
pub use sql::{BulkInsert, InList, Reader, Sql, escape_like, in_lists};
pub use tx::{Actor, Tx};

/// Turns the arguments into database values: `values![id, name, 3_i64]`.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

/// The tables of this crate itself.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "0001_records", sql: include_str!("../migrations/0001_records.sql") }];
