//! What a person did besides ordering, for the card's timeline; and every event's row for the history.
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
    Zone,
    event::{EventKind, names},
    id::Ordinal,
};

/// Rows of `recent_events` that a card shows at the most.
pub const TIMELINE_MAX: u32 = 500;

/// Keeps `recent_events`, and hands events other than orders to the history.
pub struct EventsProjection;

#[async_trait]
impl Projection for EventsProjection {
    async fn apply(&self, tx: &Tx, batch: &Batch, history: &mut Append) -> RecordsResult<()> {
        let mut rows = BulkInsert::into(
            "recent_events (customer, occurred_at, event_id, kind, title, campaign_id, is_simulated)",
            "ON CONFLICT DO NOTHING",
        );
        for resolved in batch.events.iter().filter(|resolved| !is_order(resolved) && !is_of_file(resolved)) {
            if let (Some(known), true) = (resolved.customer, resolved.event.kind != EventKind::Identify) {
                let event = &resolved.event;
                let title: String = title(resolved).chars().take(200).collect();
                let campaign = campaign(resolved).and_then(|id| id.parse::<Uuid>().ok());
                rows.push(values![
                    i64::from(known.ordinal),
                    event.occurred_at.micros(),
                    event.id.uuid(),
                    kind(&event.name, event.kind),
                    title,
                    campaign,
                    event.is_simulated
                ]);
            }
            history.event(resolved.position, row(resolved, batch.zone));
        }
        rows.run(tx).await.map(|_| ())
    }
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
        (names::MAIL_CAPTURED | names::MAIL_ACCEPTED, _) => "mail_sent",
        (names::MAIL_OPENED, _) => "mail_opened",
        (names::MAIL_CLICKED, _) => "mail_clicked",
        (names::UNSUBSCRIBED, _) => "unsubscribed",
        (names::CONSENT_CHANGED, _) => "consent",
        (_, EventKind::Page) => "page",
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

/// The newest events of a person before an instant.
pub async fn of_customer<S: Sql>(
    sql: &S,
    customer: Ordinal,
    before: i64,
    rows_max: u32,
) -> RecordsResult<Vec<RecentEvent>> {
    sql.all(
        "SELECT occurred_at, kind, title, campaign_id, is_simulated FROM recent_events WHERE customer = $1 AND occurred_at < $2 \
         ORDER BY occurred_at DESC, event_id LIMIT $3",
        values![i64::from(customer), before, i64::from(rows_max.min(TIMELINE_MAX))],
    )
    .await
}
