//! The shop that these stories happen in: a door, a journal, a folder for files.

use super::stream::{Stream, told};
use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::{
    Router,
    body::Body,
    http::{Method, StatusCode, header},
};
use collect::{
    imports::{self, Imports},
    ingest::{Done, Intake, Limits},
};
use history::Lane;
use jobs::{Jobs, Runner};
use journal::Journal;
use records::{Actor, Migration};
use records::{Records, Sql};
use serde_json::Value;
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};
use tokio::sync::Mutex;
use vocabulary::{Currency, Event, Zone, clock::ManualClock};

const ACTOR: Actor = Actor::System("story");

pub struct Shop {
    pub intake: Intake,
    pub folder: PathBuf,
    pub records: Records,
    pub clock: Arc<ManualClock>,
    pub stream: Mutex<Stream>,
    access: Access,
    imports: Imports,
    routes: Router,
    path: PathBuf,
    home: Option<Home>,
}

/// What lasts as long as the shop.
struct Home {
    #[expect(dead_code, reason = "holds the files")]
    folder: TempDir,
    database: TestDatabase,
}

pub struct Answer(pub StatusCode, pub String);

impl Answer {
    pub fn json(&self) -> Value {
        assert!(self.0.is_success(), "{} {}", self.0, self.1);
        serde_json::from_str(&self.1).unwrap()
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
        vec![jobs::MIGRATIONS, access::MIGRATIONS, customers::MIGRATIONS, collect::MIGRATIONS]
    }

    async fn set(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (records, clock) = (database.records.clone(), database.clock.clone());
        let shop = Self::of(records, clock, folder.path().to_owned(), Some(Home { folder, database })).await;
        let installation =
            NewInstallation::new("くらしの店 なじみ", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        shop.access
            .install(installation, NewOperator::new("店長", "owner@example.com", Role::Owner, None).unwrap())
            .await
            .unwrap();
        shop
    }
}

impl Shop {
    async fn of(records: Records, clock: Arc<ManualClock>, path: PathBuf, home: Option<Home>) -> Self {
        let jobs = Jobs::new(records.clone(), clock.clone());
        let access = Access::open(records.clone(), jobs.clone(), clock.clone(), Arc::new(Nothing)).await.unwrap();
        let journal = |name: &str| Journal::open(&path.join(name), journal::Limits::default()).unwrap().0;
        let intake = Intake {
            live: journal("live"),
            backfill: journal("backfill"),
            done: Arc::new(Done::default()),
            records: records.clone(),
            clock: clock.clone(),
            reporting: Currency::JPY,
            limits: Limits::default(),
        };
        let folder = path.join("imports");
        let imports = Imports {
            records: records.clone(),
            jobs,
            intake: intake.clone(),
            access: access.clone(),
            clock: clock.clone(),
            zone: Zone::TOKYO,
            currency: Currency::JPY,
            folder: folder.clone(),
        };
        let routes = Router::from(imports::routes(imports.clone()));
        Self { intake, folder, records, clock, stream: Mutex::default(), access, imports, routes, path, home }
    }

    /// The same shop in another process.
    pub async fn at(url: &str, path: PathBuf) -> Self {
        let clock = testing::clock();
        let records = Records::open(url, clock.clone()).await.unwrap();
        Self::of(records, clock, path, None).await
    }

    /// Frees what a dead process has left held.
    pub async fn take_over(&self) {
        self.imports.jobs.take_over().await.unwrap();
    }

    /// What is tidied up so many days later.
    pub async fn forget_unstarted(&self, days: i64) {
        let now = vocabulary::Clock::now(&*self.clock);
        self.imports.forget_unstarted(now.plus_days(days)).await.unwrap();
    }

    /// Where another process finds it; this one lets go of the journals.
    pub fn close(&mut self) -> (String, PathBuf) {
        let elsewhere = tempfile::tempdir().unwrap();
        let journal = Journal::open(elsewhere.path(), journal::Limits::default()).unwrap().0;
        (self.intake.live, self.intake.backfill) = (journal.clone(), journal);
        self.imports.intake = self.intake.clone();
        self.routes = Router::new();
        (self.home.as_ref().unwrap().database.url().to_owned(), self.path.clone())
    }

    /// Takes the journals up again.
    pub async fn open(&mut self) {
        let stream = std::mem::take(&mut self.stream);
        let (records, clock) = (self.records.clone(), self.clock.clone());
        *self = Self { stream, ..Self::of(records, clock, self.path.clone(), self.home.take()).await };
    }

    /// All that the tables and the history tell.
    pub async fn told(&self) -> Vec<String> {
        told(&self.records, &self.stream.lock().await.shown).await
    }

    pub async fn sign_in(&self) -> String {
        let operator = self.access.operators().await.unwrap().remove(0);
        let link = self.access.sign_in_link(&ACTOR, operator.operator_id).await.unwrap();
        let (_, session) = self.access.sign_in_by_link(link.reveal(), None).await.unwrap();
        format!("najimi={}", session.reveal())
    }

    /// Runs what is queued, with a pipeline that keeps up.
    pub async fn work(&self) {
        self.intake.done.set(Lane::Backfill, u64::MAX);
        Runner::new(self.imports.jobs.clone(), imports::works(self.imports.clone())).drain().await.unwrap();
    }

    /// Brings the tables up to date, a few events at a time.
    pub async fn follow(&self, batch_events: usize) {
        let mut stream = self.stream.lock().await;
        stream.follow(&self.records, &self.clock, &self.intake.backfill, batch_events).await;
    }

    /// Takes in an event that comes from elsewhere.
    pub async fn tell(&self, event: Event) {
        self.stream.lock().await.tell(&self.records, &self.clock, event).await;
    }

    /// Begins again with empty tables.
    pub async fn forget(&self) {
        self.stream.lock().await.forget(&self.records, &self.intake.backfill).await;
    }

    /// The first value that a question finds.
    pub async fn value<T: sea_orm::TryGetable + Send>(&self, sql: &str) -> T {
        self.records.reader().scalar(sql, vec![]).await.unwrap().unwrap()
    }

    pub async fn upload(&self, cookie: &str, kind: &str, file: &str) -> Answer {
        let part =
            |head: &str, text: &str| format!("--line\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
        let body = part("name=\"kind\"", kind) + &part("name=\"file\"; filename=\"orders.csv\"", file) + "--line--\r\n";
        self.send(cookie, Method::POST, "/api/imports", "multipart/form-data; boundary=line", Body::from(body)).await
    }

    /// A form that was made elsewhere.
    pub async fn upload_body(&self, cookie: &str, body: Body) -> Answer {
        self.send(cookie, Method::POST, "/api/imports", "multipart/form-data; boundary=line", body).await
    }

    pub async fn call(&self, cookie: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.send(cookie, method, path, "application/json", testing::json_body(body)).await
    }

    async fn send(&self, cookie: &str, method: Method, path: &str, content_type: &str, body: Body) -> Answer {
        let mut request = testing::from_our_page(cookie, method, path, body);
        request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
        let answer = testing::ask(&self.routes, request).await;
        Answer(answer.status, answer.text())
    }
}
