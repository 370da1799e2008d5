//! Stories of customers: who is who, what is known of them, what they bought, and how they are found.
#![allow(clippy::unwrap_used)]

mod card;
mod consents;
mod identity;
mod list;
mod orders;
mod profile;
mod search;
mod shop;
mod timeline;
