//! The audit log: who changed what, when. Read here; written with each change by the records.

use crate::{Access, AccessError, ApiResult, Limit, Page, Paging, sql};
use std::collections::HashMap;
use uuid::Uuid;
use vocabulary::Timestamp;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AuditEntry {
    pub audit_id: Uuid,
    pub at: Timestamp,
    /// `operator`, `key`, `customer` or `console`.
    pub actor_kind: String,
    /// The id of the operator or key, or the way by which a customer came.
    pub actor: String,
    pub action: String,
    pub object: String,
    pub detail: serde_json::Value,
}

impl Access {
    /// A page of the log, the newest first.
    pub(crate) async fn audit(&self, paging: &Paging) -> ApiResult<Page<AuditEntry>> {
        let before = paging.cursor.as_ref().map(|cursor| cursor.read::<(i64, Uuid)>()).transpose()?;
        let entries = sql::audit(&self.inner.records.reader(), before, paging.limit).await?;
        Ok(cut(entries, paging.limit))
    }

    /// The names by which people know operators and keys, by id.
    pub(crate) async fn actor_names(&self) -> Result<HashMap<String, String>, AccessError> {
        let operators =
            self.operators().await?.into_iter().map(|operator| (operator.operator_id.to_string(), operator.name));
        let keys = sql::key_names(&self.inner.records.reader()).await?;
        Ok(operators.chain(keys).collect())
    }
}

fn cut(entries: Vec<AuditEntry>, limit: Limit) -> Page<AuditEntry> {
    Page::cut(entries, limit, |entry| (entry.at.micros(), entry.audit_id))
}
