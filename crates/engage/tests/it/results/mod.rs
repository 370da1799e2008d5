//! Results, on small histories whose truth is known.

mod samples;
mod truth;
