//! A search that means very many people shows them in the order of the list.

use crate::shop::{Shop, encoded};
use customers::searched::WALK_MAX;
use records::{BulkInsert, values};
use serde_json::json;
use testing::on_both;
use uuid::Uuid;

/// More than a search gathers and sorts, and more than it walks past.
const PEOPLE: i64 = WALK_MAX + 12_000;

/// The last day with an order of each: neighbours in the list are no neighbours by number.
fn day(customer: i64) -> i64 {
    20_000 + customer * 7_919 % 1_009
}

/// What each is found by: all by サトウ, one of a hundred by ハナコ; by イトウ only those who bought longest ago.
fn words(customer: i64) -> Vec<&'static str> {
    let mut words = vec!["サトウ"];
    words.extend((customer % 100 == 3).then_some("ハナコ"));
    words.extend((day(customer) < 20_420).then_some("イトウ"));
    words
}

async fn people(shop: &Shop) {
    let mut rows =
        BulkInsert::into("customers (customer, customer_id, created_at, number, sort_kana, search_words)", "");
    let mut figures =
        BulkInsert::into("customer_values (customer, orders, sales, refunds, refund_count, last_order_day)", "");
    let mut tokens = BulkInsert::into("search_tokens (token, customer)", "");
    for customer in 0..PEOPLE {
        let (id, number) = (Uuid::from_u128(u128::from(customer.unsigned_abs())), customer.to_string());
        rows.push(values![customer, id, 0_i64, number.clone(), "", format!(" {} ", words(customer).join(" "))]);
        figures.push(values![customer, 1_i64, 0_i64, 0_i64, 0_i64, day(customer)]);
        words(customer).into_iter().for_each(|word| tokens.push(values![word, customer]));
    }
    shop.change(async |tx| {
        for rows in [rows, figures, tokens] {
            rows.run(tx).await.unwrap();
        }
    })
    .await;
}

/// The numbers on three pages, and those that stand there when everybody is sorted.
async fn shown_and_due(shop: &Shop, typed: &str, is_meant: impl Fn(i64) -> bool) -> (Vec<i64>, Vec<i64>) {
    let mut shown = Vec::new();
    let mut path = format!("/api/customers?limit=100&search={}", encoded(typed));
    for _ in 0..3 {
        let page = shop.get(&path).await;
        shown.extend(
            page["items"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().parse::<i64>().unwrap()),
        );
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/customers?limit=100&search={}&cursor={cursor}", encoded(typed));
    }
    let mut due: Vec<i64> = (0..PEOPLE).filter(|customer| is_meant(*customer)).collect();
    due.sort_by_key(|customer| std::cmp::Reverse((day(*customer), *customer)));
    due.truncate(300);
    (shown, due)
}

on_both! {
    async fn very_many_who_are_meant_stand_in_the_order_of_the_list(shop: Shop) {
        people(&shop).await;
        let (shown, due) = shown_and_due(&shop, "サトウ", |_| true).await;
        assert_eq!(shown, due);
        let page = shop.get(&format!("/api/customers?limit=1&search={}", encoded("サトウ"))).await;
        assert_eq!((&page["total"], &page["has_more_than_total"]), (&json!(10_000), &json!(true)), "counted so far");
        let (shown, due) = shown_and_due(&shop, "イトウ", |customer| words(customer).contains(&"イトウ")).await;
        assert_eq!(shown, due, "those who come late in the list are met too");
        let (shown, due) = shown_and_due(&shop, "サトウ ハナコ", |customer| words(customer).contains(&"ハナコ")).await;
        assert_eq!(shown, due);
    }
}
