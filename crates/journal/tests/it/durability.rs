//! What is acknowledged is read again.

use bytes::Bytes;
use journal::{Journal, Limits};

fn small() -> Limits {
    Limits { segment_bytes: 1_000, ..Limits::default() }
}

fn record(number: u64) -> Bytes {
    Bytes::from(format!("event {number}"))
}

#[tokio::test]
async fn records_are_read_again_in_order_after_a_new_start() {
    let folder = tempfile::tempdir().unwrap();
    {
        let (journal, damage) = Journal::open(folder.path(), small()).unwrap();
        assert!(damage.is_none());
        for group in 0..50_u64 {
            let end = journal.append((0..7).map(|n| record(group * 7 + n)).collect()).await.unwrap();
            assert_eq!(end, (group + 1) * 7);
        }
    }
    let (journal, _) = Journal::open(folder.path(), small()).unwrap();
    assert_eq!(journal.end(), 350);
    let mut next = 0;
    while next < journal.end() {
        for entry in journal.read_from(next, 13, 1 << 20).unwrap() {
            assert_eq!(entry.payload, record(entry.position));
            assert_eq!(entry.position, next);
            next += 1;
        }
    }
}

#[tokio::test]
async fn many_writers_share_a_confirmation_and_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::open(folder.path(), Limits::default()).unwrap();
    let writers = (0..64).map(|writer| {
        let journal = journal.clone();
        tokio::spawn(async move {
            for n in 0..20 {
                journal.append(vec![Bytes::from(format!("{writer}:{n}"))]).await.unwrap();
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    let entries = journal.read_from(0, 10_000, 1 << 30).unwrap();
    let distinct: std::collections::HashSet<_> = entries.iter().map(|entry| entry.payload.clone()).collect();
    assert_eq!((entries.len(), distinct.len()), (1_280, 1_280));
}

#[tokio::test]
async fn trimming_deletes_only_whole_files_before_the_position() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::open(folder.path(), small()).unwrap();
    for n in 0..500 {
        journal.append(vec![record(n)]).await.unwrap();
    }
    journal.trim(250).unwrap();
    assert!(journal.start() > 0 && journal.start() <= 250);
    assert_eq!(journal.read_from(250, 1, 1_000).unwrap()[0].payload, record(250));
    assert!(journal.read_from(0, 1, 1_000).is_err(), "what was trimmed is said to be gone");
}

#[tokio::test]
async fn a_reader_that_waits_is_woken() {
    let folder = tempfile::tempdir().unwrap();
    let (journal, _) = Journal::open(folder.path(), small()).unwrap();
    let waiting = tokio::spawn({
        let journal = journal.clone();
        async move {
            journal.wait_for(0).await;
            journal.read_from(0, 10, 1_000).unwrap().len()
        }
    });
    journal.append(vec![record(0)]).await.unwrap();
    assert_eq!(waiting.await.unwrap(), 1);
}
