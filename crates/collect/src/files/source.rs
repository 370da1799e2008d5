//! The bytes of a file, unpacked within limits.
//!
//! Invariant: whatever the file claims, no more than `unpacked_bytes_max` come out of it, and beyond the first 64 MiB
//! no more than `ratio_max` times what went in.

use super::error::FileError;
use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

/// Bytes that show what a file is.
const MAGIC_BYTES: usize = 8;
/// Memory that zstd may ask for, as a power of two (128 MiB): what `zstd --long` of today writes.
const ZSTD_WINDOW_LOG_MAX: u32 = 27;

/// What a file may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes of the file as it is.
    pub file_bytes_max: u64,
    /// Bytes of the file unpacked.
    pub unpacked_bytes_max: u64,
    /// How many times larger it may become.
    pub ratio_max: u64,
    /// Up to this size any ratio is fine.
    pub ratio_free_bytes: u64,
    /// Columns of a table.
    pub columns_max: usize,
    /// Bytes of one cell.
    pub field_bytes_max: usize,
    /// Bytes of one row, also when it runs over several lines.
    pub line_bytes_max: usize,
    /// Keys of lines that are held in memory before they go to disk (24 bytes each).
    pub line_keys_max: usize,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            file_bytes_max: 32 << 30,
            unpacked_bytes_max: 64 << 30,
            ratio_max: 200,
            ratio_free_bytes: 64 << 20,
            columns_max: 2_000,
            field_bytes_max: 64 << 10,
            line_bytes_max: 1 << 20,
            line_keys_max: 3_000_000,
        }
    }
}

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// zstd.
    Zstd,
}

impl Compression {
    /// The name in JSON and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// A file that is being read.
pub struct Source {
    reader: Box<dyn Read + Send>,
    compression: Compression,
    meter: Meter,
    unpacked_bytes: u64,
    size_bytes: Option<u64>,
    limits: FileLimits,
}

/// Counts what is taken from the file itself.
#[derive(Clone, Default)]
struct Meter {
    bytes: Arc<AtomicU64>,
    has_failed: Arc<AtomicBool>,
}

struct Metered<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer);
        match &read {
            Ok(count) => {
                self.meter.bytes.fetch_add(*count as u64, Ordering::Relaxed);
            }
            Err(error) if error.kind() != io::ErrorKind::Interrupted => {
                self.meter.has_failed.store(true, Ordering::Relaxed);
            }
            Err(_) => {}
        }
        read
    }
}

impl Source {
    /// Opens a file.
    pub fn open(path: &Path, limits: &FileLimits) -> Result<Self, FileError> {
        let file = File::open(path)?;
        let size_bytes = file.metadata()?.len();
        Self::from_reader(file, Some(size_bytes), limits)
    }

    /// Reads what comes from elsewhere, such as an upload.
    pub fn from_reader(
        reader: impl Read + Send + 'static,
        size_bytes: Option<u64>,
        limits: &FileLimits,
    ) -> Result<Self, FileError> {
        if size_bytes.is_some_and(|size| size > limits.file_bytes_max) {
            return Err(FileError::TooLarge { bytes_max: limits.file_bytes_max });
        }
        let meter = Meter::default();
        let metered = Metered { inner: reader, meter: meter.clone() };
        let mut buffered = BufReader::with_capacity(128 << 10, metered);
        let magic = peek(&mut buffered)?;
        let (compression, reader) = unpacked(&magic, io::Cursor::new(magic.clone()).chain(buffered))?;
        let mut source = Self { reader, compression, meter, unpacked_bytes: 0, size_bytes, limits: limits.clone() };
        source.refuse_what_is_inside()?;
        Ok(source)
    }

    /// How it is packed.
    pub fn compression(&self) -> Compression {
        self.compression
    }
    /// The file's size as it is, where it is known.
    pub fn size_bytes(&self) -> Option<u64> {
        self.size_bytes
    }
    /// How much of the file has been taken.
    pub fn read_bytes(&self) -> u64 {
        self.meter.bytes.load(Ordering::Relaxed)
    }

