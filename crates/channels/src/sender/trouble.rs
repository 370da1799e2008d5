//! A trouble that is everyone's: the server, the settings or the sender are at fault. Everything waits, a sentence says
//! why, and one message tries again now and then.

use crate::{mail::Stage, settings::put};
use records::{RecordsError, RecordsResult, Sql, Tx, values};
use serde::{Deserialize, Serialize};
use vocabulary::Timestamp;

/// Why everything waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Trouble {
    /// Stable; the screen translates it: `connect`, `secure`, `sign_in`, `sender`, `settings`.
    pub code: String,
    /// The server's words, or what went wrong.
    pub sentence: String,
    /// Since when, by the wall clock.
    pub since: Timestamp,
    /// When one message tries again, by the wall clock.
    pub next_try_at: Timestamp,
    /// Tries so far.
    pub tries: u32,
}

/// Seconds until the next try; then always the last.
const PAUSES: [i64; 6] = [15, 30, 60, 120, 300, 900];

impl Trouble {
    /// The same trouble once more, or a new one.
    pub fn again(before: Option<&Self>, code: &str, sentence: &str, wall_now: Timestamp) -> Self {
        let tries = before.map_or(0, |before| before.tries).saturating_add(1);
        let place = usize::try_from(tries - 1).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
        Self {
            code: code.to_owned(),
            sentence: sentence.to_owned(),
            since: before.map_or(wall_now, |before| before.since),
            next_try_at: wall_now.plus_seconds(PAUSES[place]),
            tries,
        }
    }
}

/// The code of a step.
pub(super) fn code(stage: Stage) -> &'static str {
    match stage {
        Stage::Connect => "connect",
        Stage::Secure => "secure",
        Stage::SignIn => "sign_in",
        Stage::Sender => "sender",
        Stage::Recipient | Stage::Data | Stage::Content => "message",
    }
}

const NAME: &str = "channels.mail_trouble";

/// The trouble of the moment.
pub(crate) async fn read<S: Sql>(sql: &S) -> RecordsResult<Option<Trouble>> {
    let found: Option<String> = sql.scalar("SELECT value FROM settings WHERE name = $1", values![NAME]).await?;
    found.map(|text| serde_json::from_str(&text).map_err(|_| RecordsError::unreadable(NAME))).transpose()
}

pub(super) async fn save(tx: &Tx, trouble: &Trouble) -> RecordsResult<()> {
    put(tx, NAME, serde_json::to_string(trouble).map_err(|_| RecordsError::unreadable(NAME))?).await
}

/// It is over.
pub(crate) async fn clear(tx: &Tx) -> RecordsResult<()> {
    tx.execute("DELETE FROM settings WHERE name = $1", values![NAME]).await.map(|_| ())
}
