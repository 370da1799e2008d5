//! Who changed what.

use crate::door::Door;
use serde_json::json;

testing::on_both! {
    async fn each_change_has_its_row_with_the_name_of_who_made_it(door: Door) {
        let owner = door.owner().await;
        door.pass_seconds(1);
        let key = door.ask("POST", "/api/keys", &owner, json!({ "name": "鍵", "scopes": ["events.write"] })).await.body;
        let rows = door.get("/api/audit", &owner).await.body;
        let row = &rows["items"][0];
        assert_eq!((&row["actor"], &row["action"], &row["object"]), (&json!("大野"), &json!("key.create"), &key["key_id"]));
        assert_eq!((&row["at"], &row["detail"]), (&json!("2026-11-13T00:30:01Z"), &json!({ "name": "鍵", "scopes": ["events.write"] })));
        assert_eq!(rows["items"][1]["action"], json!("session.begin"));
        assert!(!rows.to_string().contains(key["secret"].as_str().unwrap()));
    }

    async fn what_was_refused_has_none(door: Door) {
        let owner = door.owner().await;
        let before = door.get("/api/audit", &owner).await.body;
        door.ask("POST", "/api/operators", &owner, json!({ "name": "見習", "email": "o@example.com", "role": "viewer" })).await;
        assert_eq!(door.get("/api/audit", &owner).await.body, before);
    }

    async fn pages_follow_each_other_without_gap_or_repetition(door: Door) {
        let owner = door.owner().await;
        for second in 0..7 {
            door.pass_seconds(second % 2);
            door.ask("POST", "/api/keys", &owner, json!({ "name": format!("鍵{second}"), "scopes": ["events.write"] })).await;
        }
        let whole = door.get("/api/audit", &owner).await.body["items"].as_array().unwrap().clone();
        let (mut pages, mut path) = (Vec::new(), "/api/audit?limit=3".to_owned());
        loop {
            let page = door.get(&path, &owner).await.body;
            pages.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/api/audit?limit=3&cursor={cursor}");
        }
        assert_eq!(pages.len(), 9, "the set-up, the sign-in, seven keys");
        assert_eq!(pages, whole);
    }
}
