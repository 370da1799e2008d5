//! Stories of segments: one meaning in both evaluators, the edges of days and windows, the text form, hostile trees.
#![allow(clippy::unwrap_used)]

mod edges;
mod hostile;
mod meaning;
mod saved;
mod text;
mod trees;
mod world;
