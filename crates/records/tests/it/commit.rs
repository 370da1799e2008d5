//! A change, its audit row and the events that it tells of are one commit.

use crate::bookkeeping::{Audit, audits, event, operator, setting, write};
use records::{Actor, delete_outbox, read_outbox};
use serde_json::json;
use std::time::Duration;
use testing::{TestDatabase, on_both};

on_both! {
    async fn a_change_its_audit_row_and_its_events_are_there_together(database: TestDatabase) {
        let records = &database.records;
        let mut tx = records.begin(&operator(), "coupon.redeem").await.unwrap();
        write(&tx, "coupon", "used").await;
        tx.about("SPRING", json!({ "order": "1001" }));
        tx.emit(event("a"));
        tx.emit(event("b"));
        assert_eq!(setting(records, "coupon").await, None, "nobody sees it before the commit");
        assert_eq!(audits(records).await, []);
        assert_eq!(read_outbox(&records.reader(), 10).await.unwrap().len(), 0);

        tx.commit().await.unwrap();
        assert_eq!(setting(records, "coupon").await.as_deref(), Some("used"));
        let expected = Audit {
            at: testing::START.micros(),
            actor_kind: "operator".to_owned(),
            action: "coupon.redeem".to_owned(),
            object: "SPRING".to_owned(),
            detail: r#"{"order":"1001"}"#.to_owned(),
        };
        assert_eq!(audits(records).await, [expected]);
        let mut told: Vec<_> = read_outbox(&records.reader(), 10).await.unwrap().into_iter().map(|row| row.event).collect();
        told.sort_by(|one, other| one.message_id.cmp(&other.message_id));
        assert_eq!(told, [event("a"), event("b")], "as they were told, letter by letter");
        assert_eq!(read_outbox(&records.reader(), 1).await.unwrap().len(), 1);
    }

    async fn what_another_process_sees_is_the_same(database: TestDatabase) {
        let mut tx = database.records.begin(&operator(), "coupon.redeem").await.unwrap();
        write(&tx, "coupon", "used").await;
        tx.emit(event("a"));
        tx.commit().await.unwrap();
        let other = database.reopened().await;
        assert_eq!(setting(&other, "coupon").await.as_deref(), Some("used"));
        assert_eq!(audits(&other).await.len(), 1);
        assert_eq!(read_outbox(&other.reader(), 10).await.unwrap().len(), 1);
        other.close().await;
    }

    async fn a_stage_of_our_own_leaves_no_audit_row_but_its_events(database: TestDatabase) {
        let mut tx = database.records.begin(&Actor::System("pipeline"), "pipeline.batch").await.unwrap();
        tx.emit(event("a"));
        tx.commit().await.unwrap();
        assert_eq!(audits(&database.records).await, []);
        assert_eq!(read_outbox(&database.records.reader(), 10).await.unwrap().len(), 1);
    }

    async fn the_same_event_twice_waits_once_until_it_is_carried_away(database: TestDatabase) {
        for _ in 0..2 {
            let mut tx = database.records.begin(&operator(), "coupon.redeem").await.unwrap();
            tx.emit(event("a"));
            tx.commit().await.unwrap();
        }
        let waiting = read_outbox(&database.records.reader(), 10).await.unwrap();
        assert_eq!(waiting.len(), 1);
        let tx = database.records.begin(&Actor::System("relay"), "outbox.relay").await.unwrap();
        delete_outbox(&tx, &waiting.iter().map(|row| row.event_id).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read_outbox(&database.records.reader(), 10).await.unwrap().len(), 0);
    }

    async fn a_thousand_events_are_carried_away_at_once(database: TestDatabase) {
        let mut tx = database.records.begin(&Actor::System("story"), "story").await.unwrap();
        (0..1_200).for_each(|n| tx.emit(event(&format!("message {n}"))));
        tx.commit().await.unwrap();
        let waiting = read_outbox(&database.records.reader(), 1_000).await.unwrap();
        assert_eq!(waiting.len(), 1_000);
        let tx = database.records.begin(&Actor::System("relay"), "outbox.relay").await.unwrap();
        delete_outbox(&tx, &waiting.iter().map(|row| row.event_id).collect::<Vec<_>>()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(read_outbox(&database.records.reader(), 1_000).await.unwrap().len(), 200);
    }

    async fn whoever_waits_for_the_outbox_is_woken_by_the_commit(database: TestDatabase) {
        let records = database.records.clone();
        let waiter = tokio::spawn(async move { records.outbox_filled().await });
        let mut tx = database.records.begin(&operator(), "coupon.redeem").await.unwrap();
        tx.emit(event("a"));
        tx.commit().await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), waiter).await.unwrap().unwrap();
    }
}
