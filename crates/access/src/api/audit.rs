//! The audit log.

use crate::{Access, ApiResult, AuditRead, Caller, Page, Paging, Problem, Query, audit::AuditEntry};
use axum::{Json, extract::State};
use serde::Serialize;
use std::collections::HashMap;
use utoipa::ToSchema;
use vocabulary::Timestamp;

/// Who can be in the log. A visitor is somebody who was not let in.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names in the log")]
enum ActorKindName {
    Operator,
    Key,
    Customer,
    Console,
    Visitor,
}

/// Something that somebody did.
#[derive(Serialize, ToSchema)]
pub(super) struct AuditView {
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    #[schema(value_type = ActorKindName)]
    actor_kind: String,
    /// The operator's or key's name, or the way by which a customer came; empty for a visitor.
    actor: String,
    /// `campaign.send`.
    action: String,
    /// What it was about: an id or a name.
    object: String,
    /// The name of the operator or key that it was about.
    object_name: Option<String>,
    detail: serde_json::Value,
}

impl AuditView {
    fn of(entry: AuditEntry, names: &HashMap<String, String>) -> Self {
        Self {
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor: names.get(&entry.actor).cloned().unwrap_or(entry.actor),
            action: entry.action,
            object_name: names.get(&entry.object).cloned(),
            object: entry.object,
            detail: serde_json::from_str(&entry.detail).unwrap_or_default(),
        }
    }
}

/// Who changed what and who looked at whom, the newest first.
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
