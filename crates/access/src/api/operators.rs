//! The people who sign in.

use crate::{
    Access, ApiResult, Caller, NewOperator, Operator, OperatorChange, OperatorsManage, Page, Path, Problem, Role, Valid,
};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{OperatorId, Timestamp};

/// An operator.
#[derive(Serialize, ToSchema)]
pub(super) struct OperatorView {
    operator_id: String,
    name: String,
    email: String,
    role: Role,
    is_active: bool,
    has_password: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_in_at: Option<Timestamp>,
}

impl From<Operator> for OperatorView {
    fn from(operator: Operator) -> Self {
        Self {
            operator_id: operator.operator_id.to_string(),
            name: operator.name,
            email: operator.email.reveal().to_owned(),
            role: operator.role,
            is_active: operator.is_active,
            has_password: operator.has_password,
            created_at: operator.created_at,
            signed_in_at: operator.signed_in_at,
        }
    }
}

/// All operators.
#[utoipa::path(get, path = "/api/operators", tag = "access",
    responses((status = 200, body = Page<OperatorView>), (status = 403, body = Problem)), security(("session" = ["operators.manage"])))]
pub(super) async fn list_operators(
    _: Caller<OperatorsManage>,
    State(access): State<Access>,
) -> ApiResult<Json<Page<OperatorView>>> {
    Ok(Json(Page::whole(access.operators().await?).map(OperatorView::from)))
}

/// Somebody who is to be let in. Without a password the link in the answer lets them in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateOperatorRequest {
    name: String,
    email: String,
    role: Role,
    password: Option<String>,
}

/// A new operator, and the one-time link for the first sign-in when no password was set.
#[derive(Serialize, ToSchema)]
pub(super) struct CreatedOperatorView {
    #[serde(flatten)]
    operator: OperatorView,
    /// Shown this once; three days.
    sign_in_url: Option<String>,
}

/// Lets somebody in.
#[utoipa::path(post, path = "/api/operators", tag = "access", request_body = CreateOperatorRequest,
    responses((status = 201, body = CreatedOperatorView), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["operators.manage"])))]
pub(super) async fn create_operator(
    caller: Caller<OperatorsManage>,
    State(access): State<Access>,
    Valid(request): Valid<CreateOperatorRequest>,
) -> ApiResult<(StatusCode, Json<CreatedOperatorView>)> {
    let new = NewOperator::new(&request.name, &request.email, request.role, request.password)?;
    let operator = access.create_operator(&caller.actor(), new).await?;
    let sign_in_url = match operator.has_password {
        true => None,
        false => Some(access.sign_in_url(&access.invitation_link(&caller.actor(), operator.operator_id).await?)),
    };
    Ok((StatusCode::CREATED, Json(CreatedOperatorView { operator: operator.into(), sign_in_url })))
}

/// What is to be different; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeOperatorRequest {
    name: Option<String>,
    role: Option<Role>,
    is_active: Option<bool>,
    password: Option<String>,
}

/// Changes an operator. A new role, a new password or an end of access ends their sessions.
#[utoipa::path(put, path = "/api/operators/{id}", tag = "access", request_body = ChangeOperatorRequest,
    params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = OperatorView), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["operators.manage"])))]
pub(super) async fn change_operator(
    caller: Caller<OperatorsManage>,
    State(access): State<Access>,
    Path(operator_id): Path<OperatorId>,
    Valid(request): Valid<ChangeOperatorRequest>,
) -> ApiResult<Json<OperatorView>> {
    let ChangeOperatorRequest { name, role, is_active, password } = request;
    let change = OperatorChange { name, role, is_active, password };
    Ok(Json(access.change_operator(&caller.actor(), operator_id, change).await?.into()))
}

/// A link that signs in once.
#[derive(Serialize, ToSchema)]
pub(super) struct SignInLinkView {
    /// Shown this once; three days.
    sign_in_url: String,
}

/// Makes a one-time link for somebody who cannot sign in.
#[utoipa::path(post, path = "/api/operators/{id}/link", tag = "access",
    params(("id" = String, Path, format = Uuid)),
    responses((status = 201, body = SignInLinkView), (status = 404, body = Problem)),
    security(("session" = ["operators.manage"])))]
pub(super) async fn create_sign_in_link(
    caller: Caller<OperatorsManage>,
    State(access): State<Access>,
    Path(operator_id): Path<OperatorId>,
) -> ApiResult<(StatusCode, Json<SignInLinkView>)> {
    let token = access.invitation_link(&caller.actor(), operator_id).await?;
    Ok((StatusCode::CREATED, Json(SignInLinkView { sign_in_url: access.sign_in_url(&token) })))
}
