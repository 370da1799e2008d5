//! Small files are joined and superseded versions leave them; answers stay the same throughout.

use crate::shop::{NOW, assert_true, at, data_files, follow, open, options, replay, stopping_at};
use history::{HistoryReader, Lane, Query};
use history_engine::{FaultPoint, History, Options};
use std::path::Path;

async fn fill(history: &History, flushes: u64) {
    for step in 0..flushes {
        follow(history, Lane::Live, step * 20, step * 20 + 20).await;
        follow(history, Lane::Backfill, step * 10, step * 10 + 10).await;
        history.flush(NOW).await.unwrap();
    }
}

fn eager() -> Options {
    Options { compact_files_min: 2, ..options() }
}

#[tokio::test]
async fn joining_files_changes_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), eager()).await.unwrap();
    fill(&history, 6).await;
    assert_true(&history).await;
    let compacted = history.compact(NOW).await.unwrap();
    assert!(compacted.files_after < compacted.files_before / 2, "{compacted:?}");
    assert!(compacted.superseded_dropped > 0, "{compacted:?}");
    assert_eq!(assert_true(&history).await, at(120, 60));

    // Rows taken in afterwards, and another opening, see the same.
    follow(&history, Lane::Live, 120, 150).await;
    assert_eq!(assert_true(&history).await, at(150, 60));
    history.flush(NOW).await.unwrap();
    drop(history);
    let history = open(folder.path()).await;
    assert_eq!(assert_true(&history).await, at(150, 60));
}

#[tokio::test]
async fn a_second_compaction_finds_nothing_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), eager()).await.unwrap();
    fill(&history, 3).await;
    history.compact(NOW).await.unwrap();
    let second = history.compact(NOW).await.unwrap();
    assert_eq!((second.files_before, second.superseded_dropped), (0, 0), "{second:?}");
}

#[tokio::test]
async fn a_death_within_a_compaction_changes_no_answer() {
    let mut points = vec![FaultPoint::AfterExchange("superseded")];
    for table in ["order_lines", "orders", "events"] {
        points.extend([FaultPoint::AfterRewrite(table), FaultPoint::AfterExchange(table)]);
    }
    for point in points {
        let folder = tempfile::tempdir().unwrap();
        let stopping = Options { compact_files_min: 2, ..stopping_at(point, 1) };
        let history = History::open(folder.path(), stopping).await.unwrap();
        fill(&history, 3).await;
        history.compact(NOW).await.expect_err("stopped");
        drop(history);

        let history = History::open(folder.path(), eager()).await.unwrap();
        assert_eq!(assert_true(&history).await, at(60, 30), "{point:?}");
        history.compact(NOW).await.unwrap();
        assert_true(&history).await;
        replay(&history, at(90, 30), 9).await;
        history.flush(NOW).await.unwrap();
        assert_eq!(assert_true(&history).await, at(90, 30), "{point:?}");
    }
}

#[tokio::test]
async fn appends_and_questions_go_on_during_a_compaction() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), eager()).await.unwrap();
    fill(&history, 4).await;
    let compacting = tokio::spawn({
        let history = history.clone();
        async move { history.compact(NOW).await.unwrap() }
    });
    for step in 4..8 {
        follow(&history, Lane::Live, step * 20, step * 20 + 20).await;
        assert_true(&history).await;
        history.flush(NOW).await.unwrap();
    }
    compacting.await.unwrap();
    assert_eq!(assert_true(&history).await, at(160, 40));
    history.compact(NOW).await.unwrap();
    assert_eq!(assert_true(&history).await, at(160, 40));
}

#[tokio::test]
async fn a_superseded_version_that_has_not_come_yet_stays_hidden() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), eager()).await.unwrap();
    let mut early = history::Append::new(Lane::Live, 0, 1);
    early.supersede(0, "backfill-01000001", 10);
    history.append(early).await.unwrap();
    history.flush(NOW).await.unwrap();
    history.compact(NOW).await.unwrap();
    // The row comes by the other lane, after the compaction.
    follow(&history, Lane::Backfill, 0, 4).await;
    history.flush(NOW).await.unwrap();
    let query = Query::new("SELECT count(*) AS n FROM orders WHERE order_id = 'backfill-01000001'");
    assert_eq!(history.query(&query).await.unwrap().single_i64("n").unwrap(), 0);
    let compacted = history.compact(NOW).await.unwrap();
    assert_eq!(compacted.superseded_dropped, 1);
    assert_eq!(history.query(&query).await.unwrap().single_i64("n").unwrap(), 0);
}

#[tokio::test]
async fn vacuum_removes_the_files_that_nobody_needs() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { retention_seconds: 0, ..eager() };
    let history = History::open(folder.path(), options).await.unwrap();
    fill(&history, 4).await;
    let before = count(folder.path());
    let compacted = history.compact(NOW).await.unwrap();
    let removed = history.vacuum().await.unwrap();
    assert_eq!(removed, compacted.files_before + 4, "the list of superseded versions had a file a flush");
    assert_eq!(count(folder.path()), before - removed + compacted.files_after);
    assert_eq!(assert_true(&history).await, at(80, 40));
    drop(history);
    let history = open(folder.path()).await;
    assert_eq!(assert_true(&history).await, at(80, 40));
}

fn count(folder: &Path) -> usize {
    ["orders", "order_lines", "events", "superseded"].iter().map(|table| data_files(&folder.join(table))).sum()
}
