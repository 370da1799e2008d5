//! One-time links, by the hash of their token; the one of the set-up has no operator.

use super::operators::{OPERATOR, OperatorRow};
use crate::Operator;
use records::{RecordsResult, Sql, Tx, values};
use vocabulary::{OperatorId, Timestamp};

pub(crate) async fn make_link(
    tx: &Tx,
    hash: &[u8],
    operator_id: Option<OperatorId>,
    ends_at: Timestamp,
) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE ends_at <= $1", values![tx.began_at().micros()]).await?;
    let insert = "INSERT INTO access_links (link_hash, operator_id, ends_at) VALUES ($1, $2, $3)";
    tx.execute(insert, values![hash.to_vec(), operator_id.map(OperatorId::uuid), ends_at.micros()]).await.map(|_| ())
}

/// Whom this link lets in.
pub(crate) async fn find_link(sql: &impl Sql, hash: &[u8], now: Timestamp) -> RecordsResult<Option<Operator>> {
    let text = format!(
        "SELECT {OPERATOR} FROM access_links l JOIN operators o ON o.operator_id = l.operator_id
         WHERE l.link_hash = $1 AND l.ends_at > $2 AND o.is_active = TRUE"
    );
    let row: Option<OperatorRow> = sql.one(&text, values![hash.to_vec(), now.micros()]).await?;
    row.map(|row| row.operator()).transpose()
}

/// Uses a link up; false when it was used, has ended, or its operator is not active any more.
pub(crate) async fn use_link(tx: &Tx, hash: &[u8], operator_id: OperatorId, now: Timestamp) -> RecordsResult<bool> {
    let text = "DELETE FROM access_links WHERE link_hash = $1 AND operator_id = $2 AND ends_at > $3
        AND operator_id IN (SELECT operator_id FROM operators WHERE is_active = TRUE)";
    Ok(tx.execute(text, values![hash.to_vec(), operator_id.uuid(), now.micros()]).await? == 1)
}

/// Whether this link opens the set-up.
pub(crate) async fn is_setup_link(sql: &impl Sql, hash: &[u8], now: Timestamp) -> RecordsResult<bool> {
    let text =
        "SELECT COUNT(*) AS value FROM access_links WHERE link_hash = $1 AND operator_id IS NULL AND ends_at > $2";
    Ok(sql.scalar::<i64>(text, values![hash.to_vec(), now.micros()]).await? == Some(1))
}

/// Uses up the link of the set-up.
pub(crate) async fn use_setup_link(tx: &Tx, hash: &[u8], now: Timestamp) -> RecordsResult<bool> {
    let text = "DELETE FROM access_links WHERE link_hash = $1 AND operator_id IS NULL AND ends_at > $2";
    Ok(tx.execute(text, values![hash.to_vec(), now.micros()]).await? == 1)
}

pub(crate) async fn end_setup_links(tx: &Tx) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE operator_id IS NULL", values![]).await.map(|_| ())
}

pub(crate) async fn end_links(tx: &Tx, operator_id: OperatorId) -> RecordsResult<()> {
    tx.execute("DELETE FROM access_links WHERE operator_id = $1", values![operator_id.uuid()]).await.map(|_| ())
}
