//! What people do with a mail.

use crate::shop::{Answer, CAMPAIGN, Shop, TARGET, office, path_in};
use access::Role;
use axum::http::{Method, StatusCode};
use channels::{
    mail::{LinkKey, Purpose, Token, sign},
    outbox,
};
use records::{Sql as _, values};
use vocabulary::event::names;

/// The mail that the first person would have got.
async fn kept(shop: &Shop) -> String {
    let text = "SELECT content AS value FROM captured_messages WHERE message_id = $1";
    let id = outbox::message_id(CAMPAIGN, 1);
    let content: Vec<u8> = shop.records.reader().scalar(text, values![id.uuid()]).await.unwrap().unwrap();
    let content = zstd::bulk::decompress(&content, 1 << 20).unwrap();
    let message: serde_json::Value = serde_json::from_slice(&content).unwrap();
    format!("{}\n{}", message["html"].as_str().unwrap(), message["text"].as_str().unwrap())
}

async fn sent(shop: &Shop) -> String {
    shop.people(1).await;
    shop.queue(CAMPAIGN, &[1]).await;
    shop.send().await;
    kept(shop).await
}

fn token(purpose: Purpose, link_index: u16, secret: u8) -> String {
    let message_id = outbox::message_id(CAMPAIGN, 1).uuid();
    sign(&Token { message_id, link_index, purpose }, &LinkKey::new(&[secret; 32]))
}

async fn get(shop: &Shop, path: &str) -> Answer {
    shop.outside(Method::GET, path, "").await
}

