//! One batch: drop what was taken in before, find the people, bring the tables up to date, all in one transaction.

use super::{Pipeline, PipelineError, setting, verdict};
use customers::{identity, stream::Batch};
use history::{Append, Lane};
use journal::Entry;
use records::{BulkInsert, RecordsResult, Sql, Tx, Value, values};
use std::collections::HashSet;
use uuid::Uuid;
use vocabulary::{Event, Timestamp};

/// Applies the entries and returns the rows for the history.
pub async fn apply(pipeline: &Pipeline, lane: Lane, entries: Vec<Entry>) -> Result<Append, PipelineError> {
    let from = entries.first().map_or(0, |entry| entry.position);
    let until = entries.last().map_or(from, |entry| entry.position + 1);
    let mut append = Append::new(lane, from, until);
    let now = pipeline.clock.now();
    let tx = pipeline.records.begin(&Pipeline::actor(), "pipeline.batch").await?;
    let events = unseen(&tx, entries.into_iter().filter_map(read).collect(), now).await?;
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
    match serde_json::from_slice(&entry.payload) {
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
    let mut seen: HashSet<Uuid> = HashSet::with_capacity(keys.len());
    for chunk in keys.chunks(500) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let text = format!("SELECT message AS value FROM seen_messages WHERE message IN ({})", places.join(", "));
        seen.extend(tx.column::<Uuid>(&text, chunk.iter().map(|key| Value::from(*key)).collect()).await?);
    }
    let mut rows = BulkInsert::into("seen_messages (message, seen_at)", "ON CONFLICT DO NOTHING");
    let mut kept = Vec::with_capacity(events.len());
    for (event, key) in events.into_iter().zip(keys) {
        if seen.insert(key) {
            rows.push(values![key, now.micros()]);
            kept.push(event);
        }
    }
    rows.run(tx).await?;
    Ok(kept)
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
