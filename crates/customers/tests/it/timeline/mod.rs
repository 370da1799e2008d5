//! What happened with a person.

mod page;
