//! An event on the wire, and its way into the journal without taking its properties apart.

use super::sound;
use customers::{identity::PREVIOUS_ID, orders::order_of_event};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, value::RawValue};
use utoipa::ToSchema;
use vocabulary::{
    Currency, Event, EventId, Timestamp,
    consent::{Channel, Consent, ConsentState},
    event::{EventKind, names},
};

/// Bytes of an id of the sender.
const ID_BYTES_MAX: usize = 255;
/// Bytes of one event.
pub(super) const EVENT_BYTES_MAX: usize = 64 << 10;
/// How far ahead of our clock a sender's may be.
const AHEAD_SECONDS_MAX: i64 = 86_400;

/// One event as SDKs of the Segment spec write it. Fields that only SDKs need are read and not kept.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "what only SDKs need is known and not kept")]
pub struct WireEvent<'a> {
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    event: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    message_id: Option<String>,
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    anonymous_id: Option<String>,
    #[serde(default)]
    previous_id: Option<String>,
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    original_timestamp: Option<String>,
    #[serde(borrow, default)]
    properties: Option<&'a RawValue>,
    #[serde(borrow, default)]
    traits: Option<&'a RawValue>,
    #[serde(borrow, default)]
    context: Option<&'a RawValue>,
    #[serde(default)]
    sent_at: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    received_at: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    integrations: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    channel: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    version: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    write_key: Option<serde::de::IgnoredAny>,
    #[serde(default, rename = "_metadata")]
    metadata: Option<serde::de::IgnoredAny>,
}

/// What a person did, what is known of them, a page that they saw, or two identities that are one person.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventRequest)]
#[expect(dead_code, reason = "describes what is read of `WireEvent`")]
pub(super) struct EventDescription {
    /// Which call it is; the address says it where this is missing, except in a batch.
    #[serde(rename = "type", default)]
    #[schema(nullable = false)]
    kind: Option<EventType>,
    /// What happened (track): `Order Completed`, or a name of your own.
    #[schema(nullable = false)]
    event: Option<String>,
    /// The page's name (page).
    #[schema(nullable = false)]
    name: Option<String>,
    /// The page's category (page).
    #[schema(nullable = false)]
    category: Option<String>,
    /// Your own id of the event. The same one from the same key counts once in 30 days.
    #[schema(nullable = false, max_length = 255)]
    message_id: Option<String>,
    /// Your own number of the person. This or `anonymousId` must be there.
    #[schema(nullable = false, max_length = 255)]
    user_id: Option<String>,
    /// The visitor's id before the person is known.
    #[schema(nullable = false, max_length = 255)]
    anonymous_id: Option<String>,
    /// The identity that is the same person (alias).
    #[schema(nullable = false, max_length = 255)]
    previous_id: Option<String>,
    /// When it happened; now when missing. At most a day ahead.
    #[schema(nullable = false, format = DateTime)]
    timestamp: Option<String>,
    /// What belongs to the event; for `Order Completed` as in the Segment e-commerce spec.
    #[schema(value_type = Option<Map<String, Value>>)]
    properties: Option<Map<String, Value>>,
    /// What is known of the person (identify).
    #[schema(value_type = Option<Map<String, Value>>)]
    traits: Option<Map<String, Value>>,
    /// Where it happened.
    #[schema(value_type = Option<Map<String, Value>>)]
    context: Option<Map<String, Value>>,
}

/// The calls of the Segment spec that are understood; `screen` is taken as `page`.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes what is read of `WireEvent`")]
enum EventType {
    Track,
    Identify,
    Page,
    Screen,
    Alias,
}

/// Many events. What SDKs add (`sentAt`, `context`, `integrations`, `writeKey`) is read and not kept.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BatchRequest)]
#[expect(dead_code, reason = "describes what is read of a batch")]
pub(super) struct BatchDescription {
    /// At most 5,000 events.
    batch: Vec<EventDescription>,
    #[schema(nullable = false)]
    sent_at: Option<String>,
}

/// Why one event is not taken. The others of its batch are.
#[derive(Debug, thiserror::Error)]
pub enum EventProblem {
    /// It is not the JSON that is wanted.
    #[error("{0}")]
    Shape(#[from] serde_json::Error),
    /// It is too large.
    #[error("an event has at most {EVENT_BYTES_MAX} bytes; this one has {0}")]
    TooLarge(usize),
    /// A field is missing or not what it should be.
    #[error("`{field}` {reason}")]
    Field {
        /// Which field.
        field: &'static str,
        /// What is wrong, and what is allowed.
        reason: String,
    },
    /// The order in it cannot be read.
    #[error("order: {0}")]
    Order(#[from] customers::orders::OrderProblem),
}

impl EventProblem {
    /// The word that a program branches on.
    pub fn code(&self) -> &'static str {
        match self {
            EventProblem::Shape(_) => "event_unfit",
            EventProblem::TooLarge(_) => "event_too_large",
            EventProblem::Field { .. } => "event_field_unfit",
            EventProblem::Order(_) => "order_unfit",
        }
    }
}

/// What the receiving side adds.
pub(super) struct Reception<'a> {
    pub source: &'a str,
    pub received_at: Timestamp,
    pub reporting: Currency,
}

