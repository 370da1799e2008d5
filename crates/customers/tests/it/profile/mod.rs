//! What is known of a person.

mod tell;
