//! How far a sending is.

use records::{FromQueryResult, Reader, RecordsResult, Sql, values};
use std::collections::BTreeMap;
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

    fn count(&mut self, row: CountRow) {
        let count = u64::try_from(row.count).unwrap_or(0);
        self.total += count;
        match row.state.as_str() {
            "queued" => self.queued += count,
            "claimed" => self.claimed += count,
            "handed" => self.handed += count,
            "accepted" => self.accepted += count,
            "captured" => self.captured += count,
            "failed" => self.failed += count,
            "unknown" => self.unknown += count,
            "held" => self.held += count,
            _ => self.skipped.push((row.reason.unwrap_or_default(), count)),
        }
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    state: String,
    reason: Option<String>,
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
    // The reason of a failure is the server's own words, different each time: only skipped ones are counted by it.
    let text = "SELECT state, CASE WHEN state = 'skipped' THEN reason END AS reason, COUNT(*) AS count \
                FROM messages WHERE sending_id = $1 GROUP BY 1, 2";
    let mut delivery = Delivery::default();
    for row in reader.all::<CountRow>(text, values![sending_id]).await? {
        delivery.count(row);
    }
    let order: BTreeMap<&str, usize> = REASONS.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    delivery.skipped.sort_by_key(|(reason, _)| order.get(reason.as_str()).copied().unwrap_or(usize::MAX));
    if delivery.open() > 0 {
        delivery.rate_per_s = pace(reader, sending_id).await?;
    }
    Ok(delivery)
}

/// The order of the screens.
const REASONS: [&str; 5] = ["no_consent", "bad_address", "suppressed", "recently_sent", "stopped"];

/// Over the ten seconds before the newest end.
const WINDOW_US: i64 = 10_000_000;

async fn pace(reader: &Reader, sending_id: Uuid) -> RecordsResult<Option<f64>> {
    let text = "SELECT COUNT(*) AS count, MIN(settled_at) AS first, MAX(settled_at) AS last FROM messages \
                WHERE sending_id = $1 AND settled_at > (SELECT MAX(settled_at) FROM messages WHERE sending_id = $1) - $2";
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
