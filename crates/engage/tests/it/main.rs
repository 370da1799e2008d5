//! What this crate promises, told as stories.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod campaigns;
#[path = "../../../channels/tests/it/post_office.rs"]
mod post_office;
mod results;
mod shop;
