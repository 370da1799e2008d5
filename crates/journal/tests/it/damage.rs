//! A damaged file is told of; its intact prefix is kept; nothing wrong is ever read.

use bytes::Bytes;
use journal::{Journal, JournalError, Limits};
use std::path::Path;

async fn write(folder: &Path, records: u64) {
    let (journal, _) = Journal::open(folder, Limits::default()).unwrap();
    for n in 0..records {
        journal.append(vec![Bytes::from(format!("record number {n}"))]).await.unwrap();
    }
}

/// Reads all and checks that it is a prefix of what was written.
fn intact_prefix(folder: &Path) -> (u64, bool) {
    let (journal, damage) = Journal::open(folder, Limits::default()).unwrap();
    let entries = journal.read_from(0, 1_000, 1 << 20).unwrap();
    for (n, entry) in entries.iter().enumerate() {
        assert_eq!(entry.payload, format!("record number {n}"), "never something that was not written");
    }
    (entries.len() as u64, damage.is_some())
}

#[tokio::test]
async fn a_file_cut_at_any_byte_keeps_its_intact_prefix() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20).await;
    let file = folder.path().join(format!("{:020}.log", 0));
    let whole = std::fs::read(&file).unwrap();
    let ends: Vec<usize> = whole_record_ends(&whole);
    for cut in 0..whole.len() {
        std::fs::write(&file, &whole[..cut]).unwrap();
        let (records, is_told) = intact_prefix(folder.path());
        assert_eq!(records as usize, ends.iter().filter(|end| **end <= cut).count());
        assert_eq!(is_told, cut != 0 && !ends.contains(&cut), "a cut in the middle of a record is told of");
    }
}

#[tokio::test]
async fn every_flipped_bit_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 12).await;
    let file = folder.path().join(format!("{:020}.log", 0));
    let whole = std::fs::read(&file).unwrap();
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&file, &flipped).unwrap();
        let (records, is_told) = intact_prefix(folder.path());
        assert!(is_told && records < 12, "bit {bit}");
    }
}

fn whole_record_ends(bytes: &[u8]) -> Vec<usize> {
    let (mut ends, mut at) = (Vec::new(), 0);
    while at + 8 <= bytes.len() {
        at += 8 + u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        ends.push(at);
    }
    ends
}

fn small() -> Limits {
    Limits { segment_bytes: 500, ..Limits::default() }
}

async fn write_files(folder: &Path, records: u64) {
    let (journal, _) = Journal::open(folder, small()).unwrap();
    for n in 0..records {
        journal.append(vec![Bytes::from(format!("record number {n}"))]).await.unwrap();
    }
}

#[tokio::test]
async fn an_earlier_file_that_ends_too_soon_is_read_to_its_end_and_then_told_of() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), 100).await;
    let first = folder.path().join(format!("{:020}.log", 0));
    let whole = std::fs::read(&first).unwrap();
    // Between two records: nothing in the file itself says that something is missing.
    let cut = whole_record_ends(&whole)[4];
    std::fs::write(&first, &whole[..cut]).unwrap();
    let (journal, _) = Journal::open(folder.path(), small()).unwrap();
    assert_eq!(journal.read_from(0, 1_000, 1 << 20).unwrap().len(), 5);
    let error = journal.read_from(5, 1_000, 1 << 20).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
}

#[tokio::test]
async fn zeros_behind_the_last_record_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 3).await;
    let file = folder.path().join(format!("{:020}.log", 0));
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.extend_from_slice(&[0; 4_096]);
    std::fs::write(&file, bytes).unwrap();
    assert_eq!(intact_prefix(folder.path()), (3, true));
    let (journal, _) = Journal::open(folder.path(), Limits::default()).unwrap();
    assert!(matches!(journal.append(vec![Bytes::new()]).await, Err(JournalError::Empty)));
}

#[tokio::test]
async fn a_position_is_never_given_out_twice_whatever_the_disk_has_lost() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), 20).await;
    let file = folder.path().join(format!("{:020}.log", 0));
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole_record_ends(&whole)[11]]).unwrap();
    // Somebody has read up to 20 already.
    let (journal, found) = Journal::open_at(folder.path(), Limits::default(), 20).unwrap();
    assert_eq!((found.lost, journal.end()), (8, 20));
    assert_eq!(journal.append(vec![Bytes::from("new")]).await.unwrap(), 21);
    assert_eq!(journal.read_from(20, 10, 1 << 20).unwrap()[0].payload, "new");
    drop(journal);
    let (journal, found) = Journal::open_at(folder.path(), Limits::default(), 20).unwrap();
    assert_eq!((found.lost, journal.end()), (0, 21), "and it stays so");
    assert_eq!(journal.read_from(20, 10, 1 << 20).unwrap().len(), 1);
}
