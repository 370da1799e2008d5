//! The whole program: as people run it, the real binary on folders of its own; and over HTTP, each story on SQLite and
//! on PostgreSQL where the records are touched.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests"
)]

mod card;
mod cli;
mod client;
mod connections;
mod contract;
mod disk;
mod first_start;
mod hostile;
mod operations;
mod routes;
mod schema;
mod server;
