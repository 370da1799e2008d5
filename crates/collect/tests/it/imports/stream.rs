//! What follows the journal in these stories: the projections as the pipeline runs them, and the rows that the history
//! would show.

use customers::{
    consents::ConsentsProjection,
    identity::{self, PresenceProjection},
    orders::OrdersProjection,
    profile::ProfilesProjection,
    recent_events::EventsProjection,
    stream::{Batch, Projection},
};
use history::{Append, Lane, OrderLineRow, OrderRow};
use journal::Journal;
use records::{Actor, Records, Sql};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use vocabulary::{Clock, Currency, Event, Zone, clock::ManualClock};

/// Tables of the records that follow the stream.
const TABLES: [&str; 13] = [
    "customers",
    "customer_values",
    "identifiers",
    "source_records",
    "search_tokens",
    "consents",
    "consent_words",
    "orders",
    "order_statements",
    "withdrawn_orders",
    "recent_events",
    "products",
    "selections",
];

/// The order and the lines of each version, those that were superseded, and the events.
#[derive(Default)]
pub struct Shown {
    orders: HashMap<(String, i64), OrderRow>,
    lines: Vec<OrderLineRow>,
    superseded: HashSet<(String, i64)>,
    events: Vec<String>,
}

#[derive(Default)]
pub struct Stream {
    position: u64,
    seen: HashSet<(String, String)>,
    pub shown: Shown,
}

impl Stream {
    /// Takes in what waits on a lane, a few events at a time.
    pub async fn follow(&mut self, records: &Records, clock: &ManualClock, journal: &Journal, batch_events: usize) {
        loop {
            let entries = journal.read_from(self.position, batch_events, 8 << 20).unwrap();
            let Some(last) = entries.last() else { return };
            let until = last.position + 1;
            let events = entries.iter().map(|entry| (entry.position, serde_json::from_slice(&entry.payload).unwrap()));
            self.take(records, clock, Lane::Backfill, (self.position, until), events.collect()).await;
            self.position = until;
        }
    }

    /// Takes in one event that comes from elsewhere.
    pub async fn tell(&mut self, records: &Records, clock: &ManualClock, event: Event) {
        self.take(records, clock, Lane::Live, (0, 1), vec![(0, event)]).await;
    }

