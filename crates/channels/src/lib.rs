//! Channels: how a message reaches a person, and what comes back of it.
//!
//! The way of a message: a feature opens a [`sendings`] and queues people in the [`outbox`]; the [`Sender`] claims
//! messages through the [`gate`], which reads consent, suppression and cap in the claiming transaction, prints them and
//! hands them to a mail server or, when none is set, keeps them; what people do with them comes back by [`feedback`].
//!
//! Invariant: no message without consent, read in the transaction that claims it and again in the one that hands it
//! over; no message twice (shown in `tests/it/sending.rs` and `tests/it/crash.rs`).

mod api;
mod channels;
pub mod contents;
mod events;
pub mod feedback;
pub mod gate;
pub mod mail;
pub mod outbox;
pub mod pause;
mod people;
mod secret_key;
mod sender;
pub mod sendings;
pub mod settings;
mod test_mails;

pub use api::{description, routes};
pub use channels::{Channels, NewChannels};
pub use people::values_of;
pub use secret_key::SecretKey;
pub use sender::{Sender, SenderLimits};
pub use test_mails::{NewTestMail, TestMail, TestMailOutcome};

/// The tables of this crate.
pub const MIGRATIONS: &[records::Migration] = &[
    records::Migration { name: "0005_channels", sql: include_str!("../migrations/0005_channels.sql") },
    records::Migration { name: "0017_test_mails", sql: include_str!("../migrations/0017_test_mails.sql") },
];
