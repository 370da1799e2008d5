//! The result tells what happened, as assigned, and judges only when it may.

use crate::shop::{Shop, campaign_id, order, refund, text};
use axum::http::Method;
use records::{Sql, values};
use serde_json::{Value, json};

/// 60 buyers, half of them held back, mailed on Friday, 13 November.
async fn sent(shop: &Shop) -> (String, Vec<u32>, Vec<u32>) {
    shop.members(60).await;
    shop.bought(1..=60, 40, 1_000).await;
    let id = shop.sent_campaign(0.5).await;
    let result = result(shop, &id).await;
    let treated = shop.numbers(&shop.people(&result["treated"]["people"]).await).await;
    let control = shop.numbers(&shop.people(&result["control"]["people"]).await).await;
    assert_eq!(treated.len() + control.len(), 60);
    assert!(treated.len() >= 10 && control.len() >= 10, "both arms are large enough to be judged");
    (id, treated, control)
}

async fn result(shop: &Shop, id: &str) -> Value {
    shop.get(&format!("/api/campaigns/{id}/result")).await
}

testing::on_both! {
    async fn buyers_and_sales_are_counted_as_assigned(shop: Shop) {
        let (id, treated, control) = sent(&shop).await;
        let day = |days: i64| shop.now().plus_days(days);
        let sent_at = shop.now();
        shop.happens(vec![
            // Two buyers of the treated arm, one of whom buys twice; one of the control arm.
            order(treated[0], day(1), 3_000),
            order(treated[0], day(9), 2_000),
            order(treated[1], day(28), 1_000),
            order(control[0], day(3), 5_000),
            // Given back within the window: lowers sales, not the number of buyers.
            refund(treated[0], day(10), 2_000),
            // Before the sending, behind the window, and by somebody in neither arm.
            order(treated[2], sent_at.plus_seconds(-60), 9_000),
            order(treated[3], day(29), 9_000),
            order(999, day(4), 9_000),
        ])
        .await;
        shop.pass_days(29);
        let result = result(&shop, &id).await;
        let arm = |arm: &str| (result[arm]["buyers"].clone(), result[arm]["assigned"].clone());
        assert_eq!(arm("treated"), (json!(2), json!(treated.len())));
        assert_eq!(arm("control"), (json!(1), json!(control.len())));
        let per_head = (4_000.0 / treated.len() as f64).round() as i64;
        assert_eq!(result["treated"]["sales_per_head"], json!({ "minor": per_head, "currency": "JPY" }));
        assert_eq!((&result["from"], &result["to"]), (&json!("2026-11-13"), &json!("2026-12-11")));
        let buyers = shop.people(&result["buyers_people"]).await;
        let mut numbers = shop.numbers(&buyers).await;
        let mut expected = vec![treated[0], treated[1], control[0]];
        numbers.sort_unstable();
        expected.sort_unstable();
        assert_eq!(numbers, expected);
        let of_treated = shop.people(&result["treated"]["buyers_people"]).await;
        assert_eq!(of_treated.len(), 2);

        let daily = result["daily"].as_array().unwrap();
        let share = |day: usize, arm: &str| daily[day][arm].as_f64().unwrap();
        assert_eq!(daily.len(), 29);
        assert_eq!((share(0, "treated"), share(2, "control")), (0.0, 0.0));
        assert_eq!(share(1, "treated"), 1.0 / treated.len() as f64);
        assert_eq!(share(28, "treated"), result["treated"]["rate"].as_f64().unwrap());
        assert_eq!(share(3, "control"), result["control"]["rate"].as_f64().unwrap());
    }

    async fn there_is_no_verdict_before_the_window_is_over(shop: Shop) {
        let (id, treated, _) = sent(&shop).await;
        let spent = |number: u32| 4_000 + i64::from(number);
        shop.happens(treated.iter().map(|number| order(*number, shop.now().plus_days(1), spent(*number))).collect()).await;
        shop.pass_days(28);
        let early = result(&shop, &id).await;
        assert_eq!((&early["verdict"], &early["rate"], &early["sales"]), (&json!("measuring"), &Value::Null, &Value::Null));
        assert_eq!((&early["day_n"], &early["next"]), (&json!(28), &Value::Null));
        shop.pass_days(1);
        let late = result(&shop, &id).await;
        assert_eq!(late["verdict"], "more", "everybody who was mailed bought, nobody else");
        assert_eq!(late["rate"]["estimate"], 1.0);
        assert!(late["rate"]["low"].as_f64().unwrap() > 0.5);
        assert!(late["sales"]["low"].as_f64().unwrap() > 0.0);
        assert_eq!(late["sales"]["currency"], "JPY");
        assert_eq!(late["headline"]["code"], "result_more");
        let row = shop.get("/api/campaigns").await["items"][0].clone();
        assert_eq!((&row["state"], &row["headline"]), (&json!("finished"), &late["headline"]));
        assert_eq!(result(&shop, &id).await["sales"], late["sales"], "always the same interval");
    }

    async fn a_difference_that_may_be_chance_is_called_so(shop: Shop) {
        let (id, treated, control) = sent(&shop).await;
        let buys = |number: &u32| order(*number, shop.now().plus_days(5), 4_000);
        shop.happens(treated[..5].iter().chain(&control[..4]).map(buys).collect()).await;
        shop.pass_days(29);
        let result = result(&shop, &id).await;
        assert_eq!((&result["verdict"], &result["next"]), (&json!("no_difference"), &Value::Null));
        assert!(result["rate"]["low"].as_f64().unwrap() < 0.0 && result["rate"]["high"].as_f64().unwrap() > 0.0);
    }

    async fn a_small_comparison_group_is_too_few_from_the_first_day(shop: Shop) {
        shop.members(40).await;
        shop.bought(1..=40, 40, 1_000).await;
        let id = shop.sent_campaign(0.0).await;
        let result = shop.get(&format!("/api/campaigns/{id}/result")).await;
        assert_eq!((&result["verdict"], &result["next"]["holdout"]), (&json!("too_few"), &json!(0.3)));
    }

    async fn opens_clicks_and_what_was_sent_are_counted_for_those_who_got_it(shop: Shop) {
        let (id, treated, _) = sent(&shop).await;
        let people = shop.people(&result(&shop, &id).await["treated"]["people"]).await;
        shop.unsubscribe(&id, &people.iter().take(2).collect()).await;
        let result = result(&shop, &id).await;
        assert_eq!((&result["treated"]["sent"], &result["treated"]["unsubscribed"]), (&json!(treated.len()), &json!(2)));
        assert_eq!((&result["control"]["sent"], &result["control"]["unsubscribed"]), (&Value::Null, &Value::Null));
        assert_eq!(result["harm"]["usual"], Value::Null, "there is no earlier campaign");
    }

    async fn who_turns_out_to_be_in_both_arms_leaves_the_result(shop: Shop) {
        let (id, treated, control) = sent(&shop).await;
        shop.change(async |tx| {
            let text = "UPDATE customers SET redirect_to = (SELECT customer FROM customers WHERE number = $1) WHERE number = $2";
            tx.execute(text, values![treated[0].to_string(), control[0].to_string()]).await.unwrap();
        })
        .await;
        shop.happens(vec![order(control[0], shop.now().plus_days(2), 4_000)]).await;
        shop.pass_days(3);
        let result = result(&shop, &id).await;
        assert_eq!(result["left_out"]["merged"], 1);
        assert_eq!(result["treated"]["assigned"], treated.len() - 1);
        assert_eq!((&result["control"]["assigned"], &result["control"]["buyers"]), (&json!(control.len() - 1), &json!(0)));
    }

    async fn a_reference_that_was_not_given_out_leads_to_nobody(shop: Shop) {
        use segments::people::PeopleSource;
        let source = engage::CampaignPeople(shop.engage.clone());
        assert!(source.people("bm8").await.is_err());
        let other = campaign_id("01980000-0000-7000-8000-000000000001");
        assert_eq!(shop.call(Method::GET, &format!("/api/campaigns/{other}/result"), None).await.problem(), "404 not_found");
        assert_eq!(text(&shop.post("/api/campaigns", json!({ "name": "秋" })).await, "state"), "draft");
    }
}
