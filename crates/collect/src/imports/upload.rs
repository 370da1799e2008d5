//! A file on its way to the disk: as it comes, never held in memory, and gone again when it does not arrive whole.

use super::file::FILE_BYTES_MAX;
use access::{ApiResult, Problem};
use axum::{
    body::{Body, Bytes},
    extract::multipart::{Field, MultipartError},
};
use futures::Stream;
use std::{
    io,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    task::Poll,
};
use tokio::{fs::File, io::AsyncWriteExt};

/// Bytes that may have come and not gone to the disk yet.
const AHEAD_BYTES_MAX: u64 = 8 << 20;
/// Bytes of the disk that files leave free: events must find room.
const FREE_BYTES_MIN: u64 = 1 << 30;
/// After so many bytes it is looked anew.
const LOOK_BYTES: u64 = 256 << 20;

/// How much has come and not gone to the disk yet. A form whose head never ends is refused; a file that comes faster
/// than the disk takes it has to wait.
#[derive(Clone, Default)]
pub(super) struct Flow {
    ahead: Arc<AtomicU64>,
    is_writing: Arc<AtomicBool>,
}

impl Flow {
    /// The same body, held back where that is needed.
    pub fn through(&self, body: Body) -> Body {
        let (flow, mut bytes) = (self.clone(), body.into_data_stream());
        Body::from_stream(futures::stream::poll_fn(move |context| -> Poll<Option<Result<Bytes, axum::BoxError>>> {
            if flow.ahead.load(Ordering::Relaxed) > AHEAD_BYTES_MAX {
                if !flow.is_writing.load(Ordering::Relaxed) {
                    return Poll::Ready(Some(Err("the form has no end".into())));
                }
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let next = Pin::new(&mut bytes).poll_next(context);
            if let Poll::Ready(Some(Ok(chunk))) = &next {
                flow.ahead.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            }
            next.map(|next| next.map(|chunk| chunk.map_err(Into::into)))
        }))
    }

    fn begin(&self) {
        self.is_writing.store(true, Ordering::Relaxed);
    }

    fn wrote(&self, bytes: u64) {
        let less = |ahead: u64| Some(ahead.saturating_sub(bytes));
        let _ = self.ahead.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
    }

    fn end(&self) {
        self.is_writing.store(false, Ordering::Relaxed);
    }
}

/// A file that is taken away again unless it is kept.
pub(super) struct Upload {
    path: PathBuf,
    is_kept: bool,
}

impl Upload {
    /// Takes the bytes as they come. Gives back how many there were.
    pub async fn receive(path: PathBuf, mut field: Field<'_>, flow: &Flow) -> ApiResult<(Self, u64)> {
        let upload = Self { path, is_kept: false };
        if let Some(folder) = upload.path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| disk(&error))?;
            leave_room(folder)?;
        }
        flow.begin();
        let mut file = File::create_new(&upload.path).await.map_err(|error| disk(&error))?;
        let mut bytes = 0;
        while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
            bytes += chunk.len() as u64;
            if bytes > FILE_BYTES_MAX {
                return Err(too_large());
            }
            file.write_all(&chunk).await.map_err(|error| disk(&error))?;
            flow.wrote(chunk.len() as u64);
            if bytes.next_multiple_of(LOOK_BYTES) - bytes < chunk.len() as u64 {
                leave_room(&upload.path)?;
            }
        }
        flow.end();
        file.flush().await.map_err(|error| disk(&error))?;
        file.sync_all().await.map_err(|error| disk(&error))?;
        Ok((upload, bytes))
    }

    /// From now on it stays.
    pub fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.is_kept
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a file that did not arrive whole was not removed");
        }
    }
}

/// What a multipart body did wrong.
pub(super) fn broken_off(error: &MultipartError) -> Problem {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Problem::bad_request("upload_broken_off").detail("The file did not arrive whole.").hint("Send it again.")
}

fn too_large() -> Problem {
    Problem::too_large("file_too_large")
        .detail(format!("A file has at most {FILE_BYTES_MAX} bytes."))
        .hint("Compress it with gzip or zstd, or divide it.")
}

fn disk(error: &io::Error) -> Problem {
    if error.kind() == io::ErrorKind::StorageFull { full() } else { Problem::from_cause(error) }
}

fn full() -> Problem {
    Problem::disk_full("disk_full")
        .detail("There is no room on the disk for this file.")
        .hint("Make room, and send it again.")
}

fn leave_room(path: &Path) -> ApiResult<()> {
    let disk = rustix::fs::statvfs(path).map_err(|error| disk(&error.into()))?;
    if disk.f_bavail.saturating_mul(disk.f_frsize) < FREE_BYTES_MIN { Err(full()) } else { Ok(()) }
}
