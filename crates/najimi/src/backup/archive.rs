//! Writing the archive: tar within zstd, sealed at its end.
//!
//! The seal is a frame that `zstd` passes over: SHA-256 of all bytes before it. `tar --zstd -tf` reads the archive.

use super::{
    BackupError,
    manifest::{Manifest, Member, NAME, hex},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

/// How a frame begins that `zstd` passes over, and the bytes behind its length.
const SKIPPED: [u8; 4] = 0x184D_2A5E_u32.to_le_bytes();
const MARK: &[u8; 8] = b"najimi 1";
/// Bytes of the seal.
pub const SEAL_BYTES: u64 = 8 + 8 + 32;
/// Fast, and near to what stronger ones reach on such data.
const COMPRESSION: i32 = 3;

/// A file that is to be a member, as far as `bytes`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name in the archive.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
    /// How many of its bytes count; it may have grown since.
    pub bytes: u64,
}

/// Writes members one behind the other.
pub struct Archive {
    tar: tar::Builder<zstd::Encoder<'static, Sealed>>,
    path: PathBuf,
    members: Vec<Member>,
    made_at_seconds: u64,
}

/// Counts a digest over all that is written.
struct Sealed {
    file: BufWriter<File>,
    digest: Sha256,
}

impl Write for Sealed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Counts a digest over all that is read.
struct Digesting<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.digest.update(&buffer[..read]);
        Ok(read)
    }
}

impl Archive {
    /// Begins an archive at `path`.
    pub fn create(path: &Path, made_at_seconds: u64) -> Result<Self, BackupError> {
        let failed = || BackupError::disk("write", path);
        let file = BufWriter::with_capacity(1 << 20, create_private(path).map_err(failed())?);
        let sealed = Sealed { file, digest: Sha256::new() };
        let mut packed = zstd::Encoder::new(sealed, COMPRESSION).map_err(failed())?;
        packed.include_checksum(true).map_err(failed())?;
        Ok(Self { tar: tar::Builder::new(packed), path: path.to_owned(), members: Vec::new(), made_at_seconds })
    }

    /// Adds a member.
    pub fn add(&mut self, source: &Source) -> Result<(), BackupError> {
        let file = File::open(&source.path).map_err(BackupError::disk("read", &source.path))?;
        let mut reader = Digesting { inner: file.take(source.bytes), digest: Sha256::new() };
        let mut header = header(source.bytes, self.made_at_seconds);
        self.tar.append_data(&mut header, &source.name, &mut reader).map_err(BackupError::disk("write", &self.path))?;
        if reader.inner.limit() > 0 {
            let short = io::Error::from(io::ErrorKind::UnexpectedEof);
            return Err(BackupError::disk("read", &source.path)(short));
        }
        let sha256 = hex(&reader.digest.finalize());
        self.members.push(Member { name: source.name.clone(), size_bytes: source.bytes, sha256 });
        Ok(())
    }

    /// Adds the manifest, seals the archive and has the disk confirm it.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<Manifest, BackupError> {
        let path = self.path.clone();
        let failed = || BackupError::disk("write", &path);
        manifest.members = std::mem::take(&mut self.members);
        let text = serde_json::to_vec_pretty(&manifest).map_err(|error| BackupError::BrokenOff(error.to_string()))?;
        let mut header = header(text.len() as u64, self.made_at_seconds);
        self.tar.append_data(&mut header, NAME, text.as_slice()).map_err(failed())?;
        let packed = self.tar.into_inner().map_err(failed())?;
        let mut sealed = packed.finish().map_err(failed())?;
        let digest = std::mem::take(&mut sealed.digest).finalize();
        sealed.file.write_all(&seal(&digest)).map_err(failed())?;
        let file = sealed.file.into_inner().map_err(|error| failed()(error.into_error()))?;
        file.sync_all().map_err(failed())?;
        Ok(manifest)
    }
}

/// It holds customers and keys: for whoever makes it only.
fn create_private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().write(true).create_new(true).mode(0o600).open(path)
}

fn header(bytes: u64, made_at_seconds: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(bytes);
    header.set_mode(0o600);
    header.set_mtime(made_at_seconds);
    header
}

/// The bytes of a seal.
pub fn seal(digest: &[u8]) -> Vec<u8> {
    let length = u32::try_from(MARK.len() + digest.len()).unwrap_or(u32::MAX);
    [SKIPPED.as_slice(), &length.to_le_bytes(), MARK, digest].concat()
}
