//! A shop: an installation that was set up over its API, with an operator's session and a key for events.

use crate::{
    Ground,
    books::Books,
    http::{Answer, Client},
    program::{Home, Running},
};
use serde_json::{Value, json};
use std::{
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long work may take to come to its end.
const END_MAX: Duration = Duration::from_secs(600);

/// A shop and its program. The program may be dead.
pub struct Shop {
    /// How and where it is started.
    pub home: Home,
    /// The program, while it runs.
    pub running: Option<Running>,
    /// The records' address.
    pub records_url: String,
    cookie: String,
    key: String,
    #[expect(dead_code, reason = "removed when dropped")]
    folder: Option<TempDir>,
}

impl Shop {
    /// A new shop in a folder of its own.
    pub fn open(ground: &Ground, settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::Builder::new().prefix("najimi-torture-").tempdir().unwrap();
        let mut home = Home::new(&ground.najimi, folder.path());
        for (name, value) in settings {
            home = home.setting(name, value);
        }
        Self { folder: Some(folder), ..Self::open_at(home) }
    }

    /// A new shop in this place.
    pub fn open_at(home: Home) -> Self {
        let records_url = home
            .settings
            .iter()
            .find(|(name, _)| name == "NAJIMI_RECORDS__URL")
            .map_or_else(|| format!("sqlite://{}", home.data.join("records.db").display()), |(_, url)| url.clone());
        let mut running = home.start();
        let mut token = None;
        running.wait_until("ready for the set-up", || {
            token = home.told().lines().find_map(|line| Some(line.split_once("setup?token=")?.1.trim().to_owned()));
            token.is_some()
        });
        let mut visitor = Client::new(home.address, &[("sec-fetch-site", "same-origin")]);
        let request = json!({
            "token": token, "company": "みなと雑貨店", "zone": "Asia/Tokyo", "currency": "JPY",
            "public_url": format!("http://{}", home.address), "operator_name": "店長",
            "email": "owner@example.com", "password": "correct horse battery",
        });
        let mut answer = None;
        running.wait_until("set up", || {
            answer = visitor.send("POST", "/api/setup", &request).ok();
            answer.is_some()
        });
        let cookie = cookie_of(&answer.unwrap());
        running.wait_until("open", || home.told().contains("Najimi is open at"));
        running.wait_ready();
        let mut shop = Self { home, running: Some(running), records_url, cookie, key: String::new(), folder: None };
        let key = shop.operator().send("POST", "/api/keys", &json!({ "name": "shop", "scopes": ["events.write"] }));
        shop.key = key.unwrap().json()["secret"].as_str().unwrap().to_owned();
        shop
    }

    /// Starts it again, waits until it is ready, and tells how long that took.
    pub fn start(&mut self) -> Duration {
        let running = self.running.insert(self.home.start());
        running.wait_ready()
    }

    /// Kills it.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Ends it as an operator would.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    /// The operator's browser.
    pub fn operator(&self) -> Client {
        Client::new(self.home.address, &[("cookie", &self.cookie), ("sec-fetch-site", "same-origin")])
    }

    /// A program that sends events.
    pub fn source(&self) -> Client {
        Client::new(self.home.address, &[("authorization", &format!("Bearer {}", self.key))])
    }

    /// Somebody without any right: whoever reads a mail.
    pub fn visitor(&self) -> Client {
        Client::new(self.home.address, &[])
    }

    /// The records.
    pub fn books(&self) -> Books {
        Books::open(&self.records_url)
    }

    /// Waits for something that the running program does.
    pub fn wait_until(&mut self, what: &str, mut is_so: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            if let Some(status) = self.running.as_mut().and_then(Running::ended) {
                panic!("it ended by itself ({status}) while {what}:\n{}", self.home.last_words());
            }
            assert!(begun.elapsed() < END_MAX, "not in time: {what}\n{}", self.home.last_words());
            sleep(Duration::from_millis(50));
        }
    }

    /// Events that wait for the pipeline, on both lanes.
    pub fn lag(&self) -> Option<u64> {
        let answer = self.operator().get("/api/system").ok().filter(Answer::is_yes)?;
        let lag = &answer.json()["lag"];
        Some(lag["live"].as_u64()? + lag["backfill"].as_u64()?)
    }

    /// Waits until everything that was taken in is worked through.
    pub fn catch_up(&mut self) {
        let mut operator = self.operator();
        self.wait_until("catching up", || {
            let lag = operator.get("/api/system").map(|answer| answer.json()["lag"].clone());
            lag.is_ok_and(|lag| lag["live"] == 0 && lag["backfill"] == 0)
        });
    }

    /// Members `1` to `count` who said yes to mail, `m1@example.com` and so on.
    pub fn members(&mut self, count: usize) {
        self.people(&(1..=count).map(address).collect::<Vec<_>>());
    }

    /// People with these addresses who said yes to mail.
    pub fn people(&mut self, addresses: &[String]) {
        let mut source = self.source();
        for some in addresses.chunks(1_000) {
            let batch: Vec<Value> = some.iter().map(|address| person(address)).collect();
            let taken = source.send("POST", "/v1/batch", &json!({ "batch": batch })).unwrap().json();
            assert_eq!(taken["accepted"], some.len(), "{taken}");
            self.catch_up();
        }
    }

    /// Mails go to this server; what may have been delivered is held, or sent again.
    pub fn use_mail_server(&mut self, port: u16, security: &str, hold_unknown: bool) {
        let settings = json!({
            "from_name": "みなと雑貨店", "from_address": "letter@example.com", "footer_address": "神戸市中央区1-1",
            "smtp": { "host": "localhost", "port": port, "security": security, "username": null, "password": null },
            "hold_unknown": hold_unknown, "cap_days": 1, "cap_max": 100,
        });
        self.operator().send("PUT", "/api/settings/mail", &settings).unwrap().json();
    }

    /// Sends a campaign to everybody who can be reached, nobody held back, and tells its id.
    pub fn send_campaign(&mut self, name: &str) -> String {
        let mut operator = self.operator();
        let draft =
            operator.send("POST", "/api/campaigns", &json!({ "name": name, "tree": reachable() })).unwrap().json();
        let id = draft["id"].as_str().or(draft["campaign_id"].as_str()).unwrap().to_owned();
        let blocks = json!([
            { "kind": "text", "text": "新しい茶葉が届きました。" },
            { "kind": "button", "label": "見る", "url": "https://shop.example.com/tea" },
        ]);
        let mail = json!({ "subject": "新茶のお知らせ", "preheader": "", "from_name": "", "from_address": "", "blocks": blocks, "mjml": null });
        let change = json!({ "name": name, "segment_id": null, "tree": reachable(), "mail": mail, "holdout": 0.0, "version": draft["version"] });
        let changed = operator.send("PUT", &format!("/api/campaigns/{id}"), &change).unwrap().json();
        let send = json!({ "at": null, "version": changed["version"] });
        operator.send("POST", &format!("/api/campaigns/{id}/send"), &send).unwrap().json();
        id
    }

    /// How far a campaign is, when the program answers.
    pub fn delivery(&self, campaign: &str) -> Option<Delivery> {
        let answer = self.operator().get(&format!("/api/campaigns/{campaign}/delivery")).ok().filter(Answer::is_yes)?;
        Some(Delivery(answer.json()))
    }
}

