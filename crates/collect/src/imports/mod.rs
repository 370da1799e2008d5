//! Imports: what a file holds becomes events on the backfill lane, in groups that are durable together.
//!
//! The way of a file: `upload` (to the disk) → `preview` (what it holds and what would happen) → `api` (start) → `job`
//! → `run` (events) → `lines` (every line by its class, for whoever asks). Nothing changes before the start; the same
//! file twice changes nothing; `undo` takes an import back as if its file had never been read.

mod api;
mod choices;
mod classes;
mod effect;
mod events;
mod file;
mod job;
mod lines;
mod local;
mod preview;
mod raw;
mod run;
pub mod sql;
mod tidy;
mod undo;
mod upload;
mod view;

pub use api::{Imports, description, routes};
pub use choices::{ConsentChoice, ImportOptionsView};
pub use classes::{LINE_CLASSES, Rejected};
pub use effect::Effect;
pub use events::{ImportOptions, PersonConsent};
pub use job::{IMPORT_RUN, works};

pub use local::{LocalFile, LocalImports, Standing, Trial};
pub use run::{ImportError, Imported, import_customers, import_orders};
pub use undo::IMPORT_UNDO;
