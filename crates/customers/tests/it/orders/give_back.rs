//! Money is given back.

use crate::shop::{Shop, on, order, order_of, refund, track};
use serde_json::json;
use testing::on_both;
use vocabulary::{Day, Event, Zone, event::names};

on_both! {
    async fn a_refund_lowers_sales_on_its_own_day_and_neither_frequency_nor_recency(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-09-01"), 3_000), order("1", "1002", on("2026-10-01"), 2_000)]).await;
        shop.happens(vec![refund("1", "R1", on("2026-11-05"), 500)]).await;
        let worth = shop.worth("1").await;
        assert_eq!((worth.orders, worth.sales, worth.refunds), (2, 4_500, -500));
        assert_eq!(worth.last_order_day, i64::from("2026-10-01".parse::<Day>().unwrap().0));
        let card = shop.card_of("1").await;
        assert_eq!((&card["value"]["sales"]["minor"], &card["value"]["refund_count"]), (&json!(4_500), &json!(1)));
        assert_eq!(card["value"]["average_order"]["minor"], json!(2_500), "an order's worth is what it was");
        let timeline = shop.get(&format!("/api/customers/{}/timeline?filter=orders", shop.customer("1").await.id)).await;
        assert_eq!((&timeline["items"][0]["kind"], &timeline["items"][0]["day"]), (&json!("refund"), &json!("2026-11-05")));
    }

    async fn who_only_gave_back_has_not_ordered(shop: Shop) {
        shop.happens(vec![refund("1", "R1", on("2026-11-05"), 500)]).await;
        let worth = shop.worth("1").await;
        assert_eq!((worth.orders, worth.sales, worth.first_order_day), (0, -500, None));
        assert_eq!(shop.card_of("1").await["band"], json!(null));
    }

    async fn the_same_refund_again_changes_nothing(shop: Shop) {
        let back = refund("1", "R1", on("2026-11-05"), 500);
        shop.happens(vec![order("1", "1001", on("2026-09-01"), 3_000), back.clone()]).await;
        shop.happens(vec![back]).await;
        assert_eq!(shop.worth("1").await.refunds, -500);
    }

    async fn who_bought_for_77_183_pounds_and_returned_it_at_once_has_brought_nothing(shop: Shop) {
        let bought = Zone::TOKYO.local("2026-01-20T10:01:00".parse().unwrap());
        let cup = |quantity: i64| json!([{ "sku": "23166", "name": "MEDIUM CERAMIC TOP STORAGE JAR", "price": "1.04", "quantity": quantity }]);
        let order = order_of("12346", bought, json!({ "order_id": "541431", "currency": "GBP", "rate": 150, "products": cup(74_215) }));
        let back = json!({ "order_id": "541431", "refund_id": "C541433", "currency": "GBP", "rate": 150, "products": cup(74_215) });
        let back = Event { properties: back.as_object().unwrap().clone(), ..track("12346", names::ORDER_REFUNDED, bought.plus_seconds(16 * 60)) };
        shop.happens(vec![order]).await;
        assert_eq!(shop.worth("12346").await.sales, 7_718_360 * 150 / 100);
        shop.happens(vec![back]).await;
        let worth = shop.worth("12346").await;
        assert_eq!((worth.orders, worth.sales, worth.refunds), (1, 0, -11_577_540));
        let card = shop.card_of("12346").await;
        assert_eq!((&card["value"]["sales"]["minor"], &card["value"]["orders"], &card["band"]["r"]), (&json!(0), &json!(1), &json!("181-")));
    }
}
