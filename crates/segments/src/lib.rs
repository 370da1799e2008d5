//! Segments: who. One language, one meaning in every evaluator.

pub mod api;
pub mod everyone;
pub mod one;
pub mod people;
pub mod sql;
pub mod text;
pub mod tree;

use records::Migration;

pub use api::{Segments, description, routes};

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "0004_segments", sql: include_str!("../migrations/0004_segments.sql") }];
