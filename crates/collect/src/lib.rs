//! What comes in: the Segment API, files, tracking.

pub mod files;
