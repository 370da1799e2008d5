//! What can go wrong, whose fault it is, and whether trying again helps.

use crate::Lane;

/// Who can do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The one who asked: another question is needed.
    Caller,
    /// The disk or the files on it: the operator has to look.
    Storage,
    /// Too much at once, or not ready yet: nobody's fault.
    Load,
    /// The program itself.
    Program,
}

/// An error of the history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The SQL is not understood, or names what does not exist.
    #[error("the question is not understood: {reason}")]
    Question {
        /// What the engine says about it.
        reason: String,
    },
    /// Only reading is allowed.
    #[error("only a single SELECT over orders, order_lines and events is allowed: {reason}")]
    Refused {
        /// What was found instead.
        reason: String,
    },
    /// A bound value is missing, unused in the way that it is typed, or too long.
    #[error("value `{name}`: {reason}")]
    Parameter {
        /// The name without `$`.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An answer was read as something that it is not.
    #[error("column `{column}`: {reason}")]
    Answer {
        /// The column that was asked for.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The answer or the work for it is larger than allowed.
    #[error("the question needs too much: {reason}")]
    TooMuch {
        /// Which bound was met.
        reason: String,
    },
    /// The answer took longer than allowed.
    #[error("no answer within {seconds} s")]
    TooSlow {
        /// The limit.
        seconds: u64,
    },
    /// A stretch of the journal is missing before this one.
    #[error("the {} lane continues at {expected}, but the rows begin at {found}", lane.as_str())]
    Gap {
        /// The lane.
        lane: Lane,
        /// Where the next stretch has to begin, or before.
        expected: u64,
        /// Where it began.
        found: u64,
    },
    /// The tail is full: flush before adding more.
    #[error("{rows} rows wait to be written; flush first")]
    Full {
        /// Rows waiting.
        rows: usize,
    },
    /// Another process writes this history.
    #[error("`{folder}` is written by another process")]
    Locked {
        /// The folder.
        folder: String,
    },
    /// This history was opened for reading.
    #[error("the history was opened for reading only")]
    ReadOnly,
    /// The disk or a file failed. Nothing more is written until the history is opened again.
    #[error("the history's storage failed while it {doing}: {reason}")]
    Storage {
        /// What was being done.
        doing: String,
        /// What the system says.
        reason: String,
    },
    /// A table does not look as it should.
    #[error("table `{table}` is damaged: {reason}")]
    Damaged {
        /// The table.
        table: String,
        /// What was found.
        reason: String,
    },
    /// A mistake in the program.
    #[error("the query engine failed: {reason}")]
    Engine {
        /// What it says.
        reason: String,
    },
}

impl HistoryError {
    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            HistoryError::Question { .. } | HistoryError::Refused { .. } | HistoryError::Parameter { .. } => {
                Fault::Caller
            }
            HistoryError::TooMuch { .. }
            | HistoryError::TooSlow { .. }
            | HistoryError::Full { .. }
            | HistoryError::Locked { .. } => Fault::Load,
            HistoryError::Storage { .. } | HistoryError::Damaged { .. } => Fault::Storage,
            HistoryError::Answer { .. }
            | HistoryError::Gap { .. }
            | HistoryError::ReadOnly
            | HistoryError::Engine { .. } => Fault::Program,
        }
    }

    /// True when the same call may succeed later without any change.
    pub fn is_worth_retrying(&self) -> bool {
        matches!(self, HistoryError::TooSlow { .. } | HistoryError::Full { .. } | HistoryError::Locked { .. })
    }
}
