//! A copy of one version, taken while the history goes on, is a history of its own.

use crate::shop::{NOW, assert_true, at, follow, open, stopping_at};
use history::{HistoryReader, Lane};
use history_engine::{FaultPoint, History, Pinned};
use std::path::Path;

fn copy(folder: &Path, pinned: &Pinned, to: &Path) {
    for file in pinned.tables.iter().flat_map(|table| &table.files) {
        let target = to.join(file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(folder.join(file), target).unwrap();
    }
}

#[tokio::test]
async fn the_newest_version_within_a_bound_is_whole_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(History::pin(folder.path().join("nowhere"), at(9, 9)).await.unwrap(), None);
    let history = open(folder.path()).await;
    for until in [20, 40, 60] {
        follow(&history, Lane::Live, until - 20, until).await;
        history.flush(NOW).await.unwrap();
    }
    for (bound, reached) in [(at(19, 0), 0), (at(20, 0), 20), (at(59, 5), 40), (at(1_000, 1_000), 60)] {
        let pinned = History::pin(folder.path(), bound).await.unwrap().unwrap();
        assert_eq!(pinned.positions, at(reached, 0), "{bound:?}");
        let elsewhere = tempfile::tempdir().unwrap();
        copy(folder.path(), &pinned, elsewhere.path());
        let copied = open(elsewhere.path()).await;
        assert_eq!(assert_true(&copied).await, at(reached, 0));
        let rows = pinned.tables.iter().find(|table| table.name == "events").unwrap().rows;
        assert_eq!(rows, Some(usize::try_from(reached).unwrap()));
        // It is written on like any other.
        follow(&copied, Lane::Live, reached, 70).await;
        copied.flush(NOW).await.unwrap();
        assert_eq!(assert_true(&copied).await, at(70, 0));
    }
    assert_eq!(history.position(), at(60, 0));
}

#[tokio::test]
async fn between_two_commits_of_a_flush_the_version_before_is_taken() {
    let folder = tempfile::tempdir().unwrap();
    let history = History::open(folder.path(), stopping_at(FaultPoint::AfterCommit("orders"), 2)).await.unwrap();
    follow(&history, Lane::Live, 0, 30).await;
    history.flush(NOW).await.unwrap();
    follow(&history, Lane::Live, 30, 60).await;
    history.flush(NOW).await.expect_err("stopped between two tables");
    let pinned = History::pin(folder.path(), at(60, 0)).await.unwrap().unwrap();
    assert_eq!(pinned.positions, at(30, 0));
}
