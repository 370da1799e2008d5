//! The events that channels tell: what became of a message, and what its person did with it.
//!
//! Their ids come from what they tell, so that telling twice is telling once.

use crate::outbox::ClaimedMessage;
use serde_json::{Map, Value};
use uuid::Uuid;
use vocabulary::{
    CustomerId, Event, Timestamp,
    event::{EventKind, Properties},
    id::name_based,
};

/// The source of events of our own.
const SOURCE: &str = "najimi";

/// The message that an event is about.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub message_id: Uuid,
    pub sending_id: Uuid,
    /// The campaign's name.
    pub name: String,
    pub customer_id: CustomerId,
}

impl Told {
    pub fn of(message: &ClaimedMessage) -> Self {
        let ClaimedMessage { message_id, sending_id, customer_id, .. } = *message;
        Self { message_id, sending_id, name: message.name.clone(), customer_id }
    }
}

/// An event that can be told once of a message.
pub(crate) fn event(told: &Told, name: &str, now: Timestamp) -> Event {
    event_of(told, name, "", Map::new(), now)
}

/// An event that can be told once of each `part` of a message (a link), with what belongs to it.
pub(crate) fn event_of(told: &Told, name: &str, part: &str, more: Properties, now: Timestamp) -> Event {
    let id = name_based(&["mail", name, &told.message_id.to_string(), part]);
    let text = |value: String| Value::String(value);
    let mut properties = Map::from_iter([
        ("campaign_id".to_owned(), text(told.sending_id.to_string())),
        ("campaign_name".to_owned(), text(told.name.clone())),
        ("message_id".to_owned(), text(told.message_id.to_string())),
        ("channel".to_owned(), text("email".to_owned())),
    ]);
    properties.extend(more);
    Event {
        id: id.into(),
        source: SOURCE.to_owned(),
        message_id: id.to_string(),
        kind: EventKind::Track,
        name: name.to_owned(),
        occurred_at: now,
        received_at: now,
        user_id: None,
        anonymous_id: None,
        customer_id: Some(told.customer_id),
        properties,
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    }
}
