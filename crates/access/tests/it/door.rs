//! The routes of access over a fresh database, and visitors who knock.

use access::{
    Access, ApiResult, EventsWrite, Extras, KeyCaller, MailMode, MeExtras, NewInstallation, NewOperator, Operator,
    Role, Secret,
};
use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    routing::post,
};
use jobs::Jobs;
use records::{Actor, Migration};
use serde_json::{Value, json};
use std::sync::Arc;
use testing::{Stage, TestDatabase};
use vocabulary::{Clock, Zone};

pub const PASSWORD: &str = "correct horse battery";
pub const MACHINE: Actor = Actor::System("story");

struct NoDemo(TestDatabase);

#[async_trait]
impl MeExtras for NoDemo {
    async fn extras(&self) -> ApiResult<Extras> {
        let now = self.0.clock.now();
        Ok(Extras { today: Zone::TOKYO.day(now), now, demo: None, mail: MailMode::Capture })
    }
}

/// An installation that nobody has set up.
pub struct NewDoor(pub Door);

/// An installation with an owner, o@example.com.
pub struct Door {
    pub database: TestDatabase,
    pub jobs: Jobs,
    pub access: Access,
    pub router: Router,
}

impl Stage for NewDoor {
    fn migrations() -> Vec<&'static [Migration]> {
        vec![jobs::MIGRATIONS, access::MIGRATIONS]
    }
    async fn set(database: TestDatabase) -> Self {
        let jobs = Jobs::new(database.records.clone(), database.clock.clone());
        let extras = Arc::new(NoDemo(database.clone()));
        let access =
            Access::open(database.records.clone(), jobs.clone(), database.clock.clone(), extras).await.unwrap();
        let (router, _) = access::routes(access.clone()).split_for_parts();
        let ingest = Router::new().route("/v1/batch", post(ingest)).with_state(access.clone());
        Self(Door { database, jobs, access, router: router.merge(ingest) })
    }
}

/// Stands for the routes that take events.
async fn ingest(caller: KeyCaller<EventsWrite>) -> String {
    caller.key().name.clone()
}

impl Stage for Door {
    fn migrations() -> Vec<&'static [Migration]> {
        NewDoor::migrations()
    }
    async fn set(database: TestDatabase) -> Self {
        let NewDoor(door) = NewDoor::set(database).await;
        let installation =
            NewInstallation::new("株式会社なじみ", "Asia/Tokyo", "JPY", "https://crm.example.com").unwrap();
        let owner = NewOperator::new("大野", "o@example.com", Role::Owner, Some(PASSWORD.to_owned())).unwrap();
        door.access.install(installation, owner).await.unwrap();
        door
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub cookie: Option<String>,
    pub retry_after: Option<u64>,
    pub body: Value,
}

impl Answer {
    /// `401 sign_in_failed`, or `200`.
    pub fn line(&self) -> String {
        self.body["code"]
            .as_str()
            .map_or_else(|| self.status.as_u16().to_string(), |code| format!("{} {code}", self.status.as_u16()))
    }
    /// The session, as a browser sends it back.
    pub fn session(&self) -> String {
        self.cookie.as_deref().unwrap().split(';').next().unwrap().to_owned()
    }
}

impl Door {
    /// Sends a request as it stands.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = testing::ask(&self.router, request).await;
        let status = answer.status;
        if status.is_client_error() || status.is_server_error() {
            assert_eq!(answer.header(header::CONTENT_TYPE).as_deref(), Some("application/problem+json"));
        }
        let retry_after = answer.header(header::RETRY_AFTER).map(|seconds| seconds.parse().unwrap());
        let body = serde_json::from_slice(&answer.bytes).unwrap_or(Value::String(answer.text()));
        Answer { status, cookie: answer.header(header::SET_COOKIE), retry_after, body }
    }

    /// What a page of ours sends, with the session of a visitor.
    pub async fn ask(&self, method: &str, path: &str, session: &str, body: Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, session);
        let request = if body.is_null() {
            request.body(Body::empty())
        } else {
            request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string()))
        };
        self.send(request.unwrap()).await
    }

    pub async fn get(&self, path: &str, session: &str) -> Answer {
        self.ask("GET", path, session, Value::Null).await
    }

    pub async fn try_sign_in(&self, email: &str, password: &str) -> Answer {
        self.ask("POST", "/api/session", "", json!({ "email": email, "password": password })).await
    }

    /// Signs the owner in.
    pub async fn owner(&self) -> String {
        self.try_sign_in("o@example.com", PASSWORD).await.session()
    }

    pub async fn owner_account(&self) -> Operator {
        self.access.operator_by_email("o@example.com").await.unwrap().unwrap()
    }

    /// Lets somebody with this role in, and signs them in by a link, which is quicker than a password.
    pub async fn somebody(&self, role: Role) -> String {
        let email = format!("{}{}@example.com", role.name(), self.access.operators().await.unwrap().len());
        let operator =
            self.access.create_operator(&MACHINE, NewOperator::new("誰か", &email, role, None).unwrap()).await.unwrap();
        let token = self.access.sign_in_link(&MACHINE, operator.operator_id).await.unwrap();
        self.by_link(&token).await.session()
    }

    pub async fn by_link(&self, token: &Secret) -> Answer {
        self.ask("POST", "/api/session/link", "", json!({ "token": token.reveal() })).await
    }

    pub fn pass_seconds(&self, seconds: i64) {
        self.database.clock.set(self.database.clock.now().plus_seconds(seconds));
    }
}
