//! Profiles follow the stream: every `identify` is a statement of its source.

use super::{Facts, sql};
use crate::{
    origin::{Origin, undone_by},
    stream::{Batch, Projection, Resolved},
};
use async_trait::async_trait;
use records::{RecordsResult, Tx};
use std::collections::BTreeMap;
use vocabulary::{Timestamp, event::EventKind, id::Ordinal};

/// Keeps `source_records`, `customers` and `search_tokens`.
pub struct ProfilesProjection;

/// Which statement: the source, its key of the person, and who brought it.
pub(super) type StatementKey = (String, String, Origin);

/// What a batch does to a statement.
pub(super) struct Restated {
    pub customer: Ordinal,
    /// Whether what was said before is taken back first.
    pub is_withdrawn: bool,
    /// What is said now, and when.
    pub statement: Option<(Facts, Timestamp)>,
}

#[async_trait]
impl Projection for ProfilesProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, _history: &mut history::Append) -> RecordsResult<()> {
        for (_, merged) in batch.merges() {
            sql::move_statements(tx, merged).await?;
        }
        let mut restated: BTreeMap<StatementKey, Restated> = BTreeMap::new();
        for resolved in &batch.events {
            restate(&mut restated, resolved);
        }
        sql::save_statements(tx, &restated).await?;
        let mut customers: Vec<Ordinal> = restated.values().map(|restated| restated.customer).collect();
        customers.extend(batch.merges().map(|(_, merged)| merged.into.ordinal));
        customers.sort_unstable();
        customers.dedup();
        sql::recompute(tx, &customers, batch.zone.day(batch.now)).await
    }
}

fn restate(restated: &mut BTreeMap<StatementKey, Restated>, resolved: &Resolved) {
    let event = &resolved.event;
    let (Some(known), Some(user_id)) = (resolved.customer, &event.user_id) else { return };
    let (origin, is_undone) = (Origin::of(event), undone_by(event).is_some());
    // A file's row that says nothing says all the same that there is this person.
    let is_statement = !event.traits.is_empty() || (origin.is_import() && event.kind == EventKind::Identify);
    let facts = Facts::from_traits(&event.traits);
    if !is_undone && (!is_statement || (facts.is_empty() && !origin.is_import())) {
        return;
    }
    let entry = restated.entry((event.source.clone(), user_id.clone(), origin)).or_insert_with(|| Restated {
        customer: known.ordinal,
        is_withdrawn: false,
        statement: None,
    });
    if is_undone {
        (entry.is_withdrawn, entry.statement) = (true, None);
    } else {
        let earlier = entry.statement.take().map(|(facts, _)| facts).unwrap_or_default();
        entry.statement = Some((earlier.overlaid(facts), event.received_at));
    }
}
