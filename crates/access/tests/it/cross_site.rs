//! Requests that another site makes a browser send.

use crate::door::{Door, PASSWORD};
use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::json;

/// Signs out, as this page sends it.
async fn sign_out(door: &Door, headers: &[(&str, &str)]) -> String {
    let session = door.owner().await;
    let mut request = Request::builder().method("DELETE").uri("/api/session").header(header::COOKIE, session);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    door.send(request.body(Body::empty()).unwrap()).await.line()
}

testing::on_both! {
    async fn only_our_own_pages_change_something(door: Door) {
        for (headers, line) in [
            (vec![("sec-fetch-site", "same-origin")], "204"),
            (vec![("sec-fetch-site", "none")], "204"),
            (vec![("sec-fetch-site", "cross-site")], "403 cross_site"),
            (vec![("sec-fetch-site", "same-site")], "403 cross_site"),
            (vec![("sec-fetch-site", "cross-site"), ("origin", "https://crm.example.com")], "403 cross_site"),
            (vec![("origin", "https://crm.example.com")], "204"),
            (vec![("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], "204"),
            (vec![("origin", "https://evil.example")], "403 cross_site"),
            (vec![("origin", "https://crm.example.com.evil.example")], "403 cross_site"),
            (vec![("origin", "null")], "403 cross_site"),
            (vec![], "403 cross_site"),
        ] {
            assert_eq!(sign_out(&door, &headers).await, line, "{headers:?}");
        }
    }

    async fn nor_does_another_site_sign_a_browser_in(door: Door) {
        let request = Request::builder().method("POST").uri("/api/session").header("sec-fetch-site", "cross-site");
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let body = json!({ "email": "o@example.com", "password": PASSWORD }).to_string();
        assert_eq!(door.send(request.body(Body::from(body)).unwrap()).await.line(), "403 cross_site");
    }

    async fn reading_is_free(door: Door) {
        let request = Request::builder().uri("/api/me").header(header::COOKIE, door.owner().await).header("sec-fetch-site", "cross-site");
        assert_eq!(door.send(request.body(Body::empty()).unwrap()).await.line(), "200");
    }
}
