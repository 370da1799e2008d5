//! Stories of what comes in, through the crate's public API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod files;
mod imports;
