//! The shop that these stories happen in: people who buy, an outbox, a history, and clocks that people move.

use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::http::{HeaderName, Method, StatusCode};
use channels::{
    Channels, NewChannels, SecretKey, Sender, SenderLimits,
    mail::LinkKey,
    settings::{self, MailSettings},
};
use customers::{
    consents::ConsentsProjection,
    identity,
    orders::OrdersProjection,
    profile::ProfilesProjection,
    recent_events::EventsProjection,
    stream::{Batch, Projection},
};
use engage::{CampaignPeople, Engage, NewEngage};
use history::{Append, Lane};
use history_engine::{History, Options};
use jobs::{Jobs, Runner};
use journal::{Journal, Limits};
use records::{Actor, Migration, Records, Sql, Tx, delete_outbox, read_outbox, values};
use roaring::RoaringBitmap;
use segments::people::PeopleSource;
use serde_json::{Map, Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};
use vocabulary::{
    Clock, Currency, Event, Timestamp, Zone,
    clock::ManualClock,
    event::{EventKind, names},
    id::{CampaignId, name_based},
};

const ACTOR: Actor = Actor::System("story");
const SITE: &str = "honten";

pub struct Shop {
    pub engage: Engage,
    pub channels: Channels,
    pub records: Records,
    pub jobs: Jobs,
    /// The shop's clock.
    pub clock: Arc<ManualClock>,
    pub history: History,
    access: Access,
    pub marketer: String,
    position: Arc<AtomicU64>,
    #[expect(dead_code, reason = "holds the journal and the history")]
    folder: Arc<TempDir>,
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
        vec![
            jobs::MIGRATIONS,
            access::MIGRATIONS,
            customers::MIGRATIONS,
            segments::MIGRATIONS,
            channels::MIGRATIONS,
            engage::MIGRATIONS,
        ]
    }

    async fn set(database: TestDatabase) -> Self {
        let (records, wall, clock) = (database.records.clone(), database.clock.clone(), testing::clock());
        let jobs = Jobs::new(records.clone(), wall.clone());
        let access = Access::open(records.clone(), jobs.clone(), wall.clone(), Arc::new(Nothing)).await.unwrap();
        let installation = NewInstallation::new("みなと雑貨店", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        let owner = NewOperator::new("店長", "owner@example.com", Role::Owner, None).unwrap();
        access.install(installation, owner).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let live = Journal::open(&folder.path().join("journal"), Limits::default()).unwrap().0;
        let options = Options { cores: 2, memory_bytes_max: 256 << 20, ..Options::default() };
        let history = History::open(folder.path().join("history"), options).await.unwrap();
        let channels = Channels::new(NewChannels {
            records: records.clone(),
            live,
            access: access.clone(),
            clock: clock.clone(),
            wall_clock: wall,
            link_key: LinkKey::new(&[3; 32]),
            secret_key: SecretKey::new(&[4; 32]).unwrap(),
        });
        let engage = Engage::new(NewEngage {
            records: records.clone(),
            jobs: jobs.clone(),
            history: Arc::new(history.clone()),
            access: access.clone(),
            channels: channels.clone(),
            clock: clock.clone(),
            days_arrive_whole: false,
            stale_max: Duration::ZERO,
        });
        let mut shop = Self {
            engage,
            channels,
            records,
            jobs,
            clock,
            history,
            access,
            marketer: String::new(),
            position: Arc::default(),
            folder: Arc::new(folder),
        };
        shop.marketer = shop.sign_in(Role::Marketer).await;
        shop.write_letterhead().await;
        shop
    }
}

impl Shop {
    pub async fn change<T>(&self, work: impl AsyncFnOnce(&Tx) -> T) -> T {
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let result = work(&tx).await;
        tx.commit().await.unwrap();
        result
    }

    async fn write_letterhead(&self) {
        let settings = MailSettings {
            from_name: "みなと雑貨店".to_owned(),
            from_address: "letter@example.com".to_owned(),
            footer_address: "神戸市中央区1-1".to_owned(),
            ..MailSettings::default()
        };
        self.change(async |tx| settings::save(tx, &settings).await.unwrap()).await;
    }

