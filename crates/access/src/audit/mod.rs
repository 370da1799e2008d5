//! The audit log: who changed what and who looked at whom, when. Changes are written by the records in their own commit,
//! looks and refused sign-ins in groups ([`notes`]); the rows are sealed afterwards ([`seal`]).

pub(crate) mod notes;
pub(crate) mod seal;

use crate::{Access, AccessError, ApiResult, Limit, Page, Paging, sql};
use std::{collections::HashMap, time::Duration};
use tokio::{sync::watch, time};
use uuid::Uuid;
use vocabulary::Timestamp;

/// How long a note waits to be written.
const WRITE_EVERY: Duration = Duration::from_secs(2);
/// How often rows are sealed.
const SEAL_EVERY: Duration = Duration::from_secs(600);

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AuditEntry {
    pub audit_id: Uuid,
    pub at: Timestamp,
    /// `operator`, `key`, `customer`, `console`, or `visitor` for somebody who was not let in.
    pub actor_kind: String,
    /// The id of the operator or key, or the way by which a customer came.
    pub actor: String,
    pub action: String,
    pub object: String,
    /// JSON.
    pub detail: String,
}

/// Writes what was noted and seals the log, until `stop` becomes true.
pub async fn keep_audit_log(access: Access, mut stop: watch::Receiver<bool>) {
    let (mut write, mut seal) = (time::interval(WRITE_EVERY), time::interval(SEAL_EVERY));
    let mut stopped = std::pin::pin!(async move {
        let _ = stop.wait_for(|is_stopped| *is_stopped).await;
    });
    loop {
        tokio::select! {
            () = stopped.as_mut() => break,
            _ = write.tick() => tell(access.write_notes().await),
            // First what is noted: a note that came below a seal would look like a row that was put in.
            _ = seal.tick() => match access.write_notes().await {
                Ok(()) => tell(access.seal_audit_log().await),
                failed => tell(failed),
            },
        }
    }
    tell(access.write_notes().await);
}

fn tell(done: Result<(), AccessError>) {
    if let Err(error) = done {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the audit log could not be brought up to date; it is tried again"
        );
    }
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
