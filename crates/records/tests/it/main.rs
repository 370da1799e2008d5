//! Stories of the records: what is one commit, what leaves no trace, who waits for whom, and how tables change.
#![allow(clippy::unwrap_used)]

mod bookkeeping;
mod commit;
mod migrate;
mod roll_back;
mod wait;
