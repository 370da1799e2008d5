//! Stories of the history: what is taken in is seen, kept once, and read by others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod compaction;
mod crashes;
mod pin;
mod python;
mod questions;
mod shop;
mod story;
mod truths;
