//! A damaged file is told of; its intact prefix is kept; nothing wrong is ever read.

use bytes::Bytes;
use journal::{Journal, Limits};
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
