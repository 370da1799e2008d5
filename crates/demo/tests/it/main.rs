//! The demo shop told through its public interface.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod files;
mod large;
mod orders;
mod people;
mod products;
mod samples;

/// The repository's own copy of the data.
fn shop() -> demo::DemoFolder {
    demo::DemoFolder::open(concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo")).unwrap()
}
