//! What a person did besides ordering, for the card's timeline and for counting one person's events (`segments::one`);
//! and every event's row for the history. All events are kept: what was counted over everyone in the history can be
//! counted here for one.
//!
//! What a file says of people is nothing that they did: it goes to their profiles and leaves no row here.

use crate::{
    origin::Origin,
    stream::{Batch, Projection, Resolved},
};
use async_trait::async_trait;
use history::{Append, EventRow};
use records::{BulkInsert, FromQueryResult, RecordsResult, Sql, Tx, values};
use serde_json::Value;
use uuid::Uuid;
use vocabulary::{
    Timestamp, Zone,
    event::{EventKind, names},
    id::Ordinal,
};

/// Keeps `recent_events`, and hands events other than orders to the history.
pub struct EventsProjection;

#[async_trait]
impl Projection for EventsProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, history: &mut Append) -> RecordsResult<()> {
        for (_, merged) in batch.merges() {
            let bound = values![i64::from(merged.into.ordinal), i64::from(merged.from.ordinal)];
            tx.execute("UPDATE recent_events SET customer = $1 WHERE customer = $2", bound).await?;
        }
        let mut shown: Vec<Shown<'_>> = Vec::new();
        for resolved in batch.events.iter().filter(|resolved| !is_order(resolved) && !is_of_file(resolved)) {
            if let (Some(known), EventKind::Track | EventKind::Page) = (resolved.customer, resolved.event.kind) {
                shown.push((known.ordinal, resolved));
            }
            history.event(resolved.position, row(resolved, batch.zone));
        }
        save(tx, shown).await
    }
}

/// A person and something that belongs on their timeline.
type Shown<'a> = (Ordinal, &'a Resolved);

async fn save(tx: &Tx, mut shown: Vec<Shown<'_>>) -> RecordsResult<()> {
    let mut rows = BulkInsert::into(
        "recent_events (customer, occurred_at, event_id, kind, title, campaign_id, is_simulated)",
        "ON CONFLICT DO NOTHING",
    );
    // Rows of a person stand together in the table.
    shown.sort_by_key(|(customer, resolved)| (*customer, resolved.event.occurred_at));
    for (customer, resolved) in shown {
        let event = &resolved.event;
        let title: String = title(resolved).chars().take(200).collect();
        rows.push(values![
            i64::from(customer),
            event.occurred_at.micros(),
            event.id.uuid(),
            kind(&event.name, event.kind),
            title,
            campaign(resolved).and_then(|id| id.parse::<Uuid>().ok()),
            event.is_simulated
        ]);
    }
    rows.run(tx).await.map(|_| ())
}

fn is_order(resolved: &Resolved) -> bool {
    matches!(resolved.event.name.as_str(), names::ORDER_COMPLETED | names::ORDER_REFUNDED)
}

/// Files bring orders and what they say of people; and what they said is taken back.
fn is_of_file(resolved: &Resolved) -> bool {
    Origin::of(&resolved.event).is_import()
}

/// The word of the timeline for an event.
fn kind(name: &str, kind: EventKind) -> &'static str {
    match (name, kind) {
        (_, EventKind::Page) => "page",
        (names::MAIL_CAPTURED | names::MAIL_ACCEPTED, _) => "mail_sent",
        (names::MAIL_OPENED, _) => "mail_opened",
        (names::MAIL_CLICKED, _) => "mail_clicked",
        (names::UNSUBSCRIBED, _) => "unsubscribed",
        (names::CONSENT_CHANGED, _) => "consent",
        _ => "event",
    }
}

fn title(resolved: &Resolved) -> &str {
    let property = |name: &str| resolved.event.properties.get(name).and_then(Value::as_str);
    property("campaign_name").or_else(|| property("title")).unwrap_or(&resolved.event.name)
}

fn campaign(resolved: &Resolved) -> Option<&str> {
    resolved.event.properties.get("campaign_id").and_then(Value::as_str)
}

/// The event without what would say who a person is: identify keeps no traits, properties only what is declared.
fn row(resolved: &Resolved, zone: Zone) -> EventRow {
    let event = &resolved.event;
    let text = |name: &str| event.properties.get(name).and_then(Value::as_str).map(str::to_owned);
    EventRow {
        event_id: event.id.to_string(),
        source: event.source.clone(),
        kind: event.kind.name().to_owned(),
        name: event.name.clone(),
        customer: resolved.customer.map(|known| i64::from(known.ordinal)),
        customer_id: resolved.customer.map(|known| known.id.to_string()),
        node: resolved.node.clone().filter(|_| resolved.customer.is_none()),
        occurred_at: event.occurred_at.micros(),
        received_at: event.received_at.micros(),
        local_day: zone.day(event.occurred_at).0,
        campaign_id: text("campaign_id"),
        channel: text("channel"),
        url: text("url").map(|url| url.split(['?', '#']).next().unwrap_or_default().to_owned()),
        order_number: text("order_id"),
        sku: text("sku").or_else(|| text("product_id")),
        amount_minor: None,
        currency: None,
        properties_json: None,
        is_simulated: event.is_simulated,
    }
}

/// A row of the timeline.
#[derive(Debug, FromQueryResult)]
pub struct RecentEvent {
    /// The event's id.
    pub event_id: Uuid,
    /// When it happened, in microseconds.
    pub occurred_at: i64,
    /// The word of the timeline.
    pub kind: String,
    /// What it was about.
    pub title: String,
    /// The campaign behind it.
    pub campaign_id: Option<Uuid>,
    /// Made by the demo.
    pub is_simulated: bool,
}

/// Words of the timeline by which the shop and the person talked.
const CONTACTS: &str = "'mail_sent', 'mail_opened', 'mail_clicked', 'unsubscribed', 'consent'";

/// Up to `rows_max` events of a person, the newest first, behind a place: an instant in microseconds and an event's id.
pub async fn of_customer_behind<S: Sql>(
    sql: &S,
    customer: Ordinal,
    place: Option<(i64, Uuid)>,
    is_contacts_only: bool,
    rows_max: usize,
) -> RecordsResult<Vec<RecentEvent>> {
    let (at, id) = place.unwrap_or((i64::MAX, Uuid::max()));
    let only = if is_contacts_only { format!("AND kind IN ({CONTACTS})") } else { String::new() };
    let text = format!(
        "SELECT event_id, occurred_at, kind, title, campaign_id, is_simulated FROM recent_events \
         WHERE customer = $1 AND (occurred_at, event_id) < ($2, $3) {only} ORDER BY occurred_at DESC, event_id DESC LIMIT $4"
    );
    sql.all(&text, values![i64::from(customer), at, id, i64::try_from(rows_max).unwrap_or(i64::MAX)]).await
}

/// How often a person did something, by the word of the timeline, from an instant to just before another. What the demo
/// made up does not count.
pub async fn count<S: Sql>(
    sql: &S,
    customer: Ordinal,
    kind: &'static str,
    from: Timestamp,
    until: Timestamp,
) -> RecordsResult<i64> {
    let text = "SELECT COUNT(*) AS value FROM recent_events WHERE customer = $1 AND kind = $2 AND NOT is_simulated \
        AND occurred_at >= $3 AND occurred_at < $4";
    let bound = values![i64::from(customer), kind, from.micros(), until.micros()];
    Ok(sql.scalar(text, bound).await?.unwrap_or(0))
}
