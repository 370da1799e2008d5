//! What every feature may know of the history: its three tables, how to ask them,
//! and how the pipeline adds to them. The engine that answers lives in `history-engine`;
//! nothing here needs arrow or a query engine, so a change of a feature does not rebuild one.
//!
//! The tables hold no personal data: no name, no address, no free text of a person.

mod append;
mod error;
mod query;
mod rows;
mod tables;

pub use append::{Append, Placed, Superseded};
pub use error::{Fault, HistoryError};
pub use query::{Query, Value};
pub use rows::{Cells, Column, Rows};
pub use tables::{
    ColumnDescription, ColumnKind, EventRow, LineKind, OrderKind, OrderLineRow, OrderRow, Table, month_of_local_day,
};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The two ways through the pipeline; each has a journal of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// What happens now.
    Live,
    /// Files, imports and everything older than a day.
    Backfill,
}

impl Lane {
    /// Both lanes, in the order in which they are reported.
    pub const ALL: [Lane; 2] = [Lane::Live, Lane::Backfill];

    /// The name under which positions of this lane are kept in the tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Lane::Live => "live",
            Lane::Backfill => "backfill",
        }
    }
}

/// How far each journal has been taken in: every entry *before* the position is inside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Positions {
    /// Position in the journal of the live lane.
    pub live: u64,
    /// Position in the journal of the backfill lane.
    pub backfill: u64,
}

impl Positions {
    /// The position of one lane.
    pub fn of(&self, lane: Lane) -> u64 {
        match lane {
            Lane::Live => self.live,
            Lane::Backfill => self.backfill,
        }
    }

    /// The same positions with one lane moved.
    pub fn with(mut self, lane: Lane, position: u64) -> Self {
        match lane {
            Lane::Live => self.live = position,
            Lane::Backfill => self.backfill = position,
        }
        self
    }

    /// The lower position of each lane.
    pub fn lower(self, other: Self) -> Self {
        Self { live: self.live.min(other.live), backfill: self.backfill.min(other.backfill) }
    }

    /// True when no lane of this is ahead of the other.
    pub fn is_within(&self, other: &Self) -> bool {
        self.live <= other.live && self.backfill <= other.backfill
    }
}

/// Reads the history. All tables of one answer stand at the same position.
#[async_trait]
pub trait HistoryReader: Send + Sync {
    /// Answers a question over `orders`, `order_lines` and `events`.
    async fn query(&self, query: &Query) -> Result<Rows, HistoryError>;

    /// The positions up to which the next answer is complete.
    fn position(&self) -> Positions;
}
