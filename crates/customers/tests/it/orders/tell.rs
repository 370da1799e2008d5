//! Orders are told, told again, and told otherwise.

use crate::shop::{SITE, Shop, Worth, identify, on, order, order_of, track};
use customers::{orders::order_of_event, values::NEVER};
use proptest::prelude::*;
use records::{Sql, values};
use serde_json::{Value, json};
use testing::on_both;
use vocabulary::{Currency, Day, Event, event::names};

fn day(text: &str) -> i64 {
    i64::from(text.parse::<Day>().unwrap().0)
}

/// An order as a file tells it: some of its lines.
fn part(number: &str, order_number: &str, day: &str, lines: &[(&str, i64)]) -> Event {
    let line = |(key, yen): &(&str, i64)| json!({ "key": key, "sku": key, "name": key, "quantity": 1, "unit_price": yen.to_string(), "amount": yen, "kind": "product" });
    let lines: Vec<Value> = lines.iter().map(line).collect();
    let state = json!({ "site": SITE, "number": order_number, "kind": "order", "currency": "JPY", "is_partial": true, "lines": lines });
    order_of(number, on(day), json!({ "order": state }))
}

/// What a product is called and costs.
async fn called(shop: &Shop, sku: &str) -> String {
    let text = "SELECT name || ' ' || CAST(price AS TEXT) AS value FROM products WHERE sku = $1";
    shop.records.reader().scalar(text, values![sku]).await.unwrap().unwrap()
}

async fn popularity(shop: &Shop, sku: &str) -> i64 {
    let text = "SELECT lines AS value FROM products WHERE sku = $1";
    shop.records.reader().scalar(text, values![sku]).await.unwrap().unwrap()
}

