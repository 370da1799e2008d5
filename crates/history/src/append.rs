//! What the pipeline hands to the history after each batch of the journal.

use crate::{EventRow, Lane, OrderLineRow, OrderRow};
use serde::{Deserialize, Serialize};

/// A row with the journal position of the entry that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed<T> {
    /// Position of the entry in the journal of the batch's lane.
    pub position: u64,
    /// The row.
    pub row: T,
}

/// A version of an order that a newer one has replaced.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Superseded {
    /// Id of the order.
    pub order_id: String,
    /// The version that no longer counts.
    pub version: i64,
}

/// The rows of one stretch of one lane's journal: positions `from` to just before `until`.
///
/// The stretches of a lane follow each other: `from` is the `until` of the one before. After
/// a start they begin at `committed_positions()`, and may repeat what is already inside: each
/// table drops the rows that it holds by their position, whatever the stretches were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Append {
    /// The lane whose journal this is.
    pub lane: Lane,
    /// Where the stretch begins (inclusive).
    pub from: u64,
    /// Where the stretch ends (exclusive): the position from which the journal is read next.
    pub until: u64,
    /// New versions of orders.
    pub orders: Vec<Placed<OrderRow>>,
    /// Lines of these versions.
    pub order_lines: Vec<Placed<OrderLineRow>>,
    /// Events.
    pub events: Vec<Placed<EventRow>>,
    /// Versions that no longer count, whether they came before or within this stretch.
    pub superseded: Vec<Placed<Superseded>>,
}

impl Append {
    /// An empty stretch; also worth handing over, since it moves the position.
    pub fn new(lane: Lane, from: u64, until: u64) -> Self {
        Self {
            lane,
            from,
            until,
            orders: Vec::new(),
            order_lines: Vec::new(),
            events: Vec::new(),
            superseded: Vec::new(),
        }
    }

    /// Adds a version of an order.
    pub fn order(&mut self, position: u64, row: OrderRow) {
        self.orders.push(Placed { position, row });
    }

    /// Adds a line of an order.
    pub fn order_line(&mut self, position: u64, row: OrderLineRow) {
        self.order_lines.push(Placed { position, row });
    }

    /// Adds an event.
    pub fn event(&mut self, position: u64, row: EventRow) {
        self.events.push(Placed { position, row });
    }

    /// Says that a version of an order no longer counts.
    pub fn supersede(&mut self, position: u64, order_id: impl Into<String>, version: i64) {
        let row = Superseded { order_id: order_id.into(), version };
        self.superseded.push(Placed { position, row });
    }

    /// As bytes that [`Self::from_json`] reads.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// What [`Self::to_json`] wrote.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }

    /// Rows over all tables.
    pub fn row_count(&self) -> usize {
        self.orders.len() + self.order_lines.len() + self.events.len() + self.superseded.len()
    }
}
