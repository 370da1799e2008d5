//! The timeline, page by page: things of one instant are not lost where a page ends.

use crate::shop::{Shop, consent, identify, on, order, refund, track};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use testing::on_both;
use vocabulary::{
    Event,
    event::{EventKind, names},
};

fn titles(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| format!("{} {}", row["kind"].as_str().unwrap(), row["title"].as_str().unwrap())).collect()
}

fn page_seen(number: &str, title: &str, day: &str) -> Event {
    let properties = json!({ "title": title }).as_object().unwrap().clone();
    Event { kind: EventKind::Page, properties, ..track(number, names::PAGE, on(day)) }
}

on_both! {
    async fn things_of_the_same_instant_come_once_each(shop: Shop) {
        let mut events: Vec<Event> = (0..9).map(|n| page_seen("1", &format!("page {n}"), "2026-11-01")).collect();
        events.extend((0..8).map(|n| order("1", &format!("o{n}"), on("2026-11-01"), 100)));
        events.push(order("1", "before", on("2026-10-31"), 100));
        events.push(page_seen("1", "after", "2026-11-02"));
        shop.happens(events).await;
        let path = format!("/api/customers/{}/timeline?", shop.customer("1").await.id);
        let whole = titles(&shop.walk(&path, 200).await);
        assert_eq!((whole.len(), whole.iter().collect::<BTreeSet<_>>().len()), (19, 19));
        assert_eq!((whole[0].as_str(), whole[18].as_str()), ("page after", "order before"));
        for limit in [1, 2, 3, 5, 17, 18, 19] {
            assert_eq!(titles(&shop.walk(&path, limit).await), whole, "by {limit}");
        }
    }

    async fn more_than_a_few_hundred_events_are_all_there(shop: Shop) {
        let events = (0..1_234).map(|n| Event { occurred_at: on("2026-11-01").plus_seconds(n / 10), ..page_seen("1", &format!("{n}"), "2026-11-01") });
        shop.happens(events.collect()).await;
        let path = format!("/api/customers/{}/timeline?", shop.customer("1").await.id);
        let rows = titles(&shop.walk(&path, 200).await);
        assert_eq!((rows.len(), rows.iter().collect::<BTreeSet<_>>().len()), (1_234, 1_234));
    }

    async fn orders_and_contacts_can_be_looked_at_apart(shop: Shop) {
        shop.happens(vec![
            identify("1", json!({ "city": "x" })),
            page_seen("1", "a page", "2026-11-01"),
            order("1", "1001", on("2026-11-02"), 100),
            refund("1", "R1", on("2026-11-03"), 50),
            track("1", names::MAIL_CAPTURED, on("2026-11-04")),
            track("1", names::MAIL_OPENED, on("2026-11-05")),
            consent("1", "email", "granted", on("2026-11-06")),
            track("1", names::UNSUBSCRIBED, on("2026-11-07")),
            track("1", "Wishlist Filled", on("2026-11-08")),
        ])
        .await;
        let path = format!("/api/customers/{}/timeline", shop.customer("1").await.id);
        let kinds = async |filter: &str| -> Vec<String> {
            let rows = shop.walk(&format!("{path}?filter={filter}&"), 2).await;
            rows.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(kinds("orders").await, ["refund", "order"]);
        assert_eq!(kinds("contacts").await, ["unsubscribed", "consent", "mail_opened", "mail_sent"]);
        assert_eq!(kinds("all").await.len(), 8, "what is said of a person is nothing that happened");
    }

    async fn a_page_that_calls_itself_a_mail_is_a_page(shop: Shop) {
        shop.happens(vec![Event { name: names::MAIL_OPENED.to_owned(), ..page_seen("1", "x", "2026-11-01") }]).await;
        let timeline = shop.get(&format!("/api/customers/{}/timeline", shop.customer("1").await.id)).await;
        assert_eq!(timeline["items"][0]["kind"], json!("page"));
    }
}
