//! Profiles follow the stream: every `identify` is a statement of its source.

use super::{Facts, sql};
use crate::stream::{Batch, Projection};
use async_trait::async_trait;
use records::{RecordsResult, Tx};
use std::collections::BTreeMap;
use vocabulary::{Timestamp, id::Ordinal};

/// Keeps `source_records`, `customers` and `search_tokens`.
pub struct ProfilesProjection;

/// A statement of a source about one of its people.
pub(super) struct Statement {
    pub customer: Ordinal,
    pub facts: Facts,
    pub stated_at: Timestamp,
}

#[async_trait]
impl Projection for ProfilesProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, _history: &mut history::Append) -> RecordsResult<()> {
        let mut statements: BTreeMap<(String, String), Statement> = BTreeMap::new();
        for resolved in batch.events.iter().filter(|resolved| !resolved.event.traits.is_empty()) {
            let (Some(known), Some(user_id)) = (resolved.customer, &resolved.event.user_id) else { continue };
            let (facts, stated_at) = (Facts::from_traits(&resolved.event.traits), resolved.event.received_at);
            let key = (resolved.event.source.clone(), user_id.clone());
            let facts = match statements.remove(&key) {
                Some(earlier) => earlier.facts.overlaid(facts),
                None => facts,
            };
            if !facts.is_empty() {
                statements.insert(key, Statement { customer: known.ordinal, facts, stated_at });
            }
        }
        sql::save_statements(tx, &statements).await?;
        let mut customers: Vec<Ordinal> = statements.values().map(|statement| statement.customer).collect();
        customers.sort_unstable();
        customers.dedup();
        sql::recompute(tx, &customers, batch.zone.day(batch.now)).await
    }
}
