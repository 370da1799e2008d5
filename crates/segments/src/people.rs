//! The people behind a figure: a reference that a screen got with the figure leads to the same people again.
//!
//! A reference is `prefix:…`; the feature that gave it out finds its people.

use crate::everyone::EvaluationError;
use async_trait::async_trait;
use roaring::RoaringBitmap;

/// A feature that gives out references to people.
#[async_trait]
pub trait PeopleSource: Send + Sync {
    /// What its references begin with, without the colon.
    fn prefix(&self) -> &'static str;

    /// The people that a reference (without its prefix) leads to.
    async fn people(&self, reference: &str) -> Result<RoaringBitmap, EvaluationError>;
}
