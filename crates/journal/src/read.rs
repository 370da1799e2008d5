//! Reading in order. The place after the last read is remembered, so that following the log costs no search.

use crate::{
    Entry, JournalError, Position, Shared,
    frame::{self, Frame, HEAD_BYTES},
};
use bytes::Bytes;
use std::{
    fs::File,
    io::{BufReader, Seek, SeekFrom},
    sync::{PoisonError, atomic::Ordering},
};

/// A place in the log: the record `position` begins at byte `offset` of the file `segment`.
#[derive(Clone, Copy)]
pub(crate) struct Cursor {
    segment: Position,
    position: Position,
    offset: u64,
}

pub(crate) fn read_from(
    shared: &Shared,
    position: Position,
    records_max: usize,
    bytes_max: usize,
) -> Result<Vec<Entry>, JournalError> {
    let end = shared.end.load(Ordering::Acquire);
    let (mut entries, mut bytes, mut next) = (Vec::new(), 0, position);
    while next < end && entries.len() < records_max && bytes < bytes_max {
        let mut cursor = locate(shared, next)?;
        let path = shared.path_of(cursor.segment);
        let mut file =
            BufReader::with_capacity(256 << 10, File::open(&path).map_err(|error| JournalError::io("open", error))?);
        file.seek(SeekFrom::Start(cursor.offset)).map_err(|error| JournalError::io("read", error))?;
        while cursor.position < end && entries.len() < records_max && bytes < bytes_max {
            match frame::read(&mut file, shared.limits.record_bytes_max)
                .map_err(|error| JournalError::io("read", error))?
            {
                Frame::Record(payload) => {
                    cursor.offset += (HEAD_BYTES + payload.len()) as u64;
                    if cursor.position >= next {
                        bytes += payload.len();
                        entries.push(Entry { position: cursor.position, payload: Bytes::from(payload) });
                    }
                    cursor.position += 1;
                }
                Frame::End => break,
                Frame::Broken => {
                    return Err(JournalError::Damaged { file: path.display().to_string(), offset: cursor.offset });
                }
            }
        }
        if cursor.position <= next {
            // The file ends before the next one begins. What was read before it is given out first.
            if entries.is_empty() {
                return Err(JournalError::Damaged { file: path.display().to_string(), offset: cursor.offset });
            }
            break;
        }
        next = cursor.position;
        *shared.cursor.lock().unwrap_or_else(PoisonError::into_inner) = Some(cursor);
    }
    Ok(entries)
}

fn locate(shared: &Shared, position: Position) -> Result<Cursor, JournalError> {
    let segments = shared.segments();
    let index = segments.partition_point(|first| *first <= position);
    let Some(segment) = index.checked_sub(1).map(|index| segments[index]) else {
        return Err(JournalError::Gone { position, start: segments.first().copied().unwrap_or_default() });
    };
    let remembered = *shared.cursor.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(remembered.filter(|cursor| cursor.segment == segment && cursor.position <= position).unwrap_or(Cursor {
        segment,
        position: segment,
        offset: 0,
    }))
}
