//! Taking a backup, also of a shop that is open.

use super::{
    BackupError, Manifest,
    archive::{Archive, Source},
    hold,
    manifest::{FORMAT, HISTORY, IMPORTS, JOURNAL, KEYS, Lanes, RECORDS, TableVersion},
};
use crate::config::Config;
use history::{Lane, Positions};
use history_engine::{History, Pinned};
use journal::Extent;
use records::{Records, Snapshot, Sql};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use vocabulary::{Clock, Timestamp, clock::SystemClock};

/// Keys that a copy cannot do without.
const KEY_FILES: [&str; 2] = ["links.key", "secrets.key"];

/// A backup that was taken.
#[derive(Debug)]
pub struct Taken {
    /// Where it lies.
    pub file: PathBuf,
    /// Its size.
    pub size_bytes: u64,
    /// What it holds.
    pub manifest: Manifest,
}

/// Takes a backup into a file, or into a folder under a name that tells the time. `say` hears how far it is.
pub async fn take(config: &Config, target: &Path, say: impl Fn(&str)) -> Result<Taken, BackupError> {
    let data = &config.data;
    if !data.exists() {
        return Err(BackupError::Nothing(data.clone()));
    }
    let made_at = SystemClock.now();
    let file = if target.is_dir() { target.join(name(made_at)) } else { target.to_owned() };
    if file.exists() {
        return Err(BackupError::Occupied(file));
    }
    let _hold = hold::hold(data).map_err(BackupError::disk("lock", data))?;
    let draft = Draft::beside(&file)?;

    say("reading the records");
    let snapshot = snapshot(config, &draft.folder).await?;
    let pipeline = positions(&snapshot);
    let pinned = History::pin(data.join(HISTORY), pipeline).await?;
    let journals = Lane::ALL.map(|lane| (lane, journal::extents(&journal_folder(data, lane), pipeline.of(lane))));
    let mut sources = record_sources(&snapshot.records, &draft.folder)?;
    let mut ends = Lanes::from(pipeline);
    for (lane, extents) in journals {
        let extents = extents?;
        let end = extents.last().map_or_else(|| pipeline.of(lane), |last| last.first + last.records);
        match lane {
            Lane::Live => ends.live = end,
            Lane::Backfill => ends.backfill = end,
        }
        sources.extend(extents.iter().map(|extent| journal_source(lane, extent)));
    }
    sources.extend(history_sources(data, pinned.as_ref())?);
    sources.extend(other_sources(data, &snapshot.imports)?);
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        database: snapshot.database,
        records: snapshot.records.files,
        migrations: snapshot.records.migrations,
        pipeline: pipeline.into(),
        journal: ends,
        history: pinned.as_ref().map(|pinned| pinned.positions).unwrap_or_default().into(),
        tables: pinned.map(versions).unwrap_or_default(),
        members: Vec::new(),
    };
    let total: u64 = sources.iter().map(|source| source.bytes).sum();
    say(&format!("writing {} files, {} MB before packing", sources.len(), total.div_ceil(1_000_000)));
    let (written, path) = (draft.file.clone(), file.clone());
    let manifest = tokio::task::spawn_blocking(move || write(&written, manifest, &sources))
        .await
        .map_err(|error| BackupError::BrokenOff(error.to_string()))??;
    draft.keep_as(&path)?;
    let size_bytes = std::fs::metadata(&file).map_err(BackupError::disk("read", &file))?.len();
    Ok(Taken { file, size_bytes, manifest })
}

/// `najimi-20261127T183000Z.tar.zst`
fn name(made_at: Timestamp) -> String {
    let digits: String = made_at.to_string().chars().take(19).filter(|letter| !matches!(letter, '-' | ':')).collect();
    format!("najimi-{digits}Z.tar.zst")
}

fn write(file: &Path, manifest: Manifest, sources: &[Source]) -> Result<Manifest, BackupError> {
    let seconds = u64::try_from(manifest.made_at.micros() / 1_000_000).unwrap_or_default();
    let mut archive = Archive::create(file, seconds)?;
    for source in sources {
        archive.add(source)?;
    }
    archive.finish(manifest)
}

/// What is not a backup yet: an archive and the copy of the records, gone when it does not become one.
struct Draft {
    file: PathBuf,
    folder: PathBuf,
}

