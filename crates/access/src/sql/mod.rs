//! The SQL of access, a file for each thing.

mod audit;
mod installation;
mod keys;
mod links;
mod operators;
mod sessions;

pub(crate) use audit::*;
pub use installation::*;
pub(crate) use keys::*;
pub(crate) use links::*;
pub(crate) use operators::*;
pub(crate) use sessions::*;