fn cookie_of(answer: &Answer) -> String {
    assert!(answer.is_yes(), "{} {}", answer.status, answer.text());
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

fn person(address: &str) -> Value {
    let name = address.split('@').next().unwrap_or_default();
    json!({
        "type": "identify", "messageId": format!("person-{name}"), "userId": name,
        "traits": {
            "email": address, "last_name": "佐藤", "first_name": name,
            "consents": [{ "channel": "email", "state": "granted", "basis": "店頭" }],
        },
    })
}

/// The address of a member.
pub fn address(number: usize) -> String {
    format!("m{number}@example.com")
}

fn reachable() -> Value {
    json!({ "kind": "reachable", "channel": "email" })
}

/// How far a campaign is.
#[derive(Clone, Debug)]
pub struct Delivery(pub Value);

impl Delivery {
    /// Messages in a state.
    pub fn count(&self, state: &str) -> u64 {
        self.0[state].as_u64().unwrap_or_else(|| panic!("{state} is no state: {}", self.0))
    }

    /// Messages that are not at their end.
    pub fn open(&self) -> u64 {
        ["queued", "claimed", "handed"].into_iter().map(|state| self.count(state)).sum()
    }

    /// Messages that the gate refused for a reason.
    pub fn skipped(&self, reason: &str) -> u64 {
        let skipped = self.0["skipped"].as_array().into_iter().flatten();
        skipped.filter(|one| one["reason"] == reason).filter_map(|one| one["count"].as_u64()).sum()
    }
}
