//! Signing in and out.

use super::{MeAnswer, MeView, WithCookie, with_cookie};
use crate::{Access, Anyone, ApiResult, Caller, ClientAddress, Problem, SignedIn, Valid, sessions::cookie};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// Mail and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInRequest {
    email: String,
    password: String,
}

/// Signs in by mail and password.
#[utoipa::path(post, path = "/api/session", tag = "access", request_body = SignInRequest,
    responses((status = 200, body = MeView), (status = 401, body = Problem), (status = 429, body = Problem)), security(()))]
pub(super) async fn sign_in(
    _: Anyone,
    State(access): State<Access>,
    address: ClientAddress,
    headers: HeaderMap,
    Valid(request): Valid<SignInRequest>,
) -> ApiResult<MeAnswer> {
    let old = cookie(&headers, &access);
    let (operator, session) = access.sign_in(&request.email, &request.password, address.0, old).await?;
    let me = MeView::of(&access, &operator).await?;
    Ok(with_cookie(StatusCode::OK, &access, Some(&session), Json(me)))
}

/// The token of a one-time link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignInByLinkRequest {
    token: String,
}

/// Signs in by a one-time link, which is used up by it.
#[utoipa::path(post, path = "/api/session/link", tag = "access", request_body = SignInByLinkRequest,
    responses((status = 200, body = MeView), (status = 401, body = Problem)), security(()))]
pub(super) async fn sign_in_by_link(
    _: Anyone,
    State(access): State<Access>,
    headers: HeaderMap,
    Valid(request): Valid<SignInByLinkRequest>,
) -> ApiResult<MeAnswer> {
    let (operator, session) = access.sign_in_by_link(&request.token, cookie(&headers, &access)).await?;
    let me = MeView::of(&access, &operator).await?;
    Ok(with_cookie(StatusCode::OK, &access, Some(&session), Json(me)))
}

/// Signs out.
#[utoipa::path(delete, path = "/api/session", tag = "access",
    responses((status = 204), (status = 401, body = Problem)), security(("session" = ["signed_in"])))]
pub(super) async fn sign_out(caller: Caller<SignedIn>, State(access): State<Access>) -> ApiResult<WithCookie<()>> {
    access.sign_out(caller.operator(), caller.session()).await?;
    Ok(with_cookie(StatusCode::NO_CONTENT, &access, None, ()))
}
