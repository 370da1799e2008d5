//! The audit log.

use crate::{Access, ApiResult, AuditRead, Caller, Page, Paging, Problem, Query, audit::AuditEntry};
use axum::{Json, extract::State};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use vocabulary::Timestamp;

/// One change.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `operator`, `key`, `customer` or `system`.
    actor_kind: String,
    /// The operator's or key's name, or the way by which a customer came.
    actor: String,
    /// `campaign.send`.
    action: String,
    /// What it was about: an id or a name.
    object: String,
    detail: serde_json::Value,
}

impl AuditView {
    fn of(entry: AuditEntry, names: &HashMap<String, String>) -> Self {
        Self {
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor: names.get(&entry.actor).cloned().unwrap_or(entry.actor),
            action: entry.action,
            object: entry.object,
            detail: entry.detail,
        }
    }
}

/// Who changed what, the newest first.
#[utoipa::path(get, path = "/api/audit", tag = "access", params(Paging),
    responses((status = 200, body = Page<AuditView>), (status = 403, body = Problem)), security(("session" = ["audit.read"])))]
pub(super) async fn list_audit(
    _: Caller<AuditRead>,
    State(access): State<Access>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Page<AuditView>>> {
    let names = access.actor_names().await?;
    Ok(Json(access.audit(&paging).await?.map(|entry| AuditView::of(entry, &names))))
}
