//! A test mail to oneself.

use crate::{
    post_office::PostOffice,
    shop::{Shop, text},
};
use access::Role;
use axum::http::{Method, StatusCode};
use channels::settings::{self, SecurityName, Server};
use records::Sql as _;
use serde_json::json;

async fn path(shop: &Shop) -> String {
    shop.members(2).await;
    shop.bought(1..=2, 3, 1_000).await;
    let campaign = shop.campaign(0.1).await;
    format!("/api/campaigns/{}/test", text(&campaign, "campaign_id"))
}

testing::on_both! {
    async fn without_a_server_it_is_kept_for_the_one_who_asked(shop: Shop) {
        let path = path(&shop).await;
        let sent = shop.post(&path, json!({})).await;
        assert_eq!((&sent["outcome"], &sent["to"]), (&json!("kept"), &json!("marketer@example.com")));
        let kept = format!("/api/test-mails/{}", text(&sent, "test_mail_id"));
        let mail = shop.get(&kept).await;
        assert_eq!(mail["subject"], "【テスト】佐＊＊様、お変わりありませんか");
        let html = text(&mail, "html");
        assert!(html.contains("href=\"http://localhost:8080/\"") && html.contains("href=\"#\""), "{html}");
        for mark in ["/c/", "/o/", "/u/", "佐藤"] {
            assert!(!html.contains(mark) && !text(&mail, "text").contains(mark), "{mark}: {html}");
        }
        let colleague = shop.sign_in(Role::Owner).await;
        let answer = shop.call_with(&colleague, &[], Method::GET, &kept, None).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "it is nobody else's");
    }

    async fn it_counts_nowhere_and_is_in_the_audit_log(shop: Shop) {
        let path = path(&shop).await;
        shop.post(&path, json!({})).await;
        shop.work().await;
        assert_eq!(shop.count("messages").await, 0);
        assert_eq!(shop.count("captured_messages").await, 0);
        assert_eq!(shop.count("outbox WHERE event LIKE '%test%'").await, 0);
        assert_eq!(shop.count("audit_log WHERE action = 'campaign.test_mail'").await, 1);
        let campaign = shop.get(path.trim_end_matches("/test")).await;
        assert_eq!((&campaign["sent"], &campaign["state"]), (&json!(0), &json!("draft")));
    }

    async fn it_goes_to_ones_own_address_only(shop: Shop) {
        let path = path(&shop).await;
        let elsewhere = shop.call(Method::POST, &path, Some(json!({ "to": "p1@example.com" }))).await;
        assert_eq!(elsewhere.problem(), "422 body_unfit");
        let office = PostOffice::open().await;
        let server = Server::without_sign_in("127.0.0.1", office.port, SecurityName::None);
        let saved = settings::read(&shop.records.reader()).await.unwrap();
        let with_server = settings::MailSettings { smtp: Some(server), ..saved };
        shop.change(async |tx| settings::save(tx, &with_server).await.unwrap()).await;
        let sent = shop.post(&path, json!({})).await;
        assert_eq!(sent["outcome"], "sent", "{sent}");
        assert_eq!(office.delivered().into_iter().collect::<Vec<_>>(), [("marketer@example.com".to_owned(), 1)]);
        assert!(!office.mail_of("marketer@example.com").contains("List-Unsubscribe"));
    }

    async fn it_shows_the_present_words_in_their_language(shop: Shop) {
        let path = path(&shop).await;
        let mail = json!({
            "subject": "Hello", "preheader": "", "from_name": "", "from_address": "", "mjml": null,
            "blocks": [{ "kind": "text", "text": "Dear {{ customer.full_name | default(\"customer\") }}" }],
        });
        let sent = shop.post(&path, json!({ "mail": mail })).await;
        let kept = shop.get(&format!("/api/test-mails/{}", text(&sent, "test_mail_id"))).await;
        assert_eq!(kept["subject"], "[Test] Hello");
        assert!(text(&kept, "html").contains("Unsubscribe"), "the shop's Japanese name makes the mail no Japanese one");
    }

    async fn many_in_a_row_have_to_wait_and_old_ones_go(shop: Shop) {
        let path = path(&shop).await;
        for _ in 0..20 {
            shop.post(&path, json!({})).await;
        }
        let answer = shop.call(Method::POST, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), "429 too_many_tries");
        shop.change(async |tx| tx.execute("UPDATE test_mails SET made_at = made_at - 3600000000", vec![]).await.unwrap()).await;
        shop.post(&path, json!({})).await;
        assert_eq!(shop.count("test_mails").await, 21);
        shop.post(&path, json!({})).await;
        assert_eq!(shop.count("test_mails").await, 21, "the newest are kept");
    }

    async fn nothing_leaves_while_sending_is_paused(shop: Shop) {
        let path = path(&shop).await;
        let pause = channels::pause::Pause { reason: channels::pause::PauseReason::Asked, since: shop.now(), backup_made_at: None };
        let mut tx = shop.records.begin(&records::Actor::System("story"), "story").await.unwrap();
        channels::pause::begin(&mut tx, &pause).await.unwrap();
        tx.commit().await.unwrap();
        let answer = shop.call(Method::POST, &path, Some(json!({}))).await;
        assert_eq!(answer.problem(), "409 sending_paused");
        assert_eq!(shop.count("test_mails").await, 0);
    }
}
