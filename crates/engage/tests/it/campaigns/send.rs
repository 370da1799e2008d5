//! From draft to captured mails, once.

use crate::shop::{Shop, campaign_id, text};
use axum::http::{Method, StatusCode};
use records::{Sql, values};
use serde_json::{Value, json};

async fn send_with_key(shop: &Shop, campaign: &Value, key: &str, body: Value) -> crate::shop::Answer {
    let path = format!("/api/campaigns/{}/send", text(campaign, "campaign_id"));
    shop.call_with(&shop.marketer, &[("idempotency-key", key)], Method::POST, &path, Some(body)).await
}

testing::on_both! {
    async fn a_campaign_goes_from_draft_to_captured_mails(shop: Shop) {
        shop.members(60).await;
        shop.bought(1..=60, 40, 1_000).await;
        let campaign = shop.campaign(0.3).await;
        let confirm = shop.get(&format!("/api/campaigns/{}/confirm", text(&campaign, "campaign_id"))).await;
        let sending = shop.send(&campaign).await;
        assert_eq!((&sending["state"], &sending["people"]), (&json!("sending"), &json!(60)));
        shop.work().await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        let sent = shop.get(&path).await;
        assert_eq!(sent["state"], "measuring");
        assert_eq!((&sent["sent"], &sent["control"]), (&confirm["send"], &confirm["control"]), "as it was confirmed");
        assert_eq!(sent["headline"], json!({ "code": "result_measuring", "params": { "day": 0, "window": 28 } }));
        assert_eq!(shop.count("messages WHERE state = 'captured'").await, sent["sent"].as_i64().unwrap());
        shop.pass_days(28);
        assert_eq!(shop.get(&path).await["state"], "measuring", "the last day is not over");
        shop.pass_days(1);
        assert_eq!(shop.get(&path).await["state"], "finished");
    }

    async fn the_same_request_sends_once_and_answers_the_same(shop: Shop) {
        shop.members(20).await;
        shop.bought(1..=20, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let now = json!({ "at": null, "version": campaign["version"] });
        let send = || send_with_key(&shop, &campaign, "key-1", now.clone());
        let (a, b, c, d) = tokio::join!(send(), send(), send(), send());
        for answer in [&a, &b, &c, &d] {
            assert_eq!((answer.status, &answer.json), (StatusCode::OK, &a.json));
        }
        shop.work().await;
        let again = send().await;
        assert_eq!((again.status, &again.json), (StatusCode::OK, &a.json), "also afterwards");
        assert_eq!(shop.count("messages").await, 20);
        assert_eq!(shop.count("jobs WHERE kind = 'campaign.send'").await, 1);
    }

    async fn another_request_does_not_pass_for_the_same(shop: Shop) {
        shop.members(5).await;
        shop.bought(1..=5, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let now = json!({ "at": null, "version": campaign["version"] });
        let first = send_with_key(&shop, &campaign, "key-1", now.clone()).await;
        assert_eq!(first.status, StatusCode::OK, "{}", first.json);
        let later = json!({ "at": "2026-11-20T00:00:00Z", "version": campaign["version"] });
        let path = format!("/api/campaigns/{}/send", text(&campaign, "campaign_id"));
        assert_eq!(send_with_key(&shop, &campaign, "key-1", later).await.problem(), "422 idempotency_key_reused");
        assert_eq!(send_with_key(&shop, &campaign, "key 2", now.clone()).await.problem(), "400 idempotency_key_unfit");
        assert_eq!(shop.call(Method::POST, &path, Some(now)).await.problem(), "409 campaign_state");
        shop.work().await;
        assert_eq!(shop.count("messages").await, 5);
    }

    async fn what_is_not_ready_is_not_sent(shop: Shop) {
        let made = shop.post("/api/campaigns", json!({ "name": "白紙" })).await;
        let path = format!("/api/campaigns/{}/send", text(&made, "campaign_id"));
        let send = async |version: i64, at: Value| shop.call(Method::POST, &path, Some(json!({ "at": at, "version": version }))).await.problem();
        assert_eq!(send(1, Value::Null).await, "422 campaign_not_ready");
        assert_eq!(send(7, Value::Null).await, "409 campaign_changed");
        assert_eq!(send(1, json!("2026-11-12T00:00:00Z")).await, "422 send_time_unfit");
        assert_eq!(shop.run_jobs().await, 0);
    }

    async fn the_job_may_run_twice_and_the_arms_are_drawn_once(shop: Shop) {
        shop.members(40).await;
        shop.bought(1..=40, 40, 1_000).await;
        let campaign = shop.campaign(0.5).await;
        shop.send(&campaign).await;
        let id = campaign_id(&text(&campaign, "campaign_id"));
        assert_eq!(shop.run_jobs().await, 1);
        let arms = "SELECT treated AS value FROM campaign_people WHERE campaign_id = $1";
        let before: Option<Vec<u8>> = shop.records.reader().scalar(arms, values![id.uuid()]).await.unwrap();
        // As after a crash: the work is not noted as done, and meanwhile somebody else has bought.
        shop.happens(vec![crate::shop::member(41, Some("granted"), shop.now())]).await;
        shop.bought([41], 1, 1_000).await;
        shop.change(async |tx| {
            tx.execute("UPDATE campaigns SET is_queued = FALSE", vec![]).await.unwrap();
            tx.execute("UPDATE jobs SET state = 'queued', finished_at = NULL", vec![]).await.unwrap();
            tx.execute("DELETE FROM messages WHERE customer < 10", vec![]).await.unwrap();
        })
        .await;
        assert_eq!(shop.run_jobs().await, 1);
        let after: Option<Vec<u8>> = shop.records.reader().scalar(arms, values![id.uuid()]).await.unwrap();
        assert_eq!(before, after);
        shop.work().await;
        let sent = shop.get(&format!("/api/campaigns/{id}")).await;
        assert_eq!(sent["sent"].as_i64().unwrap() + sent["control"].as_i64().unwrap(), 40);
        assert_eq!(shop.count("messages").await, sent["sent"].as_i64().unwrap());
    }

    async fn a_scheduled_campaign_waits_for_its_time(shop: Shop) {
        shop.members(10).await;
        shop.bought(1..=10, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        let at = json!("2026-11-16T01:00:00Z");
        let answer = shop.post(&format!("{path}/send"), json!({ "at": at, "version": campaign["version"] })).await;
        assert_eq!((&answer["state"], &answer["scheduled_at"]), (&json!("scheduled"), &at));
        shop.work().await;
        assert_eq!(shop.get(&path).await["state"], "scheduled");
        shop.pass_days(2);
        shop.post(&format!("{path}/pause"), Value::Null).await;
        shop.pass_days(2);
        shop.work().await;
        assert_eq!(shop.get(&path).await["state"], "paused", "its time has passed, and it was paused");
        assert_eq!(shop.post(&format!("{path}/resume"), Value::Null).await["state"], "scheduled");
        shop.work().await;
        let sent = shop.get(&path).await;
        assert_eq!((&sent["state"], &sent["sent"]), (&json!("measuring"), &json!(10)));
        assert_eq!(sent["started_at"], "2026-11-17T00:30:00Z");
    }

    async fn a_segment_that_was_deleted_gives_the_campaign_back(shop: Shop) {
        shop.members(3).await;
        shop.bought(1..=3, 40, 1_000).await;
        let segment = segments::sql::Segment {
            id: vocabulary::id::SegmentId::new(shop.now()),
            name: "買った人".to_owned(),
            tree: serde_json::from_value(crate::shop::buyers()).unwrap(),
            version: 1,
            people: None,
            counted_at: None,
            updated_at: shop.now(),
        };
        shop.change(async |tx| segments::sql::insert(tx, &segment).await.unwrap()).await;
        let made = shop.post("/api/campaigns", json!({ "name": "秋", "segment_id": segment.id.to_string(), "template": "thank_you" })).await;
        assert_eq!(made["segment_text"], "買った人");
        let path = format!("/api/campaigns/{}", text(&made, "campaign_id"));
        shop.post(&format!("{path}/send"), json!({ "at": null, "version": 1 })).await;
        shop.change(async |tx| assert!(segments::sql::delete(tx, segment.id).await.unwrap())).await;
        shop.run_jobs().await;
        let back = shop.get(&path).await;
        assert_eq!((&back["state"], &back["problems"][0]["code"]), (&json!("draft"), &json!("segment_missing")));
        assert_eq!(shop.count("messages").await, 0);
    }
}
