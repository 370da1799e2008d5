//! The trials, one promise each.

pub mod campaign;
pub mod consent;
pub mod damage;
pub mod durable;
pub mod events;
pub mod first_start;
pub mod import;
pub mod post;
pub mod postgres;
pub mod power;
pub mod steps;
mod traffic;

use crate::{Ground, Report};

/// A trial; a reason instead of a report where this machine does not allow it.
pub type Trial = fn(&Ground) -> Result<Report, String>;

/// All of them by name, in the order in which `make torture` runs them.
pub const ALL: &[(&str, Trial)] = &[
    ("events", events::killed_at_any_moment),
    ("first_start", first_start::killed_on_an_empty_folder),
    ("steps", steps::killed_at_every_step),
    ("campaign_held", campaign::sent_once_when_the_unknown_is_held),
    ("campaign_retried", campaign::sent_at_least_once_when_the_unknown_is_retried),
    ("post", post::one_bad_address_stops_nobody),
    ("consent", consent::read_at_the_moment_of_sending),
    ("unsubscribe", consent::unsubscribed_by_a_person_only),
    ("acknowledged", durable::acknowledged_only_after_the_disk),
    ("disk_error", durable::an_error_of_the_disk_is_never_acknowledged),
    ("damage", damage::a_damaged_journal_keeps_its_prefix),
    ("power", power::cut_at_any_moment),
    ("postgres", postgres::broken_off_under_load),
    ("import", import::killed_in_the_middle),
];
