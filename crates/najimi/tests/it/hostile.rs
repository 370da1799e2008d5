//! Input that was made to break something: refused with 4xx within a tenth of a second, nothing changed, the program
//! goes on.

use crate::{
    client::{Answer, Call},
    server::{NOBODY, Server},
};
use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};
use std::{io::Write, time::Duration};

/// A build for tests on a busy machine is slower than a release; what is refused late was read whole or in vain.
const ANSWER_MAX: Duration =
    if cfg!(debug_assertions) { Duration::from_millis(1_500) } else { Duration::from_millis(100) };

fn nested(levels: usize, begin: &str, inside: &str, end: &str) -> String {
    format!("{}{inside}{}", begin.repeat(levels), end.repeat(levels))
}

fn leaf() -> Value {
    json!({ "kind": "recency", "is": "gte", "days": 1 })
}

fn refused(what: &str, answer: &Answer) {
    assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    assert_eq!(answer.kind(), "application/problem+json", "{what}");
    assert!(answer.took < ANSWER_MAX, "{what} took {:?}", answer.took);
    assert!(answer.body.len() < 4_000, "{what} is answered with {} bytes", answer.body.len());
}

fn still_whole(server: &Server, audit_rows: usize, events: u64) {
    server.get("/api/me").good();
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(server.get("/api/system").good()["events_total"], events);
    let audit = server.get("/api/audit?limit=200").good();
    assert_eq!(audit["items"].as_array().unwrap().len(), audit_rows, "{audit}");
}

fn audit_rows(server: &Server) -> usize {
    server.get("/api/audit?limit=200").good()["items"].as_array().unwrap().len()
}

