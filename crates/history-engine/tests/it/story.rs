//! Rows are seen as soon as they are taken in, and the same after they are written.

use crate::shop::{NOW, assert_true, at, expected, follow, open, options, replay, sums};
use history::{Append, HistoryError, HistoryReader, Lane, Query};
use history_engine::{History, Options};

#[tokio::test]
async fn what_is_taken_in_is_seen_before_and_after_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    assert_eq!(sums(&history).await, expected(at(0, 0)));

    follow(&history, Lane::Live, 0, 40).await;
    follow(&history, Lane::Backfill, 0, 25).await;
    assert_eq!(assert_true(&history).await, at(40, 25));
    assert_eq!(history.committed_positions(), at(0, 0));

    let flushed = history.flush(NOW).await.unwrap();
    assert_eq!(flushed.positions, at(40, 25));
    assert_eq!(history.committed_positions(), at(40, 25));
    assert_eq!(history.waiting_rows(), 0);
    assert_true(&history).await;

    follow(&history, Lane::Live, 40, 90).await;
    assert_eq!(assert_true(&history).await, at(90, 25));
    history.flush(NOW).await.unwrap();
    drop(history);

    let history = open(folder.path()).await;
    assert_eq!(history.committed_positions(), at(90, 25));
    assert_eq!(assert_true(&history).await, at(90, 25));
}

#[tokio::test]
async fn a_stretch_that_comes_again_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    follow(&history, Lane::Live, 0, 30).await;
    follow(&history, Lane::Live, 0, 30).await;
    follow(&history, Lane::Live, 10, 35).await;
    history.flush(NOW).await.unwrap();
    follow(&history, Lane::Live, 20, 50).await;
    replay(&history, at(50, 0), 7).await;
    assert_eq!(assert_true(&history).await, at(50, 0));
}

#[tokio::test]
async fn a_gap_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    follow(&history, Lane::Live, 0, 10).await;
    let gap = history.append(Append::new(Lane::Live, 11, 12)).await.unwrap_err();
    assert!(matches!(gap, HistoryError::Gap { expected: 10, found: 11, .. }), "{gap}");
    assert_eq!(assert_true(&history).await, at(10, 0));
}

#[tokio::test]
async fn many_flushes_pass_checkpoints_and_are_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { checkpoint_commits: 5, ..options() };
    let history = History::open(folder.path(), options.clone()).await.unwrap();
    for step in 0..12 {
        follow(&history, Lane::Live, step * 5, step * 5 + 5).await;
        history.flush(NOW).await.unwrap();
    }
    drop(history);
    assert!(folder.path().join("orders/_delta_log/_last_checkpoint").exists());
    let history = History::open(folder.path(), options).await.unwrap();
    assert_eq!(assert_true(&history).await, at(60, 0));
}

#[tokio::test]
async fn rows_are_written_when_enough_wait_or_after_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { flush_rows: 100, flush_seconds: 30, ..options() };
    let history = History::open(folder.path(), options).await.unwrap();
    assert_eq!(history.flush_if_due(NOW).await.unwrap(), None);
    follow(&history, Lane::Live, 0, 5).await;
    assert_eq!(history.flush_if_due(NOW).await.unwrap(), None);
    assert_eq!(history.flush_if_due(NOW + 29_000_000).await.unwrap(), None);
    let flushed = history.flush_if_due(NOW + 30_000_000).await.unwrap().expect("30 s have passed");
    assert_eq!(flushed.positions, at(5, 0));
    follow(&history, Lane::Live, 5, 80).await;
    assert!(history.flush_if_due(NOW + 31_000_000).await.unwrap().is_some());
    assert_eq!(history.flush_if_due(NOW + 99_000_000).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_tail_asks_for_a_flush() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { tail_rows_max: 50, ..options() };
    let history = History::open(folder.path(), options).await.unwrap();
    follow(&history, Lane::Live, 0, 10).await;
    let mut append = Append::new(Lane::Live, 10, 30);
    for position in 10..30 {
        append.event(position, crate::shop::entry(Lane::Live, position).event);
    }
    let full = history.append(append.clone()).await.unwrap_err();
    assert!(matches!(full, HistoryError::Full { .. }) && full.is_worth_retrying());
    history.flush(NOW).await.unwrap();
    history.append(append).await.unwrap();
}

#[tokio::test]
async fn one_process_writes_and_others_read() {
    let folder = tempfile::tempdir().unwrap();
    let writer = open(folder.path()).await;
    follow(&writer, Lane::Live, 0, 20).await;
    writer.flush(NOW).await.unwrap();
    let second = History::open(folder.path(), options()).await.err().expect("the folder is locked");
    assert!(matches!(second, HistoryError::Locked { .. }));

    let reader = History::open_to_read(folder.path(), options()).await.unwrap();
    assert_eq!(assert_true(&reader).await, at(20, 0));
    let refused = reader.append(Append::new(Lane::Live, 20, 21)).await.unwrap_err();
    assert!(matches!(refused, HistoryError::ReadOnly));
    assert!(matches!(reader.flush(NOW).await.unwrap_err(), HistoryError::ReadOnly));
}

#[tokio::test]
async fn a_question_keeps_its_view_while_rows_arrive_and_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    let asking = history.clone();
    let asked = tokio::spawn(async move {
        let mut seen = Vec::new();
        while seen.last() != Some(&120) {
            // Both tables in one question: they must stand at the same position.
            let sql = "SELECT (SELECT count(*) FROM events) AS events,
                              (SELECT count(*) FROM order_lines) - 2 * (SELECT count(*) FROM orders) AS apart";
            let rows = asking.query(&Query::new(sql)).await.unwrap();
            assert_eq!(rows.single_i64("apart").unwrap(), 0);
            seen.push(rows.single_i64("events").unwrap());
        }
        seen
    });
    for step in 0..24 {
        follow(&history, Lane::Live, step * 5, step * 5 + 5).await;
        if step % 4 == 3 {
            history.flush(NOW).await.unwrap();
        }
    }
    let seen = asked.await.unwrap();
    assert!(seen.is_sorted() && seen.iter().all(|events| events % 5 == 0), "{seen:?}");
}
