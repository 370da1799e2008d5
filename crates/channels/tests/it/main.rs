//! What this crate promises, told as stories.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod api;
mod crash;
mod feedback;
mod gate;
mod mail;
mod post_office;
mod sending;
mod settings;
mod shop;
