//! Campaigns: who gets a message, when, and what it brought.

pub mod experiments;
