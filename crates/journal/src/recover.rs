//! Opening a log that may have been cut off in the middle of a write.
//!
//! A broken record at the end of the last file is what a crash leaves behind: it was never acknowledged. The bytes are
//! set aside and told of. A broken record in an earlier file is damage, and opening stops there.

use crate::{
    JournalError, Limits, Position,
    frame::{self, Frame, HEAD_BYTES},
};
use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

/// Bytes behind the last intact record, and where they were put.
#[derive(Clone, Debug)]
pub struct Damage {
    /// The file that held them.
    pub file: PathBuf,
    /// Where they began.
    pub offset: u64,
    /// How many they were.
    pub bytes: u64,
    /// The file that holds them now.
    pub set_aside: PathBuf,
}

pub(crate) struct Recovered {
    pub segments: Vec<Position>,
    pub end: Position,
    pub lost: u64,
    pub damage: Option<Damage>,
}

pub(crate) fn recover(folder: &Path, limits: &Limits, at_least: Position) -> Result<Recovered, JournalError> {
    fs::create_dir_all(folder).map_err(|error| JournalError::io("make the folder of", error))?;
    let mut segments = list(folder).map_err(|error| JournalError::io("list", error))?;
    if segments.is_empty() {
        create(folder, 0).map_err(|error| JournalError::io("begin", error))?;
        segments.push(0);
    }
    let last = segments.last().copied().unwrap_or_default();
    let path = folder.join(format!("{last:020}.log"));
    let scan = scan(&path, limits).map_err(|error| JournalError::io("read", error))?;
    let damage = match scan.broken_bytes {
        0 => None,
        bytes => Some(set_aside(&path, scan.intact_bytes, bytes).map_err(|error| JournalError::io("mend", error))?),
    };
    let mut end = last + scan.records;
    let lost = at_least.saturating_sub(end);
    if lost > 0 {
        // Positions that were given out once are not given out again: whoever follows the log would pass over them.
        create(folder, at_least).map_err(|error| JournalError::io("begin", error))?;
        segments.push(at_least);
        end = at_least;
    }
    Ok(Recovered { segments, end, lost, damage })
}

/// Begins a file, durably: the folder's entry too.
pub(crate) fn create(folder: &Path, first: Position) -> std::io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(folder.join(format!("{first:020}.log")))?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(file)
}

/// The first positions of all files, in order.
pub(crate) fn list(folder: &Path) -> std::io::Result<Vec<Position>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let number: Option<Position> =
            name.to_str().and_then(|name| name.strip_suffix(".log")).and_then(|number| number.parse().ok());
        found.extend(number);
    }
    found.sort_unstable();
    Ok(found)
}

struct Scan {
    records: u64,
    intact_bytes: u64,
    broken_bytes: u64,
}

fn scan(path: &Path, limits: &Limits) -> std::io::Result<Scan> {
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    let total = file.get_ref().metadata()?.len();
    let (mut records, mut intact_bytes) = (0, 0);
    while let Frame::Record(payload) = frame::read(&mut file, limits.record_bytes_max)? {
        records += 1;
        intact_bytes += (HEAD_BYTES + payload.len()) as u64;
    }
    Ok(Scan { records, intact_bytes, broken_bytes: total - intact_bytes })
}

fn set_aside(path: &Path, offset: u64, bytes: u64) -> std::io::Result<Damage> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let target = path.with_extension(format!("log.broken-at-{offset}"));
    file.seek(SeekFrom::Start(offset))?;
    let mut copy = File::create(&target)?;
    std::io::copy(&mut file, &mut copy)?;
    copy.flush()?;
    copy.sync_all()?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    file.set_len(offset)?;
    file.sync_all()?;
    Ok(Damage { file: path.to_owned(), offset, bytes, set_aside: target })
}
