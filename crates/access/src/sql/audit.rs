//! The audit log and its seals.

use crate::{
    Limit,
    audit::{
        AuditEntry,
        notes::Note,
        seal::{Place, Seal},
    },
};
use records::{BulkInsert, FromQueryResult, RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::{Timestamp, id::new_uuid};

#[derive(FromQueryResult)]
struct AuditRow {
    audit_id: Uuid,
    at: i64,
    actor_kind: String,
    actor: String,
    action: String,
    object: String,
    detail: String,
}

const COLUMNS: &str = "audit_id, at, actor_kind, actor, action, object, detail";

/// The newest entries before this place.
pub(crate) async fn audit(sql: &impl Sql, before: Option<(i64, Uuid)>, limit: Limit) -> RecordsResult<Vec<AuditEntry>> {
    let columns = format!("SELECT {COLUMNS} FROM audit_log");
    let order = "ORDER BY at DESC, audit_id DESC LIMIT";
    let rows: Vec<AuditRow> = match before {
        None => sql.all(&format!("{columns} {order} $1"), values![limit.and_one()]).await?,
        Some((at, audit_id)) => {
            let text = format!("{columns} WHERE (at, audit_id) < ($1, $2) {order} $3");
            sql.all(&text, values![at, audit_id, limit.and_one()]).await?
        }
    };
    Ok(rows.into_iter().map(AuditRow::entry).collect())
}

/// The entries behind a place up to another, the oldest first.
pub(crate) async fn audit_between(
    sql: &impl Sql,
    after: Place,
    until: Place,
    limit: u64,
) -> RecordsResult<Vec<AuditEntry>> {
    let text = format!(
        "SELECT {COLUMNS} FROM audit_log WHERE (at, audit_id) > ($1, $2) AND (at, audit_id) <= ($3, $4) \
         ORDER BY at, audit_id LIMIT $5"
    );
    let rows: Vec<AuditRow> = sql.all(&text, values![after.0, after.1, until.0, until.1, limit as i64]).await?;
    Ok(rows.into_iter().map(AuditRow::entry).collect())
}

pub(crate) async fn count_audit_after(sql: &impl Sql, after: Place) -> RecordsResult<i64> {
    let text = "SELECT COUNT(*) AS value FROM audit_log WHERE (at, audit_id) > ($1, $2)";
    Ok(sql.scalar(text, values![after.0, after.1]).await?.unwrap_or_default())
}

pub(crate) async fn insert_notes(tx: &Tx, notes: &[Note]) -> RecordsResult<()> {
    let mut rows = BulkInsert::into("audit_log (audit_id, at, actor_kind, actor, action, object, detail)", "");
    for note in notes {
        let (id, at) = (new_uuid(note.at), note.at.micros());
        rows.push(values![id, at, note.actor_kind, note.actor.clone(), note.action, note.object.clone(), "{}"]);
    }
    rows.run(tx).await.map(|_| ())
}

#[derive(FromQueryResult)]
struct SealRow {
    number: i64,
    sealed_at: i64,
    last_at: i64,
    last_id: Uuid,
    row_count: i64,
    hash: Vec<u8>,
}

impl SealRow {
    fn seal(self) -> Seal {
        let (sealed_at, last) = (Timestamp::from_micros(self.sealed_at), (self.last_at, self.last_id));
        Seal { number: self.number, sealed_at, last, row_count: self.row_count, hash: self.hash }
    }
}

/// The seal that was made last.
pub(crate) async fn last_seal(sql: &impl Sql) -> RecordsResult<Option<Seal>> {
    let row: Option<SealRow> = sql.one("SELECT * FROM audit_seals ORDER BY number DESC LIMIT 1", values![]).await?;
    Ok(row.map(SealRow::seal))
}

/// The next seal after this number.
pub(crate) async fn seal_after(sql: &impl Sql, number: i64) -> RecordsResult<Option<Seal>> {
    let text = "SELECT * FROM audit_seals WHERE number > $1 ORDER BY number LIMIT 1";
    let row: Option<SealRow> = sql.one(text, values![number]).await?;
    Ok(row.map(SealRow::seal))
}

pub(crate) async fn insert_seal(tx: &Tx, seal: &Seal) -> RecordsResult<()> {
    let (at, last_at, last_id) = (seal.sealed_at.micros(), seal.last.0, seal.last.1);
    let text = "INSERT INTO audit_seals (number, sealed_at, last_at, last_id, row_count, hash) VALUES ($1, $2, $3, $4, $5, $6)";
    tx.execute(text, values![seal.number, at, last_at, last_id, seal.row_count, seal.hash.clone()]).await.map(|_| ())
}

impl AuditRow {
    fn entry(self) -> AuditEntry {
        AuditEntry {
            audit_id: self.audit_id,
            at: Timestamp::from_micros(self.at),
            actor_kind: self.actor_kind,
            actor: self.actor,
            action: self.action,
            object: self.object,
            detail: self.detail,
        }
    }
}
