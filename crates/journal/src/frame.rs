//! How a record stands in a file: length, checksum, payload.

use std::io::{ErrorKind, Read};

/// Bytes before the payload.
pub const HEAD_BYTES: usize = 8;

/// Adds a record to a buffer.
pub fn push(buffer: &mut Vec<u8>, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    buffer.extend_from_slice(&length.to_le_bytes());
    buffer.extend_from_slice(&crc32c::crc32c(payload).to_le_bytes());
    buffer.extend_from_slice(payload);
}

/// What stands at a place of a file.
pub enum Frame {
    /// An intact record.
    Record(Vec<u8>),
    /// The end of the file, exactly behind a record.
    End,
    /// Bytes that are no intact record.
    Broken,
}

/// Reads the next record.
pub fn read(file: &mut impl Read, record_bytes_max: usize) -> std::io::Result<Frame> {
    let mut head = [0; HEAD_BYTES];
    match fill(file, &mut head)? {
        0 => return Ok(Frame::End),
        HEAD_BYTES => {}
        _ => return Ok(Frame::Broken),
    }
    let [a, b, c, d, e, f, g, h] = head;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    // An empty record is none: what a power cut leaves behind may be zeros, and those would be many empty records.
    if length == 0 || length > record_bytes_max {
        return Ok(Frame::Broken);
    }
    let mut payload = vec![0; length];
    let is_whole = fill(file, &mut payload)? == length;
    let is_intact = is_whole && crc32c::crc32c(&payload) == u32::from_le_bytes([e, f, g, h]);
    Ok(if is_intact { Frame::Record(payload) } else { Frame::Broken })
}

/// Reads until the buffer is full or the file ends, and tells how much came.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
