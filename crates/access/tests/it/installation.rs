//! What can be changed about an installation that is set up, and what stays.

use crate::door::Door;
use access::Role;
use serde_json::{Value, json};

testing::on_both! {
    async fn company_and_address_can_be_changed_and_links_follow(door: Door) {
        let owner = door.owner().await;
        let known = door.get("/api/installation", &owner).await.body;
        assert_eq!(known, json!({ "company": "株式会社なじみ", "public_url": "https://crm.example.com", "zone": "Asia/Tokyo", "currency": "JPY" }));
        let request = json!({ "company": " なじみ商店 ", "public_url": "https://Shop.example.com/" });
        let changed = door.ask("PUT", "/api/installation", &owner, request).await;
        assert_eq!(changed.line(), "200");
        assert_eq!(changed.body, json!({ "company": "なじみ商店", "public_url": "https://shop.example.com", "zone": "Asia/Tokyo", "currency": "JPY" }));
        assert_eq!(door.get("/api/me", &owner).await.body["company"], json!("なじみ商店"));
        let token = door.access.sign_in_link(&crate::door::MACHINE, door.owner_account().await.operator_id).await.unwrap();
        assert!(door.access.sign_in_url(&token).starts_with("https://shop.example.com/sign-in?token="));
        // Another process, or this one after a restart, reads the same.
        let again = access::installation(&door.database.records.reader()).await.unwrap().unwrap();
        assert_eq!((again.company.as_str(), again.public_url.as_str()), ("なじみ商店", "https://shop.example.com"));
    }

    async fn what_is_missing_stays(door: Door) {
        let owner = door.owner().await;
        let changed = door.ask("PUT", "/api/installation", &owner, json!({ "company": "なじみ商店" })).await.body;
        assert_eq!((&changed["company"], &changed["public_url"]), (&json!("なじみ商店"), &json!("https://crm.example.com")));
    }

    async fn what_is_unfit_changes_nothing(door: Door) {
        let owner = door.owner().await;
        let before = door.get("/api/installation", &owner).await.body;
        for (request, line) in [
            (json!({ "company": " " }), "422 text_length"),
            (json!({ "company": "店", "public_url": "http://crm.example.com" }), "422 value_unfit"),
            (json!({ "company": "店", "zone": "Asia/Seoul" }), "422 body_unfit"),
        ] {
            assert_eq!(door.ask("PUT", "/api/installation", &owner, request).await.line(), line);
        }
        assert_eq!(door.get("/api/installation", &owner).await.body, before);
        let marketer = door.somebody(Role::Marketer).await;
        for (method, body) in [("GET", Value::Null), ("PUT", json!({ "company": "店" }))] {
            assert_eq!(door.ask(method, "/api/installation", &marketer, body).await.line(), "403 permission_missing");
        }
    }
}
