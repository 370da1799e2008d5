//! An event: something that happened, as it is kept in the journal.
//!
//! The shape follows the Segment spec (track, identify, page, alias); what Najimi adds is named here.

use crate::{
    id::{CustomerId, EventId, ImportId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Free properties of an event.
pub type Properties = Map<String, Value>;

/// The call of the Segment spec by which an event came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// Something a person did.
    Track,
    /// What is known of a person.
    Identify,
    /// A page that was seen.
    Page,
    /// Two identities that are one person.
    Alias,
}

impl EventKind {
    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::Track => "track",
            EventKind::Identify => "identify",
            EventKind::Page => "page",
            EventKind::Alias => "alias",
        }
    }
}

/// The names of the events that Najimi itself understands, spelled as the Segment spec spells its own.
pub mod names {
    /// The whole state of an order (Segment e-commerce spec; `order_id`, `products`, …).
    pub const ORDER_COMPLETED: &str = "Order Completed";
    /// An order that no longer counts (Segment e-commerce spec; `order_id`).
    pub const ORDER_CANCELLED: &str = "Order Cancelled";
    /// Money given back, at its own date.
    pub const ORDER_REFUNDED: &str = "Order Refunded";
    /// A page was seen.
    pub const PAGE: &str = "Page";
    /// A person said yes or no to a channel.
    pub const CONSENT_CHANGED: &str = "Consent Changed";
    /// A message was kept by the capture mode instead of sent.
    pub const MAIL_CAPTURED: &str = "Mail Captured";
    /// A mail server took the message.
    pub const MAIL_ACCEPTED: &str = "Mail Accepted";
    /// A mail server refused the message.
    pub const MAIL_FAILED: &str = "Mail Failed";
    /// The images of a mail were loaded.
    pub const MAIL_OPENED: &str = "Mail Opened";
    /// A link of a mail was followed.
    pub const MAIL_CLICKED: &str = "Mail Clicked";
    /// A person stopped our mails.
    pub const UNSUBSCRIBED: &str = "Unsubscribed";
    /// What one import said of one order or one person is taken back.
    pub const IMPORT_UNDONE: &str = "Import Undone";
}

/// The word of an event's context that tells which import it came by. Senders from outside may not use it.
pub const IMPORT_ID: &str = "najimi_import_id";

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Ours, time-ordered.
    pub id: EventId,
    /// Which sender: a key's name, an import's source, `najimi` for our own.
    pub source: String,
    /// The sender's id of the message; the same one twice within 30 days is one event.
    pub message_id: String,
    /// By which call it came.
    pub kind: EventKind,
    /// What happened (`names`), or the page's name.
    pub name: String,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When we took it in.
    pub received_at: Timestamp,
    /// The shop's own number of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The visitor's id before the person is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anonymous_id: Option<String>,
    /// Known only for events of our own (a mail to this customer was opened).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
    /// What belongs to the event.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Properties,
    /// What is said of the person (identify).
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub traits: Properties,
    /// Where it happened (page, campaign, library).
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub context: Properties,
    /// Made by the demo; outside every total.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_simulated: bool,
}

impl Event {
    /// As the journal keeps it.
    pub fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    /// As it stands in the journal.
    pub fn from_json(json: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(json)
    }

    /// The import that the event came by, if it came by one.
    pub fn import_id(&self) -> Option<ImportId> {
        self.context.get(IMPORT_ID)?.as_str()?.parse().ok()
    }

    /// Marks the event as coming by this import.
    pub fn set_import_id(&mut self, import_id: ImportId) {
        self.context.insert(IMPORT_ID.to_owned(), Value::String(import_id.to_string()));
    }
}
