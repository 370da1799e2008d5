//! The shop that these stories happen in: people with consent, a mail, a sender, two clocks.

use crate::post_office::PostOffice;
use access::{Access, ApiResult, Extras, MailMode, MeExtras, NewInstallation, NewOperator, Role};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use channels::{
    Channels, NewChannels, SecretKey, Sender, SenderLimits,
    mail::{Block, Language, LinkKey, MailSource, SmtpLimits},
    outbox::{self, Delivery},
    sendings,
    settings::{self, MailSettings, SecurityName},
};
use journal::{Journal, Limits};
use records::{Actor, Migration, Records, Sql, Tx, values};
use std::{sync::Arc, time::Duration};
use tempfile::TempDir;
use testing::{Stage, TestDatabase};
use uuid::Uuid;
use vocabulary::{Event, Timestamp, Zone, clock::ManualClock, id::Ordinal};

/// The campaign of most stories.
pub const CAMPAIGN: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00c1);
/// Another one.
pub const SECOND: Uuid = Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_00c2);
/// Where the button of every mail leads.
pub const TARGET: &str = "https://shop.example/new?from=mail";

const ACTOR: Actor = Actor::System("story");

pub struct Shop {
    pub channels: Channels,
    pub records: Records,
    pub access: Access,
    /// The shop's clock.
    pub clock: Arc<ManualClock>,
    /// The clock on the wall.
    pub wall: Arc<ManualClock>,
    pub live: Journal,
    pub database: TestDatabase,
    #[expect(dead_code, reason = "holds the journal")]
    folder: TempDir,
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
        vec![jobs::MIGRATIONS, access::MIGRATIONS, customers::MIGRATIONS, channels::MIGRATIONS]
    }

    async fn set(database: TestDatabase) -> Self {
        let (records, wall) = (database.records.clone(), database.clock.clone());
        let access = door(&records, &wall).await;
        let (company, operator) = ("くらしの店 なじみ", "店長");
        let installation = NewInstallation::new(company, "Asia/Tokyo", "JPY", "http://localhost:8080").unwrap();
        let owner = NewOperator::new(operator, "owner@example.com", Role::Owner, None).unwrap();
        access.install(installation, owner).await.unwrap();
        let clock = testing::clock();
        let folder = tempfile::tempdir().unwrap();
        let live = Journal::open(folder.path(), Limits::default()).unwrap().0;
        let channels = Channels::new(new_channels(&records, &live, &access, &clock, &wall));
        let shop = Self { channels, records, access, clock, wall, live, database, folder };
        shop.save_settings(|_| {}).await;
        shop
    }
}

async fn door(records: &Records, wall: &Arc<ManualClock>) -> Access {
    let jobs = jobs::Jobs::new(records.clone(), wall.clone());
    Access::open(records.clone(), jobs, wall.clone(), Arc::new(Nothing)).await.unwrap()
}

fn new_channels(
    records: &Records,
    live: &Journal,
    access: &Access,
    clock: &Arc<ManualClock>,
    wall: &Arc<ManualClock>,
) -> NewChannels {
    NewChannels {
        records: records.clone(),
        live: live.clone(),
        access: access.clone(),
        clock: clock.clone(),
        wall_clock: wall.clone(),
        link_key: LinkKey::new(&[3; 32]),
        secret_key: SecretKey::new(&[4; 32]).unwrap(),
    }
}

impl Shop {
    /// The same shop as another process sees it, by connections of its own.
    pub async fn another_process(&self) -> Channels {
        let records = self.database.reopened().await;
        let access = door(&records, &self.wall).await;
        Channels::new(new_channels(&records, &self.live, &access, &self.clock, &self.wall))
    }

    pub fn now(&self) -> Timestamp {
        vocabulary::Clock::now(&*self.clock)
    }

    /// We are found elsewhere from now on.
    pub async fn move_to(&self, public_url: &str) {
        self.access.change_installation(&ACTOR, None, Some(public_url)).await.unwrap();
    }

    /// Both clocks go on.
    pub fn pass_seconds(&self, seconds: i64) {
        self.clock.set(self.now().plus_seconds(seconds));
        self.wall.set(vocabulary::Clock::now(&*self.wall).plus_seconds(seconds));
    }

    pub async fn change<T>(&self, work: impl AsyncFnOnce(&Tx) -> T) -> T {
        let tx = self.records.begin(&ACTOR, "story").await.unwrap();
        let result = work(&tx).await;
        tx.commit().await.unwrap();
        result
    }

    pub async fn save_settings(&self, change: impl FnOnce(&mut MailSettings)) {
        let mut settings = MailSettings {
            from_name: "くらしの店 なじみ".to_owned(),
            from_address: "mise@najimi.example".to_owned(),
            footer_address: "東京都台東区谷中1-2-3".to_owned(),
            ..MailSettings::default()
        };
        change(&mut settings);
        self.change(async |tx| settings::save(tx, &settings).await.unwrap()).await;
    }

    /// Mails go to a server now.
    pub async fn use_office(&self, port: u16) {
        self.save_settings(|settings| settings.smtp = Some(server(port))).await;
    }

    /// A person with this mail address who said yes; a blank one has none.
    pub async fn person(&self, customer: Ordinal, email: &str) {
        self.person_saying(customer, email, Some("granted")).await;
    }

