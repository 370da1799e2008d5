//! Sessions, by the hash of their cookie.

use super::operators::{OPERATOR, OperatorRow};
use crate::{Operator, sessions::Bounds};
use records::{FromQueryResult, RecordsResult, Sql, Tx, values};
use vocabulary::{OperatorId, Timestamp};

#[derive(FromQueryResult)]
struct SessionRow {
    used_at: i64,
    #[sea_orm(nested)]
    operator: OperatorRow,
}

/// Who has this session, and when it was used last.
pub(crate) async fn find_session(
    sql: &impl Sql,
    hash: &[u8],
    bounds: &Bounds,
) -> RecordsResult<Option<(Operator, Timestamp)>> {
    let text = format!(
        "SELECT s.used_at, {OPERATOR} FROM sessions s JOIN operators o ON o.operator_id = s.operator_id
         WHERE s.session_hash = $1 AND s.used_at > $2 AND s.created_at > $3 AND o.is_active = TRUE"
    );
    let values = values![hash.to_vec(), bounds.used_after.micros(), bounds.begun_after.micros()];
    let row: Option<SessionRow> = sql.one(&text, values).await?;
    row.map(|row| Ok((row.operator.operator()?, Timestamp::from_micros(row.used_at)))).transpose()
}

pub(crate) async fn touch_session(tx: &Tx, hash: &[u8], now: Timestamp) -> RecordsResult<()> {
    tx.execute("UPDATE sessions SET used_at = $2 WHERE session_hash = $1", values![hash.to_vec(), now.micros()])
        .await
        .map(|_| ())
}

pub(crate) async fn begin_session(tx: &Tx, hash: &[u8], operator_id: OperatorId, now: Timestamp) -> RecordsResult<()> {
    let insert = "INSERT INTO sessions (session_hash, operator_id, created_at, used_at) VALUES ($1, $2, $3, $3)";
    tx.execute(insert, values![hash.to_vec(), operator_id.uuid(), now.micros()]).await?;
    let update = "UPDATE operators SET signed_in_at = $2 WHERE operator_id = $1";
    tx.execute(update, values![operator_id.uuid(), now.micros()]).await.map(|_| ())
}

pub(crate) async fn end_session(tx: &Tx, hash: &[u8]) -> RecordsResult<()> {
    tx.execute("DELETE FROM sessions WHERE session_hash = $1", values![hash.to_vec()]).await.map(|_| ())
}

pub(crate) async fn end_sessions(tx: &Tx, operator_id: OperatorId) -> RecordsResult<()> {
    tx.execute("DELETE FROM sessions WHERE operator_id = $1", values![operator_id.uuid()]).await.map(|_| ())
}

/// Clears away sessions that have ended by time, and the operator's oldest beyond `sessions_max`.
pub(crate) async fn end_old_sessions(
    tx: &Tx,
    operator_id: OperatorId,
    bounds: &Bounds,
    sessions_max: i64,
) -> RecordsResult<()> {
    let by_time = "DELETE FROM sessions WHERE used_at <= $1 OR created_at <= $2";
    tx.execute(by_time, values![bounds.used_after.micros(), bounds.begun_after.micros()]).await?;
    let by_number = "DELETE FROM sessions WHERE operator_id = $1 AND session_hash NOT IN
        (SELECT session_hash FROM sessions WHERE operator_id = $1 ORDER BY created_at DESC, session_hash LIMIT $2)";
    tx.execute(by_number, values![operator_id.uuid(), sessions_max]).await.map(|_| ())
}
