//! Reading an archive: nothing of it is believed before its digest fits.

use super::{
    BackupError,
    archive::{SEAL_BYTES, seal},
    manifest::{Manifest, Member, NAME, hex, is_safe},
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read, Write},
    path::Path,
};

/// Bytes of a manifest: some millions of files.
const MANIFEST_BYTES_MAX: u64 = 1 << 30;
/// Bytes that are read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// Reads the whole archive and tells what it holds, if every byte is as it was written.
pub fn check(archive: &Path) -> Result<Manifest, BackupError> {
    read(archive, None)
}

/// The same, and writes the members below a folder.
pub fn unpack(archive: &Path, folder: &Path) -> Result<Manifest, BackupError> {
    read(archive, Some(folder))
}

fn read(archive: &Path, folder: Option<&Path>) -> Result<Manifest, BackupError> {
    let seal = has_seal(archive)?;
    let (found, manifest) = read_members(archive, folder, seal)?;
    compare(&found, &manifest)?;
    match seal {
        Seal::Whole => Ok(manifest),
        Seal::Other => Err(BackupError::Changed("its seal does not fit")),
        Seal::Missing => Err(BackupError::Changed("its end is missing")),
    }
}

/// What the end of the file says of all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seal {
    Whole,
    Other,
    Missing,
}

fn has_seal(archive: &Path) -> Result<Seal, BackupError> {
    let failed = || BackupError::disk("read", archive);
    let mut file = File::open(archive).map_err(failed())?;
    let length = file.metadata().map_err(failed())?.len();
    let Some(body) = length.checked_sub(SEAL_BYTES) else { return Ok(Seal::Missing) };
    let mut digest = Sha256::new();
    let mut reader = (&mut file).take(body);
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        match reader.read(&mut chunk).map_err(failed())? {
            0 => break,
            bytes => digest.update(&chunk[..bytes]),
        }
    }
    let mut end = Vec::new();
    file.read_to_end(&mut end).map_err(failed())?;
    let expected = seal(&digest.finalize());
    let is_one = end.get(..16) == expected.get(..16);
    Ok(if end == expected {
        Seal::Whole
    } else if is_one {
        Seal::Other
    } else {
        Seal::Missing
    })
}

/// Members by their names: size and digest.
type Found = BTreeMap<String, (u64, String)>;

fn read_members(archive: &Path, folder: Option<&Path>, seal: Seal) -> Result<(Found, Manifest), BackupError> {
    let file = File::open(archive).map_err(BackupError::disk("read", archive))?;
    let no_backup = |_: io::Error| BackupError::NotABackup(archive.to_owned());
    let unpacked = zstd::Decoder::new(BufReader::with_capacity(1 << 20, file)).map_err(no_backup)?;
    let mut tar = tar::Archive::new(unpacked);
    let (mut found, mut manifest, mut last) = (Found::new(), None, None::<String>);
    let behind = |last: &Option<String>| {
        last.as_ref().map_or_else(|| "the beginning".to_owned(), |name| format!("what follows `{name}`"))
    };
    for entry in tar.entries().map_err(no_backup)? {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(_) if last.is_none() && seal != Seal::Whole => return Err(BackupError::NotABackup(archive.to_owned())),
            Err(error) => return Err(BackupError::damaged(behind(&last), error)),
        };
        let name = entry.path().ok().and_then(|path| path.to_str().map(str::to_owned));
        let Some(name) = name.filter(|name| name == NAME || is_safe(name)).filter(|name| !found.contains_key(name))
        else {
            return Err(BackupError::damaged(behind(&last), "the name of a member cannot be"));
        };
        if manifest.is_some() {
            return Err(BackupError::damaged(&name, "it stands behind the manifest"));
        }
        if name == NAME {
            manifest = Some(read_manifest(&mut entry)?);
        } else {
            let read = copy(&mut entry, &name, folder)?;
            found.insert(name.clone(), read);
        }
        last = Some(name);
    }
    // What stands behind the last member is checked by zstd.
    let rest = io::copy(&mut tar.into_inner(), &mut io::sink());
    rest.map_err(|error| BackupError::damaged(behind(&last), error))?;
    let manifest = manifest.ok_or_else(|| BackupError::damaged(NAME, "it is missing"))?;
    Ok((found, manifest))
}

fn read_manifest(entry: &mut impl Read) -> Result<Manifest, BackupError> {
    let mut text = Vec::new();
    entry.take(MANIFEST_BYTES_MAX).read_to_end(&mut text).map_err(|error| BackupError::damaged(NAME, error))?;
    serde_json::from_slice(&text).map_err(|error| BackupError::damaged(NAME, error))
}

fn copy(entry: &mut impl Read, name: &str, folder: Option<&Path>) -> Result<(u64, String), BackupError> {
    let path = folder.map(|folder| folder.join(name));
    let mut file = path.as_deref().map(create).transpose()?;
    let (mut bytes, mut digest, mut chunk) = (0, Sha256::new(), vec![0; CHUNK_BYTES]);
    loop {
        let read = match entry.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(BackupError::damaged(name, error)),
        };
        digest.update(&chunk[..read]);
        bytes += read as u64;
        if let (Some(file), Some(path)) = (&mut file, &path) {
            file.write_all(&chunk[..read]).map_err(BackupError::disk("write", path))?;
        }
    }
    if let (Some(file), Some(path)) = (file, &path) {
        file.sync_all().map_err(BackupError::disk("write", path))?;
    }
    Ok((bytes, hex(&digest.finalize())))
}

fn create(path: &Path) -> Result<File, BackupError> {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = || BackupError::disk("write", path);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed())?;
    }
    // Keys and customers: for the owner of the folder only.
    File::options().write(true).create_new(true).mode(0o600).open(path).map_err(failed())
}

fn compare(found: &Found, manifest: &Manifest) -> Result<(), BackupError> {
    for Member { name, size_bytes, sha256 } in &manifest.members {
        let Some((bytes, digest)) = found.get(name) else {
            return Err(BackupError::damaged(name, "it is missing"));
        };
        if bytes != size_bytes || digest != sha256 {
            return Err(BackupError::damaged(name, "its SHA-256 is not that of the manifest"));
        }
    }
    let known: std::collections::BTreeSet<&str> = manifest.members.iter().map(|member| member.name.as_str()).collect();
    match found.keys().find(|name| !known.contains(name.as_str())) {
        Some(name) => Err(BackupError::damaged(name, "the manifest does not know it")),
        None => Ok(()),
    }
}
