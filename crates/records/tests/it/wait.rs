//! Changes that come at the same time wait for each other; none fails, none is lost.

use crate::bookkeeping::{operator, setting, write};
use records::{Records, RecordsResult, Sql, values};
use testing::{TestDatabase, on_both};

/// Reads first and writes later, as nearly every change does: begun the deferred way, SQLite refuses most of these.
async fn add_one(records: Records) -> RecordsResult<()> {
    let tx = records.begin(&operator(), "counter.add").await?;
    let text = format!("SELECT value FROM settings WHERE name = $1{}", tx.for_update());
    let before: String = tx.scalar(&text, values!["counter"]).await?.unwrap_or_default();
    let after = before.parse::<u32>().unwrap() + 1;
    tx.execute("UPDATE settings SET value = $1 WHERE name = $2", values![after.to_string(), "counter"]).await?;
    tx.commit().await
}

async fn begin_at_nought(records: &Records) {
    let tx = records.begin(&operator(), "counter.set").await.unwrap();
    write(&tx, "counter", "0").await;
    tx.commit().await.unwrap();
}

on_both! {
    async fn a_thousand_changes_at_once_all_happen(database: TestDatabase) {
        begin_at_nought(&database.records).await;
        let changes: Vec<_> = (0..1_000).map(|_| tokio::spawn(add_one(database.records.clone()))).collect();
        for change in changes {
            change.await.unwrap().unwrap();
        }
        assert_eq!(setting(&database.records, "counter").await.as_deref(), Some("1000"));
    }

    async fn two_programs_with_the_same_database_wait_for_each_other(database: TestDatabase) {
        begin_at_nought(&database.records).await;
        let other = database.reopened().await;
        let changes: Vec<_> = (0..200)
            .map(|n| tokio::spawn(add_one(if n % 2 == 0 { database.records.clone() } else { other.clone() })))
            .collect();
        for change in changes {
            change.await.unwrap().unwrap();
        }
        assert_eq!(setting(&database.records, "counter").await.as_deref(), Some("200"));
        other.close().await;
    }

    async fn questions_do_not_wait_for_a_change(database: TestDatabase) {
        begin_at_nought(&database.records).await;
        let tx = database.records.begin(&operator(), "counter.set").await.unwrap();
        write(&tx, "counter", "1").await;
        assert_eq!(setting(&database.records, "counter").await.as_deref(), Some("0"), "as it was before");
        tx.commit().await.unwrap();
        assert_eq!(setting(&database.records, "counter").await.as_deref(), Some("1"));
    }
}
