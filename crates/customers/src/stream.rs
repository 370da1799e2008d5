//! What the pipeline hands to the projections: a batch of events in order, each with the person it belongs to.
//!
//! A projection keeps its own tables in step with the stream. It runs inside the batch's transaction, so a batch that
//! is replayed after a crash has its effect once.

use async_trait::async_trait;
use history::Lane;
use records::{RecordsResult, Tx};
use vocabulary::{CustomerId, Event, Timestamp, Zone, id::Ordinal};

/// A customer whom an event belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The id that the world sees.
    pub id: CustomerId,
    /// The dense number.
    pub ordinal: Ordinal,
}

/// An event with its place and its person.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// Position in the journal of its lane.
    pub position: u64,
    /// The event.
    pub event: Event,
    /// Whom it belongs to, when that is known.
    pub customer: Option<Known>,
    /// The identifier that it came with; stays for ever.
    pub node: Option<String>,
    /// Customers that this event showed to be one person.
    pub merged: Vec<Merged>,
}

/// Two customers that are one person. Each projection moves its rows from the one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Who is no customer any more; the id redirects for ever.
    pub from: Known,
    /// Who stayed.
    pub into: Known,
}

/// Consecutive events of one lane, without those that were taken in before.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The lane.
    pub lane: Lane,
    /// The events, in their order.
    pub events: Vec<Resolved>,
    /// The present instant by the shop's clock.
    pub now: Timestamp,
    /// The shop's zone.
    pub zone: Zone,
}

impl Batch {
    /// The merges of this batch, each with the position of its event. They have happened before any event of the batch
    /// is applied: every event already belongs to the one who stayed.
    pub fn merges(&self) -> impl Iterator<Item = (u64, Merged)> {
        self.events.iter().flat_map(|resolved| resolved.merged.iter().map(|merged| (resolved.position, *merged)))
    }
}

/// Tables that follow the stream of events.
#[async_trait]
pub trait Projection: Send + Sync {
    /// Applies a batch, within its transaction. Rows for the history go into `history`.
    async fn apply(&self, tx: &Tx, batch: &Batch, history: &mut history::Append) -> RecordsResult<()>;
}
