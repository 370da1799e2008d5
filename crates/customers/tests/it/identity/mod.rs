//! Who is who.

mod arrive;
mod merge;
mod visit;
