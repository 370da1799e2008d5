//! 送信前の確認.

use crate::shop::{Shop, buyers, member, text};
use axum::http::Method;
use serde_json::json;

testing::on_both! {
    async fn the_confirmation_adds_up_and_every_figure_leads_to_its_people(shop: Shop) {
        shop.members(30).await;
        shop.happens(vec![member(31, None, shop.now()), member(32, Some("denied"), shop.now())]).await;
        shop.bought(1..=32, 40, 1_000).await;
        let campaign = shop.campaign(0.2).await;
        let path = format!("/api/campaigns/{}/confirm", text(&campaign, "campaign_id"));
        let confirm = shop.get(&path).await;
        let steps: Vec<_> = confirm["steps"].as_array().unwrap().iter().map(|step| (text(step, "code"), step["count"].as_u64().unwrap())).collect();
        assert_eq!(steps, [("no_consent".into(), 2), ("bad_address".into(), 0), ("suppressed".into(), 0), ("recently_sent".into(), 0)]);
        assert_eq!((&confirm["chosen"], &confirm["sendable"]), (&json!(32), &json!(30)));
        assert_eq!(confirm["send"].as_u64().unwrap() + confirm["control"].as_u64().unwrap(), 30);
        assert_eq!(confirm["result_on"], "2026-12-11");
        assert_eq!(confirm["delivery"], "capture");
        assert_eq!(confirm["cap"], json!({ "days": 7, "max": 1 }));
        assert_eq!(confirm["problems"], json!([]));

        let no_consent = shop.people(&confirm["steps"][0]["people"]).await;
        assert_eq!(shop.numbers(&no_consent).await, [31, 32]);
        assert_eq!(shop.people(&confirm["sendable_people"]).await.len(), 30);
        assert_eq!(shop.people(&confirm["chosen_people"]).await.len(), 32);

        let curve = confirm["detectable"].as_array().unwrap();
        let holdouts: Vec<_> = curve.iter().map(|point| point["holdout"].as_f64().unwrap()).collect();
        assert_eq!(holdouts, [0.1, 0.2, 0.3, 0.5]);
        assert_eq!(curve[1]["control"], confirm["control"], "the same draw");
        let half = shop.get(&format!("{path}?holdout=0.5")).await;
        assert_eq!(half["control"], curve[3]["control"]);
    }

    async fn what_is_usual_is_what_such_people_did_before(shop: Shop) {
        // Of ten people who had stayed away for more than 60 days four weeks ago, four have bought since.
        shop.members(20).await;
        shop.bought(1..=10, 120, 1_000).await;
        shop.bought(1..=4, 10, 1_000).await;
        // People who came since are nobody whom the segment could have chosen then.
        shop.bought(11..=15, 5, 1_000).await;
        let tree = json!({ "kind": "recency", "is": "gte", "days": 60 });
        let made = shop.post("/api/campaigns", json!({ "name": "休眠", "tree": tree, "template": "long_time" })).await;
        let confirm = shop.get(&format!("/api/campaigns/{}/confirm", text(&made, "campaign_id"))).await;
        assert_eq!(confirm["chosen"], 6);
        assert_eq!(confirm["base_rate"], 0.4);
        assert_eq!(confirm["detectable"][0]["points"], json!(null), "six people tell nothing");
    }

    async fn who_got_a_mail_this_week_gets_no_second_one(shop: Shop) {
        shop.members(12).await;
        shop.bought(1..=12, 40, 1_000).await;
        shop.sent_campaign(0.0).await;
        let second = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}/confirm", text(&second, "campaign_id"));
        let confirm = shop.get(&path).await;
        assert_eq!((&confirm["steps"][3]["count"], &confirm["send"]), (&json!(12), &json!(0)));
        shop.pass_days(7);
        assert_eq!(shop.get(&path).await["send"], 12);
    }

    async fn what_would_embarrass_is_said_and_stands_in_nobodys_way(shop: Shop) {
        shop.members(3).await;
        shop.bought(1..=3, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        assert_eq!(campaign["warnings"], json!([]), "a ready mail of the demo leads to an address that works");
        let mut mail = campaign["mail"].clone();
        mail["blocks"] = json!([{ "kind": "products", "skus": [] }, { "kind": "button", "label": "見る", "url": "https://example.com/" }]);
        let change = json!({ "name": "秋のご案内", "tree": buyers(), "mail": mail, "holdout": 0.0, "version": campaign["version"] });
        let changed = shop.call(Method::PUT, &path, Some(change)).await.json;
        let warnings = json!([
            { "code": "products_empty", "block": 0, "what": "" },
            { "code": "link_placeholder", "block": 1, "what": "https://example.com/" },
        ]);
        assert_eq!(changed["warnings"], warnings);
        let confirm = shop.get(&format!("{path}/confirm")).await;
        assert_eq!((&confirm["warnings"], &confirm["problems"]), (&warnings, &json!([])));
        shop.send(&changed).await;
        shop.work().await;
        let sent = shop.get(&path).await;
        assert_eq!((&sent["sent"], &sent["warnings"]), (&json!(3), &json!([])));
    }
}
