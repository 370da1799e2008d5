//! Customers: one person behind every identifier, with profile, consent, orders and what they did.
//!
//! The tables follow the stream of events (`stream`), except what is decided in our own screens.

pub mod api;
pub mod card;
pub mod consents;
pub mod export;
pub mod identity;
pub mod list;
pub mod orders;
pub mod origin;
pub mod phrase;
pub mod profile;
pub mod recent_events;
pub mod search;
pub mod searched;
pub mod selections;
pub mod stream;
pub mod values;

use records::Migration;

/// The tables of this crate.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "0003_customers", sql: include_str!("../migrations/0003_customers.sql") },
    Migration { name: "0010_statements", sql: include_str!("../migrations/0010_statements.sql") },
    Migration { name: "0013_customers_merged", sql: include_str!("../migrations/0013_customers_merged.sql") },
    Migration { name: "0014_clustered", sql: include_str!("../migrations/0014_clustered.sql") },
    Migration { name: "0015_products_priced_at", sql: include_str!("../migrations/0015_products_priced_at.sql") },
    Migration { name: "0016_search_words", sql: include_str!("../migrations/0016_search_words.sql") },
];
