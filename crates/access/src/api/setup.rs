//! The first start: is a set-up needed, and doing it.

use super::{MeAnswer, MeView, with_cookie};
use crate::{Access, Anyone, ApiResult, NewInstallation, NewOperator, Problem, Role, Valid};
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the installation waits for its set-up.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupView {
    needed: bool,
}

/// Whether the installation waits for its set-up.
#[utoipa::path(get, path = "/api/setup", tag = "access", responses((status = 200, body = SetupView)), security(()))]
pub(super) async fn get_setup(_: Anyone, State(access): State<Access>) -> ApiResult<Json<SetupView>> {
    Ok(Json(SetupView { needed: access.needs_setup().await? }))
}

/// Whose installation it is, and its first operator, who becomes an owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupRequest {
    /// The token that was printed at the start.
    token: String,
    company: String,
    /// Of the IANA list, `Asia/Tokyo`.
    zone: String,
    /// Of ISO 4217, `JPY`.
    currency: String,
    /// The beginning of every link, `https://crm.example.com`.
    public_url: String,
    operator_name: String,
    email: String,
    password: String,
}

/// Sets the installation up and signs its first operator in.
#[utoipa::path(post, path = "/api/setup", tag = "access", request_body = SetupRequest,
    responses((status = 201, body = MeView), (status = 401, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(()))]
pub(super) async fn set_up(
    _: Anyone,
    State(access): State<Access>,
    Valid(request): Valid<SetupRequest>,
) -> ApiResult<MeAnswer> {
    let installation = NewInstallation::new(&request.company, &request.zone, &request.currency, &request.public_url)?;
    let owner = NewOperator::new(&request.operator_name, &request.email, Role::Owner, Some(request.password))?;
    let (operator, session) = access.set_up(&request.token, installation, owner).await?;
    let me = MeView::of(&access, &operator).await?;
    Ok(with_cookie(StatusCode::CREATED, &access, Some(&session), Json(me)))
}
