//! Whose installation it is, and under which address it is found.

use crate::{Access, ApiResult, Caller, Installation, Problem, SettingsManage, Valid};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose installation it is.
#[derive(Serialize, ToSchema)]
pub(super) struct InstallationView {
    company: String,
    /// The beginning of every link, `https://crm.example.com`.
    public_url: String,
    /// Of the IANA list; stays as it was chosen at the set-up.
    zone: String,
    /// Of ISO 4217; stays as it was chosen at the set-up.
    currency: String,
}

impl InstallationView {
    fn of(installation: &Installation) -> Self {
        Self {
            company: installation.company.clone(),
            public_url: installation.public_url.clone(),
            zone: installation.zone.to_string(),
            currency: installation.currency.to_string(),
        }
    }
}

/// Whose installation it is.
#[utoipa::path(get, path = "/api/installation", tag = "access", responses((status = 200, body = InstallationView)),
    security(("session" = ["settings.manage"])))]
pub(super) async fn get_installation(
    _: Caller<SettingsManage>,
    State(access): State<Access>,
) -> ApiResult<Json<InstallationView>> {
    known(&access)
}

/// What is to be different; what is missing stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeInstallationRequest {
    company: Option<String>,
    /// The beginning of every link from now on, `https://crm.example.com`.
    public_url: Option<String>,
}

/// Changes the company's name, or the address that links begin with.
#[utoipa::path(put, path = "/api/installation", tag = "access", request_body = ChangeInstallationRequest,
    responses((status = 200, body = InstallationView), (status = 422, body = Problem)), security(("session" = ["settings.manage"])))]
pub(super) async fn change_installation(
    caller: Caller<SettingsManage>,
    State(access): State<Access>,
    Valid(request): Valid<ChangeInstallationRequest>,
) -> ApiResult<Json<InstallationView>> {
    let ChangeInstallationRequest { company, public_url } = request;
    access.change_installation(&caller.actor(), company.as_deref(), public_url.as_deref()).await?;
    known(&access)
}

fn known(access: &Access) -> ApiResult<Json<InstallationView>> {
    let missing = || Problem::unavailable("setup_needed").detail("This installation is not set up yet.");
    let installation = access.installation().ok_or_else(missing)?;
    Ok(Json(InstallationView::of(&installation)))
}
