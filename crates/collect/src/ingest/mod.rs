//! Events from outside, by the Segment spec: `POST /v1/batch`, `/v1/track`, `/v1/identify`, `/v1/page`, `/v1/alias`.
//!
//! Invariant: acknowledged means durable. An event is checked, given an id, appended to the journal, and only then
//! acknowledged; nothing else is written on this path, except that a withdrawal of consent takes effect at once.

mod api;
mod intake;
mod sound;
mod wire;

pub use api::{description, routes};
pub use intake::{Done, Intake, IntakeError, Limits, Taken};
pub(crate) use wire::Journalled;
pub use wire::{EventProblem, WireEvent};
