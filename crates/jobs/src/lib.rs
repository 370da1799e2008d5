//! Background work that survives a crash: queued in the transaction that asks for it, run under a lease, with progress.
//!
//! Invariant: a job that was queued is run until it is done, failed or cancelled; after a crash it runs again
//! (kept by the lease in [`Runner`]; shown in `tests/it/crash.rs`). So a job may run twice; that the world changes
//! once is the promise of the [`Work`] (natural keys, or [`JobContext::holds`] in its transactions).

mod job;
mod queue;
mod runner;
mod settle;
mod sql;
mod work;

pub use job::{Job, JobError, JobState, Progress};
pub use queue::Jobs;
pub use runner::Runner;
pub use work::{JobContext, Work};

/// The table of this crate.
pub const MIGRATIONS: &[records::Migration] =
    &[records::Migration { name: "0001_jobs", sql: include_str!("../migrations/0001_jobs.sql") }];
