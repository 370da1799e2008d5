//! The card of a person.

mod note;
