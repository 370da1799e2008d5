//! The settings of mail over HTTP. The password goes in and never out.

use super::{
    MailSettings, SecurityName, Server, SettingsError,
    checks::{TypedServer, checked, checked_server},
    read, save,
};
use crate::{
    Channels,
    mail::Secret,
    sender::{self, Trial},
};
use access::{ApiResult, Caller, Problem, SettingsManage, Valid};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A mail server, without its password.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServerView {
    host: String,
    port: u16,
    security: SecurityName,
    username: Option<String>,
    has_password: bool,
}

impl From<Server> for ServerView {
    fn from(server: Server) -> Self {
        let has_password = server.password_sealed.is_some();
        let Server { host, port, security, username, .. } = server;
        Self { host, port, security, username, has_password }
    }
}

/// The settings of mail.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailSettingsView {
    from_name: String,
    from_address: String,
    /// Null: mails are kept and nothing is sent.
    smtp: Option<ServerView>,
    /// A message that may have been delivered is held instead of sent again.
    hold_unknown: bool,
    cap_days: u32,
    cap_max: u32,
    footer_address: String,
}

impl From<MailSettings> for MailSettingsView {
    fn from(settings: MailSettings) -> Self {
        Self {
            from_name: settings.from_name,
            from_address: settings.from_address,
            smtp: settings.smtp.map(ServerView::from),
            hold_unknown: settings.hold_unknown,
            cap_days: settings.cap_days,
            cap_max: settings.cap_max,
            footer_address: settings.footer_address,
        }
    }
}

/// How mails leave.
#[utoipa::path(get, path = "/api/settings/mail", tag = "settings",
    responses((status = 200, body = MailSettingsView), (status = 403, body = Problem)),
    security(("session" = ["settings.manage"])))]
pub(crate) async fn get_mail_settings(
    _: Caller<SettingsManage>,
    State(channels): State<Channels>,
) -> ApiResult<Json<MailSettingsView>> {
    Ok(Json(channels.mail_settings().await?.into()))
}

/// A mail server as it is typed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServerRequest {
    host: String,
    port: u16,
    security: SecurityName,
    username: Option<String>,
    /// Missing: the one that was given for this server and user before.
    password: Option<String>,
    /// As it was read; changes nothing.
    #[serde(rename = "has_password")]
    _has_password: Option<bool>,
}

impl From<ServerRequest> for TypedServer {
    fn from(request: ServerRequest) -> Self {
        let ServerRequest { host, port, security, username, password, .. } = request;
        Self { host, port, security, username, password: password.filter(|typed| !typed.is_empty()).map(Secret::new) }
    }
}

/// New settings of mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailSettingsRequest {
    from_name: String,
    from_address: String,
    smtp: Option<ServerRequest>,
    hold_unknown: bool,
    cap_days: u32,
    cap_max: u32,
    footer_address: String,
}

impl MailSettingsRequest {
    fn checked(self, before: &MailSettings, channels: &Channels) -> Result<MailSettings, SettingsError> {
        let key = &channels.inner.secret_key;
        let smtp = self.smtp.map(|typed| checked_server(typed.into(), before.smtp.as_ref(), key)).transpose()?;
        checked(MailSettings {
            from_name: self.from_name,
            from_address: self.from_address,
            smtp,
            hold_unknown: self.hold_unknown,
            cap_days: self.cap_days,
            cap_max: self.cap_max,
            footer_address: self.footer_address,
        })
    }
}

/// Changes how mails leave. A pause because of a trouble with the old settings ends.
#[utoipa::path(put, path = "/api/settings/mail", tag = "settings", request_body = MailSettingsRequest,
    responses((status = 200, body = MailSettingsView), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["settings.manage"])))]
pub(crate) async fn change_mail_settings(
    caller: Caller<SettingsManage>,
    State(channels): State<Channels>,
    Valid(request): Valid<MailSettingsRequest>,
) -> ApiResult<Json<MailSettingsView>> {
    let mut tx = channels.inner.records.begin(&caller.actor(), "settings.mail").await?;
    let before = read(&tx).await?;
    let settings = request.checked(&before, &channels)?;
    save(&tx, &settings).await?;
    sender::trouble::clear(&tx).await?;
    tx.about("settings.mail", serde_json::json!({ "smtp": settings.smtp.as_ref().map(|server| &server.host) }));
    tx.commit().await?;
    channels.wake();
    Ok(Json(settings.into()))
}

/// To whom a trial goes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrialRequest {
    to: String,
}

/// What became of a trial.
#[derive(Serialize, ToSchema)]
pub(crate) struct TrialView {
    ok: bool,
    /// The server's words, or what went wrong.
    detail: String,
}

/// Sends one small mail with the saved settings.
#[utoipa::path(post, path = "/api/settings/mail/test", tag = "settings", request_body = TrialRequest,
    responses((status = 200, body = TrialView), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["settings.manage"])))]
pub(crate) async fn test_mail_settings(
    caller: Caller<SettingsManage>,
    State(channels): State<Channels>,
    Valid(request): Valid<TrialRequest>,
) -> ApiResult<Json<TrialView>> {
    let mut tx = channels.inner.records.begin(&caller.actor(), "settings.mail_test").await?;
    tx.about("settings.mail", serde_json::json!({}));
    tx.commit().await?;
    let Trial { is_accepted, detail } = sender::try_out(&channels, &request.to).await?;
    Ok(Json(TrialView { ok: is_accepted, detail }))
}
