//! What cannot be read is refused by name and place, and changes nothing.

use crate::door::Door;
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

async fn post(door: &Door, content_type: &str, body: Vec<u8>) -> (String, String) {
    let request = Request::builder().method("POST").uri("/api/session").header("sec-fetch-site", "same-origin");
    let answer = door.send(request.header(header::CONTENT_TYPE, content_type).body(Body::from(body)).unwrap()).await;
    (answer.line(), answer.body["detail"].as_str().unwrap_or_default().to_owned())
}

testing::on_both! {
    async fn a_body_is_refused_by_field_and_position(door: Door) {
        for (body, line, part) in [
            ("", "400 body_not_json", "EOF"),
            ("{", "400 body_not_json", "line 1 column 1"),
            (r#"{"email":"a","password":"b"} {}"#, "400 body_not_json", "trailing characters"),
            (r#"{"email":"a@example.com"}"#, "422 body_unfit", "missing field `password`"),
            (r#"{"email":"a@example.com","password":7}"#, "422 body_unfit", "password: invalid type"),
            (r#"{"email":"a","password":"b","admin":true}"#, "422 body_unfit", "unknown field `admin`"),
            (r#"{"email":"\ud800","password":"b"}"#, "400 body_not_json", "hex escape"),
        ] {
            let (found, detail) = post(&door, "application/json", body.into()).await;
            assert_eq!(found, line, "{body}: {detail}");
            assert!(detail.contains(part), "{body}: {detail}");
        }
    }

    async fn hostile_bodies_are_refused(door: Door) {
        let deep = "[".repeat(100_000).into_bytes();
        assert_eq!(post(&door, "application/json", deep).await.0, "422 body_unfit");
        let deep = format!(r#"{{"email":{}"#, "[".repeat(100_000)).into_bytes();
        assert_eq!(post(&door, "application/json", deep).await.0, "422 body_unfit");
        assert_eq!(post(&door, "application/json", vec![b' '; 3_000_000]).await.0, "413 body_too_large");
        assert_eq!(post(&door, "application/json", b"{\"email\":\"\xff\",\"password\":\"b\"}".to_vec()).await.0, "400 body_not_json");
        assert_eq!(post(&door, "text/plain", b"{}".to_vec()).await.0, "415 not_json");
        let nul = json!({ "email": "a\u{0}b@example.com", "password": "\u{0}" }).to_string().into_bytes();
        assert_eq!(post(&door, "application/json; charset=utf-8", nul).await.0, "400 body_has_nul");
        let long = json!({ "email": "a".repeat(1_000_000), "password": "b".repeat(900_000) }).to_string().into_bytes();
        assert_eq!(post(&door, "application/json", long).await.0, "401 sign_in_failed");
    }

    async fn a_query_is_refused_too(door: Door) {
        let owner = door.owner().await;
        for (query, line) in [
            ("limit=0", "400 query_unfit"),
            ("limit=201", "400 query_unfit"),
            ("limit=many", "400 query_unfit"),
            ("page=2", "400 query_unfit"),
            ("cursor=x", "400 cursor_unfit"),
            ("cursor=a%00b", "400 address_has_nul"),
            ("limit=200", "200"),
        ] {
            assert_eq!(door.get(&format!("/api/audit?{query}"), &owner).await.line(), line, "{query}");
        }
    }
}
