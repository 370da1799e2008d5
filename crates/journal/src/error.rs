//! What can go wrong with the journal.

use std::sync::Arc;

/// An error of the journal.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// The disk refused; nothing is acknowledged any more until the next start.
    #[error("the journal has stopped: the disk did not confirm a write")]
    Stopped,
    /// The operating system refused.
    #[error("could not {doing} the journal")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// A record is larger than the limit.
    #[error("a record of {bytes} bytes is larger than {bytes_max}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        bytes_max: usize,
    },
    /// A record without a byte cannot be told from the zeros that a power cut may leave behind.
    #[error("a record is empty")]
    Empty,
    /// A file is damaged before its end.
    #[error(
        "the journal file `{file}` is damaged at byte {offset}; restore it from a backup, or move it away to go on without its records"
    )]
    Damaged {
        /// Which file.
        file: String,
        /// Where.
        offset: u64,
    },
    /// The position was trimmed or never written.
    #[error("the journal holds no position {position}; it begins at {start}")]
    Gone {
        /// What was asked for.
        position: u64,
        /// Where it begins.
        start: u64,
    },
}

impl JournalError {
    pub(crate) fn io(doing: &'static str, source: std::io::Error) -> Self {
        Self::Io { doing, source: Arc::new(source) }
    }
}
