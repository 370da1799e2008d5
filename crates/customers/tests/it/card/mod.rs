//! The card of a person.

mod note;
mod simulate;