/// An event ready for the journal.
pub(super) struct Ready {
    pub payload: Vec<u8>,
    pub occurred_at: Timestamp,
    /// Who said no in this event.
    pub withdrawn: Option<Withdrawal>,
}

/// A person says that they want no mail.
#[derive(Debug)]
pub(super) struct Withdrawal {
    /// The shop's number.
    pub user_id: String,
    /// When they said it.
    pub at: Timestamp,
}

/// How an event stands in the journal: as [`Event`], with its objects as they came.
#[derive(Serialize)]
pub(crate) struct Journalled<'a> {
    pub id: EventId,
    pub source: &'a str,
    pub message_id: &'a str,
    pub kind: EventKind,
    pub name: &'a str,
    pub occurred_at: Timestamp,
    pub received_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traits: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<&'a RawValue>,
}

impl<'a> WireEvent<'a> {
    /// Checks the event and writes it as the journal keeps it. `path` is the call that it came by, for those without a
    /// `type`.
    pub(super) fn ready(&'a self, path: Option<EventKind>, reception: &Reception<'a>) -> Result<Ready, EventProblem> {
        let kind = self.kind(path)?;
        let occurred_at = self.occurred_at(reception.received_at)?;
        for (field, object) in [("properties", self.properties), ("traits", self.traits), ("context", self.context)] {
            check_object(field, object)?;
        }
        check_context(self.context)?;
        let user_id = id_text("userId", self.user_id.as_deref())?;
        let anonymous_id = id_text("anonymousId", self.anonymous_id.as_deref())?;
        if user_id.is_none() && anonymous_id.is_none() {
            return Err(field("userId", "is missing; an event needs `userId` or `anonymousId`"));
        }
        let previous = self.previous(kind)?;
        let id = EventId::new(reception.received_at);
        let made_id = id.to_string();
        let journalled = Journalled {
            id,
            source: reception.source,
            message_id: id_text("messageId", self.message_id.as_deref())?.unwrap_or(&made_id),
            kind,
            name: self.name(kind)?,
            occurred_at,
            received_at: reception.received_at,
            user_id,
            anonymous_id,
            properties: previous.as_deref().or(self.properties.filter(|raw| raw.get() != "null")),
            traits: self.traits.filter(|raw| raw.get() != "null"),
            context: self.context.filter(|raw| raw.get() != "null"),
        };
        let payload = serde_json::to_vec(&journalled)?;
        let withdrawn = self.check_meaning(&journalled, &payload, reception)?;
        Ok(Ready { payload, occurred_at, withdrawn })
    }

    /// Events whose properties Najimi itself reads are read here, so that a mistake is told to the sender.
    fn check_meaning(
        &self,
        journalled: &Journalled<'_>,
        payload: &[u8],
        reception: &Reception<'_>,
    ) -> Result<Option<Withdrawal>, EventProblem> {
        match journalled.name {
            names::ORDER_COMPLETED | names::ORDER_REFUNDED | names::ORDER_CANCELLED => {
                let event: Event = serde_json::from_slice(payload)?;
                order_of_event(&event, reception.reporting)?;
                Ok(None)
            }
            names::CONSENT_CHANGED | names::UNSUBSCRIBED => {
                let event: Event = serde_json::from_slice(payload)?;
                let said = customers::consents::consents_of_event(&event);
                if said.is_empty() {
                    return Err(field(
                        "properties",
                        "must hold `channel` (email, phone, post) and `state` (granted, denied)",
                    ));
                }
                Ok(withdrawal(event.user_id, &said, reception.received_at))
            }
            _ if self.traits.is_some_and(|traits| traits.get().contains("consents")) => {
                let event: Event = serde_json::from_slice(payload)?;
                let said = customers::consents::consents_of_event(&event);
                Ok(withdrawal(event.user_id, &said, reception.received_at))
            }
            _ => Ok(None),
        }
    }

    fn kind(&self, path: Option<EventKind>) -> Result<EventKind, EventProblem> {
        match self.kind.as_deref() {
            None => path.ok_or_else(|| field("type", "is missing; use track, identify, page or alias")),
            Some("track") => Ok(EventKind::Track),
            Some("identify") => Ok(EventKind::Identify),
            Some("page" | "screen") => Ok(EventKind::Page),
            Some("alias") => Ok(EventKind::Alias),
            Some(other) => Err(field("type", &format!("is `{}`; use track, identify, page or alias", cut(other)))),
        }
    }

    fn name(&self, kind: EventKind) -> Result<&str, EventProblem> {
        match kind {
            EventKind::Track => {
                id_text("event", self.event.as_deref())?.ok_or_else(|| field("event", "is missing; name what happened"))
            }
            EventKind::Page => {
                Ok(id_text("name", self.name.as_deref().or(self.category.as_deref()))?.unwrap_or(names::PAGE))
            }
            EventKind::Identify => Ok("Identify"),
            EventKind::Alias => Ok("Alias"),
        }
    }

