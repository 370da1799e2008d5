//! Sendings: what is sent by one campaign, and whether it may be sent now.

use crate::{contents, mail::MailSource, outbox};
use contents::{Content, ContentError};
use records::{RecordsResult, Sql, Tx, values};
use uuid::Uuid;
use vocabulary::Timestamp;

/// Whether messages may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendingState {
    /// They may.
    Running,
    /// Not now.
    Paused,
    /// Never again.
    Stopped,
}

impl SendingState {
    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Running, Self::Paused, Self::Stopped].into_iter().find(|state| state.name() == name)
    }
}

/// Opens a sending with a mail from the sender of the settings. Opening it again changes nothing.
pub async fn open(
    tx: &Tx,
    sending_id: Uuid,
    name: &str,
    content: &MailSource<'_>,
    now: Timestamp,
) -> Result<(), ContentError> {
    open_content(tx, sending_id, name, &Content::of(content), now).await
}

/// Opens a sending with a mail as it is to be kept, perhaps from another sender than the settings say.
pub async fn open_content(
    tx: &Tx,
    sending_id: Uuid,
    name: &str,
    content: &Content,
    now: Timestamp,
) -> Result<(), ContentError> {
    contents::save(tx, sending_id, content).await?;
    let text = "INSERT INTO sendings (sending_id, name, state, is_open, is_simulated, opened_at) \
                VALUES ($1, $2, 'running', FALSE, FALSE, $3) ON CONFLICT DO NOTHING";
    tx.execute(text, values![sending_id, name, now.micros()]).await?;
    Ok(())
}

/// The state of a sending; none when it was never opened.
pub async fn state<S: Sql>(sql: &S, sending_id: Uuid) -> RecordsResult<Option<SendingState>> {
    let name: Option<String> =
        sql.scalar("SELECT state AS value FROM sendings WHERE sending_id = $1", values![sending_id]).await?;
    Ok(name.as_deref().and_then(SendingState::from_name))
}

/// Lets nothing leave for now. What is on the wire at this moment goes on. False when it did not run.
pub async fn pause(tx: &Tx, sending_id: Uuid) -> RecordsResult<bool> {
    change(tx, sending_id, "state = 'running'", SendingState::Paused).await
}

/// Lets a paused sending go on. False when it was not paused.
pub async fn resume(tx: &Tx, sending_id: Uuid) -> RecordsResult<bool> {
    change(tx, sending_id, "state = 'paused'", SendingState::Running).await
}

/// Stops a sending for ever; what waits is skipped as `stopped`. False when it was stopped before.
pub async fn stop(tx: &Tx, sending_id: Uuid) -> RecordsResult<bool> {
    let is_changed = change(tx, sending_id, "state <> 'stopped'", SendingState::Stopped).await?;
    outbox::skip_stopped(tx, sending_id).await?;
    Ok(is_changed)
}

/// Pauses everything that runs and tells how many: a restored copy begins so.
pub async fn pause_all(tx: &Tx) -> RecordsResult<u64> {
    tx.execute("UPDATE sendings SET state = 'paused' WHERE state = 'running' AND is_open", vec![]).await
}

async fn change(tx: &Tx, sending_id: Uuid, condition: &str, to: SendingState) -> RecordsResult<bool> {
    let text = format!("UPDATE sendings SET state = $2 WHERE sending_id = $1 AND {condition}");
    Ok(tx.execute(&text, values![sending_id, to.name()]).await? > 0)
}
