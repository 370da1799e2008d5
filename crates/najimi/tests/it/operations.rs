//! What those see who run it: health, measurements, the log, proxies, an orderly end.

use crate::{
    client::{Answer, Call},
    server::{PASSWORD, Program, Server},
};
use serde_json::json;
use std::{
    io::Write,
    time::{Duration, Instant},
};
use testing::TestDatabase;

const TOKEN: &str = "a token of sixteen or more";

fn measured(text: &str, name: &str) -> f64 {
    let line =
        text.lines().find(|line| line.starts_with(name)).unwrap_or_else(|| panic!("{name} is missing in\n{text}"));
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

testing::on_both! {
    async fn readiness_says_what_is_missing(database: TestDatabase) {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(folder.path(), database.url(), &[]);
        assert_eq!(program.ask(&Call::new("GET", "/healthz")).status, 200);
        let waiting = program.ask(&Call::new("GET", "/readyz"));
        assert_eq!(waiting.status, 503);
        assert_eq!(waiting.json()["not_ready"][0]["part"], "installation");
        assert_eq!(program.ask(&Call::new("GET", "/metrics")).line(), "404 route_unknown");
        assert_eq!(program.ask(&Call::new("GET", "/api/customers")).line(), "503 starting");
        drop(program);
        let server = Server::with(database, "http://localhost:8420", &[]);
        assert_eq!(server.get("/readyz").good(), json!({ "is_ready": true, "not_ready": [] }));
    }

    async fn measurements_tell_lag_messages_jobs_and_requests(server: Server) {
        let key = server.key();
        let events = json!([{ "type": "track", "userId": "u", "event": "Seen" }, { "type": "page", "userId": "u" }]);
        server.send_events(&key, &events).good();
        server.get("/api/customers/00000000-0000-7000-8000-000000000000");
        let text = server.get("/metrics").text();
        assert_eq!(measured(&text, "najimi_lag_events{lane=\"live\"}"), 0.0);
        assert_eq!(measured(&text, "najimi_lag_events{lane=\"backfill\"}"), 0.0);
        assert!(measured(&text, "najimi_journal_events{lane=\"live\"}") >= 2.0);
        assert!(measured(&text, "najimi_events_processed_total{lane=\"live\"}") >= 2.0);
        assert_eq!(measured(&text, "najimi_messages{state=\"queued\"}"), 0.0);
        assert_eq!(measured(&text, "najimi_jobs{state=\"failed\"}"), 0.0);
        assert_eq!(measured(&text, "najimi_records_up"), 1.0);
        assert!(measured(&text, "najimi_records_bytes") > 10_000.0);
        assert!(measured(&text, "najimi_memory_bytes") > 1_000_000.0);
        let one = "najimi_http_request_seconds_count{method=\"GET\",route=\"/api/customers/{id}\",status=\"404\"}";
        assert_eq!(measured(&text, one), 1.0);
        assert_eq!(measured(&text, "najimi_http_request_seconds_bucket{method=\"POST\",route=\"/v1/batch\",status=\"200\",le=\"+Inf\"}"), 1.0);
        // Behind a proxy on the same machine every caller is on this machine.
        let forwarded = server.ask(&Call::new("GET", "/metrics").header("x-forwarded-for", "203.0.113.9"));
        assert_eq!(forwarded.line(), "403 metrics_from_elsewhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_https_measurements_need_a_token() {
    // A proxy stands in front then, and it need not say for whom it asks.
    let database = TestDatabase::sqlite(&[]).await;
    let server = Server::with(database, "https://crm.example.com", &[]);
    assert_eq!(server.ask(&Call::new("GET", "/metrics")).line(), "403 metrics_from_elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cache_keeps_what_the_api_answers() {
    let database = TestDatabase::sqlite(&[]).await;
    let server = Server::with(database, "http://localhost:8420", &[]);
    let kept = |answer: Answer| answer.headers.get("cache-control").cloned();
    for answer in [
        server.get("/api/me"),
        server.get("/api/customers"),
        server.ask(&Call::new("GET", "/api/me")),
        server.get("/api/nothing"),
        server.post("/api/segments/preview", &json!({ "tree": 1 })),
        server.ask(&Call::new("DELETE", "/api/session").session(&server.owner)),
    ] {
        assert_eq!(kept(answer).as_deref(), Some("no-store"));
    }
    assert_ne!(kept(server.get("/")).as_deref(), Some("no-store"), "pages and pictures may be kept");
}

testing::on_both! {
    async fn who_looked_at_a_card_is_known_also_when_the_program_ends_at_once(server: Server) {
        let mut server = server;
        let key = server.key();
        server.send_events(&key, &json!([{ "type": "identify", "userId": "7", "traits": { "name": "佐藤 花子" } }])).good();
        let customer = server.get("/api/customers").good()["items"][0]["customer_id"].clone();
        let card = format!("/api/customers/{}", customer.as_str().unwrap());
        for path in [card.clone(), format!("{card}/timeline"), card] {
            server.get(&path).good();
        }
        server.restart(&[]);
        let log = server.get("/api/audit").good();
        let looks: Vec<_> = log["items"].as_array().unwrap().iter().filter(|row| row["action"] == "customer.read").collect();
        assert_eq!(looks.len(), 1, "{log}");
        assert_eq!((&looks[0]["object"], &looks[0]["actor"]), (&customer, &json!("店長")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn measurements_can_have_a_token() {
    let database = TestDatabase::sqlite(&[]).await;
    let server = Server::with(database, "http://localhost:8420", &[("NAJIMI_METRICS_TOKEN", TOKEN)]);
    assert_eq!(server.ask(&Call::new("GET", "/metrics")).line(), "401 metrics_token_wrong");
    assert_eq!(
        server.ask(&Call::new("GET", "/metrics").key("a wrong token of the length")).line(),
        "401 metrics_token_wrong"
    );
    let known = Call::new("GET", "/metrics").key(TOKEN).header("x-forwarded-for", "203.0.113.9");
    assert_eq!(server.ask(&known).status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_cannot_choose_the_address_that_their_tries_count_for() {
    let database = TestDatabase::sqlite(&[]).await;
    let mut server = Server::with(database, "http://localhost:8420", &[("NAJIMI_TRUSTED_PROXIES", "[\"127.0.0.1\"]")]);
    let wrong = |server: &Server, forwarded: &str| -> Answer {
        let body = json!({ "email": "owner@example.com", "password": "not this one" });
        server.ask(&Call::new("POST", "/api/session").session("").header("x-forwarded-for", forwarded).json(&body))
    };
    for _ in 0..5 {
        assert_eq!(wrong(&server, "198.51.100.1").line(), "401 sign_in_failed");
    }
    assert_eq!(wrong(&server, "198.51.100.1").line(), "429 too_many_tries");
    assert_eq!(
        wrong(&server, "203.0.113.7, 198.51.100.1").line(),
        "429 too_many_tries",
        "what a client writes itself does not count"
    );
    assert_eq!(wrong(&server, "198.51.100.2").line(), "401 sign_in_failed", "somebody else");
    // Without trust the header is nothing.
    server.restart(&[]);
    for place in 0..5 {
        assert_eq!(wrong(&server, &format!("198.51.100.{place}")).line(), "401 sign_in_failed");
    }
    assert_eq!(wrong(&server, "198.51.100.99").line(), "429 too_many_tries");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_of_requests_and_of_nobody() {
    let database = TestDatabase::sqlite(&[]).await;
    let server =
        Server::with(database, "https://crm.example.com", &[("NAJIMI_LOG", "json"), ("NAJIMI_LOG_FILTER", "debug")]);
    let answer = server.get("/api/customers?search=hanako.canary@example.com");
    answer.good();
    assert_eq!(answer.headers["strict-transport-security"], "max-age=31536000");
    assert!(server.owner.starts_with("__Host-najimi="));
    for path in [
        "/u/secret-canary",
        "/c/secret-canary",
        "/o/secret-canary.gif",
        "/setup?token=secret-canary",
        "/api/customers/canary@example.com",
    ] {
        server.get(path);
    }
    server.ask(
        &Call::new("POST", "/api/session")
            .session("")
            .json(&json!({ "email": "canary@example.com", "password": PASSWORD })),
    );
    let log = std::fs::read_to_string(&server.program.log).unwrap();
    let id = &answer.headers["x-request-id"];
    let line = log.lines().find(|line| line.contains(id) && line.contains("a request was answered")).expect("its line");
    assert!(line.contains("\"path\":\"/api/customers\"") && line.contains("\"status\":200"), "{line}");
    assert!(!log.contains("canary"), "{:?}", log.lines().find(|line| line.contains("canary")));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asked_before_the_end_is_answered() {
    let database = TestDatabase::sqlite(&[]).await;
    let mut server = Server::with(database, "http://localhost:8420", &[]);
    let body = json!({ "text": "recency >= 0" }).to_string();
    let call =
        Call::new("POST", "/api/segments/preview").session(&server.owner).header("content-type", "application/json");
    let mut open = call.begin(server.program.address, body.len());
    open.write_all(&body.as_bytes()[..5]).unwrap();
    // Another request goes through, so the open one is being read.
    server.get("/api/me").good();
    server.program.ask_to_end();
    let began = Instant::now();
    while std::net::TcpStream::connect(server.program.address).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(5), "it still takes connections");
        std::thread::yield_now();
    }
    assert!(!server.program.has_ended());
    open.write_all(&body.as_bytes()[5..]).unwrap();
    let answer = Answer::read(open, began).expect("an answer");
    assert!(answer.status == 200 || answer.line() == "422 segment_invalid", "{}", answer.text());
    assert!(server.program.wait().success());
}
