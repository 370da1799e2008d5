//! Who is left when nobody speaks of a person any more: nobody. Their number stays theirs, should they come back.

use super::sql;
use crate::{
    origin::undone_by,
    stream::{Batch, Projection},
};
use async_trait::async_trait;
use records::{RecordsResult, Tx};
use std::collections::BTreeSet;
use vocabulary::id::Ordinal;

/// Hides people whom an import brought that was taken back. Comes after all projections that keep what is said of people.
pub struct PresenceProjection;

#[async_trait]
impl Projection for PresenceProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, _history: &mut history::Append) -> RecordsResult<()> {
        let undone = batch.events.iter().filter(|resolved| undone_by(&resolved.event).is_some());
        let people: BTreeSet<Ordinal> = undone.filter_map(|resolved| Some(resolved.customer?.ordinal)).collect();
        sql::hide(tx, &people).await
    }
}
