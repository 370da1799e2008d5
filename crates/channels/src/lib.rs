//! Channels: how a message reaches a person, and what comes back of it.

pub mod mail;
