//! Visitors who are not known yet.

use crate::shop::{Shop, identify, on, visit};
use records::{Sql, values};
use serde_json::json;
use testing::on_both;
use vocabulary::Event;

async fn customer_of(shop: &Shop, anonymous_id: &str) -> Option<i64> {
    let text = "SELECT customer AS value FROM identifiers WHERE identifier = $1";
    let identifier = customers::identity::anonymous_identifier(anonymous_id);
    shop.records.reader().scalar::<Option<i64>>(text, values![identifier]).await.unwrap().unwrap()
}

fn with_visitor(event: Event, anonymous_id: &str) -> Event {
    Event { anonymous_id: Some(anonymous_id.to_owned()), ..event }
}

on_both! {
    async fn a_visitor_is_no_customer_and_the_events_keep_the_visitors_id(shop: Shop) {
        shop.happens(vec![visit("v1", on("2026-11-10")), visit("v1", on("2026-11-11"))]).await;
        assert_eq!(customer_of(&shop, "v1").await, None);
        assert_eq!(shop.get("/api/customers").await["items"], json!([]));
        let history = shop.history.lock().unwrap();
        let rows: Vec<_> = history.iter().flat_map(|append| &append.events).collect();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|placed| placed.row.customer.is_none() && placed.row.node.as_deref() == Some("anonymous:v1")));
    }

    async fn who_signs_in_takes_the_visitors_later_events_along(shop: Shop) {
        shop.happens(vec![visit("v1", on("2026-11-10"))]).await;
        shop.happens(vec![with_visitor(identify("7", json!({ "city": "京都" })), "v1")]).await;
        shop.happens(vec![visit("v1", on("2026-11-12"))]).await;
        let customer = shop.customer("7").await;
        assert_eq!(customer_of(&shop, "v1").await, Some(i64::from(customer.ordinal)));
        let timeline = shop.get(&format!("/api/customers/{}/timeline", customer.id)).await;
        assert_eq!(timeline["items"].as_array().unwrap().len(), 1, "the page after the sign-in");
    }

    async fn a_shared_device_does_not_make_two_people_one(shop: Shop) {
        let early = Event { occurred_at: on("2026-11-01"), ..with_visitor(identify("1", json!({ "city": "a" })), "v1") };
        let late = Event { occurred_at: on("2026-11-05"), ..with_visitor(identify("2", json!({ "city": "b" })), "v1") };
        shop.happens(vec![late]).await;
        assert_eq!(customer_of(&shop, "v1").await, Some(i64::from(shop.customer("2").await.ordinal)));
        shop.happens(vec![early]).await;
        let (one, two) = (shop.customer("1").await, shop.customer("2").await);
        assert_ne!(one, two);
        assert_eq!(customer_of(&shop, "v1").await, Some(i64::from(one.ordinal)), "the first who came with it, though told later");
    }
}
