//! Letting people in, changing what they may do.

use crate::door::{Door, PASSWORD};
use access::Role;
use serde_json::{Value, json};

async fn create(door: &Door, owner: &str, email: &str, role: &str) -> Value {
    let request = json!({ "name": "見習", "email": email, "role": role });
    door.ask("POST", "/api/operators", owner, request).await.body
}

testing::on_both! {
    async fn somebody_is_let_in_by_a_link_that_is_shown_once(door: Door) {
        let owner = door.owner().await;
        let created = create(&door, &owner, "new@example.com", "marketer").await;
        let token = created["sign_in_url"].as_str().unwrap().split_once("token=").unwrap().1.to_owned();
        let me = door.ask("POST", "/api/session/link", "", json!({ "token": token })).await.body;
        assert_eq!((&me["role"], &me["has_password"]), (&json!("marketer"), &json!(false)));
        let list = door.get("/api/operators", &owner).await.body;
        assert_eq!(list["items"].as_array().unwrap().len(), 2);
        assert!(!list.to_string().contains(&token));
    }

    async fn or_with_a_password(door: Door) {
        let owner = door.owner().await;
        let request = json!({ "name": "見習", "email": "new@example.com", "role": "viewer", "password": PASSWORD });
        let created = door.ask("POST", "/api/operators", &owner, request).await;
        assert_eq!((created.line().as_str(), &created.body["sign_in_url"]), ("201", &Value::Null));
        assert_eq!(door.try_sign_in("new@example.com", PASSWORD).await.line(), "200");
    }

    async fn a_mail_address_belongs_to_one(door: Door) {
        let owner = door.owner().await;
        assert_eq!(create(&door, &owner, "O@EXAMPLE.com", "viewer").await["code"], json!("email_taken"));
    }

    async fn a_new_role_counts_at_once_and_ends_the_sessions(door: Door) {
        let owner = door.owner().await;
        let session = door.somebody(Role::Viewer).await;
        let operator_id = door.get("/api/me", &session).await.body["operator_id"].as_str().unwrap().to_owned();
        let path = format!("/api/operators/{operator_id}");
        let renamed = door.ask("PUT", &path, &owner, json!({ "name": "新しい名" })).await;
        assert_eq!(renamed.body["name"], json!("新しい名"));
        assert_eq!(door.get("/api/me", &session).await.line(), "200", "a name changes nothing");
        assert_eq!(door.ask("PUT", &path, &owner, json!({ "role": "owner" })).await.line(), "200");
        assert_eq!(door.get("/api/me", &session).await.line(), "401 signed_out");
    }

    async fn a_password_set_by_an_owner_ends_the_sessions(door: Door) {
        let owner = door.owner().await;
        let session = door.somebody(Role::Viewer).await;
        let operator_id = door.get("/api/me", &session).await.body["operator_id"].as_str().unwrap().to_owned();
        let answer = door.ask("PUT", &format!("/api/operators/{operator_id}"), &owner, json!({ "password": "long enough now" })).await;
        assert_eq!(answer.body["has_password"], json!(true));
        assert_eq!(door.get("/api/me", &session).await.line(), "401 signed_out");
    }

    async fn somebody_always_answers_for_the_installation(door: Door) {
        let owner = door.owner().await;
        let path = format!("/api/operators/{}", door.owner_account().await.operator_id);
        for change in [json!({ "role": "marketer" }), json!({ "is_active": false })] {
            assert_eq!(door.ask("PUT", &path, &owner, change).await.line(), "409 last_owner");
        }
        let second = door.somebody(Role::Owner).await;
        let second_id = door.get("/api/me", &second).await.body["operator_id"].as_str().unwrap().to_owned();
        let second_path = format!("/api/operators/{second_id}");
        // Two owners who put each other out at the same time: one of them stays.
        let (a, b) = tokio::join!(
            door.ask("PUT", &second_path, &owner, json!({ "role": "viewer" })),
            door.ask("PUT", &path, &second, json!({ "role": "viewer" }))
        );
        let done = [&a, &b].iter().filter(|answer| answer.line() == "200").count();
        assert_eq!(done, 1, "{} {}", a.line(), b.line());
        let owners = door.access.operators().await.unwrap().into_iter().filter(|operator| operator.role == Role::Owner).count();
        assert_eq!(owners, 1);
    }

    async fn who_is_not_there_is_not_changed(door: Door) {
        let owner = door.owner().await;
        let path = "/api/operators/00000000-0000-7000-8000-000000000000";
        assert_eq!(door.ask("PUT", path, &owner, json!({ "name": "誰" })).await.line(), "404 not_found");
        assert_eq!(door.ask("POST", &format!("{path}/link"), &owner, Value::Null).await.line(), "404 not_found");
        assert_eq!(door.ask("PUT", "/api/operators/x", &owner, json!({ "name": "誰" })).await.line(), "400 path_unfit");
    }
}