testing::on_both! {
    async fn a_link_leads_where_it_did_when_the_mail_was_written_and_counts_once(shop: Shop) {
        let mail = sent(&shop).await;
        let path = path_in(&mail, "c");
        for _ in 0..2 {
            let answer = get(&shop, &path).await;
            assert_eq!((answer.status, answer.location.as_deref()), (StatusCode::FOUND, Some(TARGET)));
        }
        let events = shop.journalled();
        assert_eq!(events.len(), 2);
        assert_eq!(events[0].message_id, events[1].message_id, "the pipeline drops the second");
        assert_eq!((events[0].name.as_str(), events[0].source.as_str()), (names::MAIL_CLICKED, "najimi"));
        assert_eq!(events[0].properties["url"], TARGET);
        assert_eq!(events[0].properties["campaign_id"], CAMPAIGN.to_string());
        assert_eq!(events[0].customer_id.unwrap().uuid(), uuid::Uuid::from_u128(2));
    }

    async fn a_picture_that_is_loaded_is_an_opening_and_an_operators_look_is_none(shop: Shop) {
        let mail = sent(&shop).await;
        assert!(!mail.contains("http://localhost:8080/o/"), "no picture in what operators see");
        let path = format!("/o/{}.gif", token(Purpose::Open, 0, 3));
        shop.outside(Method::HEAD, &path, "").await;
        assert_eq!(shop.journalled().len(), 0);
        let answer = get(&shop, &path).await;
        assert_eq!((answer.status, &answer.body[..6]), (StatusCode::OK, b"GIF89a".as_slice()));
        assert_eq!(shop.journalled()[0].name, names::MAIL_OPENED);
    }

    async fn what_was_not_made_here_is_a_plain_404_and_leaves_no_trace(shop: Shop) {
        sent(&shop).await;
        let forged = [token(Purpose::Click, 0, 9), token(Purpose::Open, 0, 3), token(Purpose::Click, 7, 3), "x".repeat(40), "é".to_owned()];
        for letters in forged {
            let answer = get(&shop, &format!("/c/{}", letters.replace('é', "%C3%A9"))).await;
            assert_eq!((answer.status, answer.location), (StatusCode::NOT_FOUND, None), "{letters}");
        }
        for letters in [token(Purpose::Unsubscribe, 0, 9), token(Purpose::Click, 0, 3)] {
            assert_eq!(get(&shop, &format!("/u/{letters}")).await.status, StatusCode::NOT_FOUND);
            assert_eq!(shop.outside(Method::POST, &format!("/u/{letters}"), "").await.status, StatusCode::NOT_FOUND);
        }
        let picture = get(&shop, &format!("/o/{}.gif", token(Purpose::Open, 0, 9))).await;
        assert_eq!(picture.status, StatusCode::OK, "a broken picture would only tell that it is one");
        assert_eq!((shop.journalled().len(), shop.count("suppressions").await), (0, 0));
    }

    async fn looking_at_the_way_out_three_times_changes_nothing(shop: Shop) {
        let path = path_in(&sent(&shop).await, "u");
        for _ in 0..3 {
            let page = get(&shop, &path).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text().contains("配信を停止する") && !page.text().contains("<script"));
        }
        assert_eq!(shop.count("suppressions").await, 0);
        assert_eq!(shop.count("consents WHERE state = 'granted'").await, 1);
        assert_eq!(shop.told(names::UNSUBSCRIBED).await.len(), 0);
    }

    async fn one_click_stops_all_mails_at_once_and_only_once(shop: Shop) {
        let path = path_in(&sent(&shop).await, "u");
        for body in ["List-Unsubscribe=One-Click", "", "List-Unsubscribe=One-Click"] {
            let answer = shop.outside(Method::POST, &path, body).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(answer.text().contains("配信を停止しました"));
        }
        assert_eq!(shop.count("consents WHERE state = 'denied'").await, 1);
        assert_eq!(shop.count("suppressions WHERE address = 'p1@example.com' AND reason = 'unsubscribed'").await, 1);
        let told = shop.told(names::UNSUBSCRIBED).await;
        assert_eq!((told.len(), &told[0].properties["campaign_id"]), (1, &CAMPAIGN.to_string().into()));
        // Even a consent that is brought in from elsewhere does not open the stopped address again.
        shop.say(1, "granted").await;
        shop.pass_seconds(30 * 86_400);
        shop.queue(crate::shop::SECOND, &[1]).await;
        shop.send().await;
        assert_eq!(shop.delivery(crate::shop::SECOND).await.skipped, [("suppressed".to_owned(), 1)]);
    }

    async fn a_click_holds_longer_than_a_no_that_the_shop_passed_on(shop: Shop) {
        let path = path_in(&sent(&shop).await, "u");
        shop.say(1, "denied").await;
        shop.change(async |tx| {
            let text = "INSERT INTO suppressions (address, reason, suppressed_at) VALUES ('p1@example.com', 'withdrawn', 5)";
            tx.execute(text, values![]).await.unwrap();
        }).await;
        assert!(get(&shop, &path).await.text().contains("配信を停止する"), "a later yes of the shop would lift it");
        assert_eq!(shop.outside(Method::POST, &path, "").await.status, StatusCode::OK);
        assert_eq!(shop.count("suppressions WHERE reason = 'unsubscribed' AND suppressed_at > 5").await, 1);
        assert_eq!(shop.told(names::UNSUBSCRIBED).await.len(), 1);
        assert!(get(&shop, &path).await.text().contains("配信を停止しました"));
        assert_eq!(shop.outside(Method::POST, &path, "").await.status, StatusCode::OK);
        assert_eq!(shop.told(names::UNSUBSCRIBED).await.len(), 1, "told once");
    }

    async fn a_mail_on_the_wire_carries_picture_and_one_click(shop: Shop) {
        let office = office(&shop).await;
        shop.people(1).await;
        shop.queue(CAMPAIGN, &[1]).await;
        shop.send().await;
        let mail = office.mail_of("p1@example.com");
        assert!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{mail}");
        let path = path_in(&mail.replace("\n ", ""), "u");
        assert_eq!(shop.outside(Method::POST, &path, "List-Unsubscribe=One-Click").await.status, StatusCode::OK);
        assert_eq!(shop.count("consents WHERE state = 'denied'").await, 1);
        let cookie = shop.sign_in(Role::Marketer).await;
        let shown = shop.call(&cookie, Method::GET, &format!("/api/messages/{}", outbox::message_id(CAMPAIGN, 1)), None).await;
        assert!(!shown.text().contains("/o/") && shown.json()["is_kept"] == false, "looking at it is no opening");
    }
}