on_both! {
    async fn the_same_order_again_changes_nothing(shop: Shop) {
        let told = order("1", "1001", on("2026-10-01"), 3_000);
        shop.happens(vec![told.clone(), told.clone()]).await;
        shop.happens(vec![told]).await;
        let worth = Worth { orders: 1, sales: 3_000, refunds: 0, first_order_day: Some(day("2026-10-01")), last_order_day: day("2026-10-01") };
        assert_eq!(shop.worth("1").await, worth);
        {
            let history = shop.history.lock().unwrap();
            assert_eq!(history.iter().map(|append| append.orders.len()).sum::<usize>(), 1);
            assert!(history.iter().all(|append| append.superseded.is_empty()));
        }
        assert_eq!(popularity(&shop, "A1").await, 1);
    }

    async fn the_latest_by_the_source_holds_in_whatever_order_they_arrive(shop: Shop) {
        let told = |number: &str, day: &str, yen| order(number, &format!("order of {number}"), on(day), yen);
        shop.happens(vec![told("1", "2026-10-02", 5_000)]).await;
        shop.happens(vec![told("1", "2026-10-01", 3_000)]).await;
        shop.happens(vec![told("2", "2026-10-01", 3_000)]).await;
        shop.happens(vec![told("2", "2026-10-02", 5_000)]).await;
        shop.happens(vec![told("3", "2026-10-02", 5_000), told("3", "2026-10-01", 3_000)]).await;
        let worth = || Worth { orders: 1, sales: 5_000, refunds: 0, first_order_day: Some(day("2026-10-01")), last_order_day: day("2026-10-01") };
        for number in ["1", "2", "3"] {
            assert_eq!(shop.worth(number).await, worth(), "{number}: the newest lines on the day on which it was ordered");
        }
    }

    async fn parts_are_united_line_by_line(shop: Shop) {
        shop.happens(vec![part("1", "1001", "2026-10-01", &[("a", 100), ("b", 200)])]).await;
        shop.happens(vec![part("1", "1001", "2026-10-01", &[("b", 200), ("c", 400)])]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.sales), (1, 700));
        shop.happens(vec![part("1", "1001", "2026-10-01", &[("c", 400), ("a", 100)])]).await;
        assert_eq!(shop.worth("1").await.sales, 700, "the same half again");
        shop.happens(vec![part("1", "1001", "2026-10-01", &[("b", 250)])]).await;
        assert_eq!(shop.worth("1").await.sales, 750, "a line that is told otherwise");
        assert_eq!((popularity(&shop, "a").await, popularity(&shop, "b").await, popularity(&shop, "c").await), (1, 1, 1));
    }

    async fn a_file_adds_no_lines_to_an_order_that_is_known_whole(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 3_000)]).await;
        shop.happens(vec![part("1", "1001", "2026-10-01", &[("a", 3_000)])]).await;
        assert_eq!(shop.worth("1").await.sales, 3_000);
        shop.happens(vec![part("2", "1002", "2026-10-01", &[("a", 3_000)])]).await;
        shop.happens(vec![order("2", "1002", on("2026-10-01"), 3_000)]).await;
        assert_eq!(shop.worth("2").await.sales, 3_000);
    }

    async fn an_order_that_turns_out_to_be_somebody_elses_moves(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 3_000), order("1", "1000", on("2026-09-01"), 1_000)]).await;
        shop.happens(vec![order("2", "1001", on("2026-10-02"), 3_000)]).await;
        let one = Worth { orders: 1, sales: 1_000, refunds: 0, first_order_day: Some(day("2026-09-01")), last_order_day: day("2026-09-01") };
        assert_eq!(shop.worth("1").await, one);
        assert_eq!(shop.worth("2").await.sales, 3_000);
    }

    async fn an_order_whose_newer_state_names_nobody_stays_where_it_was_in_the_history_too(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 3_000)]).await;
        let guest = order("1", "1001", on("2026-10-02"), 4_000);
        shop.happens(vec![Event { user_id: None, anonymous_id: Some("v1".to_owned()), ..guest }]).await;
        assert_eq!(shop.worth("1").await.sales, 4_000);
        let customer = Some(i64::from(shop.customer("1").await.ordinal));
        let history = shop.history.lock().unwrap();
        assert_eq!(history.last().unwrap().orders[0].row.customer, customer);
        assert!(history.last().unwrap().order_lines.iter().all(|line| line.row.customer == customer));
    }

    async fn whose_an_order_is_may_be_told_later(shop: Shop) {
        let told = order("1", "1001", on("2026-10-01"), 3_000);
        let guest = Event { user_id: None, anonymous_id: Some("v1".to_owned()), ..told.clone() };
        shop.happens(vec![guest.clone()]).await;
        shop.happens(vec![told]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.sales), (1, 3_000));
        shop.happens(vec![guest]).await;
        assert_eq!(shop.worth("1").await.orders, 1, "nobody takes it away");
        let history = shop.history.lock().unwrap();
        assert_eq!(history[1].superseded.len(), 1);
        assert!(history[1].orders[0].row.customer.is_some() && history[2].orders.is_empty());
    }

    async fn an_order_of_which_only_the_sum_is_told_counts_and_is_no_product(shop: Shop) {
        let sums = json!({ "order_id": "1001", "total": 3_300, "shipping": 300, "tax": 200, "discount": 100 });
        shop.happens(vec![order_of("1", on("2026-10-01"), sums)]).await;
        let revenue = json!({ "order_id": "1002", "products": [], "revenue": 1_000, "shipping": 300, "tax": 200, "discount": 100 });
        shop.happens(vec![order_of("2", on("2026-10-01"), revenue)]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.sales), (1, 3_300));
        assert_eq!((shop.worth("2").await.orders, shop.worth("2").await.sales), (1, 1_500));
        assert_eq!(shop.records.reader().scalar("SELECT COUNT(*) AS value FROM products", vec![]).await.unwrap(), Some(0_i64));
        shop.happens(vec![order_of("3", on("2026-10-01"), json!({ "order_id": "1003", "total": 0 }))]).await;
        assert_eq!(shop.worth("3").await.orders, 0, "it was free");
    }

    async fn an_order_that_is_cancelled_no_longer_counts_until_it_is_told_anew(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 3_000), order("1", "1002", on("2026-09-01"), 500)]).await;
        let cancelled = Event { name: names::ORDER_CANCELLED.to_owned(), ..order_of("1", on("2026-10-03"), json!({ "order_id": "1001" })) };
        shop.happens(vec![cancelled]).await;
        let worth = |sales, last| Worth { orders: 1 + i64::from(sales > 500), sales, refunds: 0, first_order_day: Some(day("2026-09-01")), last_order_day: day(last) };
        assert_eq!(shop.worth("1").await, worth(500, "2026-09-01"));
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 3_000)]).await;
        assert_eq!(shop.worth("1").await, worth(500, "2026-09-01"), "what was said before");
        shop.happens(vec![order("1", "1001", on("2026-10-04"), 3_000)]).await;
        assert_eq!(shop.worth("1").await, worth(3_500, "2026-10-01"));
    }

    async fn the_latest_order_says_what_a_product_is_called_and_costs(shop: Shop) {
        let sold = |id: u32, day: &str, name: &str, yen: i64| {
            let products = json!([{ "sku": "A1", "name": name, "price": yen, "quantity": 1 }]);
            order_of("1", on(day), json!({ "order_id": id.to_string(), "products": products }))
        };
        let mut sales: Vec<Event> = (0..20).map(|n| sold(n, &format!("2026-09-{:02}", n + 1), "古い皿", 100)).collect();
        sales.insert(7, sold(100, "2026-10-01", "白い皿", 980));
        shop.happens(sales).await;
        assert_eq!(called(&shop, "A1").await, "白い皿 980");
        shop.happens(vec![sold(101, "2026-08-01", "皿", 50)]).await;
        assert_eq!(called(&shop, "A1").await, "白い皿 980", "an older order comes later");
        shop.happens(vec![sold(102, "2026-10-02", "白い皿（大）", 1_200)]).await;
        assert_eq!(called(&shop, "A1").await, "白い皿（大） 1200");
        shop.happens(vec![order_of("1", on("2026-10-02"), json!({ "order_id": "102", "products": [{ "sku": "B1", "price": 5 }] }))]).await;
        shop.happens(vec![sold(103, "2026-09-30", "青い皿", 700)]).await;
        assert_eq!(called(&shop, "A1").await, "青い皿 700", "the order that priced it is another now");
        assert_eq!(popularity(&shop, "A1").await, 23);
    }

    async fn an_order_for_nothing_is_no_order_until_it_has_a_price(shop: Shop) {
        shop.happens(vec![order("1", "1001", on("2026-10-01"), 0)]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.last_order_day), (0, NEVER));
        shop.happens(vec![order("1", "1001", on("2026-10-02"), 500)]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.last_order_day), (1, day("2026-10-01")));
    }

    async fn what_the_demo_made_up_is_in_no_figure(shop: Shop) {
        let made_up = Event { is_simulated: true, ..order("1", "S1", on("2026-10-01"), 9_999) };
        shop.happens(vec![made_up.clone(), order("1", "1001", on("2026-09-01"), 500)]).await;
        shop.happens(vec![Event { occurred_at: on("2026-10-03"), ..made_up }]).await;
        assert_eq!((shop.worth("1").await.orders, shop.worth("1").await.sales), (1, 500));
        assert_eq!(shop.card_of("1").await["value"]["sales"]["minor"], json!(500));
    }

    async fn an_order_that_is_dated_ahead_is_not_on_the_card_before_its_day(shop: Shop) {
        shop.happens(vec![order("1", "1", on("2026-11-12"), 500), order("1", "2", on("2026-11-14"), 700)]).await;
        let value = shop.card_of("1").await["value"].clone();
        assert_eq!((&value["orders"], &value["sales"]["minor"], &value["orders_90d"]), (&json!(1), &json!(500), &json!(1)));
        shop.clock.set(on("2026-11-14"));
        assert_eq!(shop.card_of("1").await["value"]["sales"]["minor"], json!(1_200));
    }
}

