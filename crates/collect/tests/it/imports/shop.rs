//! The shop that these stories happen in: a door, a journal, a folder for files.

use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use collect::{
    imports::{self, Imports},
    ingest::{Done, Intake, Limits},
};
use history::Lane;
use jobs::{Jobs, Runner};
use journal::Journal;
use records::{Actor, Migration};
use serde_json::Value;
use std::{path::PathBuf, sync::Arc};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};
use tower::ServiceExt as _;
use vocabulary::{Currency, Zone};

const ACTOR: Actor = Actor::System("story");

pub struct Shop {
    pub intake: Intake,
    pub folder: PathBuf,
    access: Access,
    imports: Imports,
    routes: Router,
    #[expect(dead_code, reason = "holds the files")]
    home: TempDir,
    #[expect(dead_code, reason = "holds the records")]
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
        let (records, clock) = (database.records.clone(), database.clock.clone());
        let jobs = Jobs::new(records.clone(), clock.clone());
        let access = Access::open(records.clone(), jobs.clone(), clock.clone(), Arc::new(Nothing)).await.unwrap();
        let installation =
            NewInstallation::new("くらしの店 なじみ", "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        access
            .install(installation, NewOperator::new("店長", "owner@example.com", Role::Owner, None).unwrap())
            .await
            .unwrap();
        let home = tempfile::tempdir().unwrap();
        let journal = |name: &str| Journal::open(&home.path().join(name), journal::Limits::default()).unwrap().0;
        let (done, limits) = (Arc::new(Done::default()), Limits::default());
        let (live, backfill) = (journal("live"), journal("backfill"));
        let intake = Intake {
            live,
            backfill,
            done,
            records: records.clone(),
            clock: clock.clone(),
            reporting: Currency::JPY,
            limits,
        };
        let folder = home.path().join("imports");
        let imports = Imports {
            records,
            jobs,
            intake: intake.clone(),
            access: access.clone(),
            clock,
            zone: Zone::TOKYO,
            currency: Currency::JPY,
            folder: folder.clone(),
        };
        let routes = Router::from(imports::routes(imports.clone()));
        Self { intake, folder, access, imports, routes, home, database }
    }
}

impl Shop {
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

    pub async fn upload(&self, cookie: &str, kind: &str, file: &str) -> Answer {
        let part =
            |head: &str, text: &str| format!("--line\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
        let body = part("name=\"kind\"", kind) + &part("name=\"file\"; filename=\"orders.csv\"", file) + "--line--\r\n";
        self.send(cookie, Method::POST, "/api/imports", "multipart/form-data; boundary=line", Body::from(body)).await
    }

    pub async fn call(&self, cookie: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(cookie, method, path, "application/json", body).await
    }

    async fn send(&self, cookie: &str, method: Method, path: &str, content_type: &str, body: Body) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, content_type)
            .body(body)
            .unwrap();
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        Answer(status, String::from_utf8(bytes.to_vec()).unwrap())
    }
}
