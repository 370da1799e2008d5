//! Stories of access, each on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audit;
mod cross_site;
mod door;
mod input;
mod installation;
mod jobs;
mod keys;
mod operators;
mod permissions;
mod secrets;
mod setup;
mod sign_in;
