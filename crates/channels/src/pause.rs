//! The pause of all sending: while it holds, nothing is claimed, sent or kept, whatever campaigns run.
//!
//! A copy that was restored from a backup begins so: the original may still be sending, and what it sent since the
//! backup is unknown here. A person ends it, with a button or with `najimi sending resume`.

use crate::{Channels, settings::put};
use access::{ApiResult, Caller, Problem, SettingsManage, Valid};
use axum::{Json, extract::State};
use records::{Actor, RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::Timestamp;

/// Why sending is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// This is a copy that was restored from a backup.
    Restored,
    /// Somebody wanted it so.
    Asked,
}

/// The pause of all sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Pause {
    /// Why.
    pub reason: PauseReason,
    /// Since when, by the wall clock.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// When the backup was made that this copy comes from.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub backup_made_at: Option<Timestamp>,
}

impl Pause {
    /// What a person is told.
    pub fn sentence(&self) -> String {
        match (self.reason, self.backup_made_at) {
            (PauseReason::Restored, Some(made_at)) => format!(
                "sending is paused since this copy was restored from the backup of {}; make sure that the original no longer sends before you resume",
                minute(made_at)
            ),
            (PauseReason::Restored, None) => "sending is paused since this copy was restored from a backup".to_owned(),
            (PauseReason::Asked, _) => "sending was paused by hand".to_owned(),
        }
    }
}

/// `2026-11-27 18:30 UTC`.
fn minute(at: Timestamp) -> String {
    let text: String = at.to_string().chars().take(16).collect();
    format!("{} UTC", text.replace('T', " "))
}

const NAME: &str = "channels.pause";

/// The pause that holds, if one does.
pub async fn read<S: Sql>(sql: &S) -> RecordsResult<Option<Pause>> {
    let found: Option<String> = sql.scalar("SELECT value FROM settings WHERE name = $1", values![NAME]).await?;
    found.map(|text| serde_json::from_str(&text).map_err(|_| RecordsError::unreadable(NAME))).transpose()
}

/// Pauses all sending.
pub async fn begin(tx: &mut Tx, pause: &Pause) -> RecordsResult<()> {
    tx.about("sending", serde_json::json!({ "reason": pause.reason }));
    put(tx, NAME, serde_json::to_string(pause).map_err(|_| RecordsError::unreadable(NAME))?).await
}

/// Lets sending go on.
pub async fn end(tx: &mut Tx) -> RecordsResult<()> {
    tx.about("sending", serde_json::json!({}));
    tx.execute("DELETE FROM settings WHERE name = $1", values![NAME]).await.map(|_| ())
}

/// Pauses or resumes; for routes and the command line. Gives the pause that holds now.
pub async fn change(records: &records::Records, actor: &Actor, is_paused: bool) -> RecordsResult<Option<Pause>> {
    let action = if is_paused { "sending.pause" } else { "sending.resume" };
    let mut tx = records.begin(actor, action).await?;
    let before = read(&tx).await?;
    let after = match (before, is_paused) {
        (_, false) => {
            end(&mut tx).await?;
            None
        }
        (Some(before), true) => Some(before),
        (None, true) => {
            let pause = Pause { reason: PauseReason::Asked, since: tx.began_at(), backup_made_at: None };
            begin(&mut tx, &pause).await?;
            Some(pause)
        }
    };
    if before.is_some() == after.is_some() {
        tx.rollback().await?
    } else {
        tx.commit().await?
    }
    Ok(after)
}

/// Whether all sending is paused.
#[derive(Serialize, ToSchema)]
pub(crate) struct SendingView {
    /// Null while sending goes on.
    pause: Option<Pause>,
}

/// Tells whether all sending is paused, and why.
#[utoipa::path(get, path = "/api/settings/sending", tag = "settings",
    responses((status = 200, body = SendingView), (status = 403, body = Problem)),
    security(("session" = ["settings.manage"])))]
pub(crate) async fn get_sending(
    _: Caller<SettingsManage>,
    State(channels): State<Channels>,
) -> ApiResult<Json<SendingView>> {
    Ok(Json(SendingView { pause: read(&channels.inner.records.reader()).await? }))
}

/// Whether all sending is to be paused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendingRequest {
    is_paused: bool,
}

/// Pauses all sending, or lets it go on.
#[utoipa::path(put, path = "/api/settings/sending", tag = "settings", request_body = SendingRequest,
    responses((status = 200, body = SendingView), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["settings.manage"])))]
pub(crate) async fn change_sending(
    caller: Caller<SettingsManage>,
    State(channels): State<Channels>,
    Valid(request): Valid<SendingRequest>,
) -> ApiResult<Json<SendingView>> {
    let pause = change(&channels.inner.records, &caller.actor(), request.is_paused).await?;
    channels.wake();
    Ok(Json(SendingView { pause }))
}
