//! The shop that these stories happen in: events reach records and history, and both evaluators are asked.

use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::{
    Router,
    http::{Method, StatusCode},
};
use customers::{
    consents::ConsentsProjection,
    identity,
    orders::OrdersProjection,
    profile::ProfilesProjection,
    recent_events::EventsProjection,
    stream::{Batch, Known, Projection},
};
use history::{Append, Lane};
use history_engine::{History, Options};
use jobs::Jobs;
use records::{Actor, Migration, Records, Sql, values};
use segments::{
    Segments,
    everyone::Everyone,
    one::{AsOf, answers},
    tree::SegmentTree,
};
use serde_json::{Map, Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};
use vocabulary::{
    Currency, Day, Event, EventId, Timestamp, Zone,
    event::{EventKind, names},
    id::Ordinal,
};

pub const SITE: &str = "honten";
const ACTOR: Actor = Actor::System("story");

pub struct World {
    pub records: Records,
    pub zone: Zone,
    history: History,
    access: Access,
    router: Router,
    session: String,
    position: AtomicU64,
    #[expect(dead_code, reason = "holds the history")]
    folder: TempDir,
}

/// The same shop where clocks are put forward and back.
pub struct NewYork(pub World);

struct Nothing;

#[async_trait::async_trait]
impl MeExtras for Nothing {
    async fn extras(&self) -> ApiResult<Extras> {
        let now = testing::START;
        Ok(Extras { today: Zone::TOKYO.day(now), now, demo: None, mail: MailMode::Capture })
    }
}

impl Stage for World {
    fn migrations() -> Vec<&'static [Migration]> {
        vec![jobs::MIGRATIONS, access::MIGRATIONS, customers::MIGRATIONS, segments::MIGRATIONS]
    }

    async fn set(database: TestDatabase) -> Self {
        World::open(database, Zone::TOKYO).await
    }
}

impl Stage for NewYork {
    fn migrations() -> Vec<&'static [Migration]> {
        World::migrations()
    }

    async fn set(database: TestDatabase) -> Self {
        Self(World::open(database, "America/New_York".parse().unwrap()).await)
    }
}

