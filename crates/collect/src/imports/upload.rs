//! A file on its way to the disk: as it comes, never held in memory, and gone again when it does not arrive whole.

use super::file::FILE_BYTES_MAX;
use access::{ApiResult, Problem};
use axum::extract::multipart::{Field, MultipartError};
use std::{io, path::PathBuf};
use tokio::{fs::File, io::AsyncWriteExt};

/// A file that is taken away again unless it is kept.
pub(super) struct Upload {
    path: PathBuf,
    is_kept: bool,
}

impl Upload {
    /// Takes the bytes as they come. Gives back how many there were.
    pub async fn receive(path: PathBuf, mut field: Field<'_>) -> ApiResult<(Self, u64)> {
        let upload = Self { path, is_kept: false };
        if let Some(folder) = upload.path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(|error| disk(&error))?;
        }
        let mut file = File::create_new(&upload.path).await.map_err(|error| disk(&error))?;
        let mut bytes = 0;
        while let Some(chunk) = field.chunk().await.map_err(|error| broken_off(&error))? {
            bytes += chunk.len() as u64;
            if bytes > FILE_BYTES_MAX {
                return Err(too_large());
            }
            file.write_all(&chunk).await.map_err(|error| disk(&error))?;
        }
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
    if error.kind() == io::ErrorKind::StorageFull {
        return Problem::disk_full("disk_full")
            .detail("There is no room on the disk for this file.")
            .hint("Make room, and send it again.");
    }
    Problem::from_cause(error)
}
