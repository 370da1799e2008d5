//! Two customers who turn out to be one person.

use crate::shop::{Shop, alias, consent, identify, on, order, track};
use history::Append;
use serde_json::json;
use std::collections::HashSet;
use testing::on_both;
use vocabulary::event::names;

/// Orders that the history counts: the newest version of each, by its customer.
fn counted(history: &[Append]) -> Vec<(String, Option<i64>)> {
    let gone: HashSet<(&str, i64)> = history
        .iter()
        .flat_map(|append| &append.superseded)
        .map(|placed| (placed.row.order_id.as_str(), placed.row.version))
        .collect();
    let mut rows: Vec<(String, Option<i64>)> = history
        .iter()
        .flat_map(|append| &append.orders)
        .filter(|placed| !gone.contains(&(placed.row.order_id.as_str(), placed.row.version)))
        .map(|placed| (placed.row.number.clone(), placed.row.customer))
        .collect();
    rows.sort();
    rows
}

on_both! {
    async fn the_older_one_stays_with_all_that_both_did(shop: Shop) {
        shop.happens(vec![
            identify("web-1", json!({ "email": "hanako@example.com", "city": "神戸市" })),
            order("web-1", "1001", on("2026-10-01"), 3_000),
        ])
        .await;
        shop.happens(vec![
            identify("store-7", json!({ "family_name": "佐藤", "given_name": "花子", "phone": "090-1234-5678" })),
            order("store-7", "2001", on("2026-11-01"), 5_000),
            track("store-7", names::MAIL_OPENED, on("2026-11-02")),
        ])
        .await;
        let (stays, gone) = (shop.customer("web-1").await, shop.customer("store-7").await);
        assert_ne!(stays, gone);
        shop.happens(vec![alias("store-7", "web-1", on("2026-11-10"))]).await;

        assert_eq!(shop.customer("store-7").await, stays);
        let card = shop.card(stays.id).await;
        assert_eq!((&card["name"], &card["email"], &card["number"]), (&json!("佐藤 花子"), &json!("hanako@example.com"), &json!("web-1")));
        assert_eq!((&card["value"]["orders"], &card["value"]["sales"]["minor"]), (&json!(2), &json!(8_000)));
        let worth = shop.worth("web-1").await;
        assert_eq!((worth.orders, worth.sales), (2, 8_000));
        let day = |day: &str| i64::from(day.parse::<vocabulary::Day>().unwrap().0);
        assert_eq!((worth.first_order_day, worth.last_order_day), (Some(day("2026-10-01")), day("2026-11-01")));
        let timeline = shop.get(&format!("/api/customers/{}/timeline", stays.id)).await;
        assert_eq!(timeline["items"].as_array().unwrap().len(), 3, "two orders and a mail");
        let list = shop.get("/api/customers").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
    }

    async fn the_id_that_is_gone_leads_to_the_one_who_stayed_for_ever(shop: Shop) {
        shop.happens((0..4).map(|n| identify(&format!("{n}"), json!({ "city": format!("city {n}") }))).collect()).await;
        let mut ids = Vec::new();
        for n in 0..4 {
            ids.push(shop.customer(&format!("{n}")).await.id);
        }
        // From the youngest to the oldest, so that who stayed is gone the next time.
        for n in (0..3).rev() {
            shop.happens(vec![alias(&format!("{}", n + 1), &format!("{n}"), on("2026-11-10"))]).await;
        }
        for id in &ids {
            let card = shop.card(*id).await;
            assert_eq!(card["customer_id"], json!(ids[0].to_string()));
            assert_eq!(card["city"], json!("city 3"), "what was told last");
        }
        // What our own links say of somebody who is gone reaches the one who stayed.
        let mut opened = track("", names::MAIL_OPENED, on("2026-11-12"));
        (opened.user_id, opened.customer_id) = (None, Some(ids[3]));
        shop.happens(vec![opened]).await;
        let timeline = shop.get(&format!("/api/customers/{}/timeline", ids[0])).await;
        assert_eq!(timeline["items"][0]["kind"], json!("mail_opened"));
    }

    async fn a_no_outlives_a_yes(shop: Shop) {
        shop.happens(vec![
            consent("1", "email", "granted", on("2026-10-02")),
            consent("1", "phone", "denied", on("2026-10-01")),
            consent("1", "post", "granted", on("2026-10-01")),
        ])
        .await;
        shop.happens(vec![
            consent("2", "email", "denied", on("2026-09-01")),
            consent("2", "phone", "granted", on("2026-10-05")),
        ])
        .await;
        shop.happens(vec![alias("2", "1", on("2026-11-10"))]).await;
        let card = shop.card_of("1").await;
        let said = |channel: usize| (card["consents"][channel]["state"].clone(), card["consents"][channel]["basis"].clone());
        assert_eq!(said(0), (json!("denied"), json!("denied of 2")), "though the yes of the other is younger");
        assert_eq!(said(1), (json!("denied"), json!("denied of 1")));
        assert_eq!(said(2), (json!("granted"), json!("granted of 1")), "who says nothing does not say no");

        // A yes from before the last word of both changes nothing; one after it is a new word.
        shop.happens(vec![consent("2", "email", "granted", on("2026-10-01"))]).await;
        assert_eq!(shop.card_of("1").await["consents"][0]["state"], json!("denied"));
        shop.happens(vec![consent("2", "email", "granted", on("2026-11-11"))]).await;
        assert_eq!(shop.card_of("1").await["consents"][0]["state"], json!("granted"));
    }

    async fn a_merged_person_is_found_by_both_numbers_and_nothing_personal_stays_behind(shop: Shop) {
        shop.happens(vec![identify("web-1", json!({ "family_name": "佐藤" })), identify("store-7", json!({ "email": "h@example.com" }))]).await;
        shop.happens(vec![order("old-3", "3001", on("2026-10-01"), 100)]).await;
        let gone = shop.customer("store-7").await;
        shop.happens(vec![alias("store-7", "web-1", on("2026-11-10")), alias("web-1", "old-3", on("2026-11-11"))]).await;
        for typed in ["web-1", "store-7", "old-3", "h@example.com", "%E4%BD%90%E8%97%A4", "3001"] {
            let found = shop.get(&format!("/api/customers?search={typed}")).await;
            assert_eq!(found["items"].as_array().unwrap().len(), 1, "{typed}");
        }
        use records::{Sql, values};
        let text = "SELECT COALESCE(email, number, family_name, phone) AS value FROM customers WHERE customer = $1";
        let left = shop.records.reader().scalar::<Option<String>>(text, values![i64::from(gone.ordinal)]).await.unwrap();
        assert_eq!(left, Some(None));
    }

    async fn the_history_counts_the_orders_for_the_one_who_stayed(shop: Shop) {
        shop.happens(vec![order("1", "a", on("2026-10-01"), 100), order("2", "b", on("2026-10-02"), 200)]).await;
        // In one batch: an order, the merge, and a newer state of that order.
        shop.happens(vec![
            order("2", "c", on("2026-10-03"), 300),
            alias("2", "1", on("2026-11-10")),
            order("2", "c", on("2026-10-04"), 400),
        ])
        .await;
        shop.happens(vec![order("2", "b", on("2026-10-05"), 250)]).await;
        let one = Some(i64::from(shop.customer("1").await.ordinal));
        let numbers = ["a", "b", "c"].map(|number| (number.to_owned(), one));
        assert_eq!(counted(&shop.history.lock().unwrap()), numbers);
        assert_eq!(shop.worth("2").await.sales, 750);
    }

    async fn an_alias_of_nobody_known_or_of_oneself_makes_one_customer(shop: Shop) {
        shop.happens(vec![alias("new", "older", on("2026-11-10")), alias("me", "me", on("2026-11-10"))]).await;
        shop.happens(vec![order("older", "1", on("2026-11-01"), 100)]).await;
        assert_eq!(shop.customer("new").await, shop.customer("older").await);
        assert_eq!(shop.worth("new").await.orders, 1);
        assert_eq!(shop.get("/api/customers?search=older").await["items"].as_array().unwrap().len(), 1);
        assert_eq!(shop.worth("me").await.orders, 0);
    }

    async fn two_who_name_the_same_visitor_stay_two_and_two_who_name_the_same_number_are_one(shop: Shop) {
        shop.happens(vec![alias("1", "device", on("2026-11-01")), alias("2", "device", on("2026-11-02"))]).await;
        assert_ne!(shop.customer("1").await, shop.customer("2").await);
        shop.happens(vec![alias("3", "card", on("2026-11-01")), alias("4", "card", on("2026-11-02"))]).await;
        shop.happens(vec![order("3", "a", on("2026-11-01"), 10), order("4", "b", on("2026-11-01"), 20)]).await;
        assert_ne!(shop.customer("3").await, shop.customer("4").await, "nobody came with the card yet");
        shop.happens(vec![order("card", "c", on("2026-11-03"), 40)]).await;
        assert_eq!(shop.customer("3").await, shop.customer("4").await);
        assert_eq!(shop.worth("card").await.sales, 70);
    }

    async fn a_selection_shows_the_one_who_stayed(shop: Shop) {
        shop.happens(vec![identify("1", json!({ "city": "a" })), identify("2", json!({ "city": "b" }))]).await;
        let gone = shop.customer("2").await;
        let people = [gone.ordinal].into_iter().collect();
        let now = shop.now();
        let id = shop.change(async |tx| customers::selections::save(tx, "二人", &people, now).await.unwrap()).await;
        shop.happens(vec![alias("2", "1", on("2026-11-10"))]).await;
        let found = shop.get(&format!("/api/customers?selection={id}")).await;
        assert_eq!(found["items"][0]["number"], json!("1"));
        assert_eq!(found["total"], json!(1));
    }
}
