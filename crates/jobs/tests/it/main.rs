//! Stories of background work, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cancel;
mod crash;
mod queue;
mod run;
mod stage;
