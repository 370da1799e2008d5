//! What tests share: a fresh database of each kind, a clock that stands still, calls of routes.
//!
//! Invariant: each story that touches SQL runs on SQLite and on PostgreSQL ([`on_both`]). A story is left out only
//! where no PostgreSQL is installed, and then it is counted ([`skips_file`]).
#![expect(clippy::expect_used, clippy::print_stderr, reason = "a test that cannot be set up must fail loudly")]

mod database;
mod http;
mod postgres;
mod sqlite;
mod story;

pub use database::TestDatabase;
pub use http::{Answer, ask, from_our_page, json_body};
use std::sync::Arc;
pub use story::{Stage, leave_out, run_on_postgres, run_on_sqlite, skips_file};
use vocabulary::{Timestamp, clock::ManualClock};

/// When stories begin: Friday, 13 November 2026, 9:30 in Tokyo.
pub const START: Timestamp = Timestamp::from_micros(1_794_529_800_000_000);

/// A clock that stands at [`START`] until it is moved.
pub fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(START))
}

/// Tells each story twice, once on each database, as two tests with its name.
///
/// ```ignore
/// testing::on_both! {
///     async fn a_coupon_is_redeemed_once(shop: Shop) { … }
/// }
/// ```
/// `Shop` is a [`Stage`]; [`TestDatabase`] is the barest one.
#[macro_export]
macro_rules! on_both {
    ($( $(#[$meta:meta])* async fn $name:ident($stage:ident: $kind:ty) $body:block )+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn story($stage: $kind) $body

            #[test]
            fn on_sqlite() {
                $crate::run_on_sqlite(story);
            }

            #[test]
            fn on_postgres() {
                $crate::run_on_postgres(concat!(module_path!(), "::on_postgres"), story);
            }
        }
    )+};
}
