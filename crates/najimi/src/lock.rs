//! The lock on the data folder: journal and history have one writer, so one process at a time works with a folder.
//!
//! Invariant: whoever opens the journal or writes the history of a folder holds its [`DataLock`] (shown in
//! `tests/it/cli/lock.rs`). The system lets it go when the process ends, however it ends.

use serde::{Deserialize, Serialize};
use std::{
    fs::{File, TryLockError},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

/// The name of the lock's file.
pub const LOCK_FILE: &str = "najimi.lock";

/// Who works with a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The number of the process.
    pub process: u32,
    /// The command, such as `najimi serve`.
    pub command: String,
    /// Where it is found, when it serves.
    pub address: Option<String>,
}

/// The right to work with a data folder, until it is dropped.
#[derive(Debug)]
pub struct DataLock {
    file: File,
    holder: Holder,
}

/// Why a folder cannot be worked with.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process works with it.
    #[error("{}", sentence(folder, holder.as_ref()))]
    Held {
        /// The folder.
        folder: PathBuf,
        /// Who, when that could be read.
        holder: Option<Holder>,
    },
    /// The lock's file cannot be made.
    #[error("the data folder `{}` cannot be locked", folder.display())]
    Io {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
}

fn sentence(folder: &Path, holder: Option<&Holder>) -> String {
    let who = holder.map_or_else(
        || "another process".to_owned(),
        |holder| {
            let at = holder.address.as_ref().map_or_else(String::new, |address| format!(" at {address}"));
            format!("`{}` (process {}){at}", holder.command, holder.process)
        },
    );
    format!(
        "the data folder `{}` is in use by {who}; stop it first (Ctrl C or SIGTERM), or name another folder with --data",
        folder.display()
    )
}

impl DataLock {
    /// Takes the lock of a folder that exists; `command` tells others what holds it.
    pub fn take(folder: &Path, command: &str) -> Result<Self, LockError> {
        let failed = |source| LockError::Io { folder: folder.to_owned(), source };
        let path = folder.join(LOCK_FILE);
        let file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::Held { folder: folder.to_owned(), holder: read(&path) });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let holder = Holder { process: std::process::id(), command: command.to_owned(), address: None };
        let mut lock = Self { file, holder };
        lock.write().map_err(failed)?;
        Ok(lock)
    }

    /// Tells others where this process is found.
    pub fn tell_address(&mut self, address: &str) -> std::io::Result<()> {
        self.holder.address = Some(address.to_owned());
        self.write()
    }

    fn write(&mut self) -> std::io::Result<()> {
        let text = serde_json::to_vec(&self.holder)?;
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(&text)
    }
}

fn read(path: &Path) -> Option<Holder> {
    let mut text = String::new();
    File::open(path).ok()?.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}