impl World {
    async fn open(database: TestDatabase, zone: Zone) -> Self {
        let (records, clock) = (database.records.clone(), database.clock.clone());
        let jobs = Jobs::new(records.clone(), clock.clone());
        let access = Access::open(records.clone(), jobs, clock.clone(), Arc::new(Nothing)).await.unwrap();
        let installation = NewInstallation::new("みなと雑貨店", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        let owner = NewOperator::new("店長", "owner@example.com", Role::Owner, None).unwrap();
        access.install(installation, owner).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let options = Options { cores: 2, memory_bytes_max: 256 << 20, ..Options::default() };
        let history = History::open(folder.path(), options).await.unwrap();
        let segments = Segments {
            records: records.clone(),
            history: Arc::new(history.clone()),
            access: access.clone(),
            clock,
            zone,
            currency: Currency::JPY,
            sources: Arc::default(),
        };
        let (router, _) = segments::routes(segments).split_for_parts();
        let (session, position) = (String::new(), AtomicU64::new(0));
        let mut world = Self { records, zone, history, access, router, session, position, folder };
        world.session = world.sign_in().await;
        world
    }

    async fn sign_in(&self) -> String {
        let operator = self.access.operators().await.unwrap().remove(0);
        let link = self.access.sign_in_link(&ACTOR, operator.operator_id).await.unwrap();
        let (_, session) = self.access.sign_in_by_link(link.reveal(), None).await.unwrap();
        format!("najimi={}", session.reveal())
    }

    /// The day on which these stories begin.
    pub fn first_day(&self) -> Day {
        self.zone.day(testing::START)
    }

    /// So many days before the first day, so many minutes after midnight.
    pub fn ago(&self, days: i32, minute: i64) -> Timestamp {
        self.zone.start_of(self.first_day().plus(-days)).plus_seconds(minute * 60)
    }

    /// Events reach the records and the history, as the pipeline brings them there.
    pub async fn happens(&self, events: Vec<Event>) {
        let from = self.position.fetch_add(events.len() as u64, Ordering::SeqCst);
        let until = from + events.len() as u64;
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let events = identity::resolve(&tx, (from..until).zip(events).collect(), testing::START).await.unwrap();
        let batch = Batch { lane: Lane::Live, events, now: testing::START, zone: self.zone };
        let mut append = Append::new(Lane::Live, from, until);
        let orders = OrdersProjection { reporting: Currency::JPY };
        let projections: [&dyn Projection; 4] = [&ProfilesProjection, &ConsentsProjection, &orders, &EventsProjection];
        for projection in projections {
            projection.apply(&tx, &batch, &mut append).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.history.append(append).await.unwrap();
    }

    /// Nobody writes to this address any more.
    pub async fn stop(&self, address: &str) {
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let text = "INSERT INTO suppressions (address, reason, suppressed_at) VALUES ($1, 'complained', 0) ON CONFLICT DO NOTHING";
        tx.execute(text, values![address]).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn customer(&self, number: &str) -> Known {
        let reader = self.records.reader();
        let ordinal = identity::sql::find_user(&reader, SITE, number).await.unwrap().unwrap();
        Known { id: identity::sql::ids_of(&reader, &[ordinal]).await.unwrap()[&ordinal], ordinal }
    }

    /// Whether each of these people is in each of the trees, by both evaluators, which must agree. Everybody else whom
    /// `everyone` finds must be a customer.
    pub async fn members(&self, numbers: &[String], trees: &[SegmentTree], today: Day) -> Vec<Vec<String>> {
        let everyone = Everyone { reader: self.records.reader(), history: Arc::new(self.history.clone()), today };
        let all = everyone.all().await.unwrap();
        let mut people: BTreeMap<&String, Known> = BTreeMap::new();
        for number in numbers {
            people.insert(number, self.customer(number).await);
        }
        let as_of = AsOf { today, zone: self.zone, reporting: Currency::JPY };
        let asked: Vec<&SegmentTree> = trees.iter().collect();
        let mut by_one: BTreeMap<Ordinal, Vec<bool>> = BTreeMap::new();
        for known in people.values() {
            let found = answers(&self.records.reader(), known.id, &asked, as_of).await.unwrap().unwrap();
            by_one.insert(known.ordinal, found.into_iter().map(|answer| answer.is_member).collect());
        }
        let mut members = Vec::new();
        for (place, tree) in trees.iter().enumerate() {
            let found = everyone.people(tree).await.unwrap();
            assert!(found.is_subset(&all), "{} finds people who are no customers", segments::text::write(tree));
            for (number, known) in &people {
                let (over_everyone, alone) = (found.contains(known.ordinal), by_one[&known.ordinal][place]);
                assert_eq!(
                    over_everyone,
                    alone,
                    "{number} in {} on {today}: everyone, one",
                    segments::text::write(tree)
                );
            }
            let is_in = |(_, known): &(&&String, &Known)| found.contains(known.ordinal);
            members.push(people.iter().filter(is_in).map(|(number, _)| (*number).clone()).collect());
        }
        members
    }

    /// The same for one tree in its text form, as of the first day.
    pub async fn who(&self, numbers: &[&str], text: &str) -> Vec<String> {
        self.who_on(self.first_day(), numbers, text).await
    }

    pub async fn who_on(&self, today: Day, numbers: &[&str], text: &str) -> Vec<String> {
        let numbers: Vec<String> = numbers.iter().map(|number| (*number).to_owned()).collect();
        let tree = segments::text::read(text).unwrap();
        tree.check().unwrap();
        self.members(&numbers, &[tree], today).await.remove(0)
    }

    /// An operator asks.
    pub async fn ask(&self, method: Method, path: &str, body: String) -> (StatusCode, Value) {
        let request = testing::from_our_page(&self.session, method, path, body);
        let answer = testing::ask(&self.router, request).await;
        (answer.status, answer.json())
    }
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// Something that somebody did.
pub fn track(number: &str, name: &str, at: Timestamp) -> Event {
    Event {
        id: EventId::new(testing::START),
        source: SITE.to_owned(),
        message_id: EventId::new(testing::START).to_string(),
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

pub fn page(number: &str, at: Timestamp) -> Event {
    Event { kind: EventKind::Page, ..track(number, names::PAGE, at) }
}

pub fn identify(number: &str, traits: Value) -> Event {
    Event { kind: EventKind::Identify, traits: object(traits), ..track(number, "Identify", testing::START) }
}

pub fn alias(number: &str, previous: &str) -> Event {
    let properties = object(json!({ "previous_id": previous }));
    Event { kind: EventKind::Alias, properties, ..track(number, "Alias", testing::START) }
}

/// An order of one thing, in yen.
pub fn order(number: &str, order_id: &str, at: Timestamp, sku: &str, yen: i64) -> Event {
    let products = json!([{ "sku": sku, "name": sku, "price": yen, "quantity": 1 }]);
    let properties = object(json!({ "order_id": order_id, "products": products }));
    Event { properties, ..track(number, names::ORDER_COMPLETED, at) }
}

pub fn refund(number: &str, refund_id: &str, at: Timestamp, yen: i64) -> Event {
    let properties = object(json!({ "order_id": "?", "refund_id": refund_id, "total": yen }));
    Event { properties, ..track(number, names::ORDER_REFUNDED, at) }
}

pub fn consent(number: &str, state: &str) -> Event {
    let properties = object(json!({ "channel": "email", "state": state, "basis": "form" }));
    Event { properties, ..track(number, names::CONSENT_CHANGED, testing::START) }
}
