//! The file of an import, where it lies and how it is opened.

use super::{choices::ImportOptionsView, events::ImportOptions, sql::Import};
use crate::files::{Encoding, FileError, FileLimits, Inspection, Mapping, ReadOptions, Source, TableOptions, inspect};
use std::path::{Path, PathBuf};
use vocabulary::{Currency, Timestamp, id::ImportId};

/// Bytes of a file that is brought in through the browser.
pub(super) const FILE_BYTES_MAX: u64 = 10 << 30;

/// What the reading of one file may cost.
pub(super) fn limits() -> FileLimits {
    FileLimits { file_bytes_max: FILE_BYTES_MAX, ..FileLimits::default() }
}

/// A file with what its columns mean and what was decided.
#[derive(Clone)]
pub(super) struct Opened {
    pub path: PathBuf,
    pub mapping: Mapping,
    pub options: ImportOptions,
    /// Where a person chose it.
    pub encoding: Option<Encoding>,
}

impl Opened {
    /// With choices that may still be incomplete.
    pub fn new(
        folder: &Path,
        id: ImportId,
        mapping: Mapping,
        options: &ImportOptionsView,
        reporting: Currency,
        now: Timestamp,
    ) -> Self {
        Self {
            path: path_of(folder, id),
            mapping,
            options: options.read(id, reporting, now),
            encoding: options.encoding(),
        }
    }

    /// As it was started; nothing before that.
    pub fn started(folder: &Path, import: &Import, reporting: Currency) -> Option<Self> {
        let (mapping, options) = (import.mapping.clone()?, import.options.as_ref()?);
        Some(Self::new(folder, import.id, mapping, options, reporting, import.started_at?))
    }

    pub fn source(&self) -> Result<Source, FileError> {
        Source::open(&self.path, &limits())
    }

    pub fn table(&self) -> TableOptions {
        table_options(self.encoding)
    }

    pub fn read(&self) -> ReadOptions {
        let mut read = ReadOptions::new(self.options.zone, self.options.currency, self.options.now);
        read.table = self.table();
        read.spill_folder = self.path.parent().unwrap_or(Path::new(".")).to_owned();
        read
    }
}

fn table_options(encoding: Option<Encoding>) -> TableOptions {
    TableOptions { encoding, limits: limits(), ..TableOptions::default() }
}

/// Where the file of this import lies.
pub(super) fn path_of(folder: &Path, id: ImportId) -> PathBuf {
    folder.join(id.to_string())
}

/// Looks at the beginning of a file.
pub(super) fn look(
    path: &Path,
    kind: crate::files::FileKind,
    encoding: Option<Encoding>,
) -> Result<Inspection, FileError> {
    inspect(Source::open(path, &limits())?, Some(kind), &table_options(encoding))
}
