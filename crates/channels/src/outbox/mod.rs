//! The outbox of messages: one row a person and sending, from `queued` to what became of it.
//!
//! `queued → claimed → handed → accepted | failed | unknown | held`, `captured` when no server is set, and `skipped`
//! with a reason when the gate refuses. Claimed is before the wire and may be claimed anew after a crash; handed means
//! that the wire may have carried it, so a crash then leaves `held` (or, when the settings say so, another try).
//!
//! Invariant: a row leaves `claimed` and `handed` only for the claim that put it there, so nobody sends what somebody
//! else has in hand.

mod claim;
mod delivery;
mod list;
mod settle;

pub(crate) use claim::{Claim, ClaimedMessage, claim, running};
pub use delivery::{Delivery, delivery, is_finished};
pub(crate) use list::{MessageRow, find, page};
pub(crate) use settle::{Ending, Moment, capture, end_claim, hand, recover, renew, settle};

use crate::sendings::{self, SendingState};
use records::{BulkInsert, RecordsError, RecordsResult, Sql, Tx, values};
use std::{fmt, str::FromStr};
use utoipa::ToSchema;
use uuid::Uuid;
use vocabulary::{
    Timestamp,
    id::{MessageId, Ordinal, name_based},
};

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// Waits for its turn.
    Queued,
    /// The gate let it pass; it is being printed.
    Claimed,
    /// On the wire.
    Handed,
    /// A mail server took it.
    Accepted,
    /// Kept instead of sent.
    Captured,
    /// Will not go.
    Failed,
    /// The connection was lost after the content: nobody can know.
    Unknown,
    /// The program ended while it was on the wire: it may have been delivered, and is not sent again.
    Held,
    /// The gate refused it.
    Skipped,
}

impl MessageState {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Claimed,
        Self::Handed,
        Self::Accepted,
        Self::Captured,
        Self::Failed,
        Self::Unknown,
        Self::Held,
        Self::Skipped,
    ];

    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Handed => "handed",
            Self::Accepted => "accepted",
            Self::Captured => "captured",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A state that does not exist.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a state of a message")]
pub struct MessageStateError(String);

impl FromStr for MessageState {
    type Err = MessageStateError;
    fn from_str(text: &str) -> Result<Self, MessageStateError> {
        let error = || MessageStateError(text.chars().take(20).collect());
        Self::ALL.into_iter().find(|state| state.name() == text).ok_or_else(error)
    }
}

/// The id of the message of a sending to a person: always the same.
pub fn message_id(sending_id: Uuid, customer: Ordinal) -> MessageId {
    name_based(&[&sending_id.to_string(), &customer.to_string()]).into()
}

/// Puts people into the queue of a sending and tells how many are new there. Doing it twice changes nothing.
pub async fn queue(tx: &Tx, sending_id: Uuid, customers: &[Ordinal], now: Timestamp) -> RecordsResult<u64> {
    // First of all, since this row is the lock that the sender takes too.
    let known = tx.execute("UPDATE sendings SET is_open = TRUE WHERE sending_id = $1", values![sending_id]).await?;
    if known == 0 {
        return Err(RecordsError::unreadable(format!("sending {sending_id}")));
    }
    let mut rows = BulkInsert::into(
        "messages (message_id, sending_id, customer, state, attempts, due_at, lease_until, changed_at)",
        "ON CONFLICT DO NOTHING",
    );
    for customer in customers {
        let id = message_id(sending_id, *customer).uuid();
        rows.push(values![id, sending_id, i64::from(*customer), "queued", 0_i64, 0_i64, 0_i64, now.micros()]);
    }
    let new = rows.run(tx).await?;
    skip_stopped(tx, sending_id).await?;
    Ok(new)
}

/// What waits in a stopped sending goes nowhere.
pub(crate) async fn skip_stopped(tx: &Tx, sending_id: Uuid) -> RecordsResult<()> {
    if sendings::state(tx, sending_id).await? != Some(SendingState::Stopped) {
        return Ok(());
    }
    let text = "UPDATE messages SET state = 'skipped', reason = 'stopped' WHERE sending_id = $1 AND state = 'queued'";
    tx.execute(text, values![sending_id]).await.map(|_| ())
}
