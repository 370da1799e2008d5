//! What a card says of the next mail: the word of the gate, by the cap that is set at present.

use crate::{client::Call, server::Server};
use records::{Actor, Sql as _, values};
use serde_json::{Value, json};
use uuid::Uuid;
use vocabulary::{Clock as _, clock::SystemClock};

fn settings(days: u32, max: u32) -> Value {
    json!({
        "from_name": "くらしの店", "from_address": "mise@example.jp", "smtp": null, "hold_unknown": true,
        "cap_days": days, "cap_max": max, "footer_address": "東京都台東区谷中1-2-3"
    })
}

testing::on_both! {
    async fn a_card_asks_the_gate_under_the_cap_that_is_set_now(server: Server) {
        let key = server.key();
        let events = json!([
            { "type": "identify", "userId": "1", "messageId": "a", "traits": { "email": "p1@example.com" } },
            { "type": "track", "userId": "1", "messageId": "b", "event": "Consent Changed", "properties": { "channel": "email", "state": "granted" } },
        ]);
        server.send_events(&key, &events).good();
        let id = server.get("/api/customers").good()["items"][0]["customer_id"].as_str().unwrap().to_owned();
        let next_mail = |days: u32, max: u32| {
            let put = Call::new("PUT", "/api/settings/mail").session(&server.owner).json(&settings(days, max));
            server.ask(&put).good();
            server.get(&format!("/api/customers/{id}")).good()["next_mail"].clone()
        };
        assert_eq!(next_mail(7, 1), json!({ "allowed": true, "on": null, "reason": null }));
        let tx = server.database.records.begin(&Actor::System("story"), "story").await.unwrap();
        let text = "INSERT INTO messages (message_id, sending_id, customer, state, attempts, due_at, lease_until, sent_at, changed_at) \
                    SELECT $1, $1, customer, 'captured', 1, 0, 0, $2, $2 FROM customers";
        tx.execute(text, values![Uuid::from_u128(7), SystemClock.now().micros()]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(next_mail(7, 2)["allowed"], true, "two are allowed, one went out");
        let (week, month) = (next_mail(7, 1), next_mail(30, 1));
        assert_eq!((&week["allowed"], &week["reason"]), (&json!(false), &json!("cap")));
        assert!(week["on"].as_str().unwrap() < month["on"].as_str().unwrap(), "without a restart: {week} {month}");
    }
}
