//! What a card says in words.

use crate::shop::{Shop, consent, identify, on, order};
use customers::card::notes::NextMail;
use serde_json::{Value, json};
use testing::on_both;

fn codes(card: &Value) -> Vec<&str> {
    card["notes_now"].as_array().unwrap().iter().map(|note| note["code"].as_str().unwrap()).collect()
}

async fn reachable(shop: &Shop, number: &str) {
    shop.happens(vec![
        identify(
            number,
            json!({ "email": format!("p{number}@example.com"), "phone": "090-1234-5678", "birthday": "1980-04-01" }),
        ),
        consent(number, "email", "granted", on("2026-01-01")),
    ])
    .await;
}

on_both! {
    async fn who_is_late_is_told_of_with_the_usual_days(shop: Shop) {
        // 15 days apart, the last one 52 days ago: 「いつもは15日ごと。今回は52日あいています（37日おそい）」
        let days = ["2026-07-24", "2026-08-08", "2026-08-23", "2026-09-07", "2026-09-22"];
        shop.happens(days.iter().map(|day| order("1", day, on(day), 1_000)).collect()).await;
        let rhythm = shop.card_of("1").await["rhythm"].clone();
        assert_eq!((&rhythm["usual_days"], &rhythm["open_days"], &rhythm["late_days"]), (&json!(15), &json!(52), &json!(37)));
        assert_eq!((&rhythm["expected_on"], rhythm["orders"].as_array().unwrap().len()), (&json!("2026-10-07"), 5));
    }

    async fn the_best_month_before_the_silence_is_told_of(shop: Shop) {
        reachable(&shop, "1").await;
        let days = ["2026-07-10", "2026-08-10", "2026-09-01", "2026-09-05", "2026-09-09", "2026-09-12"];
        shop.happens(days.iter().map(|day| order("1", day, on(day), 33_500)).collect()).await;
        let card = shop.card_of("1").await;
        assert_eq!(codes(&card), ["best_month_then_stopped", "mail_allowed_today"]);
        let expected = json!({ "month": "2026-09", "orders": 4, "amount": { "minor": 134_000, "currency": "JPY" } });
        assert_eq!(card["notes_now"][0]["params"], expected, "「9月は4回・13.4万円」");
    }

    async fn beginners_and_members_who_never_bought_are_told_apart(shop: Shop) {
        reachable(&shop, "1").await;
        reachable(&shop, "2").await;
        reachable(&shop, "3").await;
        shop.happens(vec![order("2", "1", on("2026-11-01"), 100), order("3", "2", on("2026-09-01"), 100)]).await;
        assert_eq!(codes(&shop.card_of("1").await), ["never_bought", "mail_allowed_today"]);
        let first = shop.card_of("2").await;
        assert_eq!(codes(&first), ["first_order_recent", "mail_allowed_today"]);
        assert_eq!(first["notes_now"][0]["params"], json!({ "day": "2026-11-01" }));
        assert_eq!(codes(&shop.card_of("3").await), ["mail_allowed_today"], "seventy days ago is not recent");
    }

    async fn it_says_what_the_gate_says_of_the_next_mail(shop: Shop) {
        reachable(&shop, "1").await;
        let day = "2026-11-17".parse().unwrap();
        for (said, code, shown) in [
            (NextMail::Today { last_sent: Some(day), cap_days: 5 }, "mail_allowed_today", json!({ "allowed": true, "on": null, "reason": null })),
            (NextMail::On(day), "mail_allowed_on", json!({ "allowed": false, "on": "2026-11-17", "reason": "cap" })),
            (NextMail::Never("no_address"), "no_address", json!({ "allowed": false, "on": null, "reason": "no_address" })),
        ] {
            *shop.mails.0.lock().unwrap() = said;
            let card = shop.card_of("1").await;
            assert_eq!((codes(&card), &card["next_mail"]), (vec!["never_bought", code], &shown));
        }
        *shop.mails.0.lock().unwrap() = NextMail::Today { last_sent: Some(day), cap_days: 5 };
        assert_eq!(shop.card_of("1").await["notes_now"][1]["params"], json!({ "cap_days": 5, "last_sent": "2026-11-17" }));
    }

    async fn the_things_bought_most_often_come_first_without_fees(shop: Shop) {
        let of = |order_id: &str, skus: &[&str]| {
            let products: Vec<Value> = skus.iter().map(|sku| json!({ "sku": sku, "name": sku, "price": 100 })).collect();
            crate::shop::order_of("1", on("2026-10-01"), json!({ "order_id": order_id, "shipping": 500, "products": products }))
        };
        shop.happens(vec![of("1", &["皿", "皿", "椀"]), of("2", &["椀"]), of("3", &["箸", "椀"])]).await;
        let card = shop.card_of("1").await;
        let products: Vec<_> = card["products"].as_array().unwrap().iter().map(|p| (p["sku"].as_str().unwrap(), p["orders"].as_i64().unwrap(), p["quantity"].as_i64().unwrap())).collect();
        assert_eq!(products, [("椀", 3, 3), ("皿", 1, 2), ("箸", 1, 1)]);
    }
}
