//! Yes and no, and which of them holds.

use crate::shop::{Shop, consent, identify, on, track};
use serde_json::{Value, json};
use testing::on_both;
use vocabulary::{Event, event::names};

async fn email(shop: &Shop, number: &str) -> Value {
    shop.card_of(number).await["consents"][0]["state"].clone()
}

on_both! {
    async fn nothing_said_is_neither_yes_nor_no(shop: Shop) {
        shop.happens(vec![identify("1", json!({ "email": "h@example.com" }))]).await;
        assert_eq!(email(&shop, "1").await, json!("unknown"));
    }

    async fn the_latest_word_holds_in_whatever_order_words_arrive(shop: Shop) {
        let (yes, no) = (consent("1", "email", "granted", on("2026-10-01")), consent("1", "email", "denied", on("2026-10-02")));
        shop.happens(vec![no.clone()]).await;
        shop.happens(vec![yes.clone()]).await;
        assert_eq!(email(&shop, "1").await, json!("denied"));
        let of = |number: &str, event: Event| Event { user_id: Some(number.to_owned()), ..event };
        shop.happens(vec![of("2", yes), of("2", no)]).await;
        assert_eq!(email(&shop, "2").await, json!("denied"));
    }

    async fn of_two_words_of_one_instant_the_no_holds(shop: Shop) {
        let at = on("2026-10-01");
        shop.happens(vec![consent("1", "email", "denied", at)]).await;
        shop.happens(vec![consent("1", "email", "granted", at)]).await;
        shop.happens(vec![consent("2", "email", "denied", at), consent("2", "email", "granted", at)]).await;
        assert_eq!((email(&shop, "1").await, email(&shop, "2").await), (json!("denied"), json!("denied")));
    }

    async fn who_stops_our_mails_has_said_no(shop: Shop) {
        shop.happens(vec![consent("1", "email", "granted", on("2026-10-01"))]).await;
        shop.happens(vec![track("1", names::UNSUBSCRIBED, on("2026-10-02"))]).await;
        assert_eq!(email(&shop, "1").await, json!("denied"));
    }

    async fn a_yes_that_is_dated_ahead_does_not_stand_against_a_later_no(shop: Shop) {
        let ahead = json!({ "consents": [{ "channel": "email", "state": "granted", "at": "2099-01-01T00:00:00Z", "basis": "form" }] });
        shop.happens(vec![identify("1", ahead)]).await;
        assert_eq!(email(&shop, "1").await, json!("granted"));
        let no = Event { received_at: testing::START.plus_days(1), ..consent("1", "email", "denied", testing::START.plus_days(1)) };
        shop.happens(vec![no]).await;
        assert_eq!(email(&shop, "1").await, json!("denied"));
    }

    async fn words_that_the_demo_made_up_are_no_words(shop: Shop) {
        let made_up = Event { is_simulated: true, ..consent("1", "email", "denied", on("2026-10-02")) };
        shop.happens(vec![consent("1", "email", "granted", on("2026-10-01")), made_up]).await;
        assert_eq!(email(&shop, "1").await, json!("granted"));
    }
}