impl Draft {
    fn beside(file: &Path) -> Result<Self, BackupError> {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let process = std::process::id();
        let draft = Self {
            file: parent.join(format!(".{name}.{process}.part")),
            folder: parent.join(format!(".{name}.{process}.records")),
        };
        make_private(&draft.folder)?;
        Ok(draft)
    }

    fn keep_as(self, file: &Path) -> Result<(), BackupError> {
        std::fs::rename(&self.file, file).map_err(BackupError::disk("write", file))?;
        let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(parent).and_then(|folder| folder.sync_all()).map_err(BackupError::disk("write", parent))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
        let _ = std::fs::remove_file(&self.file);
    }
}

fn make_private(folder: &Path) -> Result<(), BackupError> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().mode(0o700).create(folder).map_err(BackupError::disk("make", folder))
}

/// The records of one moment, and the imports that it knows.
struct RecordsOfNow {
    records: Snapshot,
    database: String,
    imports: Vec<uuid::Uuid>,
}

async fn snapshot(config: &Config, folder: &Path) -> Result<RecordsOfNow, BackupError> {
    let url = config.records_url();
    if let Some(file) = url.strip_prefix("sqlite://")
        && !Path::new(file.split('?').next().unwrap_or(file)).exists()
    {
        return Err(BackupError::Nothing(config.data.clone()));
    }
    let records = Records::open(&url, Arc::new(SystemClock)).await?;
    let snapshot = records.snapshot(folder).await?;
    // Imports that came meanwhile are taken too; a file without its row does no harm.
    let imports = records.reader().column("SELECT import_id AS value FROM imports", vec![]).await?;
    let database = records.dialect().name().to_owned();
    records.close().await;
    Ok(RecordsOfNow { records: snapshot, database, imports })
}

fn positions(snapshot: &RecordsOfNow) -> Positions {
    let of = |lane: Lane| {
        let kept = snapshot.records.settings.get(&crate::pipeline::setting(lane));
        kept.and_then(|text| text.parse().ok()).unwrap_or(0)
    };
    Positions { live: of(Lane::Live), backfill: of(Lane::Backfill) }
}

fn journal_folder(data: &Path, lane: Lane) -> PathBuf {
    data.join(JOURNAL).join(lane.as_str())
}

fn journal_source(lane: Lane, extent: &Extent) -> Source {
    let file = extent.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("{JOURNAL}/{}/{file}", lane.as_str());
    Source { name, path: extent.file.clone(), bytes: extent.bytes }
}

fn source(name: String, path: PathBuf) -> Result<Source, BackupError> {
    let bytes = std::fs::metadata(&path).map_err(BackupError::disk("read", &path))?.len();
    Ok(Source { name, path, bytes })
}

fn record_sources(snapshot: &Snapshot, folder: &Path) -> Result<Vec<Source>, BackupError> {
    let files = snapshot.files.iter();
    files.map(|file| source(format!("{RECORDS}/{}", file.name), folder.join(&file.name))).collect()
}

fn history_sources(data: &Path, pinned: Option<&Pinned>) -> Result<Vec<Source>, BackupError> {
    let files = pinned.into_iter().flat_map(|pinned| &pinned.tables).flat_map(|table| &table.files);
    files.map(|file| source(format!("{HISTORY}/{}", file.display()), data.join(HISTORY).join(file))).collect()
}

fn other_sources(data: &Path, imports: &[uuid::Uuid]) -> Result<Vec<Source>, BackupError> {
    let keys = KEY_FILES.iter().map(|file| (format!("{KEYS}/{file}"), data.join(file)));
    let imports = imports.iter().map(|id| (format!("{IMPORTS}/{id}"), data.join(IMPORTS).join(id.to_string())));
    keys.chain(imports).filter(|(_, path)| path.exists()).map(|(name, path)| source(name, path)).collect()
}

fn versions(pinned: Pinned) -> Vec<TableVersion> {
    let version = |table: history_engine::PinnedVersion| TableVersion {
        name: table.name.to_owned(),
        version: table.version,
        rows: table.rows.map(|rows| rows as u64),
    };
    pinned.tables.into_iter().map(version).collect()
}

#[cfg(test)]
mod tests {
    use super::name;
    use vocabulary::Timestamp;

    #[test]
    fn the_name_tells_the_time() {
        assert_eq!(name(Timestamp::from_micros(1_794_529_800_000_000)), "najimi-20261113T003000Z.tar.zst");
    }
}
