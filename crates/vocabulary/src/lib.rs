//! The words that every crate speaks: ids, time, money, names, addresses, consent, events.
//!
//! Nothing here does I/O. Parse once at the edge of the system into these types, then trust them.

pub mod address;
pub mod birthday;
pub mod clock;
pub mod consent;
pub mod email;
pub mod event;
pub mod id;
pub mod kana;
pub mod money;
pub mod name;
pub mod phone;
pub mod sex;
pub mod time;

pub use clock::{Clock, SharedClock};
pub use event::Event;
pub use id::{CustomerId, EventId, OperatorId};
pub use money::{Currency, Money};
pub use time::{Day, Timestamp, Zone};
