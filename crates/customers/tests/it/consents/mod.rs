//! What a person allows.

mod say;
