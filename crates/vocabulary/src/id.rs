//! Ids: UUIDv7, one newtype for each thing, so that a segment's id is never taken for a campaign's.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fmt,
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};
use uuid::Uuid;

/// A new time-ordered UUID whose time is `now`. The only home of id-making in the product.
///
/// Invariant: of two ids made by one process for the same instant, the later one is the greater (kept by a counter
/// behind the microseconds; shown below). Logs that are sorted by (time, id) are then in the order of what happened.
pub fn new_uuid(now: Timestamp) -> Uuid {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let micros = u64::try_from(now.micros()).unwrap_or(0);
    let (seconds, rest) = (micros / 1_000_000, micros % 1_000_000);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    let counter = u128::from(rest % 1_000) << 32 | u128::from(made);
    let nanos = u32::try_from(rest).unwrap_or(0) * 1_000;
    Uuid::new_v7(uuid::Timestamp::from_unix_time(seconds, nanos, counter, 42))
}

/// The same texts always give the same id (orders, outbox events): the first half of their SHA-256, as UUID version 8.
pub fn name_based(parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&hash.finalize()[..16]);
    uuid::Builder::from_custom_bytes(half).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id whose time is `now`.
            pub fn new(now: Timestamp) -> Self {
                Self(new_uuid(now))
            }
            /// The bare UUID, for the database and for hashing.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Uuid {
                id.0
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )+};
}

ids! {
    /// A customer: one person. An id that disappears in a merge redirects for ever.
    CustomerId,
    /// An event: something that happened.
    EventId,
    /// An operator: somebody of the company who signs in.
    OperatorId,
    /// A key with which a program speaks to the API.
    KeyId,
    /// A piece of background work.
    JobId,
    /// One import of one file.
    ImportId,
    /// A saved segment.
    SegmentId,
    /// A campaign.
    CampaignId,
    /// One message to one person.
    MessageId,
    /// A set of people that a figure on a screen leads to.
    SelectionId,
}

/// The dense number of a customer, for bitmaps and for the columns of the history.
pub type Ordinal = u32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_the_order_of_making_and_of_time() {
        let at = Timestamp::from_micros(1_794_529_800_000_123);
        let mut ids: Vec<Uuid> = (0..1_000).map(|_| new_uuid(at)).collect();
        ids.push(new_uuid(Timestamp::from_micros(at.micros() + 1)));
        ids.insert(0, new_uuid(Timestamp::from_micros(at.micros() - 1)));
        assert!(ids.is_sorted_by(|earlier, later| earlier < later));
    }
}