    /// The next bytes, unpacked; 0 at the end.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, FileError> {
        let count = loop {
            match self.reader.read(buffer) {
                Ok(count) => break count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.failure(error)),
            }
        };
        self.unpacked_bytes += count as u64;
        self.check_limits()?;
        Ok(count)
    }

    fn check_limits(&self) -> Result<(), FileError> {
        let limits = &self.limits;
        let taken = self.read_bytes();
        if taken > limits.file_bytes_max {
            return Err(FileError::TooLarge { bytes_max: limits.file_bytes_max });
        }
        if self.unpacked_bytes > limits.unpacked_bytes_max {
            return Err(FileError::TooLargeUnpacked { bytes_max: limits.unpacked_bytes_max });
        }
        let is_out_of_proportion =
            self.unpacked_bytes > limits.ratio_free_bytes && self.unpacked_bytes / limits.ratio_max.max(1) > taken;
        if is_out_of_proportion { Err(FileError::Bomb { ratio_max: limits.ratio_max }) } else { Ok(()) }
    }

    /// A failing disk is one thing, bytes that do not unpack another.
    fn failure(&self, error: io::Error) -> FileError {
        let is_of_the_file = self.meter.has_failed.load(Ordering::Relaxed) || self.compression == Compression::None;
        if is_of_the_file { FileError::Io(error) } else { FileError::Damaged }
    }

    /// What is packed must not be an archive, nor packed again.
    fn refuse_what_is_inside(&mut self) -> Result<(), FileError> {
        if self.compression == Compression::None {
            return Ok(());
        }
        let magic = peek(&mut self.reader).map_err(|error| self.failure(error))?;
        refuse(&magic)?;
        if compression_of(&magic) != Compression::None {
            return Err(FileError::NotATable { found: "packed twice" });
        }
        let rest = std::mem::replace(&mut self.reader, Box::new(io::empty()));
        self.reader = Box::new(io::Cursor::new(magic).chain(rest));
        Ok(())
    }
}

fn peek(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut magic = Vec::with_capacity(MAGIC_BYTES);
    reader.take(MAGIC_BYTES as u64).read_to_end(&mut magic)?;
    Ok(magic)
}

fn unpacked(
    magic: &[u8],
    reader: impl Read + Send + 'static,
) -> Result<(Compression, Box<dyn Read + Send>), FileError> {
    refuse(magic)?;
    Ok(match compression_of(magic) {
        Compression::None => (Compression::None, Box::new(reader)),
        Compression::Gzip => (Compression::Gzip, Box::new(flate2::read::MultiGzDecoder::new(reader))),
        Compression::Zstd => {
            let mut decoder = zstd::stream::read::Decoder::new(reader)?;
            decoder.window_log_max(ZSTD_WINDOW_LOG_MAX)?;
            (Compression::Zstd, Box::new(decoder))
        }
    })
}

fn compression_of(magic: &[u8]) -> Compression {
    match magic {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Compression::Zstd,
        _ => Compression::None,
    }
}

/// Refuses what is known to be no table, by its first bytes.
fn refuse(magic: &[u8]) -> Result<(), FileError> {
    let found = match magic {
        [] => return Err(FileError::Empty),
        [b'P', b'K', 3 | 5 | 7, ..] => return Err(FileError::Archive { kind: "zip / xlsx" }),
        [b'7', b'z', 0xbc, 0xaf, ..] => return Err(FileError::Archive { kind: "7z" }),
        [b'R', b'a', b'r', b'!', ..] => return Err(FileError::Archive { kind: "rar" }),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => "an old Excel workbook (.xls)",
        [b'B', b'Z', b'h', ..] => "bzip2; use gzip or zstd",
        [0xfd, b'7', b'z', b'X', b'Z', ..] => "xz; use gzip or zstd",
        [b'%', b'P', b'D', b'F', ..] => "a PDF",
        [b'P', b'A', b'R', b'1', ..] => "a Parquet file",
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => "a picture",
        [0x7f, b'E', b'L', b'F', ..] | [b'M', b'Z', 0x90, ..] => "a program",
        [b'S', b'Q', b'L', b'i', b't', b'e', ..] => "a database",
        _ => return Ok(()),
    };
    Err(FileError::NotATable { found })
}
