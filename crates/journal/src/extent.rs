//! What of a log belongs into a copy of it: its files from a position on, each up to the end of its last whole record.
//!
//! The log may be written meanwhile: its files only grow, so a reader that stops at the last whole record has a log that
//! was true at some moment since it began to look.

use crate::{
    JournalError, Limits, Position,
    frame::{self, Frame, HEAD_BYTES},
    recover::list,
};
use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

/// One file of a log, as far as it holds whole records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The file.
    pub file: PathBuf,
    /// The position of its first record.
    pub first: Position,
    /// Whole records.
    pub records: u64,
    /// Bytes of them.
    pub bytes: u64,
}

/// The files of the log in `folder` that hold `position` and all behind it; none where there is no log.
pub fn extents(folder: &Path, position: Position) -> Result<Vec<Extent>, JournalError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let segments = list(folder).map_err(|error| JournalError::io("list", error))?;
    let from = segments.partition_point(|first| *first <= position);
    let Some(from) = from.checked_sub(1) else {
        let start = segments.first().copied().unwrap_or_default();
        return if segments.is_empty() { Ok(Vec::new()) } else { Err(JournalError::Gone { position, start }) };
    };
    let mut extents: Vec<Extent> = Vec::new();
    for first in &segments[from..] {
        let extent = read(folder, *first).map_err(|error| JournalError::io("read", error))?;
        if let Some(before) = extents.last()
            && before.first + before.records != *first
        {
            return Err(JournalError::Damaged { file: before.file.display().to_string(), offset: before.bytes });
        }
        extents.push(extent);
    }
    Ok(extents)
}

fn read(folder: &Path, first: Position) -> std::io::Result<Extent> {
    let path = folder.join(format!("{first:020}.log"));
    let mut file = BufReader::with_capacity(1 << 20, File::open(&path)?);
    let (mut records, mut bytes) = (0, 0);
    while let Frame::Record(payload) = frame::read(&mut file, Limits::default().record_bytes_max)? {
        records += 1;
        bytes += (HEAD_BYTES + payload.len()) as u64;
    }
    Ok(Extent { file: path, first, records, bytes })
}
