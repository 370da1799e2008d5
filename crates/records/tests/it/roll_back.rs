//! A change that is given up, breaks or is forgotten leaves no trace.

use crate::bookkeeping::{audits, event, operator, setting, write};
use records::{Records, Sql, Tx, read_outbox, values};
use testing::{TestDatabase, on_both};

async fn half_made(records: &Records) -> Tx {
    let mut tx = records.begin(&operator(), "coupon.redeem").await.unwrap();
    write(&tx, "coupon", "used").await;
    tx.about("SPRING", serde_json::json!({}));
    tx.emit(event("a"));
    tx
}

async fn assert_no_trace(records: &Records) {
    assert_eq!(setting(records, "coupon").await, None);
    assert_eq!(audits(records).await, []);
    assert_eq!(read_outbox(&records.reader(), 10).await.unwrap().len(), 0);
}

on_both! {
    async fn what_is_given_up_leaves_nothing(database: TestDatabase) {
        half_made(&database.records).await.rollback().await.unwrap();
        assert_no_trace(&database.records).await;
    }

    async fn what_is_dropped_leaves_nothing_and_keeps_nobody_waiting(database: TestDatabase) {
        drop(half_made(&database.records).await);
        let tx = database.records.begin(&operator(), "coupon.cancel").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(audits(&database.records).await.len(), 1, "only the second one");
        assert_eq!(setting(&database.records, "coupon").await, None);
    }

    async fn a_statement_that_fails_takes_everything_with_it(database: TestDatabase) {
        let tx = half_made(&database.records).await;
        let twice = tx.execute("INSERT INTO settings (name, value) VALUES ($1, $2)", values!["coupon", "again"]).await;
        twice.unwrap_err();
        drop(tx);
        assert_no_trace(&database.records).await;
    }

    async fn a_task_that_is_cancelled_leaves_nothing(database: TestDatabase) {
        let (records, (ready, waits)) = (database.records.clone(), tokio::sync::oneshot::channel::<()>());
        let task = tokio::spawn(async move {
            let _tx = half_made(&records).await;
            ready.send(()).unwrap();
            std::future::pending::<()>().await;
        });
        waits.await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        let tx = database.records.begin(&operator(), "coupon.cancel").await.unwrap();
        tx.rollback().await.unwrap();
        assert_no_trace(&database.records).await;
    }
}
