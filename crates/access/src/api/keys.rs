//! Keys of the API.

use crate::{Access, ApiResult, Caller, Key, KeyScopeName, KeysManage, Page, Path, Problem, Valid};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{Timestamp, id::KeyId};

/// A key, without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyView {
    key_id: String,
    name: String,
    #[schema(value_type = Vec<KeyScopeName>)]
    scopes: Vec<String>,
    /// Its first letters.
    prefix: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// To the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self {
            key_id: key.key_id.to_string(),
            name: key.name,
            scopes: key.scopes,
            prefix: key.prefix,
            created_at: key.created_at,
            last_used_at: key.last_used_at,
        }
    }
}

/// The keys that are not revoked.
#[utoipa::path(get, path = "/api/keys", tag = "access",
    responses((status = 200, body = Page<KeyView>), (status = 403, body = Problem)), security(("session" = ["keys.manage"])))]
pub(super) async fn list_keys(_: Caller<KeysManage>, State(access): State<Access>) -> ApiResult<Json<Page<KeyView>>> {
    Ok(Json(Page::whole(access.keys().await?).map(KeyView::from)))
}

/// What a key is for and what it may do.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateKeyRequest {
    name: String,
    /// `events.write`.
    #[schema(value_type = Vec<KeyScopeName>)]
    scopes: Vec<String>,
}

/// A new key and its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedKeyView {
    #[serde(flatten)]
    key: KeyView,
    /// Shown this once.
    secret: String,
}

/// Makes a key.
#[utoipa::path(post, path = "/api/keys", tag = "access", request_body = CreateKeyRequest,
    responses((status = 201, body = CreatedKeyView), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["keys.manage"])))]
pub(super) async fn create_key(
    caller: Caller<KeysManage>,
    State(access): State<Access>,
    Valid(request): Valid<CreateKeyRequest>,
) -> ApiResult<(StatusCode, Json<CreatedKeyView>)> {
    let (key, secret) = access.create_key(&caller.actor(), &request.name, &request.scopes).await?;
    Ok((StatusCode::CREATED, Json(CreatedKeyView { key: key.into(), secret: secret.reveal().to_owned() })))
}

/// Revokes a key for ever.
#[utoipa::path(delete, path = "/api/keys/{id}", tag = "access", params(("id" = String, Path, format = Uuid)),
    responses((status = 204), (status = 404, body = Problem)), security(("session" = ["keys.manage"])))]
pub(super) async fn revoke_key(
    caller: Caller<KeysManage>,
    State(access): State<Access>,
    Path(key_id): Path<KeyId>,
) -> ApiResult<StatusCode> {
    access.revoke_key(&caller.actor(), key_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
