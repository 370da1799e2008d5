//! Keys of programs.

use crate::door::Door;
use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

async fn create(door: &Door, owner: &str) -> Value {
    door.ask("POST", "/api/keys", owner, json!({ "name": "本店のサイト", "scopes": ["events.write"] })).await.body
}

async fn send(door: &Door, authorization: &str) -> String {
    let request = Request::builder().method("POST").uri("/v1/batch").header(header::AUTHORIZATION, authorization);
    door.send(request.body(Body::empty()).unwrap()).await.line()
}

fn basic(user: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:")))
}

testing::on_both! {
    async fn a_key_sends_events_as_segment_libraries_do_or_as_a_bearer(door: Door) {
        let created = create(&door, &door.owner().await).await;
        let secret = created["secret"].as_str().unwrap();
        assert_eq!(send(&door, &basic(secret)).await, "200");
        assert_eq!(send(&door, &format!("bearer {secret}")).await, "200");
        assert_eq!(door.access.key_of_text(secret).await.unwrap().unwrap().name, "本店のサイト");
        assert!(secret.starts_with(created["prefix"].as_str().unwrap()));
    }

    async fn without_a_key_nothing_is_taken(door: Door) {
        for (authorization, line) in [
            ("", "401 key_missing"),
            ("Basic", "401 key_missing"),
            ("Basic !!!", "401 key_missing"),
            ("Digest x", "401 key_missing"),
            ("Bearer najimi_guess", "401 key_unknown"),
            ("Bearer guess", "401 key_unknown"),
        ] {
            assert_eq!(send(&door, authorization).await, line, "{authorization}");
        }
        assert_eq!(send(&door, &basic("guess")).await, "401 key_unknown");
    }

    async fn a_session_is_no_key_and_a_key_is_no_session(door: Door) {
        let owner = door.owner().await;
        assert_eq!(door.ask("POST", "/v1/batch", &owner, Value::Null).await.line(), "401 key_missing");
        let secret = create(&door, &owner).await["secret"].as_str().unwrap().to_owned();
        let request = Request::builder().uri("/api/me").header(header::AUTHORIZATION, basic(&secret)).body(Body::empty()).unwrap();
        assert_eq!(door.send(request).await.line(), "401 signed_out");
    }

    async fn a_revoked_key_is_refused_at_once(door: Door) {
        let owner = door.owner().await;
        let created = create(&door, &owner).await;
        let secret = created["secret"].as_str().unwrap();
        assert_eq!(send(&door, &basic(secret)).await, "200");
        let path = format!("/api/keys/{}", created["key_id"].as_str().unwrap());
        assert_eq!(door.ask("DELETE", &path, &owner, Value::Null).await.line(), "204");
        assert_eq!(send(&door, &basic(secret)).await, "401 key_unknown");
        assert_eq!(door.ask("DELETE", &path, &owner, Value::Null).await.line(), "404 not_found");
        assert_eq!(door.get("/api/keys", &owner).await.body["items"], json!([]));
    }

    async fn the_secret_is_shown_once_and_its_use_is_noted(door: Door) {
        let owner = door.owner().await;
        let created = create(&door, &owner).await;
        send(&door, &basic(created["secret"].as_str().unwrap())).await;
        let list = door.get("/api/keys", &owner).await.body;
        assert_eq!(list["items"][0]["last_used_at"], json!("2026-11-13T00:30:00Z"));
        assert!(list["items"][0].get("secret").is_none());
    }

    async fn scopes_that_do_not_exist_are_refused(door: Door) {
        let owner = door.owner().await;
        for scopes in [json!([]), json!(["operators.manage"]), json!(["events.write", "events.write"])] {
            let answer = door.ask("POST", "/api/keys", &owner, json!({ "name": "鍵", "scopes": scopes })).await;
            assert_eq!(answer.line(), "422 value_unfit");
        }
    }
}
