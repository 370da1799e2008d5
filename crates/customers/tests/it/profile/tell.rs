//! Several sources say something of a person.

use crate::shop::{Shop, identify};
use serde_json::json;
use testing::on_both;
use vocabulary::Event;

fn at_site(site: &str, event: Event) -> Event {
    Event { source: site.to_owned(), ..event }
}

on_both! {
    async fn what_was_told_last_holds_fact_by_fact(shop: Shop) {
        shop.happens(vec![identify("1", json!({ "family_name": "佐藤", "given_name": "花子", "phone": "090-1234-5678", "prefecture": "東京都" }))]).await;
        let later = Event { received_at: testing::START.plus_days(1), ..identify("1", json!({ "family_name": "鈴木" })) };
        shop.happens(vec![later]).await;
        let card = shop.card_of("1").await;
        assert_eq!((&card["name"], &card["prefecture"], &card["phone"]), (&json!("鈴木 花子"), &json!("東京都"), &json!("090-1234-5678")));
    }

    async fn an_empty_text_takes_a_fact_back(shop: Shop) {
        shop.happens(vec![identify("1", json!({ "family_name": "佐藤", "email": "h@example.com", "company": "山田商店" }))]).await;
        shop.happens(vec![identify("1", json!({ "email": "", "company": "" }))]).await;
        let card = shop.card_of("1").await;
        assert_eq!((&card["name"], &card["email"], &card["company"]), (&json!("佐藤"), &json!(null), &json!(null)));
        assert_eq!(shop.get("/api/customers?search=h%40example.com").await["items"], json!([]), "nor is it found by it");
    }

    async fn two_statements_that_come_together_count_in_their_order(shop: Shop) {
        shop.happens(vec![
            identify("1", json!({ "family_name": "佐藤", "email": "old@example.com" })),
            identify("1", json!({ "email": "new@example.com" })),
        ])
        .await;
        let card = shop.card_of("1").await;
        assert_eq!((&card["name"], &card["email"]), (&json!("佐藤"), &json!("new@example.com")));
    }

    async fn each_site_has_its_own_people(shop: Shop) {
        shop.happens(vec![identify("1", json!({ "city": "神戸市" })), at_site("store", identify("1", json!({ "city": "京都市" })))]).await;
        assert_eq!(shop.card_of("1").await["city"], json!("神戸市"));
        assert_eq!(shop.card(shop.customer_of_site("store", "1").await.id).await["city"], json!("京都市"));
    }

    async fn what_cannot_be_read_stands_in_the_way_of_nothing_else(shop: Shop) {
        shop.happens(vec![identify("1", json!({
            "family_name": "髙橋", "email": "not an address", "phone": "000-0000-0000", "birthday": "2026-02-30", "sex": "?", "prefecture": "月",
            "name": { "nested": true }, "city": ["a"],
        }))])
        .await;
        let card = shop.card_of("1").await;
        assert_eq!(card["name"], json!("髙橋"), "as it was written");
        for fact in ["email", "phone", "birthday", "sex", "prefecture", "city"] {
            assert_eq!(card[fact], json!(null), "{fact}");
        }
    }

    async fn a_birthday_of_a_month_only_has_no_age(shop: Shop) {
        shop.happens(vec![
            identify("1", json!({ "birthday": "--04" })),
            identify("2", json!({ "birthday": "1980-11-13" })),
            identify("3", json!({ "birthday": "1980-11-14" })),
        ])
        .await;
        assert_eq!(shop.card_of("1").await["age"], json!(null));
        assert_eq!(shop.card_of("2").await["age"], json!(46), "the birthday is today");
        assert_eq!(shop.card_of("3").await["age"], json!(45));
    }
}
