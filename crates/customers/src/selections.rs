//! Sets of people that a figure on a screen led to, kept for a week so that a list and a link can speak of them.

use crate::identity::sql::as_they_are_now;
use records::{RecordsError, RecordsResult, Sql, Tx, values};
use roaring::RoaringBitmap;
use vocabulary::{Timestamp, id::SelectionId};

/// Seconds that a selection is kept.
const KEPT_SECONDS: i64 = 7 * 86_400;

/// Keeps a set of people; forgets sets that are older than a week.
pub async fn save(tx: &Tx, title: &str, people: &RoaringBitmap, now: Timestamp) -> RecordsResult<SelectionId> {
    let id = SelectionId::new(now);
    let mut bytes = Vec::with_capacity(people.serialized_size());
    people.serialize_into(&mut bytes).map_err(|_| RecordsError::unreadable("selections.people"))?;
    tx.execute("DELETE FROM selections WHERE created_at < $1", values![now.plus_seconds(-KEPT_SECONDS).micros()])
        .await?;
    tx.execute(
        "INSERT INTO selections (selection_id, title, people, created_at) VALUES ($1, $2, $3, $4)",
        values![id.uuid(), title, bytes, now.micros()],
    )
    .await?;
    Ok(id)
}

/// The people of a selection; those who turned out to be somebody else as the one who stayed.
pub async fn find<S: Sql>(sql: &S, id: SelectionId) -> RecordsResult<Option<RoaringBitmap>> {
    let bytes: Option<Vec<u8>> =
        sql.scalar("SELECT people AS value FROM selections WHERE selection_id = $1", values![id.uuid()]).await?;
    let Some(bytes) = bytes else { return Ok(None) };
    let people = RoaringBitmap::deserialize_from(bytes.as_slice());
    let people = people.map_err(|_| RecordsError::unreadable("selections.people"))?;
    as_they_are_now(sql, people).await.map(Some)
}
