//! What comes in: events by the Segment spec, and files. All of it passes the journal.

pub mod files;
pub mod imports;
pub mod ingest;

/// The tables of this crate.
pub const MIGRATIONS: &[records::Migration] = &[
    records::Migration { name: "0007_imports", sql: include_str!("../migrations/0007_imports.sql") },
    records::Migration { name: "0011_import_undo", sql: include_str!("../migrations/0011_import_undo.sql") },
];
