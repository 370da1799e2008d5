//! How far a sending is.

use records::{FromQueryResult, Reader, RecordsResult, Sql, values};
use uuid::Uuid;

/// How many messages of a sending stand where.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// Wait for their turn.
    pub queued: u64,
    /// Are being printed.
    pub claimed: u64,
    /// Are on the wire.
    pub handed: u64,
    /// A mail server took them.
    pub accepted: u64,
    /// Kept instead of sent.
    pub captured: u64,
    /// Will not go.
    pub failed: u64,
    /// The connection was lost after the content.
    pub unknown: u64,
    /// The program ended while they were on the wire; not sent again.
    pub held: u64,
    /// Refused by the gate, by reason.
    pub skipped: Vec<(String, u64)>,
    /// All of them.
    pub total: u64,
    /// Messages a second over the last ten seconds of work; none when nothing is open.
    pub rate_per_s: Option<f64>,
}

impl Delivery {
    /// Messages that have not come to their end.
    pub fn open(&self) -> u64 {
        self.queued + self.claimed + self.handed
    }

    fn count(&mut self, state: &str, count: u64) {
        self.total += count;
        match state {
            "queued" => self.queued += count,
            "claimed" => self.claimed += count,
            "handed" => self.handed += count,
            "accepted" => self.accepted += count,
            "captured" => self.captured += count,
            "failed" => self.failed += count,
            "unknown" => self.unknown += count,
            "held" => self.held += count,
            // Skipped ones are counted by reason.
            _ => {}
        }
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    name: Option<String>,
    count: i64,
}

#[derive(FromQueryResult)]
struct PaceRow {
    count: i64,
    first: Option<i64>,
    last: Option<i64>,
}

/// How far a sending is.
pub async fn delivery(reader: &Reader, sending_id: Uuid) -> RecordsResult<Delivery> {
    // Two questions: the first is answered by an index alone, also for a hundred thousand messages.
    let states = "SELECT state AS name, COUNT(*) AS count FROM messages WHERE sending_id = $1 GROUP BY state";
    let reasons = "SELECT reason AS name, COUNT(*) AS count FROM messages WHERE sending_id = $1 AND state = 'skipped' GROUP BY reason";
    let mut delivery = Delivery::default();
    for (state, count) in counts(reader, states, sending_id).await? {
        delivery.count(&state, count);
    }
    delivery.skipped = counts(reader, reasons, sending_id).await?;
    let place = |reason: &str| REASONS.iter().position(|name| *name == reason).unwrap_or(REASONS.len());
    delivery.skipped.sort_by_key(|(reason, _)| place(reason));
    if delivery.open() > 0 {
        delivery.rate_per_s = pace(reader, sending_id).await?;
    }
    Ok(delivery)
}

async fn counts(reader: &Reader, text: &str, sending_id: Uuid) -> RecordsResult<Vec<(String, u64)>> {
    let rows = reader.all::<CountRow>(text, values![sending_id]).await?;
    let count = |row: CountRow| (row.name.unwrap_or_default(), u64::try_from(row.count).unwrap_or(0));
    Ok(rows.into_iter().map(count).collect())
}

/// The order of the screens.
const REASONS: [&str; 5] = ["no_consent", "bad_address", "suppressed", "recently_sent", "stopped"];

/// Over the ten seconds before the newest end.
const WINDOW_US: i64 = 10_000_000;

async fn pace(reader: &Reader, sending_id: Uuid) -> RecordsResult<Option<f64>> {
    let text = "SELECT COUNT(*) AS count, MIN(settled_at) AS first, MAX(settled_at) AS last FROM messages \
                WHERE sending_id = $1 AND settled_at IS NOT NULL AND settled_at > \
                (SELECT settled_at FROM messages WHERE sending_id = $1 AND settled_at IS NOT NULL ORDER BY settled_at DESC LIMIT 1) - $2";
    let row = reader.one::<PaceRow>(text, values![sending_id, WINDOW_US]).await?;
    Ok(row.and_then(|row| {
        let seconds = (row.last? - row.first?) as f64 / 1e6;
        (row.count > 1 && seconds > 0.0).then(|| (row.count as f64 / seconds * 10.0).round() / 10.0)
    }))
}

/// Whether no message of a sending is open any more.
pub async fn is_finished(reader: &Reader, sending_id: Uuid) -> RecordsResult<bool> {
    let text = "SELECT COUNT(*) AS value FROM (SELECT 1 FROM messages WHERE sending_id = $1 \
                AND state IN ('queued', 'claimed', 'handed') LIMIT 1) AS found";
    Ok(reader.scalar::<i64>(text, values![sending_id]).await? == Some(0))
}
