//! Which bytes of a log belong into a copy of it.

use bytes::Bytes;
use journal::{Extent, Journal, JournalError, Limits, extents};
use std::{io::Write, path::Path};

/// Ten records, three or four to a file.
async fn write(folder: &Path) -> Journal {
    let limits = Limits { segment_bytes: 60, ..Limits::default() };
    let (journal, _) = Journal::open(folder, limits).unwrap();
    for n in 0..10 {
        journal.append(vec![Bytes::from(format!("record number {n}"))]).await.unwrap();
    }
    journal
}

fn spans(extents: &[Extent]) -> Vec<(u64, u64)> {
    extents.iter().map(|extent| (extent.first, extent.records)).collect()
}

#[tokio::test]
async fn a_copy_begins_with_the_file_of_the_position_and_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let journal = write(folder.path()).await;
    assert_eq!(spans(&extents(folder.path(), 0).unwrap()), [(0, 3), (3, 3), (6, 3), (9, 1)]);
    let from_four = extents(folder.path(), 4).unwrap();
    assert_eq!(spans(&from_four), [(3, 3), (6, 3), (9, 1)]);
    assert_eq!(spans(&extents(folder.path(), 10).unwrap()), [(9, 1)], "the end has a file too");

    let copy = tempfile::tempdir().unwrap();
    for extent in &from_four {
        let bytes = std::fs::read(&extent.file).unwrap();
        let taken = &bytes[..usize::try_from(extent.bytes).unwrap()];
        std::fs::write(copy.path().join(extent.file.file_name().unwrap()), taken).unwrap();
    }
    let (copied, damage) = Journal::open(copy.path(), Limits::default()).unwrap();
    assert!(damage.is_none());
    assert_eq!(copied.end(), journal.end());
    assert_eq!(copied.read_from(4, 100, 1 << 20).unwrap(), journal.read_from(4, 100, 1 << 20).unwrap());
}

#[tokio::test]
async fn a_record_that_is_being_written_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    drop(write(folder.path()).await);
    let whole = extents(folder.path(), 9).unwrap();
    let mut file = std::fs::File::options().append(true).open(&whole[0].file).unwrap();
    file.write_all(&[12, 0, 0, 0, 1, 2, 3]).unwrap();
    assert_eq!(extents(folder.path(), 9).unwrap(), whole);
}

#[tokio::test]
async fn a_hole_and_a_position_that_is_gone_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let journal = write(folder.path()).await;
    journal.trim(5).unwrap();
    assert!(matches!(extents(folder.path(), 2), Err(JournalError::Gone { position: 2, start: 3 })));
    let middle = folder.path().join(format!("{:020}.log", 6));
    let whole = std::fs::read(&middle).unwrap();
    std::fs::write(&middle, &whole[..whole.len() - 1]).unwrap();
    assert!(matches!(extents(folder.path(), 3), Err(JournalError::Damaged { .. })));
    assert_eq!(extents(&folder.path().join("nowhere"), 0).unwrap(), []);
}
