//! Campaigns: who gets a message, when, and what it brought.
//!
//! A campaign goes from draft over the confirmation to the outbox of `channels` and, 28 local days later, to a result
//! that says what chance cannot explain ([`experiments`]).
//!
//! Invariant: the arms are drawn once, after reachability, and stored; everything later is counted as assigned. A
//! sending may run twice and sends once (shown in `tests/it/campaigns/send.rs`).

mod campaigns;
mod engage;
mod results;

pub use campaigns::{
    CampaignError, CampaignPeople, CampaignRowView, CampaignState, Mail, SampleCampaign, campaign_rows, insert_sample,
    keep_watch, sample_site, works,
};
pub use engage::{Engage, NewEngage};

use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

/// The tables of this crate.
pub const MIGRATIONS: &[records::Migration] =
    &[records::Migration { name: "0006_engage", sql: include_str!("../migrations/0006_engage.sql") }];

/// All routes of this crate.
pub fn routes(engage: Engage) -> OpenApiRouter {
    router().with_state(engage)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Engage> {
    campaigns::routes().merge(results::routes())
}
