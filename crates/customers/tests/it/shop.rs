//! The shop that these stories happen in: events come, tables follow, an operator looks.

use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode},
};
use customers::{
    api::{self, Customers},
    card::{NextMailSource, notes::NextMail},
    consents::ConsentsProjection,
    identity,
    orders::OrdersProjection,
    profile::ProfilesProjection,
    recent_events::EventsProjection,
    stream::{Batch, Known, Projection},
};
use history::{Append, Lane};
use jobs::Jobs;
use proptest::{
    strategy::Strategy,
    test_runner::{Config, TestRunner},
};
use records::{Actor, FromQueryResult, Migration, Records, RecordsResult, Sql, Tx, values};
use serde_json::{Map, Value, json};
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU64, Ordering},
};
use testing::{Stage, TestDatabase};
use tokio::runtime::Handle;
use vocabulary::{
    Clock, Currency, CustomerId, Event, EventId, Timestamp, Zone,
    clock::ManualClock,
    event::{EventKind, names},
    id::Ordinal,
};

/// The site that gives the numbers.
pub const SITE: &str = "honten";
const ACTOR: Actor = Actor::System("story");

pub struct Shop {
    pub records: Records,
    /// The shop's clock; sessions keep the one on the wall.
    pub clock: Arc<ManualClock>,
    /// What the gate says of the next mail.
    pub mails: Arc<Mails>,
    /// What the history was handed.
    pub history: Mutex<Vec<Append>>,
    access: Access,
    router: Router,
    session: String,
    position: AtomicU64,
}

/// A gate that says what the story wants it to say.
pub struct Mails(pub Mutex<NextMail>);

#[async_trait::async_trait]
impl NextMailSource for Mails {
    async fn next_mail(&self, _: Ordinal) -> RecordsResult<NextMail> {
        Ok(self.0.lock().unwrap().clone())
    }
}

struct Nothing;

#[async_trait::async_trait]
impl MeExtras for Nothing {
    async fn extras(&self) -> ApiResult<Extras> {
        let now = testing::START;
        Ok(Extras { today: Zone::TOKYO.day(now), now, demo: None, mail: MailMode::Capture })
    }
}

impl Stage for Shop {
    fn migrations() -> Vec<&'static [Migration]> {
        vec![jobs::MIGRATIONS, access::MIGRATIONS, customers::MIGRATIONS]
    }

    async fn set(database: TestDatabase) -> Self {
        let (records, wall, clock) = (database.records.clone(), database.clock.clone(), testing::clock());
        let jobs = Jobs::new(records.clone(), wall.clone());
        let access = Access::open(records.clone(), jobs, wall, Arc::new(Nothing)).await.unwrap();
        let installation = NewInstallation::new("みなと雑貨店", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        let owner = NewOperator::new("店長", "owner@example.com", Role::Owner, None).unwrap();
        access.install(installation, owner).await.unwrap();
        let mails = Arc::new(Mails(Mutex::new(NextMail::Today { last_sent: None, cap_days: 7 })));
        let customers = Customers {
            records: records.clone(),
            access: access.clone(),
            clock: clock.clone(),
            shop: api::Shop { zone: Zone::TOKYO, currency: Currency::JPY },
            mails: mails.clone(),
            average: Arc::default(),
        };
        let (router, _) = api::routes(customers).split_for_parts();
        let mut shop = Self {
            records,
            clock,
            mails,
            history: Mutex::default(),
            access,
            router,
            session: String::new(),
            position: AtomicU64::new(0),
        };
        shop.session = shop.sign_in().await;
        shop
    }
}

/// What a person is worth, as the tables say.
#[derive(Debug, PartialEq, FromQueryResult)]
pub struct Worth {
    pub orders: i64,
    pub sales: i64,
    pub refunds: i64,
    pub first_order_day: Option<i64>,
    pub last_order_day: i64,
}

