//! The settings of mail: the password goes in and never out.

use crate::shop::{Shop, office};
use access::Role;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const PATH: &str = "/api/settings/mail";

fn settings(host: &str, password: Option<&str>) -> Value {
    let mut smtp =
        json!({ "host": host, "port": 587, "security": "starttls", "username": "mise", "has_password": true });
    if let Some(password) = password {
        smtp["password"] = password.into();
    }
    json!({
        "from_name": "くらしの店", "from_address": "mise@najimi.example", "smtp": smtp, "hold_unknown": true,
        "cap_days": 7, "cap_max": 1, "footer_address": "東京都台東区谷中1-2-3"
    })
}

testing::on_both! {
    async fn the_password_is_kept_sealed_and_shown_to_nobody(shop: Shop) {
        let cookie = shop.sign_in(Role::Owner).await;
        let saved = shop.call(&cookie, Method::PUT, PATH, Some(settings("mail.example.jp", Some("ひみつ-42")))).await;
        assert_eq!(saved.status, StatusCode::OK, "{}", saved.text());
        assert_eq!(saved.json()["smtp"]["has_password"], true);
        let shown = shop.call(&cookie, Method::GET, PATH, None).await;
        assert!(!shown.text().contains("ひみつ") && shown.json()["smtp"]["password"].is_null());
        assert_eq!(shop.count("settings WHERE value LIKE '%ひみつ%'").await, 0);
        // What was read can be saved again as it is.
        let again = shop.call(&cookie, Method::PUT, PATH, Some(shown.json())).await;
        assert_eq!((again.status, &again.json()["smtp"]["has_password"]), (StatusCode::OK, &true.into()));
    }

    async fn a_kept_password_goes_to_no_other_server(shop: Shop) {
        let cookie = shop.sign_in(Role::Owner).await;
        shop.call(&cookie, Method::PUT, PATH, Some(settings("mail.example.jp", Some("ひみつ-42")))).await;
        let other = shop.call(&cookie, Method::PUT, PATH, Some(settings("evil.example", None))).await;
        assert_eq!((other.status, &other.json()["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &"smtp_password_needed".into()));
    }

    async fn what_cannot_work_is_refused_with_a_sentence(shop: Shop) {
        let cookie = shop.sign_in(Role::Owner).await;
        let changed = |field: &str, value: Value| {
            let mut body = settings("mail.example.jp", Some("p"));
            body[field] = value;
            body
        };
        for (body, code) in [
            (changed("from_name", "a\r\nBcc: x@y.jp".into()), "mail_text_unfit"),
            (changed("from_address", "mise".into()), "mail_address_unfit"),
            (changed("footer_address", "".into()), "mail_text_unfit"),
            (changed("cap_days", 0.into()), "mail_number_unfit"),
            (changed("cap_max", 101.into()), "mail_number_unfit"),
            (changed("colour", "red".into()), "body_unfit"),
            (changed("smtp", json!({ "host": "mail.example.jp", "port": 25, "security": "none", "username": null })), "smtp_unprotected"),
            (settings("not a host", Some("p")), "smtp_unfit"),
        ] {
            let answer = shop.call(&cookie, Method::PUT, PATH, Some(body)).await;
            assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &code.into()), "{}", answer.text());
        }
    }

    async fn a_trial_tells_what_the_server_says(shop: Shop) {
        let cookie = shop.sign_in(Role::Owner).await;
        let path = "/api/settings/mail/test";
        let answer = shop.call(&cookie, Method::POST, path, Some(json!({ "to": "p1@example.com" }))).await.json();
        assert_eq!(answer["ok"], false, "no server is set");
        let office = office(&shop).await;
        let answer = shop.call(&cookie, Method::POST, path, Some(json!({ "to": "p1@example.com" }))).await.json();
        assert_eq!(answer["ok"], true, "{answer}");
        assert_eq!(office.delivered().len(), 1);
        let answer = shop.call(&cookie, Method::POST, path, Some(json!({ "to": "gone@example.com" }))).await.json();
        assert_eq!((&answer["ok"], answer["detail"].as_str().unwrap().contains("no such user")), (&false.into(), true));
        let answer = shop.call(&cookie, Method::POST, path, Some(json!({ "to": "gone" }))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
