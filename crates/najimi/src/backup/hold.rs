//! While a backup is taken, nothing that it may still read is removed.
//!
//! A file in the data folder is locked shared by whoever copies, and exclusively for the moment of a removal by the
//! server. Both work without each other's knowledge, and the system lets go of a lock whose process has died.

use std::{fs::File, path::Path};

const FILE: &str = "backup.lock";

/// Held as long as files are copied.
pub struct Hold {
    _file: File,
}

fn open(data: &Path) -> std::io::Result<File> {
    File::options().read(true).write(true).create(true).truncate(false).open(data.join(FILE))
}

/// Keeps the server from removing files; waits for a removal that is going on.
pub fn hold(data: &Path) -> std::io::Result<Hold> {
    let file = open(data)?;
    file.lock_shared()?;
    Ok(Hold { _file: file })
}

/// Held as long as files are removed.
pub struct Removal {
    _file: File,
}

/// Leave to remove files; none while files are being copied, then it is left for the next time.
pub fn removal(data: &Path) -> Option<Removal> {
    let file = open(data).ok()?;
    file.try_lock().ok()?;
    Some(Removal { _file: file })
}

/// Removes something, unless files are being copied.
pub fn unless_held<T>(data: &Path, remove: impl FnOnce() -> T) -> Option<T> {
    let _removal = removal(data)?;
    Some(remove())
}

#[cfg(test)]
mod tests {
    use super::{hold, unless_held};

    #[test]
    fn nothing_is_removed_while_somebody_copies() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(unless_held(folder.path(), || 1), Some(1));
        let (first, second) = (hold(folder.path()).unwrap(), hold(folder.path()).unwrap());
        drop(first);
        assert_eq!(unless_held(folder.path(), || 1), None);
        drop(second);
        assert_eq!(unless_held(folder.path(), || 1), Some(1));
    }
}
