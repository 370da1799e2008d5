//! The description of the API is the committed one, and answers are what it says.

use crate::{
    client::{Answer, Call},
    schema::Schemas,
    server::Server,
};
use serde_json::{Value, json};
use std::{
    process::Command,
    time::{Duration, Instant},
};

#[test]
fn the_committed_description_is_the_present_one() {
    let printed = Command::new(env!("CARGO_BIN_EXE_najimi")).arg("openapi").output().unwrap();
    assert!(printed.status.success());
    let committed =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/api/openapi.json")).unwrap();
    assert!(committed.as_bytes() == printed.stdout, "run `make generate`");
}

/// A shop with something of everything.
struct Filled {
    server: Server,
    document: Value,
    /// For each kind of thing, the id of one.
    ids: Vec<(&'static str, String)>,
}

const ORDERS: &str = "order_number,ordered_at,customer_number,sku,product_name,quantity,unit_price,family_name,given_name,email\n\
    A-1,2026-10-01 10:00:00,C-1,22423,Cake stand,2,1980,佐藤,花子,hanako@example.com\n\
    A-2,2026-11-01 10:00:00,C-1,22423,Cake stand,1,1980,佐藤,花子,hanako@example.com\n\
    A-3,not a date,C-2,22423,Cake stand,1,1980,鈴木,一郎,ichiro@example.com\n";

fn filled(server: Server) -> Filled {
    let key = server.key();
    let events = json!([
        { "type": "identify", "messageId": "m-1", "userId": "C-9", "traits": { "email": "jiro@example.com", "name": "高橋 次郎" } },
        { "type": "track", "messageId": "m-2", "userId": "C-9", "event": "Order Completed", "timestamp": "2026-10-20T03:00:00Z",
          "properties": { "order_id": "B-1", "currency": "JPY", "products": [{ "sku": "1", "name": "Mug", "price": 900, "quantity": 1 }] } },
        { "type": "track", "messageId": "m-3", "userId": "C-9", "event": "Consent Changed", "properties": { "channel": "email", "state": "granted" } },
        { "type": "page", "messageId": "m-4", "userId": "C-9", "name": "Home" },
    ]);
    server.send_events(&key, &events).good();
    let tree = json!({ "kind": "and", "of": [
        { "kind": "count", "event": "order", "window": { "days": 365 }, "is": "between", "value": [1, 9] },
        { "kind": "not", "of": { "kind": "fact", "fact": "sex", "is": "in", "value": ["male"] } },
        { "kind": "rfm", "version": 1, "r": [30, 60], "f": [1, 3], "cells": [[0, 0], [1, 0], [2, 0]] },
    ]});
    let import = import(&server);
    let segment = server.post("/api/segments", &json!({ "name": "常連", "tree": tree })).good();
    let campaign = json!({ "name": "お知らせ", "segment_id": segment["segment_id"], "template": "thank_you" });
    let campaign = server.post("/api/campaigns", &campaign).good();
    let customers = server.get("/api/customers?sort=kana").good();
    let of = |value: &Value| value.as_str().unwrap().to_owned();
    let ids = vec![
        ("/api/customers/", of(&customers["items"][0]["customer_id"])),
        ("/api/segments/", of(&segment["segment_id"])),
        ("/api/campaigns/", of(&campaign["campaign_id"])),
        ("/api/imports/", of(&import["import_id"])),
        ("/api/jobs/", of(&import["job_id"])),
    ];
    let document = server.get("/api/openapi.json").good();
    Filled { server, document, ids }
}

fn import(server: &Server) -> Value {
    let form = format!(
        "--line\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\norders\r\n--line\r\n\
         content-disposition: form-data; name=\"file\"; filename=\"orders.csv\"\r\ncontent-type: text/csv\r\n\r\n{ORDERS}\r\n--line--\r\n"
    );
    let call = Call::new("POST", "/api/imports").session(&server.owner);
    let uploaded = server.ask(&call.raw("multipart/form-data; boundary=line", form)).good();
    let (id, preview) = (uploaded["import_id"].as_str().unwrap(), &uploaded["preview"]);
    let columns = preview["columns"].as_array().unwrap();
    let mapping: serde_json::Map<String, Value> =
        columns.iter().map(|column| (column["index"].to_string(), column["field"].clone())).collect();
    let start = json!({ "mapping": mapping, "options": preview["options"] });
    server.post(&format!("/api/imports/{id}/start"), &start).good();
    let began = Instant::now();
    loop {
        let import = server.get(&format!("/api/imports/{id}")).good();
        if import["state"] == "done" && import["lag"] == 0 {
            server.wait_for_pipeline();
            return import;
        }
        assert!(import["state"] != "failed" && began.elapsed() < Duration::from_secs(30), "{import}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

impl Filled {
    fn address(&self, path: &str) -> String {
        let known = self.ids.iter().find(|(beginning, _)| path.starts_with(beginning));
        let path = path.replace("{id}", known.map_or(crate::server::NOBODY, |(_, id)| id));
        if path.ends_with("/lines") || path.ends_with("/lines.csv") { path + "?class=rejected" } else { path }
    }

    /// Every address that only reads, with what it answers.
    fn read_all(&self) -> Vec<(String, Answer)> {
        let paths = self.document["paths"].as_object().unwrap();
        let reads = paths.iter().filter(|(path, methods)| methods.get("get").is_some() && path.starts_with("/api/"));
        reads.map(|(path, _)| (path.clone(), self.server.get(&self.address(path)))).collect()
    }
}

testing::on_both! {
    async fn answers_are_what_the_contract_says(server: Server) {
        let filled = filled(server);
        let schemas = Schemas::of(&filled.document);
        let mut good = 0;
        for (path, answer) in filled.read_all() {
            assert!(answer.status < 500, "{path}: {}", answer.text());
            schemas.check_answer("get", &path, &answer);
            good += usize::from(answer.status == 200);
        }
        assert!(good >= 30, "only {good} answers had something to look at");
        let tree = json!({ "kind": "recency", "is": "gte", "days": 0 });
        let id = |beginning: &str| filled.ids.iter().find(|(known, _)| *known == beginning).unwrap().1.clone();
        let campaign = id("/api/campaigns/");
        let block = json!({ "kind": "text", "text": "a" });
        let mail = json!({ "subject": "a", "preheader": "", "from_name": "A", "from_address": "a@example.com", "blocks": [block], "mjml": null });
        for (path, address, body) in [
            ("/api/segments/preview", "/api/segments/preview".to_owned(), json!({ "tree": tree })),
            ("/api/segments/why", "/api/segments/why".to_owned(), json!({ "tree": tree, "customer_id": id("/api/customers/") })),
            ("/api/selections", "/api/selections".to_owned(), json!({ "segment": tree })),
            ("/api/insights/rfm/selection", "/api/insights/rfm/selection".to_owned(), json!({ "r": [30, 60], "f": [1, 2], "cells": [[0, 0], [1, 1], [2, 0]] })),
            ("/api/campaigns/{id}/preview", format!("/api/campaigns/{campaign}/preview"), json!({})),
            ("/api/campaigns/{id}/test", format!("/api/campaigns/{campaign}/test"), json!({ "mail": mail })),
            ("/api/keys", "/api/keys".to_owned(), json!({ "name": "another", "scopes": ["events.write"] })),
            ("/api/operators", "/api/operators".to_owned(), json!({ "name": "A", "email": "a@example.com", "role": "viewer" })),
        ] {
            let answer = filled.server.post(&address, &body);
            answer.good();
            schemas.check_answer("post", path, &answer);
        }
    }

    async fn reading_changes_nothing(server: Server) {
        let filled = filled(server);
        let before = tables(&filled.server).await;
        for round in 0..2 {
            for (path, answer) in filled.read_all() {
                assert!(answer.status < 500, "{round} {path}: {}", answer.text());
            }
            for path in ["/u/nobody", "/healthz", "/readyz", "/metrics", "/", "/customers"] {
                filled.server.get(path);
            }
        }
        let mut after = tables(&filled.server).await;
        // Who takes personal data out of the house is written down, also when it goes by a GET.
        let downloads = filled.server.get("/api/audit?limit=10").good();
        let downloads = downloads["items"].as_array().unwrap().iter().filter(|row| row["action"] == "import.download" || row["action"] == "customers.export").count();
        assert_eq!(downloads, 4);
        for (table, rows) in &mut after {
            if table == "audit_log" {
                *rows -= 4;
            }
        }
        assert_eq!(before, after);
    }
}

/// How many rows each table has.
async fn tables(server: &Server) -> Vec<(String, i64)> {
    use records::Sql as _;
    let reader = server.database.records.reader();
    let text = match server.database.records.dialect() {
        records::Dialect::Sqlite => {
            "SELECT name AS value FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        records::Dialect::Postgres => {
            "SELECT CAST(table_name AS TEXT) AS value FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
        }
    };
    let mut counts = Vec::new();
    for table in reader.column::<String>(text, vec![]).await.unwrap() {
        // What the pipeline keeps for the history goes when the history has it, whoever reads meanwhile.
        if table != "history_pending" {
            // That somebody looked at a card is written down a moment later.
            let changes = if table == "audit_log" { "audit_log WHERE action <> 'customer.read'" } else { &table };
            let rows = reader.scalar::<i64>(&format!("SELECT COUNT(*) AS value FROM {changes}"), vec![]).await.unwrap();
            counts.push((table, rows.unwrap()));
        }
    }
    counts
}
