//! Pause, resume, stop; and the harm line, which stops by itself.

use crate::shop::{Shop, text};
use axum::http::Method;
use channels::{Sender, SenderLimits};
use records::{Actor, Sql};
use roaring::RoaringBitmap;
use serde_json::{Value, json};

testing::on_both! {
    async fn a_paused_campaign_goes_on_where_it_was(shop: Shop) {
        shop.members(30).await;
        shop.bought(1..=30, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        shop.send(&campaign).await;
        shop.run_jobs().await;
        assert_eq!(shop.post(&format!("{path}/pause"), Value::Null).await["state"], "paused");
        Sender::new(shop.channels.clone(), SenderLimits::default()).drain().await.unwrap();
        assert_eq!(shop.count("messages WHERE state = 'captured'").await, 0);
        assert_eq!(shop.call(Method::POST, &format!("{path}/pause"), None).await.problem(), "409 campaign_state");
        assert_eq!(shop.post(&format!("{path}/resume"), Value::Null).await["state"], "sending");
        shop.work().await;
        assert_eq!(shop.get(&path).await["sent"], 30);
    }

    async fn one_that_is_paused_before_it_was_drawn_is_drawn_and_sends_nothing(shop: Shop) {
        shop.members(5).await;
        shop.bought(1..=5, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        shop.send(&campaign).await;
        shop.post(&format!("{path}/pause"), Value::Null).await;
        shop.work().await;
        assert_eq!(shop.count("messages WHERE state = 'queued'").await, 5);
        shop.post(&format!("{path}/resume"), Value::Null).await;
        shop.work().await;
        assert_eq!(shop.count("messages WHERE state = 'captured'").await, 5);
    }

    async fn one_whose_job_was_cancelled_goes_back_to_people(shop: Shop) {
        shop.members(5).await;
        shop.bought(1..=5, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        let cancel = async || {
            let jobs = shop.jobs.unfinished("campaign.send").await.unwrap();
            let [job] = &jobs[..] else { panic!("{} jobs", jobs.len()) };
            assert!(shop.jobs.cancel(&Actor::System("story"), job.job_id).await.unwrap());
            shop.engage.watch_once().await.unwrap();
            shop.get(&path).await
        };
        shop.send(&campaign).await;
        let given_back = cancel().await;
        assert_eq!(given_back["state"], "draft", "nothing was drawn yet");
        shop.send(&given_back).await;
        // This time it had begun when it was cancelled: the arms stand, so it can only go on.
        shop.change(async |tx| {
            tx.execute("UPDATE campaigns SET started_at = 1", vec![]).await.unwrap();
        })
        .await;
        assert_eq!(cancel().await["state"], "paused");
        shop.work().await;
        assert_eq!(shop.count("messages").await, 0, "nobody has said that it goes on");
    }

    async fn a_stopped_campaign_sends_nothing_more(shop: Shop) {
        shop.members(20).await;
        shop.bought(1..=20, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        shop.send(&campaign).await;
        shop.run_jobs().await;
        assert_eq!(shop.post(&format!("{path}/stop"), Value::Null).await["state"], "stopped");
        shop.work().await;
        assert_eq!(shop.count("messages WHERE state = 'skipped' AND reason = 'stopped'").await, 20);
        assert_eq!(shop.call(Method::POST, &format!("{path}/resume"), None).await.problem(), "409 campaign_state");
        let result = shop.get(&format!("{path}/result")).await;
        assert_eq!((&result["treated"]["sent"], &result["harm"]["stopped"]), (&json!(0), &json!(false)));
    }

    async fn what_was_stopped_before_its_time_has_no_result(shop: Shop) {
        shop.members(5).await;
        shop.bought(1..=5, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        shop.post(&format!("{path}/send"), json!({ "at": "2026-11-16T01:00:00Z", "version": campaign["version"] })).await;
        shop.post(&format!("{path}/stop"), Value::Null).await;
        shop.pass_days(5);
        shop.work().await;
        assert_eq!(shop.count("messages").await, 0);
        assert_eq!(shop.call(Method::GET, &format!("{path}/result"), None).await.problem(), "409 campaign_not_sent");
    }

    async fn a_campaign_that_many_unsubscribe_from_stops_itself(shop: Shop) {
        shop.members(100).await;
        shop.bought(1..=100, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        let id = text(&campaign, "campaign_id");
        shop.send(&campaign).await;
        shop.run_jobs().await;
        // Sixty have gone out when people begin to leave.
        let limits = SenderLimits { captures_max: 60, group_max: 60, ..SenderLimits::default() };
        shop.change(async |tx| {
            tx.execute("UPDATE messages SET due_at = 9000000000000000 WHERE customer >= 60", vec![]).await.unwrap();
        })
        .await;
        Sender::new(shop.channels.clone(), limits).drain().await.unwrap();
        let leave = async |people: std::ops::Range<u32>| {
            shop.unsubscribe(&id, &people.collect::<RoaringBitmap>()).await;
            shop.engage.watch_once().await.unwrap();
            text(&shop.get(&format!("/api/campaigns/{id}")).await, "state")
        };
        assert_eq!(leave(0..1).await, "sending", "one of sixty may be chance");
        assert_eq!(leave(1..8).await, "stopped");
        let result = shop.get(&format!("/api/campaigns/{id}/result")).await;
        assert_eq!(result["harm"]["stopped"], true);
        assert_eq!((&result["harm"]["unsubscribed"], &result["harm"]["stop_line"]), (&json!(8), &json!(0.02)));
        assert_eq!(shop.count("messages WHERE state = 'skipped' AND reason = 'stopped'").await, 40);
    }

    async fn a_restored_copy_waits_for_a_person(shop: Shop) {
        shop.members(5).await;
        shop.bought(1..=5, 40, 1_000).await;
        let campaign = shop.campaign(0.0).await;
        shop.send(&campaign).await;
        shop.run_jobs().await;
        shop.change(async |tx| assert_eq!(channels::sendings::pause_all(tx).await.unwrap(), 1)).await;
        shop.work().await;
        let path = format!("/api/campaigns/{}", text(&campaign, "campaign_id"));
        assert_eq!(shop.get(&path).await["state"], "paused");
        shop.post(&format!("{path}/resume"), Value::Null).await;
        shop.work().await;
        assert_eq!(shop.get(&path).await["sent"], 5);
    }
}
