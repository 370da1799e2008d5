//! The audit log, read only.

use crate::{Limit, audit::AuditEntry};
use records::{FromQueryResult, RecordsResult, Sql, values};
use uuid::Uuid;
use vocabulary::Timestamp;

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

/// The newest entries before this place.
pub(crate) async fn audit(sql: &impl Sql, before: Option<(i64, Uuid)>, limit: Limit) -> RecordsResult<Vec<AuditEntry>> {
    let columns = "SELECT audit_id, at, actor_kind, actor, action, object, detail FROM audit_log";
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

impl AuditRow {
    fn entry(self) -> AuditEntry {
        AuditEntry {
            audit_id: self.audit_id,
            at: Timestamp::from_micros(self.at),
            actor_kind: self.actor_kind,
            actor: self.actor,
            action: self.action,
            object: self.object,
            detail: serde_json::from_str(&self.detail).unwrap_or_default(),
        }
    }
}
