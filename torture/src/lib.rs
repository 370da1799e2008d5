//! Torture: the promises of Najimi, tried on the real program.
//!
//! The program is started as a process of its own on a folder of its own, is killed without warning, loses its
//! database, its disk or its mail server, and is started again. What the world outside saw (a client's own journal of
//! acknowledgements, a mail server's own journal of mails) is then compared with what the program says.
//!
//! Each trial has a short form, which `make test` runs, and a long one, `make torture`, whose figures are kept in
//! `results/latest.json`. No failure in n trials bounds the rate of failures at about 3/n with 95 % confidence.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a trial that finds something must fail loudly, and it measures by the clock on the wall"
)]

pub mod books;
pub mod chance;
pub mod disk;
pub mod http;
pub mod mail_server;
pub mod postfix;
pub mod postgres;
pub mod program;
pub mod report;
pub mod shop;
pub mod trace;
pub mod trials;

pub use report::Report;

use std::path::PathBuf;

/// What trials stand on: the program, how long they may be, and the seed of their chance.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The program that is tried.
    pub najimi: PathBuf,
    /// As `make torture` has it; short otherwise.
    pub is_long: bool,
    /// Mails of the long campaign.
    pub mails: usize,
    /// The same seed makes the same choices; what the machine makes of them still differs.
    pub seed: u64,
}

impl Ground {
    /// One number for the short form, another for the long one.
    pub fn pick<T>(&self, short: T, long: T) -> T {
        if self.is_long { long } else { short }
    }
}
