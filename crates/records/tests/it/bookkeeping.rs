//! A change as the stories make it, and what can be seen of it afterwards.

use records::{Actor, FromQueryResult, Records, Sql, values};
use serde_json::{Map, json};
use vocabulary::{Event, EventId, OperatorId, event::EventKind, id::name_based};

/// Somebody of the company.
pub fn operator() -> Actor {
    Actor::Operator(OperatorId::from(name_based(&["operator"])))
}

/// Something that a change tells of.
pub fn event(message_id: &str) -> Event {
    Event {
        id: EventId::from(name_based(&[message_id])),
        source: "najimi".to_owned(),
        message_id: message_id.to_owned(),
        kind: EventKind::Track,
        name: "Coupon Redeemed".to_owned(),
        occurred_at: testing::START,
        received_at: testing::START,
        user_id: Some("7".to_owned()),
        anonymous_id: None,
        customer_id: None,
        properties: Map::from_iter([("coupon".to_owned(), json!("SPRING"))]),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    }
}

/// A row of the audit log.
#[derive(Debug, PartialEq, FromQueryResult)]
pub struct Audit {
    pub at: i64,
    pub actor_kind: String,
    pub action: String,
    pub object: String,
    pub detail: String,
}

/// All that was written down of changes, as another connection sees it.
pub async fn audits(records: &Records) -> Vec<Audit> {
    let text = "SELECT at, actor_kind, action, object, detail FROM audit_log ORDER BY at, audit_id";
    records.reader().all(text, vec![]).await.unwrap()
}

pub async fn setting(records: &Records, name: &str) -> Option<String> {
    records.reader().scalar("SELECT value FROM settings WHERE name = $1", values![name]).await.unwrap()
}

pub async fn write<S: Sql>(tx: &S, name: &str, value: &str) {
    let text =
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    assert_eq!(tx.execute(text, values![name, value]).await.unwrap(), 1);
}
