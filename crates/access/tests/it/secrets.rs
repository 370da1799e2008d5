//! Secrets are kept nowhere as they were given out, and shown by no `Debug`.

use crate::door::{Door, MACHINE, PASSWORD};
use access::{NewOperator, Role};
use records::{Sql, values};
use serde_json::json;

testing::on_both! {
    async fn the_database_holds_no_secret(door: Door) {
        let owner = door.owner().await;
        let key = door.ask("POST", "/api/keys", &owner, json!({ "name": "鍵", "scopes": ["events.write"] })).await.body;
        let link = door.access.sign_in_link(&MACHINE, door.owner_account().await.operator_id).await.unwrap();
        let mut held = String::new();
        for text in [
            "SELECT password_hash AS value FROM operators",
            "SELECT name || scopes || prefix AS value FROM api_keys",
            "SELECT actor || action || object || detail AS value FROM audit_log",
            "SELECT name || value AS value FROM settings",
        ] {
            held += &door.database.records.reader().column::<String>(text, values![]).await.unwrap().concat();
        }
        let hashes = "SELECT session_hash AS value FROM sessions UNION ALL SELECT link_hash FROM access_links UNION ALL SELECT secret_hash FROM api_keys";
        let hashes: Vec<Vec<u8>> = door.database.records.reader().column(hashes, values![]).await.unwrap();
        assert_eq!(hashes.iter().map(Vec::len).collect::<Vec<_>>(), [32, 32, 32]);
        for secret in [PASSWORD, owner.split_once('=').unwrap().1, key["secret"].as_str().unwrap(), link.reveal()] {
            assert!(!held.contains(secret));
            assert!(!hashes.iter().any(|hash| hash == secret.as_bytes()));
        }
    }

    async fn no_debug_shows_one(door: Door) {
        let link = door.access.sign_in_link(&MACHINE, door.owner_account().await.operator_id).await.unwrap();
        let new = NewOperator::new("見習", "new@example.com", Role::Viewer, Some(PASSWORD.to_owned())).unwrap();
        let shown = format!("{link:?} {new:?} {:?}", door.owner_account().await);
        for secret in [link.reveal(), PASSWORD, "new@example.com", "o@example.com", "大野", "見習"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
