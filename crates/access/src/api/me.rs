//! Who I am, what I may do, and what day it is here.

use super::{MeAnswer, with_cookie};
use crate::{Access, ApiResult, Caller, ClientAddress, Operator, PermissionName, Problem, Role, SignedIn, Valid};
use async_trait::async_trait;
use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{Day, Timestamp};

/// How mails leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailMode {
    /// They are kept, and nothing is sent.
    Capture,
    /// They go to a mail server.
    Smtp,
}

/// The demo's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DemoView {
    /// The demo's today.
    #[schema(value_type = String, format = Date)]
    pub today: Day,
    /// The last day of the data.
    #[schema(value_type = String, format = Date)]
    pub last_day: Day,
    /// Whether there are days left.
    pub can_advance: bool,
    /// Whether days are passing at this moment.
    pub advancing: bool,
    /// Whether the orders are invented too: a large shop of any size.
    pub is_large: bool,
}

/// What only the whole product knows of the present.
#[derive(Clone, Debug)]
pub struct Extras {
    /// The shop's today.
    pub today: Day,
    /// The shop's now; the demo's, when this is the demo.
    pub now: Timestamp,
    /// The demo's clock, when this is the demo.
    pub demo: Option<DemoView>,
    /// How mails leave.
    pub mail: MailMode,
}

/// Handed in by the binary, for `GET /api/me`.
#[async_trait]
pub trait MeExtras: Send + Sync {
    /// The present, as the whole product knows it.
    async fn extras(&self) -> ApiResult<Extras>;
}

/// Who is signed in, and where.
#[derive(Clone, Serialize, ToSchema)]
pub struct MeView {
    operator_id: String,
    name: String,
    email: String,
    role: Role,
    /// Whether a password is set; who came by a link may have none yet.
    has_password: bool,
    #[schema(value_type = Vec<PermissionName>)]
    permissions: Vec<&'static str>,
    company: String,
    zone: String,
    currency: String,
    #[schema(value_type = String, format = Date)]
    today: Day,
    #[schema(value_type = String, format = DateTime)]
    now: Timestamp,
    demo: Option<DemoView>,
    mail: MailMode,
}

impl MeView {
    pub(super) async fn of(access: &Access, operator: &Operator) -> ApiResult<Self> {
        if access.installation().is_none() {
            access.refresh_installation().await?;
        }
        let missing = || Problem::unavailable("setup_needed").detail("This installation is not set up yet.");
        let installation = access.installation().ok_or_else(missing)?;
        let extras = access.inner.extras.extras().await?;
        Ok(Self {
            operator_id: operator.operator_id.to_string(),
            name: operator.name.clone(),
            email: operator.email.reveal().to_owned(),
            role: operator.role,
            has_password: operator.has_password,
            permissions: operator.role.permissions(),
            company: installation.company.clone(),
            zone: installation.zone.to_string(),
            currency: installation.currency.to_string(),
            today: extras.today,
            now: extras.now,
            demo: extras.demo,
            mail: extras.mail,
        })
    }
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/me", tag = "access",
    responses((status = 200, body = MeView), (status = 401, body = Problem)), security(("session" = ["signed_in"])))]
pub(super) async fn get_me(caller: Caller<SignedIn>, State(access): State<Access>) -> ApiResult<Json<MeView>> {
    Ok(Json(MeView::of(&access, caller.operator()).await?))
}

/// A new password; the present one must be given when there is one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangePasswordRequest {
    current_password: Option<String>,
    new_password: String,
}

/// Changes my password. All my sessions end, and this browser gets a new one.
#[utoipa::path(put, path = "/api/me/password", tag = "access", request_body = ChangePasswordRequest,
    responses((status = 200, body = MeView), (status = 422, body = Problem), (status = 429, body = Problem)), security(("session" = ["signed_in"])))]
pub(super) async fn change_password(
    caller: Caller<SignedIn>,
    ClientAddress(address): ClientAddress,
    State(access): State<Access>,
    Valid(request): Valid<ChangePasswordRequest>,
) -> ApiResult<MeAnswer> {
    let ChangePasswordRequest { current_password, new_password } = request;
    let session = access.change_password(caller.operator(), current_password.as_deref(), new_password, address).await?;
    let operator = access.signed_in(&session).await?.ok_or_else(Problem::signed_out)?;
    let me = MeView::of(&access, &operator).await?;
    Ok(with_cookie(StatusCode::OK, &access, Some(&session), Json(me)))
}
