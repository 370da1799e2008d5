//! Campaigns: from draft over the confirmation to the outbox.

pub(crate) mod api;
pub(crate) mod as_of;
pub(crate) mod audience;
pub(crate) mod campaign;
pub(crate) mod checked;
pub(crate) mod confirm;
mod control;
mod error;
mod idempotency;
pub(crate) mod mail;
pub(crate) mod people;
mod preview;
pub(crate) mod problems;
mod samples;
mod send;
pub(crate) mod sql;
pub(crate) mod warnings;
mod watch;
pub(crate) mod window;

pub use api::{CampaignRowView, campaign_rows, routes};
pub use campaign::CampaignState;
pub use error::CampaignError;
pub use mail::Mail;
pub use people::CampaignPeople;
pub(crate) use samples::SITE_PREFIX;
pub use samples::{SampleCampaign, insert_sample, sample_site};
pub use send::works;
pub use watch::keep_watch;