    /// The properties of an alias: whom it calls the same person.
    fn previous(&self, kind: EventKind) -> Result<Option<Box<RawValue>>, EventProblem> {
        if kind != EventKind::Alias {
            return Ok(None);
        }
        let previous =
            id_text("previousId", self.previous_id.as_deref())?.ok_or_else(|| field("previousId", "is missing"))?;
        id_text("userId", self.user_id.as_deref())?.ok_or_else(|| field("userId", "is missing; an alias needs it"))?;
        Ok(Some(serde_json::value::to_raw_value(&serde_json::json!({ PREVIOUS_ID: previous }))?))
    }

    fn occurred_at(&self, received_at: Timestamp) -> Result<Timestamp, EventProblem> {
        let Some(text) = self.timestamp.as_deref().or(self.original_timestamp.as_deref()) else {
            return Ok(received_at);
        };
        let at: Timestamp =
            text.parse().map_err(|error: vocabulary::time::TimeError| field("timestamp", &error.to_string()))?;
        if at > received_at.plus_seconds(AHEAD_SECONDS_MAX) {
            return Err(field("timestamp", &format!("is `{}`, more than a day ahead of {received_at}", cut(text))));
        }
        Ok(at)
    }
}

/// Whether somebody takes back that they may be written to. Nobody says so after it was told: a date ahead of that would
/// stand against every later yes.
fn withdrawal(user_id: Option<String>, said: &[Consent], received_at: Timestamp) -> Option<Withdrawal> {
    let is_no = |consent: &&Consent| consent.channel == Channel::Email && consent.state == ConsentState::Denied;
    let at = said.iter().find(is_no)?.at.min(received_at);
    Some(Withdrawal { user_id: user_id?, at })
}

fn check_object(name: &'static str, object: Option<&RawValue>) -> Result<(), EventProblem> {
    match object.map(|raw| raw.get().as_bytes().first().copied()) {
        None | Some(Some(b'{' | b'n')) => {}
        _ => return Err(field(name, "must be an object")),
    }
    object
        .map_or(Ok(()), |raw| sound::check(raw.get()).map_err(|error| field(name, &format!("cannot be kept: {error}"))))
}

/// Whose import an event came by, only our own imports say.
fn check_context(context: Option<&RawValue>) -> Result<(), EventProblem> {
    #[derive(Deserialize)]
    struct Reserved {
        #[serde(default)]
        najimi_import_id: Option<serde::de::IgnoredAny>,
    }
    let Some(context) = context else { return Ok(()) };
    match serde_json::from_str::<Option<Reserved>>(context.get())?.and_then(|reserved| reserved.najimi_import_id) {
        None => Ok(()),
        Some(_) => Err(field("context", "may not hold `najimi_import_id`, which Najimi itself writes")),
    }
}

fn id_text<'a>(name: &'static str, text: Option<&'a str>) -> Result<Option<&'a str>, EventProblem> {
    match text {
        Some("") | None => Ok(None),
        Some(text) if text.len() > ID_BYTES_MAX => {
            Err(field(name, &format!("has {} bytes; at most {ID_BYTES_MAX}", text.len())))
        }
        Some(text) if text.chars().any(char::is_control) => Err(field(name, "holds a control character")),
        Some(text) => Ok(Some(text)),
    }
}

fn field(field: &'static str, reason: &str) -> EventProblem {
    EventProblem::Field { field, reason: reason.to_owned() }
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_794_529_800_000_000);

    fn ready(event: &Value) -> Result<Ready, EventProblem> {
        let text = event.to_string();
        let wire: WireEvent<'_> = serde_json::from_str(&text)?;
        wire.ready(None, &Reception { source: "shop", received_at: NOW, reporting: Currency::JPY })
    }

    #[test]
    fn a_no_holds_from_when_it_was_told_at_the_latest() {
        let no = |at: Timestamp| serde_json::json!({ "channel": "email", "state": "denied", "at": at });
        let said =
            |at| ready(&serde_json::json!({ "type": "identify", "userId": "1", "traits": { "consents": [no(at)] } }));
        assert_eq!(said(NOW.plus_days(900)).unwrap().withdrawn.unwrap().at, NOW);
        assert_eq!(said(NOW.plus_days(-1)).unwrap().withdrawn.unwrap().at, NOW.plus_days(-1));
        let ahead = NOW.plus_seconds(3_600);
        let left =
            ready(&serde_json::json!({ "type": "track", "event": "Unsubscribed", "userId": "1", "timestamp": ahead }));
        assert_eq!(left.unwrap().withdrawn.unwrap().at, NOW);
    }

    #[test]
    fn an_event_of_nobody_is_refused() {
        for who in [
            serde_json::json!({}),
            serde_json::json!({ "userId": "" }),
            serde_json::json!({ "userId": "", "anonymousId": "" }),
        ] {
            let mut event = serde_json::json!({ "type": "track", "event": "Looked" });
            event.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
            assert_eq!(ready(&event).map(|_| ()).unwrap_err().code(), "event_field_unfit", "{event}");
        }
        assert!(
            ready(&serde_json::json!({ "type": "track", "event": "Looked", "userId": "", "anonymousId": "v" })).is_ok()
        );
    }
}
