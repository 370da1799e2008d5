//! The physical lines of a file, out of a buffer that never grows beyond one row.

use super::{
    encoding::{self, Detected, Encoding, Transcoder},
    error::FileError,
    source::Source,
};

/// Bytes by which the encoding and the separator are found.
pub(crate) const SAMPLE_BYTES: usize = 256 << 10;
/// Bytes that are taken from the file at once.
const CHUNK_BYTES: usize = 256 << 10;

/// The lines of a file, one after the other, with a view ahead.
pub(crate) struct Lines {
    source: Source,
    encoding: Encoding,
    is_certain: bool,
    transcoder: Option<Transcoder>,
    chunk: Vec<u8>,
    buffer: Vec<u8>,
    start: usize,
    is_ended: bool,
    terminator: u8,
    number: u64,
    line_bytes_max: usize,
}

/// A line in the buffer: offsets from the beginning of the row that is being read.
#[derive(Clone, Copy)]
pub(crate) struct LineAt {
    from: usize,
    to: usize,
    /// Where the next line begins.
    pub next: usize,
}

/// What comes next.
pub(crate) enum Ahead {
    /// A line.
    Line(LineAt),
    /// A line, or a row, that is longer than allowed.
    TooLong,
    /// Nothing any more.
    End,
}

impl Lines {
    /// Looks at the first bytes and gets ready.
    pub(crate) fn open(mut source: Source, chosen: Option<Encoding>, line_bytes_max: usize) -> Result<Self, FileError> {
        let mut sample = Vec::with_capacity(SAMPLE_BYTES);
        let is_ended = fill(&mut source, &mut sample)?;
        if sample.is_empty() {
            return Err(FileError::Empty);
        }
        let detected = detected(&sample, chosen);
        let sample = &sample[detected.mark_bytes..];
        let mut lines = Self {
            source,
            encoding: detected.encoding,
            is_certain: detected.is_certain,
            transcoder: detected.encoding.is_decoded_first().then(|| Transcoder::new(detected.encoding)),
            chunk: vec![0; CHUNK_BYTES],
            buffer: Vec::with_capacity(2 * CHUNK_BYTES),
            start: 0,
            is_ended,
            terminator: b'\n',
            number: 1,
            line_bytes_max,
        };
        lines.append(sample);
        let has = |byte: u8| lines.buffer.contains(&byte);
        lines.terminator = if has(b'\r') && !has(b'\n') { b'\r' } else { b'\n' };
        Ok(lines)
    }

    /// The file's encoding, as far as it is known by now.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }
    /// The number of the next line, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }
    /// The file itself.
    pub(crate) fn source(&self) -> &Source {
        &self.source
    }
    /// What is in the buffer now, from the next line on.
    pub(crate) fn buffered(&self) -> &[u8] {
        &self.buffer[self.start..]
    }
    /// The bytes of a line, without its end.
    pub(crate) fn bytes(&self, line: LineAt) -> &[u8] {
        &self.buffer[self.start + line.from..self.start + line.to]
    }

    /// The line that begins `offset` bytes behind the next one's beginning.
    pub(crate) fn peek(&mut self, offset: usize) -> Result<Ahead, FileError> {
        let mut searched = offset;
        loop {
            let ahead = &self.buffer[self.start + searched..];
            if let Some(found) = ahead.iter().position(|byte| *byte == self.terminator) {
                return Ok(self.line(offset, searched + found, 1));
            }
            searched = self.buffer.len() - self.start;
            if searched > self.line_bytes_max {
                return Ok(Ahead::TooLong);
            }
            if self.is_ended {
                return Ok(if searched > offset { self.line(offset, searched, 0) } else { Ahead::End });
            }
            self.fill()?;
        }
    }

    fn line(&self, from: usize, end: usize, terminator_bytes: usize) -> Ahead {
        if end - from > self.line_bytes_max {
            return Ahead::TooLong;
        }
        let is_return = end > from && self.terminator == b'\n' && self.buffer[self.start + end - 1] == b'\r';
        Ahead::Line(LineAt { from, to: end - usize::from(is_return), next: end + terminator_bytes })
    }

    /// Is done with so many bytes, which were so many lines.
    pub(crate) fn take(&mut self, bytes: usize, lines: u64) {
        self.start += bytes;
        self.number += lines;
    }

    /// Passes a line of any length without keeping it.
    pub(crate) fn skip_line(&mut self) -> Result<(), FileError> {
        loop {
            let ahead = &self.buffer[self.start..];
            if let Some(found) = ahead.iter().position(|byte| *byte == self.terminator) {
                self.take(found + 1, 1);
                return Ok(());
            }
            self.start = self.buffer.len();
            if self.is_ended {
                self.number += 1;
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Settles on an encoding when plain ASCII ends, by what comes next.
    pub(crate) fn settle(&mut self, line: LineAt) {
        if self.is_certain || self.bytes(line).is_ascii() {
            return;
        }
        let from = self.start + line.from;
        let sample = &self.buffer[from..self.buffer.len().min(from + SAMPLE_BYTES)];
        let found = encoding::detect(sample).encoding;
        self.encoding = if found.is_decoded_first() { Encoding::Utf8 } else { found };
        self.is_certain = true;
    }

    fn fill(&mut self) -> Result<(), FileError> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let mut chunk = std::mem::take(&mut self.chunk);
        let read = self.source.read(&mut chunk);
        self.chunk = chunk;
        let count = read?;
        self.is_ended = count == 0;
        let chunk = std::mem::take(&mut self.chunk);
        self.append(&chunk[..count]);
        self.chunk = chunk;
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) {
        match &mut self.transcoder {
            Some(transcoder) => transcoder.push(bytes, self.is_ended, &mut self.buffer),
            None => self.buffer.extend_from_slice(bytes),
        }
    }
}

/// Fills a sample; says whether the file ended with it.
fn fill(source: &mut Source, sample: &mut Vec<u8>) -> Result<bool, FileError> {
    let mut chunk = vec![0; 64 << 10];
    while sample.len() < SAMPLE_BYTES {
        let count = source.read(&mut chunk)?;
        if count == 0 {
            return Ok(true);
        }
        sample.extend_from_slice(&chunk[..count]);
    }
    Ok(false)
}

fn detected(sample: &[u8], chosen: Option<Encoding>) -> Detected {
    let found = encoding::detect(sample);
    match chosen {
        Some(encoding) if encoding != found.encoding => Detected { encoding, mark_bytes: 0, is_certain: true },
        Some(_) => Detected { is_certain: true, ..found },
        None => found,
    }
}
