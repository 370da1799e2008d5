//! The tables are open: the `deltalake` package of Python reads the same counts and sums.

use crate::shop::{NOW, at, follow, open, sums};
use history::{HistoryReader, Lane};
use std::process::Command;

fn python() -> String {
    std::env::var("NAJIMI_TEST_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

#[tokio::test]
async fn python_reads_the_same() {
    let has_package = Command::new(python()).args(["-c", "import deltalake, pyarrow"]).output();
    if !has_package.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped 1: the Python package `deltalake` is not installed (pip install deltalake pyarrow)");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let history = open(folder.path()).await;
    follow(&history, Lane::Live, 0, 60).await;
    history.flush(NOW).await.unwrap();
    follow(&history, Lane::Live, 60, 90).await;
    history.flush(NOW).await.unwrap();
    history.compact(NOW).await.unwrap();
    assert_eq!(history.position(), at(90, 0));
    let ours = sums(&history).await;

    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/read_with_python.py");
    let output = Command::new(python()).arg(script).arg(folder.path()).output().unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Vec<i64> = answer.split_whitespace().map(|word| word.parse().unwrap()).collect();
    let expected =
        [ours.orders.0, ours.orders.2, ours.lines.0, ours.lines.2, ours.events.0, ours.events.2, 90, 0].to_vec();
    assert_eq!(theirs, expected);
}