/// Bodies that no route can take, each with a name.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let text = |text: String| text.into_bytes();
    vec![
        ("nothing", Vec::new()),
        ("no JSON", b"{".to_vec()),
        ("lists 100,000 deep", text(nested(100_000, "[", "", "]"))),
        ("objects 100,000 deep", text(nested(100_000, "{\"a\":", "1", "}"))),
        ("lists that never end", text("[".repeat(100_000))),
        (
            "conditions 10,000 deep",
            text(format!("{{\"tree\":{}}}", nested(10_000, "{\"kind\":\"not\",\"of\":", &leaf().to_string(), "}"))),
        ),
        (
            "conditions 100 deep",
            text(format!("{{\"tree\":{}}}", nested(100, "{\"kind\":\"not\",\"of\":", &leaf().to_string(), "}"))),
        ),
        ("20,000 conditions", json!({ "tree": { "kind": "or", "of": vec![leaf(); 20_000] } }).to_string().into_bytes()),
        ("half a surrogate pair", br#"{"name":"\ud800","tree":{}}"#.to_vec()),
        ("NUL", br#"{"name":"a\u0000b","text":"\u0000"}"#.to_vec()),
        ("broken UTF-8", b"{\"name\":\"\xff\xfe\"}".to_vec()),
        ("a number beyond all numbers", br#"{"version":1e999,"days":1e999}"#.to_vec()),
        ("a field twice", br#"{"name":"a","name":"b","text":"c","text":"d"}"#.to_vec()),
        ("3 MiB", text(format!("{{\"name\":\"{}\"}}", "a".repeat(3 << 20)))),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

testing::on_both! {
    async fn no_body_breaks_a_route(server: Server) {
        let key = server.key();
        let (rows, document) = (audit_rows(&server), server.get("/api/openapi.json").good());
        let mut tried = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if operation["requestBody"]["content"].get("application/json").is_none() || path.starts_with("/api/demo") {
                    continue;
                }
                for (name, body) in bodies() {
                    let call = Call::new(method, &path.replace("{id}", NOBODY)).raw("application/json", body);
                    let call = if path.starts_with("/v1/") { call.key(&key) } else { call.session(&server.owner) };
                    refused(&format!("{method} {path}: {name}"), &server.ask(&call));
                    tried += 1;
                }
            }
        }
        assert!(tried >= 20 * 14, "{tried}");
        still_whole(&server, rows, 0);
    }

    async fn one_bad_event_rejects_only_itself(server: Server) {
        let key = server.key();
        let event = |id: &str, properties: &str| {
            format!("{{\"type\":\"track\",\"messageId\":\"{id}\",\"userId\":\"u\",\"event\":\"Seen\",\"properties\":{properties}}}")
        };
        let bad = [
            event("deep", &format!("{{\"a\":{}}}", nested(30_000, "[", "", "]"))),
            event("surrogate", r#"{"title":"\ud800"}"#),
            event("nul", r#"{"title":"a\u0000b"}"#),
            event("nul-name", r#"{"a\u0000":1}"#),
            event("number", r#"{"a":1e999}"#),
            event("list", "[]"),
            event("large", &format!("{{\"a\":\"{}\"}}", "a".repeat(70_000))),
            r#"{"type":"track","messageId":"x","userId":"a\u0000b","event":"Seen"}"#.to_owned(),
            r#"{"type":"identify","messageId":"y","userId":"u","traits":{"name":"\u0000","email":"\udc00"}}"#.to_owned(),
            r#"{"type":"track","messageId":"z","userId":"u","event":"Seen","timestamp":"+262143-01-01T00:00:00Z"}"#.to_owned(),
            r#"{"type":"dance"}"#.to_owned(),
            "7".to_owned(),
            "null".to_owned(),
        ];
        let good = [event("first", "{\"title\":\"é\"}"), event("last", r#"{"title":"\ud83d\ude00","list":[[[[1]]]]}"#)];
        let all = format!("{{\"batch\":[{},{},{}]}}", good[0], bad.join(","), good[1]);
        let answer = server.ask(&Call::new("POST", "/v1/batch").key(&key).raw("application/json", all));
        let taken = answer.good();
        assert_eq!(taken["accepted"], 2, "{taken}");
        assert_eq!(taken["rejected"].as_array().unwrap().len(), bad.len(), "{taken}");
        // What was taken is worked through; nothing of it stops the pipeline.
        server.wait_for_pipeline();
        let log = std::fs::read_to_string(&server.program.log).unwrap();
        assert!(!log.contains("was passed over"), "{log}");
        let people = server.get("/api/customers").good();
        let id = people["items"][0]["customer_id"].as_str().unwrap();
        let timeline = server.get(&format!("/api/customers/{id}/timeline")).good();
        assert_eq!(timeline["items"].as_array().unwrap().len(), 2, "{timeline}");
    }

    async fn a_bomb_does_not_go_off(server: Server) {
        let (key, rows) = (server.key(), 0);
        let rows = rows + audit_rows(&server);
        let call = |body: Vec<u8>| {
            server.ask(&Call::new("POST", "/v1/batch").key(&key).header("content-encoding", "gzip").raw("application/json", body))
        };
        // 12 MiB in 12 KiB, where 8 MiB are taken.
        let bomb = gzip(format!("{{\"batch\":[{}]}}", " ".repeat(12 << 20)).as_bytes());
        assert!(bomb.len() < 20_000);
        let answer = call(bomb);
        assert_eq!(answer.line(), "413 body_too_large");
        refused("a gzip bomb", &answer);
        refused("gzip that is none", &call(b"nothing packed".to_vec()));
        refused("gzip that ends early", &call(gzip(&[b'a'; 10_000])[..40].to_vec()));
        let unknown = Call::new("POST", "/v1/batch").key(&key).header("content-encoding", "br").raw("application/json", "{}");
        refused("another packing", &server.ask(&unknown));
        let too_large = Call::new("POST", "/v1/batch").key(&key).raw("application/json", vec![b' '; 9 << 20]);
        assert_eq!(server.ask(&too_large).line(), "413 body_too_large");
        let too_many = json!({ "batch": vec![json!({}); 5_001] });
        assert_eq!(server.ask(&Call::new("POST", "/v1/batch").key(&key).json(&too_many)).line(), "422 batch_too_many");
        still_whole(&server, rows, 0);
        let packed = gzip(json!({ "batch": [{ "type": "track", "userId": "u", "event": "Seen" }] }).to_string().as_bytes());
        assert_eq!(call(packed).good()["accepted"], 1);
    }

    async fn no_address_breaks_a_route(server: Server) {
        let cursor = |json: &str| {
            use std::fmt::Write as _;
            // base64url by hand: three bytes, four letters.
            let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            json.as_bytes().chunks(3).fold(String::new(), |mut text, three| {
                let number = three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
                for place in 0..=three.len() {
                    let _ = write!(text, "{}", letters[(number >> (18 - 6 * place)) as usize & 63] as char);
                }
                text
            })
        };
        for path in [
            "/api/customers?search=%00".to_owned(),
            format!("/api/customers?sort=kana&cursor={}", cursor(r#"["\u0000",1]"#)),
            format!("/api/customers?sort=kana&cursor={}", cursor("[1,1]")),
            format!("/api/customers?sort=sales&cursor={}", cursor(r#"["a",1]"#)),
            format!("/api/customers?cursor={}", "A".repeat(5_000)),
            "/api/customers?limit=0".to_owned(),
            "/api/customers?limit=99999999999999999999".to_owned(),
            "/api/customers?limit=1&limit=2".to_owned(),
            "/api/insights/home?days=9223372036854775807".to_owned(),
            "/api/insights/home?days=-1".to_owned(),
            "/api/insights/decile?days=9223372036854775807".to_owned(),
            "/api/insights/rfm?r=9223372036854775807&f=1".to_owned(),
            format!("/api/insights/rfm?r={}", (1..=400).map(|n| n.to_string()).collect::<Vec<_>>().join(",")),
            "/api/campaigns/%00/result".to_owned(),
            format!("/api/campaigns/{NOBODY}/confirm?holdout=NaN"),
            format!("/api/campaigns/{NOBODY}/confirm?holdout=1e308"),
            format!("/api/campaigns/{NOBODY}/messages?state=asleep"),
        ] {
            refused(&path, &server.get(&path));
        }
        for path in ["/api/customers?search=%F0%9F%98%80".to_owned(), "/api/customers?search=%FF%FE".to_owned(), format!("/api/customers?search={}", "%E4%BD%90".repeat(600)), "/api/customers?search=%25_%27%22%5C".to_owned(), "/api/products?search=%25%5C_".to_owned()] {
            let answer = server.get(&path);
            assert_eq!(answer.status, 200, "{path} {}", answer.text());
        }
    }
}

testing::on_both! {
    async fn no_order_is_too_large_to_be_added_to_others(server: Server) {
        let key = server.key();
        let order = |number: usize, product: Value, more: Value| {
            let mut properties = json!({ "order_id": number.to_string(), "products": [product] });
            properties.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "type": "track", "userId": "u", "event": "Order Completed", "properties": properties })
        };
        let ready = |amount: i64| json!({ "order": { "site": "shop", "number": "r", "kind": "order", "currency": "JPY", "lines": [
            { "key": "a", "sku": "a", "name": "a", "quantity": 1, "unit_price": "1", "amount": amount, "kind": "product" } ] } });
        let large = [
            (json!({ "sku": "a", "price": 1e12, "quantity": 1_000_000 }), json!({})),
            (json!({ "sku": "a", "price": "9223372036854775807", "quantity": 1 }), json!({})),
            (json!({ "sku": "a", "price": 1, "quantity": i64::MIN }), json!({})),
            (json!({ "sku": "a", "price": 1, "quantity": 2_000_000_000_i64 }), json!({})),
            (json!({ "sku": "a", "price": 100, "quantity": 1 }), json!({ "currency": "USD", "rate": "1000000000000000" })),
            (json!({ "sku": "a", "price": 100, "quantity": 1 }), json!({ "currency": "USD", "rate": "-1" })),
            (json!({ "sku": "a", "price": 1, "quantity": 1 }), ready(i64::MAX)),
            (json!({ "sku": "a", "price": 1, "quantity": 1 }), ready(i64::MIN)),
            (json!({ "sku": "a", "price": 9e12, "quantity": 1 }), json!({ "shipping": 9e12 })),
        ];
        let largest = order(100, json!({ "sku": "a", "price": 9_999_999_999_999_i64, "quantity": 1 }), json!({}));
        let mut events: Vec<Value> = large.iter().enumerate().map(|(n, (product, more))| order(n, product.clone(), more.clone())).collect();
        events.push(largest);
        let taken = server.send_events(&key, &json!(events)).good();
        assert_eq!((taken["accepted"].as_u64(), taken["rejected"].as_array().unwrap().len()), (Some(1), large.len()), "{taken}");
        let customer = server.get("/api/customers").good()["items"][0]["customer_id"].as_str().unwrap().to_owned();
        for path in [format!("/api/customers/{customer}"), "/api/insights/home".to_owned(), "/api/insights/decile".to_owned(), "/api/insights/rfm".to_owned(), "/api/insights/ltv".to_owned()] {
            server.get(&path).good();
        }
    }
}