impl Shop {
    async fn sign_in(&self) -> String {
        let operator = self.access.operators().await.unwrap().remove(0);
        let link = self.access.sign_in_link(&ACTOR, operator.operator_id).await.unwrap();
        let (_, session) = self.access.sign_in_by_link(link.reveal(), None).await.unwrap();
        format!("najimi={}", session.reveal())
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub async fn change<T>(&self, work: impl AsyncFnOnce(&Tx) -> T) -> T {
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let result = work(&tx).await;
        tx.commit().await.unwrap();
        result
    }

    /// Events arrive together and are taken in as the pipeline does it.
    pub async fn happens(&self, events: Vec<Event>) {
        let from = self.position.fetch_add(events.len() as u64, Ordering::SeqCst);
        let until = from + events.len() as u64;
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let events = identity::resolve(&tx, (from..until).zip(events).collect(), self.now()).await.unwrap();
        let batch = Batch { lane: Lane::Live, events, now: self.now(), zone: Zone::TOKYO };
        let mut append = Append::new(Lane::Live, from, until);
        let orders = OrdersProjection { reporting: Currency::JPY };
        let projections: [&dyn Projection; 4] = [&ProfilesProjection, &ConsentsProjection, &orders, &EventsProjection];
        for projection in projections {
            projection.apply(&tx, &batch, &mut append).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.history.lock().unwrap().push(append);
    }

    /// The customer with a number of ours.
    pub async fn customer(&self, number: &str) -> Known {
        self.customer_of_site(SITE, number).await
    }

    pub async fn customer_of_site(&self, site: &str, number: &str) -> Known {
        let reader = self.records.reader();
        let ordinal = identity::sql::find_user(&reader, site, number).await.unwrap().unwrap();
        Known { id: identity::sql::ids_of(&reader, &[ordinal]).await.unwrap()[&ordinal], ordinal }
    }

    pub async fn worth(&self, number: &str) -> Worth {
        let customer = self.customer(number).await.ordinal;
        let text =
            "SELECT orders, sales, refunds, first_order_day, last_order_day FROM customer_values WHERE customer = $1";
        self.records.reader().one(text, values![i64::from(customer)]).await.unwrap().unwrap()
    }

    pub async fn card(&self, id: CustomerId) -> Value {
        self.get(&format!("/api/customers/{id}")).await
    }

    pub async fn card_of(&self, number: &str) -> Value {
        self.card(self.customer(number).await.id).await
    }

    /// The answer to an operator who may see this.
    pub async fn get(&self, path: &str) -> Value {
        let (status, body) = self.ask(path).await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    pub async fn ask(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.answer(path).await;
        (answer.status, answer.json())
    }

    async fn answer(&self, path: &str) -> testing::Answer {
        testing::ask(&self.router, testing::from_our_page(&self.session, Method::GET, path, Body::empty())).await
    }

    /// What a download holds.
    pub async fn file(&self, path: &str) -> String {
        let answer = self.answer(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.text()
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.records.reader().scalar(&format!("SELECT COUNT(*) AS value FROM {sql}"), vec![]).await.unwrap().unwrap()
    }

    /// All rows of a list, page by page; asserts that each page but the last is full.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut found: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}limit={limit}{cursor}")).await;
            let items = page["items"].as_array().unwrap();
            found.extend(items.iter().cloned());
            let Some(next) = page["next_cursor"].as_str() else { return found };
            assert_eq!(items.len(), limit);
            cursor = format!("&cursor={next}");
        }
    }
}

/// What was typed, as it stands in an address.
pub fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A day of the shop, at ten in the morning.
pub fn on(day: &str) -> Timestamp {
    Zone::TOKYO.start_of(day.parse().unwrap()).plus_seconds(36_000)
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Something that somebody with this number did.
pub fn track(number: &str, name: &str, at: Timestamp) -> Event {
    Event {
        id: EventId::new(at),
        source: SITE.to_owned(),
        message_id: EventId::new(at).to_string(),
        kind: EventKind::Track,
        name: name.to_owned(),
        occurred_at: at,
        received_at: testing::START,
        user_id: Some(number.to_owned()),
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    }
}

/// What is said of a person.
pub fn identify(number: &str, traits: Value) -> Event {
    Event { kind: EventKind::Identify, traits: object(traits), ..track(number, "Identify", testing::START) }
}

/// `number` is the same person as `previous`.
pub fn alias(number: &str, previous: &str, at: Timestamp) -> Event {
    let properties = object(json!({ "previous_id": previous }));
    Event { kind: EventKind::Alias, properties, ..track(number, "Alias", at) }
}

/// A visitor sees a page.
pub fn visit(anonymous_id: &str, at: Timestamp) -> Event {
    Event {
        kind: EventKind::Page,
        user_id: None,
        anonymous_id: Some(anonymous_id.to_owned()),
        ..track("", names::PAGE, at)
    }
}

/// An order of one thing, in yen.
pub fn order(number: &str, order_id: &str, at: Timestamp, yen: i64) -> Event {
    let products = json!([{ "sku": "A1", "name": "白い皿", "price": yen, "quantity": 1 }]);
    order_of(number, at, json!({ "order_id": order_id, "products": products }))
}

/// An order as the shop's program tells it.
pub fn order_of(number: &str, at: Timestamp, properties: Value) -> Event {
    Event { properties: object(properties), ..track(number, names::ORDER_COMPLETED, at) }
}

/// Money given back, in yen.
pub fn refund(number: &str, refund_id: &str, at: Timestamp, yen: i64) -> Event {
    let properties = json!({ "order_id": "?", "refund_id": refund_id, "total": yen });
    Event { properties: object(properties), ..track(number, names::ORDER_REFUNDED, at) }
}

/// A yes or no to a channel.
pub fn consent(number: &str, channel: &str, state: &str, at: Timestamp) -> Event {
    let properties = object(json!({ "channel": channel, "state": state, "basis": format!("{state} of {number}") }));
    Event { properties, ..track(number, names::CONSENT_CHANGED, at) }
}

/// Tells a story for many random cases; a case that fails is made small.
pub fn for_random<S: Strategy>(cases: u32, strategy: S, story: impl AsyncFn(S::Value)) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let tell = |case| {
        Handle::current().block_on(story(case));
        Ok(())
    };
    tokio::task::block_in_place(|| runner.run(&strategy, tell)).unwrap();
}
