//! The journal as its users see it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod damage;
mod durability;
mod extent;