    pub async fn sign_in(&self, role: Role) -> String {
        let email = format!("{role}@example.com");
        let operator = match self.access.operator_by_email(&email).await.unwrap() {
            Some(known) => known,
            None => {
                let new = NewOperator::new("係", &email, role, None).unwrap();
                self.access.create_operator(&ACTOR, new).await.unwrap()
            }
        };
        let link = self.access.sign_in_link(&ACTOR, operator.operator_id).await.unwrap();
        let (_, session) = self.access.sign_in_by_link(link.reveal(), None).await.unwrap();
        format!("najimi={}", session.reveal())
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The shop's clock goes on.
    pub fn pass_days(&self, days: i64) {
        self.clock.set(self.now().plus_days(days));
    }

    /// Events reach the records and the history, as the pipeline brings them there.
    pub async fn happens(&self, events: Vec<Event>) {
        let from = self.position.fetch_add(events.len() as u64, Ordering::SeqCst);
        let until = from + events.len() as u64;
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let numbered = (from..until).zip(events).collect();
        let events = identity::resolve(&tx, numbered, self.now()).await.unwrap();
        let batch = Batch { lane: Lane::Live, events, now: self.now(), zone: Zone::TOKYO };
        let mut append = Append::new(Lane::Live, from, until);
        let orders = OrdersProjection { reporting: Currency::JPY };
        let projections: [&dyn Projection; 4] = [&ProfilesProjection, &ConsentsProjection, &orders, &EventsProjection];
        for projection in projections {
            projection.apply(&tx, &batch, &mut append).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.history.append(append).await.unwrap();
    }

    /// What was told by changes comes round.
    pub async fn relay(&self) {
        let waiting = read_outbox(&self.records.reader(), 10_000).await.unwrap();
        let ids: Vec<_> = waiting.iter().map(|row| row.event_id).collect();
        self.happens(waiting.into_iter().map(|row| row.event).collect()).await;
        self.change(async |tx| delete_outbox(tx, &ids).await.unwrap()).await;
    }

    /// Members `1` to `count`, who all said yes to mail.
    pub async fn members(&self, count: u32) {
        self.happens((1..=count).map(|number| member(number, Some("granted"), self.now())).collect()).await;
    }

    /// Orders of these members, so many days ago, of so many yen.
    pub async fn bought(&self, numbers: impl IntoIterator<Item = u32>, days_ago: i64, yen: i64) {
        let at = self.now().plus_days(-days_ago);
        self.happens(numbers.into_iter().map(|number| order(number, at, yen)).collect()).await;
    }

    /// These members stop the mails of a campaign.
    pub async fn unsubscribe(&self, campaign: &str, people: &RoaringBitmap) {
        let ids =
            self.change(async |tx| identity::sql::ids_of(tx, &people.iter().collect::<Vec<_>>()).await.unwrap()).await;
        let told = ids.into_values().map(|customer_id| {
            let properties = [("campaign_id".to_owned(), json!(campaign)), ("channel".to_owned(), json!("email"))];
            let text = customer_id.to_string();
            Event {
                customer_id: Some(customer_id),
                properties: Map::from_iter(properties),
                ..event(names::UNSUBSCRIBED, &["unsubscribe", campaign, &text], self.now())
            }
        });
        self.happens(told.collect()).await;
    }

    /// Runs the background work and the sender until nothing is due, and looks after the campaigns.
    pub async fn work(&self) {
        for _ in 0..3 {
            self.run_jobs().await;
            Sender::new(self.channels.clone(), SenderLimits::default()).drain().await.unwrap();
            self.engage.watch_once().await.unwrap();
        }
        self.relay().await;
    }

    pub async fn run_jobs(&self) -> usize {
        Runner::new(self.jobs.clone(), engage::works(self.engage.clone())).drain().await.unwrap()
    }

    /// A call of our own screens by a marketer.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_with(&self.marketer, &[], method, path, body).await
    }

    pub async fn call_with(
        &self,
        cookie: &str,
        headers: &[(&str, &str)],
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = testing::from_our_page(cookie, method, path, testing::json_body(body));
        for (name, value) in headers {
            request.headers_mut().insert(HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        let routes = engage::routes(self.engage.clone()).merge(channels::routes(self.channels.clone()));
        let answer = testing::ask(&routes.into(), request).await;
        Answer { status: answer.status, json: answer.json() }
    }

    pub async fn get(&self, path: &str) -> Value {
        let answer = self.call(Method::GET, path, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.json);
        answer.json
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let answer = self.call(Method::POST, path, Some(body)).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.json);
        answer.json
    }

    /// A campaign for everybody who ever bought, with a mail that is ready to be sent.
    pub async fn campaign(&self, holdout: f64) -> Value {
        let made = self
            .post("/api/campaigns", json!({ "name": "秋のご案内", "tree": buyers(), "template": "long_time" }))
            .await;
        let path = format!("/api/campaigns/{}", text(&made, "campaign_id"));
        let change = json!({ "name": "秋のご案内", "tree": buyers(), "mail": made["mail"], "holdout": holdout, "version": made["version"] });
        let answer = self.call(Method::PUT, &path, Some(change)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json);
        answer.json
    }

    /// Sends a campaign now.
    pub async fn send(&self, campaign: &Value) -> Value {
        let path = format!("/api/campaigns/{}/send", text(campaign, "campaign_id"));
        self.post(&path, json!({ "at": null, "version": campaign["version"] })).await
    }

    /// A campaign that everybody of 40 buyers was drawn for and that was sent.
    pub async fn sent_campaign(&self, holdout: f64) -> String {
        let campaign = self.campaign(holdout).await;
        self.send(&campaign).await;
        self.work().await;
        text(&campaign, "campaign_id")
    }

    /// The people behind a reference.
    pub async fn people(&self, reference: &Value) -> RoaringBitmap {
        let source = CampaignPeople(self.engage.clone());
        let (prefix, rest) = reference.as_str().unwrap().split_once(':').unwrap();
        assert_eq!(prefix, source.prefix());
        source.people(rest).await.unwrap()
    }

    /// The shop's own numbers of these people.
    pub async fn numbers(&self, people: &RoaringBitmap) -> Vec<u32> {
        let mut numbers = Vec::new();
        for person in people {
            let sql = "SELECT number AS value FROM customers WHERE customer = $1";
            let number: Option<String> = self.records.reader().scalar(sql, values![i64::from(person)]).await.unwrap();
            numbers.push(number.unwrap().parse().unwrap());
        }
        numbers
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.records.reader().scalar(&format!("SELECT COUNT(*) AS value FROM {sql}"), vec![]).await.unwrap().unwrap()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub json: Value,
}

impl Answer {
    /// `409 campaign_changed`.
    pub fn problem(&self) -> String {
        format!("{} {}", self.status.as_u16(), self.json["code"].as_str().unwrap_or("–"))
    }
}

pub fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {value}")).to_owned()
}

/// Everybody who ever bought.
pub fn buyers() -> Value {
    json!({ "kind": "count", "event": "order", "window": "ever", "is": "gte", "value": 1 })
}

pub fn campaign_id(text: &str) -> CampaignId {
    text.parse().unwrap()
}

fn event(name: &str, id: &[&str], at: Timestamp) -> Event {
    let id = name_based(&[&["story"], id].concat());
    Event {
        id: id.into(),
        source: SITE.to_owned(),
        message_id: id.to_string(),
        kind: EventKind::Track,
        name: name.to_owned(),
        occurred_at: at,
        received_at: at,
        user_id: None,
        anonymous_id: None,
        customer_id: None,
        properties: Map::new(),
        traits: Map::new(),
        context: Map::new(),
        is_simulated: false,
    }
}

/// A member with a name and an address, and what they said to mail.
pub fn member(number: u32, consent: Option<&str>, at: Timestamp) -> Event {
    let mut traits = json!({ "family_name": "佐藤", "given_name": "花子", "email": format!("p{number}@example.com") });
    if let Some(state) = consent {
        traits["consents"] = json!([{ "channel": "email", "state": state, "basis": "会員登録" }]);
    }
    let number = number.to_string();
    Event {
        kind: EventKind::Identify,
        user_id: Some(number.clone()),
        traits: traits.as_object().unwrap().clone(),
        ..event("", &["member", &number], at)
    }
}

/// An order of one thing.
pub fn order(number: u32, at: Timestamp, yen: i64) -> Event {
    let order_id = format!("{number}-{}", at.micros());
    let properties = json!({
        "order_id": order_id,
        "products": [{ "sku": "A1", "name": "白い皿", "price": yen, "quantity": 1 }],
    });
    Event {
        user_id: Some(number.to_string()),
        properties: properties.as_object().unwrap().clone(),
        ..event(names::ORDER_COMPLETED, &["order", &order_id], at)
    }
}

/// Money given back.
pub fn refund(number: u32, at: Timestamp, yen: i64) -> Event {
    let order_id = format!("{number}-{}", at.micros());
    let properties = json!({ "order_id": order_id, "refund_id": format!("R{order_id}"), "total": yen });
    Event {
        user_id: Some(number.to_string()),
        properties: properties.as_object().unwrap().clone(),
        ..event(names::ORDER_REFUNDED, &["refund", &order_id], at)
    }
}
