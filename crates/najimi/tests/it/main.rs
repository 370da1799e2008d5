//! Stories of the whole program, over HTTP, each on SQLite and on PostgreSQL where the records are touched.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod client;
mod contract;
mod hostile;
mod operations;
mod routes;
mod schema;
mod server;
