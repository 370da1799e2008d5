//! Writing a campaign.

use crate::shop::{Shop, buyers, text};
use access::Role;
use axum::http::{Method, StatusCode};
use serde_json::json;

testing::on_both! {
    async fn a_draft_says_what_stands_in_the_way_of_sending(shop: Shop) {
        let made = shop.post("/api/campaigns", json!({ "name": "白紙" })).await;
        let codes: Vec<_> = made["problems"].as_array().unwrap().iter().map(|problem| text(problem, "code")).collect();
        assert_eq!(codes, ["segment_missing", "subject_missing", "mail_empty"]);
        let ready = shop.post("/api/campaigns", json!({ "name": "ひな形", "template": "long_time", "tree": buyers() })).await;
        let codes: Vec<_> = ready["problems"].as_array().unwrap().iter().map(|problem| text(problem, "code")).collect();
        assert_eq!(codes, ["segment_empty"], "nobody has bought yet");
        shop.members(2).await;
        shop.bought(1..=2, 3, 1_000).await;
        let path = format!("/api/campaigns/{}", text(&ready, "campaign_id"));
        let ready = shop.get(&path).await;
        assert_eq!(ready["segment_text"], "orders >= 1");
        assert_eq!(ready["mail"]["from_address"], "letter@example.com");
        assert_eq!(ready["state"], "draft");
    }

    async fn nobody_overwrites_what_somebody_else_wrote_meanwhile(shop: Shop) {
        let made = shop.campaign(0.1).await;
        let path = format!("/api/campaigns/{}", text(&made, "campaign_id"));
        let change = |name: &str| json!({ "name": name, "tree": buyers(), "mail": made["mail"], "holdout": 0.2, "version": made["version"] });
        let first = shop.call(Method::PUT, &path, Some(change("はじめの人"))).await;
        let second = shop.call(Method::PUT, &path, Some(change("あとの人"))).await;
        assert_eq!(first.status, StatusCode::OK);
        assert_eq!(second.problem(), "409 campaign_changed");
        assert_eq!(shop.get(&path).await["name"], "はじめの人");
    }

    async fn what_can_never_be_sent_is_not_saved(shop: Shop) {
        let made = shop.campaign(0.1).await;
        let path = format!("/api/campaigns/{}", text(&made, "campaign_id"));
        let deep = (0..40).fold(buyers(), |tree, _| json!({ "kind": "not", "of": tree }));
        let with = |field: &str, value: serde_json::Value| {
            let mut change = json!({ "name": "秋", "tree": buyers(), "mail": made["mail"], "holdout": 0.2, "version": made["version"] });
            change[field] = value;
            change
        };
        let large = json!([{ "kind": "text", "text": "あ".repeat(100_000) }]);
        let mut mail = made["mail"].clone();
        mail["blocks"] = large;
        for (change, problem) in [
            (with("name", json!("  ")), "422 name_unfit"),
            (with("holdout", json!(1.5)), "422 holdout_unfit"),
            (with("tree", deep), "422 segment_invalid"),
            (with("segment_id", json!("01980000-0000-7000-8000-000000000001")), "422 segment_twice"),
            (with("mail", mail), "422 mail_too_large"),
            (with("colour", json!("red")), "422 body_unfit"),
        ] {
            assert_eq!(shop.call(Method::PUT, &path, Some(change)).await.problem(), problem);
        }
        assert_eq!(shop.get(&path).await["version"], made["version"]);
    }

    async fn a_draft_is_thrown_away_and_a_sent_campaign_is_not(shop: Shop) {
        shop.members(3).await;
        shop.bought(1..=3, 3, 1_000).await;
        let (draft, sent) = (shop.campaign(0.0).await, shop.campaign(0.0).await);
        shop.send(&sent).await;
        let delete = async |campaign: &serde_json::Value| {
            let path = format!("/api/campaigns/{}", text(campaign, "campaign_id"));
            shop.call(Method::DELETE, &path, None).await.problem()
        };
        assert_eq!(delete(&draft).await, "204 –");
        assert_eq!(delete(&draft).await, "404 not_found");
        assert_eq!(delete(&sent).await, "409 campaign_state");
        let items = shop.get("/api/campaigns").await["items"].clone();
        let ids: Vec<_> = items.as_array().unwrap().iter().map(|row| text(row, "campaign_id")).collect();
        assert_eq!(ids, [text(&sent, "campaign_id")]);
        shop.work().await;
    }

    async fn who_may_not_write_may_still_look(shop: Shop) {
        let made = shop.campaign(0.1).await;
        let path = format!("/api/campaigns/{}", text(&made, "campaign_id"));
        let (viewer, clerk) = (shop.sign_in(Role::Viewer).await, shop.sign_in(Role::Clerk).await);
        let call = async |cookie: &str, method: Method, path: &str| {
            shop.call_with(cookie, &[], method, path, Some(json!({ "at": null, "version": 1 }))).await.status.as_u16()
        };
        assert_eq!(call(&viewer, Method::GET, &path).await, 200);
        assert_eq!(call(&viewer, Method::POST, &format!("{path}/send")).await, 403);
        assert_eq!(call(&viewer, Method::DELETE, &path).await, 403);
        assert_eq!(call(&clerk, Method::GET, &path).await, 403);
    }

    async fn templates_and_products_are_there_to_start_from(shop: Shop) {
        shop.members(1).await;
        shop.bought([1], 3, 1_980).await;
        let templates = shop.get("/api/templates").await;
        let ids: Vec<_> = templates.as_array().unwrap().iter().map(|template| text(template, "template_id")).collect();
        assert_eq!(ids, ["long_time", "new_arrivals", "thank_you"]);
        assert_eq!(shop.get("/api/products?search=%E7%9A%BF").await[0]["price"], json!({ "minor": 1980, "currency": "JPY" }));
        assert_eq!(shop.get("/api/products?search=a1").await[0]["name"], "白い皿");
        assert_eq!(shop.get("/api/products?search=%25").await, json!([]));
    }
}
