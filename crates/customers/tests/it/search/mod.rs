//! How a person is found.

mod find;
mod many;