#[test]
fn what_no_shop_can_mean_is_refused() {
    let ready = |line: Value, site: &str| {
        let state = json!({ "site": site, "number": "1", "kind": "order", "currency": "JPY", "lines": [line] });
        order_of_event(&order_of("1", on("2026-10-01"), json!({ "order": state })), Currency::JPY)
            .map_err(|problem| problem.to_string())
    };
    let line = |amount: i64, quantity: i64| json!({ "key": "a", "sku": "a", "name": "a", "quantity": quantity, "unit_price": "1", "amount": amount, "kind": "product" });
    assert!(ready(line(100, 1), SITE).is_ok());
    assert!(ready(line(i64::MAX, 1), SITE).unwrap_err().contains("too large"));
    assert!(ready(line(i64::MIN, 1), SITE).unwrap_err().contains("too large"));
    assert!(ready(line(1, i64::MIN), SITE).unwrap_err().contains("too large"));
    assert!(ready(line(100, 1), "another shop").unwrap_err().contains("name of its sender"));
    let dear = json!([{ "sku": "a", "price": "9999999999999", "quantity": 1_000_000 }]);
    let spec =
        order_of_event(&order_of("1", on("2026-10-01"), json!({ "order_id": "1", "products": dear })), Currency::JPY);
    assert!(spec.is_err());
    let rate = json!({ "order_id": "1", "currency": "GBP", "rate": 1e15, "products": [{ "sku": "a", "price": 1000 }] });
    assert!(order_of_event(&order_of("1", on("2026-10-01"), rate), Currency::JPY).is_err());
    assert_eq!(order_of_event(&track("1", names::MAIL_OPENED, on("2026-10-01")), Currency::JPY), Ok(None));
    assert!(order_of_event(&identify("1", json!({ "city": "x" })), Currency::JPY).unwrap().is_none());
}

proptest! {
    /// Whatever stands in the properties, an order is taken or refused, and what is taken can be added up.
    #[test]
    fn nothing_makes_it_fall(price in "-?[0-9]{0,22}(\\.[0-9]{0,12})?", quantity in any::<i64>(), rate in "[0-9.]{0,12}", amount in any::<i64>()) {
        let spec = json!({ "order_id": "1", "currency": "GBP", "rate": rate, "shipping": price, "products": [{ "sku": "a", "price": price, "quantity": quantity }] });
        let line = json!({ "key": "a", "sku": "a", "name": "a", "quantity": quantity, "unit_price": "1", "amount": amount, "kind": "product" });
        let ready = json!({ "order": { "site": SITE, "number": "1", "kind": "order", "currency": "GBP", "rate": "150", "lines": [line.clone(), line] } });
        for properties in [spec, ready] {
            if let Ok(Some(state)) = order_of_event(&order_of("1", on("2026-10-01"), properties), Currency::JPY) {
                let order = customers::orders::Order::after(None, state, on("2026-10-01"), 0).unwrap();
                let totals = order.totals(Currency::JPY);
                prop_assert!(totals.amount.abs() <= 10_000_000_000_000 && totals.reporting.abs() <= 10_000_000_000_000);
            }
        }
    }
}
