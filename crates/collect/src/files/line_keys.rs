//! Which of several identical lines of an order a line is.
//!
//! Invariant: the n-th of identical lines gets the number n−1, wherever in the file it stands, so a file that is sorted
//! otherwise gives the same keys. Memory is bounded: counts beyond `keys_max` lie on disk, sorted, behind a small filter.

use super::error::FileError;
use std::{
    collections::HashMap,
    fs::File,
    hash::{BuildHasherDefault, Hasher},
    io::{BufWriter, ErrorKind, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// Bytes of a key and its count on disk.
const RECORD_BYTES: usize = 12;
/// Records that are read at once.
const BLOCK_RECORDS: usize = 256;

/// How often each line was seen.
pub(crate) struct LineKeys {
    counts: HashMap<u64, u32, BuildHasherDefault<AlreadyHashed>>,
    keys_max: usize,
    runs: Vec<Run>,
    folder: PathBuf,
}

/// Keys are hashes already.
#[derive(Default)]
struct AlreadyHashed(u64);

impl Hasher for AlreadyHashed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }
    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl LineKeys {
    /// Counts for one file. What memory does not hold goes to `folder`, in files that have no name and vanish with us.
    pub(crate) fn new(keys_max: usize, folder: PathBuf) -> Self {
        Self { counts: HashMap::default(), keys_max: keys_max.max(1), runs: Vec::new(), folder }
    }

    /// How many lines with this key came before.
    pub(crate) fn ordinal(&mut self, key: u64) -> Result<u32, FileError> {
        if let Some(count) = self.counts.get_mut(&key) {
            *count += 1;
            return Ok(*count - 1);
        }
        let mut before = 0;
        for run in self.runs.iter().rev() {
            if let Some(count) = run.find(key)? {
                before = count;
                break;
            }
        }
        if self.counts.len() >= self.keys_max {
            self.spill()?;
        }
        self.counts.insert(key, before + 1);
        Ok(before)
    }

    fn spill(&mut self) -> Result<(), FileError> {
        let mut counts: Vec<(u64, u32)> = self.counts.drain().collect();
        counts.sort_unstable();
        self.runs.push(Run::write(nameless_file(&self.folder)?, &counts)?);
        Ok(())
    }
}

/// A file whose name is gone at once, so that nothing stays behind whatever happens to us.
fn nameless_file(folder: &Path) -> Result<File, FileError> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    loop {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("najimi-line-keys-{}-{number}", std::process::id()));
        match File::options().read(true).write(true).create_new(true).open(&path) {
            Ok(file) => {
                std::fs::remove_file(&path)?;
                return Ok(file);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Sorted counts on disk.
struct Run {
    file: File,
    /// The key of each block's first record.
    firsts: Vec<u64>,
    records: usize,
    filter: Filter,
}

impl Run {
    fn write(file: File, counts: &[(u64, u32)]) -> Result<Self, FileError> {
        let mut writer = BufWriter::with_capacity(1 << 20, file);
        let mut filter = Filter::for_keys(counts.len());
        for (key, count) in counts {
            writer.write_all(&key.to_le_bytes())?;
            writer.write_all(&count.to_le_bytes())?;
            filter.add(*key);
        }
        let file = writer.into_inner().map_err(|error| FileError::Io(error.into_error()))?;
        let firsts = counts.iter().step_by(BLOCK_RECORDS).map(|(key, _)| *key).collect();
        Ok(Self { file, firsts, records: counts.len(), filter })
    }

    fn find(&self, key: u64) -> Result<Option<u32>, FileError> {
        let block = self.firsts.partition_point(|first| *first <= key);
        if block == 0 || !self.filter.may_have(key) {
            return Ok(None);
        }
        let first = (block - 1) * BLOCK_RECORDS;
        let mut bytes = [0; BLOCK_RECORDS * RECORD_BYTES];
        let length = (self.records - first).min(BLOCK_RECORDS) * RECORD_BYTES;
        self.file.read_exact_at(&mut bytes[..length], (first * RECORD_BYTES) as u64)?;
        let found =
            bytes[..length].as_chunks::<RECORD_BYTES>().0.iter().find(|record| record[..8] == key.to_le_bytes());
        Ok(found.map(|record| u32::from_le_bytes([record[8], record[9], record[10], record[11]])))
    }
}

/// A set that may be wrong about what it does not hold, and never about what it holds: four bits of one word a key.
struct Filter {
    words: Vec<u64>,
}

impl Filter {
    /// Eight bits a key: about one in twenty is looked up in vain.
    fn for_keys(keys: usize) -> Self {
        Self { words: vec![0; (keys / 8 + 1).next_power_of_two()] }
    }
    fn add(&mut self, key: u64) {
        let (word, bits) = self.place(key);
        self.words[word] |= bits;
    }
    fn may_have(&self, key: u64) -> bool {
        let (word, bits) = self.place(key);
        self.words[word] & bits == bits
    }
    fn place(&self, key: u64) -> (usize, u64) {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let bit = |shift: u32| 1_u64 << (mixed >> shift & 63);
        let mask = self.words.len() as u64 - 1;
        (usize::try_from(mixed & mask).unwrap_or(0), bit(40) | bit(46) | bit(52) | bit(58))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn counting_on_disk_is_counting_in_memory() {
        let mut in_memory = LineKeys::new(usize::MAX, std::env::temp_dir());
        let mut on_disk = LineKeys::new(500, std::env::temp_dir());
        let mut state = 7_u64;
        for _ in 0..60_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = (state >> 40).wrapping_mul(0x9e37_79b9_7f4a_7c15) % 9_973;
            let key = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            assert_eq!(in_memory.ordinal(key).unwrap(), on_disk.ordinal(key).unwrap());
        }
        assert!(on_disk.runs.len() > 10);
    }
}
