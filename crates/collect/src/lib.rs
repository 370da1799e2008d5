//! What comes in: events by the Segment spec, and files. All of it passes the journal.

pub mod files;
pub mod ingest;
