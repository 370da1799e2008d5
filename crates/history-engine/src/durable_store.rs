//! A local folder as an object store whose writes have reached the disk when they return.
//!
//! The store that comes with the library never calls fsync, so a log entry could name files, or
//! be itself, half written after a power cut. Here a file is written under another name, synced,
//! moved into place, and its folder synced; only then is the write reported as done.

use async_trait::async_trait;
use deltalake::logstore::object_store::local::LocalFileSystem;
use deltalake::logstore::object_store::path::Path;
use deltalake::logstore::object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result, UploadPart,
};
use futures::stream::BoxStream;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug)]
pub(crate) struct DurableStore {
    files: Arc<LocalFileSystem>,
    next_staging: AtomicU64,
}

impl DurableStore {
    /// A store of the whole file system; tables say where they lie in it.
    pub(crate) fn new() -> Self {
        Self { files: Arc::new(LocalFileSystem::new()), next_staging: AtomicU64::new(1) }
    }

    /// A name that listings pass over: a number behind `#`.
    fn staging_path(&self, target: &FilePath) -> PathBuf {
        let number = self.next_staging.fetch_add(1, Ordering::Relaxed);
        let mut name = target.as_os_str().to_owned();
        name.push(format!("#{}{number}", std::process::id()));
        name.into()
    }
}

impl std::fmt::Display for DurableStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("durable local files")
    }
}

/// Makes the names inside a folder durable.
pub(crate) fn sync_folder(folder: &FilePath) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

fn put_durably(target: &FilePath, staging: &FilePath, payload: &PutPayload, mode: &PutMode) -> std::io::Result<()> {
    let folder = target.parent().unwrap_or(FilePath::new("/"));
    std::fs::create_dir_all(folder)?;
    let mut file = File::create(staging)?;
    for part in payload {
        file.write_all(part)?;
    }
    file.sync_all()?;
    if matches!(mode, PutMode::Create) {
        // A link, unlike a rename, fails when the name is taken.
        std::fs::hard_link(staging, target)?;
        std::fs::remove_file(staging)?;
    } else {
        std::fs::rename(staging, target)?;
    }
    sync_folder(folder)
}

fn failure(path: &FilePath, source: std::io::Error) -> Error {
    let path = path.to_string_lossy().into_owned();
    if source.kind() == std::io::ErrorKind::AlreadyExists {
        return Error::AlreadyExists { path, source: source.into() };
    }
    Error::Generic { store: "durable local files", source: source.into() }
}

#[async_trait]
impl ObjectStore for DurableStore {
    async fn put_opts(&self, location: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        if matches!(options.mode, PutMode::Update(_)) {
            return self.files.put_opts(location, payload, options).await;
        }
        let target = self.files.path_to_filesystem(location)?;
        let staging = self.staging_path(&target);
        let work = tokio::task::spawn_blocking(move || {
            put_durably(&target, &staging, &payload, &options.mode).map_err(|error| {
                // What was staged is of no use; if it cannot be removed, listings pass over it.
                let _ = std::fs::remove_file(&staging);
                failure(&target, error)
            })
        });
        work.await??;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        let target = self.files.path_to_filesystem(location)?;
        let upload = self.files.put_multipart_opts(location, options).await?;
        Ok(Box::new(DurableUpload { upload, target }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.files.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<bytes::Bytes>> {
        self.files.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.files.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.files.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.files.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.files.copy_opts(from, to, options).await
    }
}

/// A large file in parts (checkpoints): synced when it is complete.
#[derive(Debug)]
struct DurableUpload {
    upload: Box<dyn MultipartUpload>,
    target: PathBuf,
}

#[async_trait]
impl MultipartUpload for DurableUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.upload.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let done = self.upload.complete().await?;
        let target = self.target.clone();
        let work = tokio::task::spawn_blocking(move || {
            let folder = target.parent().unwrap_or(FilePath::new("/"));
            File::open(&target).and_then(|file| file.sync_all()).map_err(|error| failure(&target, error))?;
            sync_folder(folder).map_err(|error| failure(folder, error))
        });
        work.await??;
        Ok(done)
    }

    async fn abort(&mut self) -> Result<()> {
        self.upload.abort().await
    }
}
