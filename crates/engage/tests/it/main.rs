//! What this crate promises, told as stories.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod campaigns;
mod results;
mod shop;
