//! A damaged journal is told of, its intact prefix is kept, and nothing that was not written is ever read.

use crate::{Ground, Report, chance::Chance};
use bytes::Bytes;
use journal::{Journal, Limits};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// The part of the file that is damaged: its last bytes.
const DAMAGED: usize = 64 << 10;

struct Log {
    folder: PathBuf,
    file: PathBuf,
    whole: Vec<u8>,
    records: Vec<Bytes>,
    /// Where each record ends.
    ends: Vec<usize>,
}

impl Log {
    fn write(runtime: &Runtime, folder: &Path, chance: &mut Chance) -> Self {
        let record = |number: u64, chance: &mut Chance| {
            let length = chance.between(60, 1_200) as usize;
            Bytes::from(format!("{{\"record\":{number},\"text\":\"{}\"}}", "茶".repeat(length / 3)))
        };
        let records: Vec<Bytes> = (0..160).map(|number| record(number, chance)).collect();
        let (journal, _) = Journal::open(folder, Limits::default()).unwrap();
        for some in records.chunks(7) {
            runtime.block_on(journal.append(some.to_vec())).unwrap();
        }
        let file = folder.join(format!("{:020}.log", 0));
        let whole = std::fs::read(&file).unwrap();
        let ends = records.iter().scan(0, |at, record| {
            *at += 8 + record.len();
            Some(*at)
        });
        let ends: Vec<usize> = ends.collect();
        assert!(whole.len() > DAMAGED && ends.last() == Some(&whole.len()));
        Self { folder: folder.to_owned(), file, whole, records, ends }
    }

    /// Opens the log with these bytes in it, and tells how many records are read and whether damage is told of.
    fn open_with(&self, bytes: &[u8]) -> (usize, bool) {
        std::fs::write(&self.file, bytes).unwrap();
        let position = self.records.len() as u64;
        let (journal, found) = Journal::open_at(&self.folder, Limits::default(), position).unwrap();
        let entries = journal.read_from(0, self.records.len(), 64 << 20).unwrap_or_default();
        for (entry, record) in entries.iter().zip(&self.records) {
            assert_eq!(entry.payload, record, "something was read that was never written");
        }
        assert!(entries.len() <= self.records.len());
        assert!(journal.end() >= position, "a position is given out twice");
        for extra in std::fs::read_dir(&self.folder).unwrap().flatten().filter(|entry| entry.path() != self.file) {
            std::fs::remove_file(extra.path()).unwrap();
        }
        (entries.len(), found.damage.is_some() || found.lost > 0)
    }

    /// Records that end before this byte.
    fn intact(&self, byte: usize) -> usize {
        self.ends.partition_point(|end| *end <= byte)
    }
}

/// Cuts at each byte, flips each bit and puts zeros behind each byte of the last 64 KiB.
pub fn a_damaged_journal_keeps_its_prefix(ground: &Ground) -> Result<Report, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // In memory: half a million confirmations of a disk take their time and show nothing.
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
    let mut chance = Chance::new(ground.seed);
    let log = Log::write(&runtime, folder.path(), &mut chance);
    let from = log.whole.len() - DAMAGED;
    let (mut cuts, mut flips, mut zeros) = (0, 0, 0);
    for cut in (from..log.whole.len()).step_by(ground.pick(29, 1)) {
        let (read, is_told) = log.open_with(&log.whole[..cut]);
        assert_eq!(read, log.intact(cut), "cut at byte {cut}");
        assert!(is_told, "a cut at byte {cut} is not told of");
        cuts += 1;
    }
    for bit in (from * 8..log.whole.len() * 8).step_by(ground.pick(311, 1)) {
        let mut flipped = log.whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let (read, is_told) = log.open_with(&flipped);
        assert_eq!(read, log.intact(bit / 8), "bit {bit}");
        assert!(is_told, "bit {bit} is not told of");
        flips += 1;
    }
    for end in (from..log.whole.len()).step_by(ground.pick(997, 13)) {
        let mut zeroed = log.whole.clone();
        zeroed[end..].fill(0);
        let (read, is_told) = log.open_with(&zeroed);
        assert_eq!(read, log.intact(end), "zeros from byte {end}");
        assert!(is_told, "zeros from byte {end} are not told of");
        zeros += 1;
    }
    Ok(Report::new("a damaged journal keeps its intact prefix, and says so", cuts + flips + zeros, "damaged files")
        .figure("cut", cuts)
        .figure("with a flipped bit", flips)
        .figure("with zeros at the end", zeros)
        .figure("silent", 0)
        .figure("panics", 0))
}
