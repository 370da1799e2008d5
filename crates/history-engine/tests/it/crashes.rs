//! The process dies at every step of a flush: after the journal is read again nothing is missing
//! and nothing is there twice.

use crate::shop::{NOW, assert_true, at, follow, open, options, replay, stopping_at};
use history::{HistoryReader, Lane};
use history_engine::{FaultPoint, History, Options};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const TABLES: [&str; 4] = ["order_lines", "orders", "events", "superseded"];

fn every_step() -> Vec<FaultPoint> {
    let points = [FaultPoint::BeforeFiles, FaultPoint::AfterFiles, FaultPoint::AfterCommit];
    TABLES.into_iter().flat_map(|table| points.map(|point| point(table))).collect()
}

/// A first flush succeeds, the second one dies at `point`.
async fn die(folder: &Path, point: FaultPoint) {
    let history = History::open(folder, stopping_at(point, 2)).await.unwrap();
    follow(&history, Lane::Live, 0, 31).await;
    follow(&history, Lane::Backfill, 0, 16).await;
    history.flush(NOW).await.unwrap();
    follow(&history, Lane::Live, 31, 62).await;
    follow(&history, Lane::Backfill, 16, 47).await;
    history.flush(NOW).await.expect_err("stopped");
    // After a failure nothing more is written, whatever is asked.
    history.flush(NOW).await.expect_err("broken");
}

#[tokio::test]
async fn no_step_of_a_flush_loses_or_doubles_a_row() {
    let mut trials = 0;
    for point in every_step() {
        let folder = tempfile::tempdir().unwrap();
        die(folder.path(), point).await;

        let history = open(folder.path()).await;
        // Before the journal is read again, the tables already agree with each other.
        let shown = assert_true(&history).await;
        assert_eq!(shown, history.committed_positions(), "{point:?}");
        replay(&history, at(62, 47), 5).await;
        assert_eq!(assert_true(&history).await, at(62, 47), "{point:?}");
        history.flush(NOW).await.unwrap();
        assert_true(&history).await;
        drop(history);

        let history = open(folder.path()).await;
        assert_eq!(assert_true(&history).await, at(62, 47), "{point:?}");
        trials += 1;
    }
    eprintln!("{trials} deaths within a flush: 0 missing, 0 double");
}

#[tokio::test]
async fn a_second_death_while_catching_up_changes_nothing() {
    let mut trials = 0;
    for (first, second) in every_step().into_iter().zip(every_step().into_iter().cycle().skip(5)) {
        let folder = tempfile::tempdir().unwrap();
        die(folder.path(), first).await;

        let history = History::open(folder.path(), stopping_at(second, 1)).await.unwrap();
        // Catches up only in part before it dies again.
        replay(&history, at(50, 20), 11).await;
        let died = history.flush(NOW).await.is_err();
        drop(history);

        let history = open(folder.path()).await;
        assert_true(&history).await;
        replay(&history, at(80, 60), 13).await;
        history.flush(NOW).await.unwrap();
        assert_eq!(assert_true(&history).await, at(80, 60), "{first:?} then {second:?} ({died})");
        trials += 1;
    }
    eprintln!("{trials} pairs of deaths: 0 missing, 0 double");
}

#[tokio::test]
async fn tables_ahead_are_shown_only_when_the_others_have_caught_up() {
    let folder = tempfile::tempdir().unwrap();
    die(folder.path(), FaultPoint::BeforeFiles("events")).await;
    let history = open(folder.path()).await;
    assert_eq!(history.position(), at(31, 16));
    // The live lane catches up first; the answer stays at one position until the other has, too.
    follow(&history, Lane::Live, 31, 62).await;
    assert_eq!(assert_true(&history).await, at(31, 16));
    follow(&history, Lane::Backfill, 16, 47).await;
    assert_eq!(assert_true(&history).await, at(62, 47));
}

const CHILD_FOLDER: &str = "NAJIMI_TEST_CHILD_FOLDER";

/// What the process that will be killed does: it takes in, flushes and compacts without end, and
/// notes outside of the history what was reported to it as being on the disk.
#[tokio::test]
async fn a_process_to_be_killed() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER).map(PathBuf::from) else { return };
    let options = Options { compact_files_min: 2, checkpoint_commits: 4, ..options() };
    let history = History::open(folder.join("history"), options).await.unwrap();
    let mut notes = std::fs::OpenOptions::new().append(true).create(true).open(folder.join("notes")).unwrap();
    for round in 1_u64.. {
        let reached = history.committed_positions();
        replay(&history, at(reached.live + 9, reached.backfill + 4), 3 + round % 5).await;
        let positions = history.flush(NOW).await.unwrap().positions;
        writeln!(notes, "{} {}", positions.live, positions.backfill).unwrap();
        if round % 3 == 0 {
            history.compact(NOW).await.unwrap();
        }
    }
}

fn start(folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crashes::a_process_to_be_killed"])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn notes(folder: &Path) -> Vec<String> {
    let notes = std::fs::read_to_string(folder.join("notes")).unwrap_or_default();
    notes.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn a_process_killed_at_any_moment_loses_nothing_that_it_reported() {
    let kills: u64 = std::env::var("NAJIMI_TEST_KILLS").map_or(5, |kills| kills.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    for kill in 0..kills {
        let noted = notes(folder.path()).len();
        let mut child = start(folder.path());
        // It works for a while first; then the moment differs from kill to kill.
        while notes(folder.path()).len() < noted + 2 {
            assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(kill * 7_919 % 701));
        child.kill().unwrap();
        child.wait().unwrap();

        let history = open(&folder.path().join("history")).await;
        let shown = assert_true(&history).await;
        let last = notes(folder.path()).pop().unwrap();
        let (live, backfill) = last.split_once(' ').unwrap();
        let reported = at(live.parse().unwrap(), backfill.parse().unwrap());
        assert!(reported.is_within(&shown), "reported {reported:?}, found {shown:?}");
    }
    eprintln!("{kills} kills: 0 lost, 0 double");
}