    pub async fn person_saying(&self, customer: Ordinal, email: &str, consent: Option<&'static str>) {
        let email = (!email.is_empty()).then(|| email.to_owned());
        let id = Uuid::from_u128(u128::from(customer) + 1);
        self.change(async |tx| {
            let text = "INSERT INTO customers (customer, customer_id, created_at, sort_kana, family_name, given_name, email) \
                        VALUES ($1, $2, 0, '', $3, '花子', $4)";
            tx.execute(text, values![i64::from(customer), id, format!("佐藤{customer}"), email]).await.unwrap();
            if let Some(state) = consent {
                say(tx, customer, state).await;
            }
        })
        .await;
    }

    /// So many people, each with consent: `p1@example.com` and so on.
    pub async fn people(&self, count: u32) -> Vec<Ordinal> {
        for customer in 1..=count {
            self.person(customer, &format!("p{customer}@example.com")).await;
        }
        (1..=count).collect()
    }

    /// A person says something else.
    pub async fn say(&self, customer: Ordinal, state: &'static str) {
        self.change(async |tx| say(tx, customer, state).await).await;
    }

    /// Opens a campaign and queues these people.
    pub async fn queue(&self, sending_id: Uuid, people: &[Ordinal]) -> u64 {
        let settings = settings::read(&self.records.reader()).await.unwrap();
        let blocks = [
            Block::Text { text: "{{ customer.family_name }}様".to_owned() },
            Block::Button { label: "店を見る".to_owned(), url: TARGET.to_owned() },
        ];
        let footer = settings.footer();
        let source = MailSource {
            subject: "{{ customer.family_name }}様へ",
            preheader: "ごあいさつ",
            blocks: &blocks,
            mjml: None,
            products: &[],
            footer: &footer,
            language: Language::Ja,
        };
        self.change(async |tx| {
            sendings::open(tx, sending_id, "秋のご案内", &source, self.now()).await.unwrap();
            outbox::queue(tx, sending_id, people, self.now()).await.unwrap()
        })
        .await
    }

    /// Sends all that is due.
    pub async fn send(&self) {
        Sender::new(self.channels.clone(), limits()).drain().await.unwrap();
    }

    pub async fn delivery(&self, sending_id: Uuid) -> Delivery {
        Delivery { rate_per_s: None, ..outbox::delivery(&self.records.reader(), sending_id).await.unwrap() }
    }

    /// Events on their way to the journal with this name.
    pub async fn told(&self, name: &str) -> Vec<Event> {
        let rows = records::read_outbox(&self.records.reader(), 10_000).await.unwrap();
        rows.into_iter().map(|row| row.event).filter(|event| event.name == name).collect()
    }

    /// What the journal holds.
    pub fn journalled(&self) -> Vec<Event> {
        let entries = self.live.read_from(0, 10_000, 1 << 24).unwrap();
        entries.iter().map(|entry| serde_json::from_slice(&entry.payload).unwrap()).collect()
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.records.reader().scalar(&format!("SELECT COUNT(*) AS value FROM {sql}"), vec![]).await.unwrap().unwrap()
    }

    /// A call of a customer's mail program or browser.
    pub async fn outside(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.to_owned()))
            .unwrap();
        self.answer(request).await
    }

    /// A cookie of somebody with this role.
    pub async fn sign_in(&self, role: Role) -> String {
        let operator = match role {
            Role::Owner => self.access.operators().await.unwrap().remove(0),
            role => {
                let new = NewOperator::new("係", &format!("{role}@example.com"), role, None).unwrap();
                self.access.create_operator(&ACTOR, new).await.unwrap()
            }
        };
        let link = self.access.sign_in_link(&ACTOR, operator.operator_id).await.unwrap();
        let (_, session) = self.access.sign_in_by_link(link.reveal(), None).await.unwrap();
        format!("najimi={}", session.reveal())
    }

    /// A call of our own screens.
    pub async fn call(&self, cookie: &str, method: Method, path: &str, body: Option<serde_json::Value>) -> Answer {
        self.answer(testing::from_our_page(cookie, method, path, testing::json_body(body))).await
    }

    async fn answer(&self, request: Request<Body>) -> Answer {
        let answer = testing::ask(&channels::routes(self.channels.clone()).into(), request).await;
        Answer { status: answer.status, location: answer.header(header::LOCATION), body: answer.bytes }
    }
}

async fn say(tx: &Tx, customer: Ordinal, state: &'static str) {
    let text = "INSERT INTO consents (customer, channel, state, basis, stated_at) VALUES ($1, 'email', $2, '会員登録', 0) \
                ON CONFLICT (customer, channel) DO UPDATE SET state = excluded.state";
    tx.execute(text, values![i64::from(customer), state]).await.unwrap();
}

/// A server without password on loopback, as it stands in the settings.
pub fn server(port: u16) -> settings::Server {
    settings::Server::without_sign_in("127.0.0.1", port, SecurityName::None)
}

pub fn limits() -> SenderLimits {
    let smtp = SmtpLimits { content_timeout: Duration::from_millis(1_500), ..SenderLimits::default().smtp };
    SenderLimits {
        smtp,
        look_every: Duration::from_millis(20),
        grace: Duration::from_millis(100),
        ..SenderLimits::default()
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}: {}", self.status, self.text()))
    }
}

/// The path behind the host of the first address of this kind in a mail.
pub fn path_in(mail: &str, kind: &str) -> String {
    let start = mail.find(&format!("http://localhost:8080/{kind}/")).unwrap() + "http://localhost:8080".len();
    let rest = &mail[start..];
    let end =
        rest.find(|letter: char| !letter.is_ascii_alphanumeric() && !"/_-.".contains(letter)).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// Two recipients and their office.
pub async fn office(shop: &Shop) -> PostOffice {
    let office = PostOffice::open().await;
    shop.use_office(office.port).await;
    office
}
