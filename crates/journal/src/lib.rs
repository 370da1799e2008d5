//! The journal: the durable log of accepted events.
//!
//! Invariant: what [`Journal::append`] has acknowledged is on the disk and will be read again, in order, with the same
//! positions (kept by `writer`, which answers only after `fdatasync`; shown in `tests/it/durability.rs` and `torture/`).
//!
//! A folder of segment files of about 64 MiB. A record stands as length (u32 LE), CRC-32C of the payload (u32 LE) and
//! payload. The position of a record is its number since the beginning of the log; a file is named by its first.

mod error;
mod extent;
mod frame;
mod read;
mod recover;
mod writer;

pub use error::JournalError;
pub use extent::{Extent, extents};
pub use recover::Damage;

use bytes::Bytes;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::{Notify, mpsc, oneshot};

/// The number of a record since the beginning of the log.
pub type Position = u64;

/// Sizes of the journal.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// A new file is begun when this is reached.
    pub segment_bytes: u64,
    /// The largest record.
    pub record_bytes_max: usize,
    /// Requests that may wait for the disk.
    pub waiting_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { segment_bytes: 64 << 20, record_bytes_max: 16 << 20, waiting_max: 1_024 }
    }
}

/// A record that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub position: Position,
    /// What was appended.
    pub payload: Bytes,
}

/// What was not as it should be when the log was opened.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Bytes behind the last intact record.
    pub damage: Option<Damage>,
    /// Records before the reader's position that are no longer there.
    pub lost: u64,
}

pub(crate) struct Shared {
    pub folder: PathBuf,
    pub limits: Limits,
    /// First positions of all segment files, in order.
    pub segments: RwLock<Vec<Position>>,
    /// The position after the last durable record.
    pub end: AtomicU64,
    pub appended: Notify,
    pub cursor: Mutex<Option<read::Cursor>>,
}

impl Shared {
    pub(crate) fn path_of(&self, segment: Position) -> PathBuf {
        self.folder.join(format!("{segment:020}.log"))
    }
    pub(crate) fn segments(&self) -> Vec<Position> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

pub(crate) struct Request {
    pub payloads: Vec<Bytes>,
    pub answer: oneshot::Sender<Result<Position, JournalError>>,
}

/// The durable log.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
    requests: mpsc::Sender<Request>,
}

impl Journal {
    /// Opens the log in `folder` (made when missing). Bytes behind the last intact record are set aside in a file of
    /// their own and told of, never dropped in silence.
    pub fn open(folder: &Path, limits: Limits) -> Result<(Self, Option<Damage>), JournalError> {
        Self::open_at(folder, limits, 0).map(|(journal, found)| (journal, found.damage))
    }

    /// Opens the log for a reader who has come to `position` already: new records never get a position before it, also
    /// when the disk has lost records that were read once.
    pub fn open_at(folder: &Path, limits: Limits, position: Position) -> Result<(Self, Found), JournalError> {
        let recovered = recover::recover(folder, &limits, position)?;
        let shared = Arc::new(Shared {
            folder: folder.to_owned(),
            limits,
            segments: RwLock::new(recovered.segments),
            end: AtomicU64::new(recovered.end),
            appended: Notify::new(),
            cursor: Mutex::new(None),
        });
        let (requests, receiver) = mpsc::channel(limits.waiting_max);
        writer::start(shared.clone(), receiver)?;
        Ok((Self { shared, requests }, Found { damage: recovered.damage, lost: recovered.lost }))
    }

    /// Makes the records durable, all together and in this order, and tells the position after the last.
    pub async fn append(&self, payloads: Vec<Bytes>) -> Result<Position, JournalError> {
        if let Some(large) = payloads.iter().find(|payload| payload.len() > self.shared.limits.record_bytes_max) {
            return Err(JournalError::TooLarge { bytes: large.len(), bytes_max: self.shared.limits.record_bytes_max });
        }
        if payloads.iter().any(Bytes::is_empty) {
            return Err(JournalError::Empty);
        }
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request { payloads, answer }).await.map_err(|_| JournalError::Stopped)?;
        answered.await.map_err(|_| JournalError::Stopped)?
    }

    /// Reads records from `position` on: as many as there are, up to `records_max` and about `bytes_max`.
    pub fn read_from(
        &self,
        position: Position,
        records_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, JournalError> {
        read::read_from(&self.shared, position, records_max, bytes_max)
    }

    /// The position after the last durable record.
    pub fn end(&self) -> Position {
        self.shared.end.load(Ordering::Acquire)
    }

    /// The first position that is still kept.
    pub fn start(&self) -> Position {
        self.shared.segments().first().copied().unwrap_or_default()
    }

    /// Resolves when there is something at `position`.
    pub async fn wait_for(&self, position: Position) {
        loop {
            let appended = self.shared.appended.notified();
            tokio::pin!(appended);
            appended.as_mut().enable();
            if self.end() > position {
                return;
            }
            appended.await;
        }
    }

    /// Whether the disk still takes records.
    pub fn is_open(&self) -> bool {
        !self.requests.is_closed()
    }

    /// Deletes whole files whose records all lie before `position`.
    pub fn trim(&self, position: Position) -> Result<(), JournalError> {
        let mut segments = self.shared.segments.write().unwrap_or_else(PoisonError::into_inner);
        while segments.len() > 1 && segments[1] <= position {
            std::fs::remove_file(self.shared.path_of(segments[0]))
                .map_err(|error| JournalError::io("delete a file of", error))?;
            segments.remove(0);
        }
        Ok(())
    }
}
