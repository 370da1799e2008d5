//! The rows of saved segments.

use crate::tree::SegmentTree;
use records::{FromQueryResult, RecordsError, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::{Timestamp, id::SegmentId};

/// A saved segment.
#[derive(Clone, Debug)]
pub struct Segment {
    /// The id.
    pub id: SegmentId,
    /// What people call it.
    pub name: String,
    /// Who.
    pub tree: SegmentTree,
    /// Grows with each change.
    pub version: i64,
    /// How many people were in when it was counted last.
    pub people: Option<i64>,
    /// When that was.
    pub counted_at: Option<Timestamp>,
    /// The last change.
    pub updated_at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    segment_id: Uuid,
    name: String,
    tree: String,
    version: i64,
    people: Option<i64>,
    counted_at: Option<i64>,
    updated_at: i64,
}

const COLUMNS: &str = "segment_id, name, tree, version, people, counted_at, updated_at";

/// The segment with this id.
pub async fn find<S: Sql>(sql: &S, id: SegmentId) -> RecordsResult<Option<Segment>> {
    let row: Option<Row> =
        sql.one(&format!("SELECT {COLUMNS} FROM segments WHERE segment_id = $1"), values![id.uuid()]).await?;
    row.map(segment).transpose()
}

/// Segments, the latest change first; `before` is the place of the last row of the page before.
pub async fn list<S: Sql>(sql: &S, before: Option<(i64, Uuid)>, rows: i64) -> RecordsResult<Vec<Segment>> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let text = format!(
        "SELECT {COLUMNS} FROM segments WHERE (updated_at, segment_id) < ($1, $2) ORDER BY updated_at DESC, segment_id DESC LIMIT $3"
    );
    let rows: Vec<Row> = sql.all(&text, values![at, id, rows]).await?;
    rows.into_iter().map(segment).collect()
}

/// Writes a new segment.
pub async fn insert(tx: &Tx, segment: &Segment) -> RecordsResult<()> {
    let tree = serde_json::to_string(&segment.tree).map_err(|_| RecordsError::unreadable("segments.tree"))?;
    let counted_at = segment.counted_at.map(Timestamp::micros);
    tx.execute(
        "INSERT INTO segments (segment_id, name, tree, version, people, counted_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![segment.id.uuid(), segment.name.clone(), tree, segment.version, segment.people, counted_at, segment.updated_at.micros()],
    )
    .await
    .map(|_| ())
}

/// Changes a segment when it still has the version `segment.version - 1`, and tells whether it did.
pub async fn update(tx: &Tx, segment: &Segment) -> RecordsResult<bool> {
    let tree = serde_json::to_string(&segment.tree).map_err(|_| RecordsError::unreadable("segments.tree"))?;
    let counted_at = segment.counted_at.map(Timestamp::micros);
    let changed = tx
        .execute(
            "UPDATE segments SET name = $1, tree = $2, version = $3, people = $4, counted_at = $5, updated_at = $6 WHERE segment_id = $7 AND version = $8",
            values![segment.name.clone(), tree, segment.version, segment.people, counted_at, segment.updated_at.micros(), segment.id.uuid(), segment.version - 1],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes a segment and tells whether there was one.
pub async fn delete(tx: &Tx, id: SegmentId) -> RecordsResult<bool> {
    Ok(tx.execute("DELETE FROM segments WHERE segment_id = $1", values![id.uuid()]).await? == 1)
}

fn segment(row: Row) -> RecordsResult<Segment> {
    let tree = serde_json::from_str(&row.tree)
        .map_err(|_| RecordsError::unreadable(format!("segments.tree of {}", row.segment_id)))?;
    Ok(Segment {
        id: row.segment_id.into(),
        name: row.name,
        tree,
        version: row.version,
        people: row.people,
        counted_at: row.counted_at.map(Timestamp::from_micros),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}
