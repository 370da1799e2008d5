//! Results: what a campaign brought, counted as assigned, and said only as far as chance allows.

mod api;
mod arms;
mod cache;
mod harm;
mod headline;
mod outcome;
mod sql;

pub(crate) use api::routes;
pub(crate) use cache::Results;
