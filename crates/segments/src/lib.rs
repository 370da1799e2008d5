//! Segments: who. One language, one meaning in every evaluator.

pub mod everyone;
pub mod people;
pub mod tree;
