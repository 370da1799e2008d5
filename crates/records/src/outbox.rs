//! The outbox: events that a change tells of, on their way to the journal.
//!
//! The relay appends them to the journal and then deletes them; when it dies between the two it appends them again,
//! and the pipeline drops the second by its id. So every event has its effect once.

use crate::{BulkInsert, Reader, RecordsError, RecordsResult, Tx, in_lists, sql::Sql, values};
use sea_orm::FromQueryResult;
use uuid::Uuid;
use vocabulary::{Event, Timestamp};

/// A row of the outbox.
#[derive(Debug)]
pub struct OutboxEvent {
    /// The event's id.
    pub event_id: Uuid,
    /// The event.
    pub event: Event,
}

#[derive(FromQueryResult)]
struct Row {
    event_id: Uuid,
    event: String,
}

pub(crate) async fn write(tx: &Tx, events: &[Event], now: Timestamp) -> RecordsResult<()> {
    let mut rows = BulkInsert::into("outbox (event_id, event, created_at)", "ON CONFLICT DO NOTHING");
    for event in events {
        let text = serde_json::to_string(event).map_err(|_| RecordsError::unreadable("event"))?;
        rows.push(values![event.id.uuid(), text, now.micros()]);
    }
    rows.run(tx).await.map(|_| ())
}

/// The oldest events that wait.
pub async fn read_outbox(reader: &Reader, rows_max: u32) -> RecordsResult<Vec<OutboxEvent>> {
    let rows: Vec<Row> = reader
        .all("SELECT event_id, event FROM outbox ORDER BY created_at, event_id LIMIT $1", values![i64::from(rows_max)])
        .await?;
    rows.into_iter()
        .map(|row| {
            let event = serde_json::from_str(&row.event).map_err(|_| RecordsError::unreadable("outbox.event"))?;
            Ok(OutboxEvent { event_id: row.event_id, event })
        })
        .collect()
}

/// Forgets events that the journal holds now.
pub async fn delete_outbox(tx: &Tx, ids: &[Uuid]) -> RecordsResult<()> {
    for list in in_lists(ids.iter().copied()) {
        tx.execute(&format!("DELETE FROM outbox WHERE event_id IN ({})", list.places), list.values).await?;
    }
    Ok(())
}