    async fn take(
        &mut self,
        records: &Records,
        clock: &ManualClock,
        lane: Lane,
        (from, until): (u64, u64),
        events: Vec<(u64, Event)>,
    ) {
        let tx = records.begin(&Actor::System("story"), "story.batch").await.unwrap();
        let is_new = |(_, event): &(u64, Event)| self.seen.insert((event.source.clone(), event.message_id.clone()));
        let events: Vec<(u64, Event)> = events.into_iter().filter(is_new).collect();
        let events = identity::resolve(&tx, events, clock.now()).await.unwrap();
        let batch = Batch { lane, events, now: clock.now(), zone: Zone::TOKYO };
        let mut append = Append::new(lane, from, until);
        let projections: [&dyn Projection; 5] = [
            &ProfilesProjection,
            &ConsentsProjection,
            &OrdersProjection { reporting: Currency::JPY },
            &EventsProjection,
            &PresenceProjection,
        ];
        for projection in projections {
            projection.apply(&tx, &batch, &mut append).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.shown.take(append);
    }

    /// As if nothing had ever come.
    pub async fn forget(&mut self, records: &Records, journal: &Journal) {
        let tx = records.begin(&Actor::System("story"), "story.forget").await.unwrap();
        for table in TABLES {
            tx.execute(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
        }
        tx.commit().await.unwrap();
        *self = Self { position: journal.end(), ..Self::default() };
    }
}

impl Shown {
    fn take(&mut self, append: Append) {
        for placed in append.orders {
            let key = (placed.row.order_id.clone(), placed.row.version);
            assert!(!self.superseded.contains(&key), "a version comes back that no longer counts");
            assert!(self.orders.insert(key, placed.row).is_none(), "a version comes twice");
        }
        self.lines.extend(append.order_lines.into_iter().map(|placed| placed.row));
        self.superseded.extend(append.superseded.into_iter().map(|placed| (placed.row.order_id, placed.row.version)));
        self.events
            .extend(append.events.into_iter().map(|placed| format!("{} {}", placed.row.name, placed.row.source)));
    }

    /// All that a question to the history sees, without what is given anew each time.
    pub fn rows(&self) -> Vec<String> {
        let counts = |id: &str, version: i64| !self.superseded.contains(&(id.to_owned(), version));
        let orders = self.orders.values().filter(|row| counts(&row.order_id, row.version)).map(|row| {
            let row = OrderRow { version: 0, customer: row.customer.map(|_| 0), customer_id: None, ..row.clone() };
            format!("history.orders {row:?}")
        });
        let lines = self.lines.iter().filter(|row| counts(&row.order_id, row.version)).map(|row| {
            let row = OrderLineRow { version: 0, ordinal: 0, customer: row.customer.map(|_| 0), ..row.clone() };
            format!("history.order_lines {row:?}")
        });
        let events = self.events.iter().map(|event| format!("history.events {event}"));
        orders.chain(lines).chain(events).collect()
    }
}

/// All that the tables tell, in words that are the same whenever and in whatever order it came to be.
pub async fn told(records: &Records, shown: &Shown) -> Vec<String> {
    const OF: &str = "LEFT JOIN customers c ON c.customer";
    let questions = [
        ("customers", "SELECT c.*, v.orders, v.sales, v.refunds, v.refund_count, v.first_order_day, v.last_order_day, v.customer AS there \
          FROM customers c LEFT JOIN customer_values v ON v.customer = c.customer WHERE c.redirect_to IS NULL".to_owned()),
        ("hidden", "SELECT 1 AS wrong FROM customer_values v JOIN customers c ON c.customer = v.customer WHERE c.redirect_to IS NOT NULL".to_owned()),
        ("search_tokens", format!("SELECT t.token, c.number AS who FROM search_tokens t {OF} = t.customer")),
        ("consents", format!("SELECT t.*, c.number AS who FROM consents t {OF} = t.customer")),
        ("consent_words", format!("SELECT t.*, c.number AS who FROM consent_words t {OF} = t.customer")),
        ("source_records", format!("SELECT t.*, c.number AS who FROM source_records t {OF} = t.customer")),
        ("orders", format!("SELECT t.*, c.number AS who FROM orders t {OF} = t.customer")),
        ("order_statements", format!("SELECT t.*, c.number AS who FROM order_statements t {OF} = t.customer")),
        ("recent_events", format!("SELECT t.kind, t.title, t.occurred_at, c.number AS who FROM recent_events t {OF} = t.customer")),
        ("products", "SELECT sku, lines FROM products".to_owned()),
    ];
    let mut rows = shown.rows();
    for (table, question) in questions {
        let found: Vec<Value> = records.reader().all(&question, vec![]).await.unwrap();
        rows.extend(found.into_iter().map(|row| format!("{table} {}", plain(row))));
    }
    rows.sort_unstable();
    rows
}

fn plain(mut row: Value) -> Value {
    let object = row.as_object_mut().unwrap();
    for column in ["customer", "customer_id", "created_at", "origin", "version", "content"] {
        object.remove(column);
    }
    if let Some(there) = object.get_mut("there") {
        assert!(!there.is_null(), "somebody has no figures");
        *there = Value::Null;
    }
    if let Some(lines) = object.get_mut("lines").filter(|lines| lines.is_string()) {
        let mut parsed: Vec<Value> = serde_json::from_str(lines.as_str().unwrap()).unwrap();
        parsed.sort_by_key(Value::to_string);
        *lines = Value::Array(parsed);
    }
    row
}
