//! How a person is found.

mod find;
