//! What the screens see of messages, and who may see it.

use crate::shop::{CAMPAIGN, Shop, TARGET};
use access::Role;
use axum::http::{Method, StatusCode};
use channels::outbox;
use records::Sql as _;
use serde_json::json;

testing::on_both! {
    async fn messages_come_in_pages_with_masked_addresses(shop: Shop) {
        let people = shop.people(5).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.say(4, "denied").await;
        shop.send().await;
        let cookie = shop.sign_in(Role::Marketer).await;
        let path = format!("/api/campaigns/{CAMPAIGN}/messages");
        let first = shop.call(&cookie, Method::GET, &format!("{path}?limit=3"), None).await.json();
        assert_eq!(first["items"].as_array().unwrap().len(), 3);
        assert_eq!(first["items"][0]["to_masked"], "p***@example.com");
        assert_eq!(first["items"][0]["name"], "佐藤1 花子");
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = shop.call(&cookie, Method::GET, &format!("{path}?limit=3&cursor={cursor}"), None).await.json();
        assert_eq!((second["items"].as_array().unwrap().len(), second["next_cursor"].is_null()), (2, true));
        let skipped = shop.call(&cookie, Method::GET, &format!("{path}?state=skipped"), None).await.json();
        assert_eq!((&skipped["items"][0]["error"], skipped["items"].as_array().unwrap().len()), (&json!("no_consent"), 1));
        let wrong = shop.call(&cookie, Method::GET, &format!("{path}?state=lost"), None).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_kept_mail_can_be_read_and_hides_the_address(shop: Shop) {
        let people = shop.people(1).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.send().await;
        let cookie = shop.sign_in(Role::Agent).await;
        let path = format!("/api/messages/{}", outbox::message_id(CAMPAIGN, 1));
        let answer = shop.call(&cookie, Method::GET, &path, None).await;
        let message = answer.json();
        assert_eq!((&message["subject"], &message["state"], &message["is_kept"]), (&json!("佐藤1様へ"), &json!("captured"), &json!(true)));
        assert_eq!((&message["links"][0]["label"], message["links"].as_array().unwrap().len()), (&json!("店を見る"), 1));
        assert!(!answer.text().contains("p1@example.com"), "{}", answer.text());
        let unknown = shop.call(&cookie, Method::GET, &format!("/api/messages/{CAMPAIGN}"), None).await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    }

    async fn nothing_in_a_shown_mail_acts_in_the_persons_name(shop: Shop) {
        let people = shop.people(1).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.send().await;
        let path = format!("/api/messages/{}", outbox::message_id(CAMPAIGN, 1));
        for (role, is_live) in [(Role::Owner, true), (Role::Marketer, true), (Role::Agent, false), (Role::Clerk, false)] {
            let cookie = shop.sign_in(role).await;
            let answer = shop.call(&cookie, Method::GET, &path, None).await;
            let message = answer.json();
            assert!(!answer.text().contains("/u/"), "{role}: {}", answer.text());
            for part in ["html", "text"] {
                let shown = message[part].as_str().unwrap();
                assert!(!shown.contains("/c/") && shown.contains(TARGET), "{role}: {shown}");
            }
            let header = message["headers"].as_array().unwrap().iter().find(|header| header[0] == "List-Unsubscribe");
            assert_eq!(header.unwrap()[1], "…");
            let url = message["links"][0]["url"].as_str().unwrap();
            assert_eq!((&message["is_live"], url == TARGET), (&json!(is_live), !is_live), "{role}");
            let status = shop.outside(Method::GET, url.trim_start_matches("http://localhost:8080"), "").await.status;
            assert!(!is_live || status == StatusCode::FOUND, "a kept mail's links can be tried out");
        }
        // Elsewhere meanwhile: the tokens in the kept mail are still good, and still not shown.
        shop.move_to("http://localhost:9090").await;
        let cookie = shop.sign_in(Role::Owner).await;
        let message = shop.call(&cookie, Method::GET, &path, None).await;
        assert!(!message.json()["html"].as_str().unwrap().contains("localhost:8080"), "{}", message.text());
        shop.change(async |tx| tx.execute("DELETE FROM captured_messages", vec![]).await.unwrap()).await;
        let again = shop.call(&cookie, Method::GET, &path, None).await;
        assert!(!again.text().contains("/u/") && !again.text().contains("/c/"), "{}", again.text());
        assert_eq!((&again.json()["is_kept"], &again.json()["is_live"]), (&json!(false), &json!(false)));
    }

    async fn each_role_sees_what_it_may(shop: Shop) {
        let people = shop.people(1).await;
        shop.queue(CAMPAIGN, &people).await;
        shop.send().await;
        let message = format!("/api/messages/{}", outbox::message_id(CAMPAIGN, 1));
        let (delivery, messages) = (format!("/api/campaigns/{CAMPAIGN}/delivery"), format!("/api/campaigns/{CAMPAIGN}/messages"));
        for (role, allowed) in [
            (Role::Owner, [true, true, true, true]),
            (Role::Marketer, [true, true, true, false]),
            (Role::Agent, [true, true, true, false]),
            (Role::Clerk, [false, true, true, false]),
            (Role::Viewer, [true, false, false, false]),
        ] {
            let cookie = shop.sign_in(role).await;
            let paths = [delivery.as_str(), messages.as_str(), message.as_str(), "/api/settings/mail"];
            for (path, is_allowed) in paths.into_iter().zip(allowed) {
                let status = shop.call(&cookie, Method::GET, path, None).await.status;
                let expected = if is_allowed { StatusCode::OK } else { StatusCode::FORBIDDEN };
                assert_eq!(status, expected, "{role} {path}");
            }
        }
        let nobody = shop.call("", Method::GET, &delivery, None).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    }
}
