//! Running a story on a fresh database, and clearing up behind it whether it ends well or not.

use crate::{TestDatabase, postgres::Server};
use records::Migration;
use std::{
    future::Future,
    io::Write,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::PathBuf,
};
use tokio::runtime::{Builder, Runtime};

/// What a story plays on: set up from a fresh database.
pub trait Stage: Sized {
    /// The tables that it needs, in order; those of `records` are always there.
    fn migrations() -> Vec<&'static [Migration]>;
    /// Sets it up.
    fn set(database: TestDatabase) -> impl Future<Output = Self>;
}

/// Runs a story on SQLite.
pub fn run_on_sqlite<S: Stage, F: Future<Output = ()>>(story: impl FnOnce(S) -> F) {
    let runtime = runtime();
    let database = runtime.block_on(TestDatabase::sqlite(&S::migrations()));
    run(&runtime, database, story);
}

/// Runs a story on PostgreSQL; left out and counted where none is installed.
pub fn run_on_postgres<S: Stage, F: Future<Output = ()>>(name: &str, story: impl FnOnce(S) -> F) {
    let Some(server) = Server::find() else { return skip(name) };
    let runtime = runtime();
    let database = runtime.block_on(TestDatabase::postgres(server, &S::migrations()));
    run(&runtime, database, story);
}

fn run<S: Stage, F: Future<Output = ()>>(runtime: &Runtime, database: TestDatabase, story: impl FnOnce(S) -> F) {
    let play = || runtime.block_on(async { story(S::set(database.clone()).await).await });
    let outcome = catch_unwind(AssertUnwindSafe(play));
    runtime.block_on(database.remove());
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Where left-out stories are noted, one name a line: beside the test programs. Whoever runs the tests empties it
/// before and prints it after.
pub fn skips_file() -> PathBuf {
    crate::database::beside_tests().join("skipped-stories.txt")
}

fn skip(name: &str) {
    leave_out(name, "no PostgreSQL is installed (apt-get install postgresql), and NAJIMI_TEST_POSTGRES names none");
}

/// Says that a story cannot be told on this machine, and notes it.
pub fn leave_out(name: &str, reason: &str) {
    eprintln!("left out {name}: {reason}");
    let mut file = std::fs::File::options().create(true).append(true).open(skips_file()).expect("the list of skips");
    writeln!(file, "{name}").expect("the list of skips");
}
