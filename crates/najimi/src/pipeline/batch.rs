//! One batch: drop what was taken in before, find the people, bring the tables up to date, all in one transaction.

use super::{Pipeline, PipelineError, setting, verdict};
use customers::{identity, stream::Batch};
use history::{Append, Lane};
use journal::Entry;
use records::{BulkInsert, RecordsResult, Sql, Tx, values};
use std::collections::HashSet;
use uuid::Uuid;
use vocabulary::{Event, Timestamp};

/// A stretch of a lane's journal, read but not yet worked through.
pub struct Stretch {
    /// The lane.
    pub lane: Lane,
    /// Its first position.
    pub from: u64,
    /// The position after its last.
    pub until: u64,
    events: Vec<(u64, Event)>,
}

impl Stretch {
    /// The entries as events; none when there are no entries.
    pub fn read(lane: Lane, entries: Vec<Entry>) -> Option<Self> {
        let (from, until) = (entries.first()?.position, entries.last()?.position + 1);
        Some(Self { lane, from, until, events: entries.into_iter().filter_map(read).collect() })
    }
}

/// Applies a stretch and returns the rows for the history.
pub async fn apply(pipeline: &Pipeline, stretch: Stretch) -> Result<Append, PipelineError> {
    let Stretch { lane, from, until, events } = stretch;
    let mut append = Append::new(lane, from, until);
    let now = pipeline.clock.now();
    let tx = pipeline.records.begin(&Pipeline::actor(), "pipeline.batch").await?;
    let events = unseen(&tx, events, now).await?;
    let events = identity::resolve(&tx, events, now).await?;
    let batch = Batch { lane, events, now, zone: pipeline.zone };
    for projection in &pipeline.projections {
        projection.apply(&tx, &batch, &mut append).await?;
    }
    verdict::save(&tx, &append).await?;
    save_position(&tx, lane, until).await?;
    tx.commit().await?;
    metrics::counter!("najimi_events_processed_total", "lane" => lane.as_str()).increment(until - from);
    Ok(append)
}

/// What stands in the journal was checked before it was taken in; what cannot be read all the same is told and passed.
fn read(entry: Entry) -> Option<(u64, Event)> {
    match Event::from_json(&entry.payload) {
        Ok(event) => Some((entry.position, event)),
        Err(error) => {
            tracing::error!(position = entry.position, %error, "an entry of the journal could not be read and was passed over");
            None
        }
    }
}

/// Leaves out events whose (source, message id) was taken in before, in this batch or an earlier one.
async fn unseen(tx: &Tx, events: Vec<(u64, Event)>, now: Timestamp) -> RecordsResult<Vec<(u64, Event)>> {
    let keys: Vec<Uuid> = events.iter().map(|(_, event)| message_key(event)).collect();
    // Neighbours in the table are written together.
    let mut in_order = keys.clone();
    in_order.sort_unstable();
    in_order.dedup();
    let mut rows =
        BulkInsert::into("seen_messages (message, seen_at)", "ON CONFLICT DO NOTHING RETURNING message AS value");
    in_order.into_iter().for_each(|key| rows.push(values![key, now.micros()]));
    let mut new: HashSet<Uuid> = rows.run_returning(tx).await?.into_iter().collect();
    Ok(events.into_iter().zip(keys).filter_map(|(event, key)| new.remove(&key).then_some(event)).collect())
}

/// Sixteen bytes of SHA-256 over source and message id: nobody can make two messages look like one.
fn message_key(event: &Event) -> Uuid {
    vocabulary::id::name_based(&[&event.source, &event.message_id])
}

async fn save_position(tx: &Tx, lane: Lane, until: u64) -> RecordsResult<()> {
    let sql =
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![setting(lane), until.to_string()]).await.map(|_| ())
}
