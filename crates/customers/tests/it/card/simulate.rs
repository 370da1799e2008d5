//! What a simulation did with a person is seen on the card, marked, and counts for nothing.

use crate::shop::{Shop, on, order, track};
use serde_json::json;
use testing::on_both;
use vocabulary::{Event, event::names};

on_both! {
    async fn a_simulated_order_is_marked_and_counts_for_nothing(shop: Shop) {
        shop.happens(vec![order("1", "real", on("2026-10-01"), 1_000)]).await;
        let before = shop.card_of("1").await;
        let sold = json!({ "order_id": "S1", "products": [{ "sku": "SIMULATED", "name": "simulated", "price": 9_000, "quantity": 1 }] });
        let simulated = |event: Event| Event { is_simulated: true, ..event };
        shop.happens(vec![
            simulated(Event { properties: sold.as_object().unwrap().clone(), ..track("1", names::ORDER_COMPLETED, on("2026-11-01")) }),
            simulated(track("1", names::MAIL_OPENED, on("2026-11-02"))),
        ])
        .await;
        assert_eq!(shop.card_of("1").await, before, "value, orders, rhythm and what is bought most stay");
        let row = &shop.get("/api/customers").await["items"][0];
        assert_eq!((&row["orders"], &row["sales"]["minor"]), (&json!(1), &json!(1_000)));
        assert_eq!(shop.count("products WHERE sku = 'SIMULATED'").await, 0, "it is no product of the shop");
        let timeline = shop.get(&format!("/api/customers/{}/timeline", shop.customer("1").await.id)).await;
        let marks: Vec<(&str, bool)> = timeline["items"].as_array().unwrap().iter()
            .map(|item| (item["kind"].as_str().unwrap(), item["is_simulated"].as_bool().unwrap())).collect();
        assert_eq!(marks, [("mail_opened", true), ("order", true), ("order", false)]);
    }
}
