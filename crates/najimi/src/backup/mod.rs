//! Backup and restore: records, history and journal of one moment, the keys, and the files of imports, in one archive.
//!
//! What fits together is chosen in this order, while the shop goes on: the records of one moment, which hold how far the
//! pipeline had come; the newest version of the history that reaches no further; the journal from where the pipeline
//! stood, to its end. After a restore the pipeline reads on from there, and its effects are the same once more.
//!
//! Invariant: an event that was acknowledged before the backup began is in it, once (shown in `tests/it/cli/backup.rs`).

mod archive;
mod error;
pub mod hold;
mod manifest;
mod restore;
mod take;
mod unpack;

pub use error::BackupError;
pub use manifest::Manifest;
pub use restore::restore;
pub use take::take;
pub use unpack::check;
