//! Restoring: all is checked and laid beside its place first; the place is taken in one step at the end.
//!
//! Invariant: a restored copy starts with all sending paused (kept by `pause`; shown in `tests/it/cli/backup.rs`).

use super::{
    BackupError, Manifest,
    manifest::{KEYS, RECORDS},
    unpack::unpack,
};
use crate::{config::Config, pairing, shop::MIGRATIONS};
use channels::pause::{Pause, PauseReason};
use records::{Actor, Migration, Records, SQLITE_FILE};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
};
use vocabulary::clock::SystemClock;

/// Restores an archive into the data folder and the database of the configuration. `say` hears how far it is.
pub async fn restore(config: &Config, archive: &Path, say: impl Fn(&str)) -> Result<Manifest, BackupError> {
    let data = &config.data;
    must_be_empty(data)?;
    let target = Target::of(config)?;
    let staging = Staging::beside(data)?;
    say("checking and unpacking the backup");
    let (from, to) = (archive.to_owned(), staging.folder.clone());
    let manifest = tokio::task::spawn_blocking(move || unpack(&from, &to))
        .await
        .map_err(|error| BackupError::BrokenOff(error.to_string()))??;
    let known: BTreeSet<&str> = [records::MIGRATIONS]
        .iter()
        .chain(MIGRATIONS)
        .flat_map(|feature| feature.iter())
        .map(|migration| migration.name)
        .collect();
    manifest.check(&known)?;
    if manifest.database != target.name() {
        return Err(BackupError::OtherDatabase { found: manifest.database.clone(), wanted: target.name() });
    }
    say("filling the records");
    let records = target.fill(&staging.folder, &manifest).await?;
    pause(&records, &manifest).await?;
    pairing::part(&records).await?;
    records.close().await;
    staging.arrange()?;
    staging.keep_as(data)?;
    Ok(manifest)
}

fn must_be_empty(folder: &Path) -> Result<(), BackupError> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(BackupError::Occupied(folder.to_owned())),
        Ok(false) => fs::remove_dir(folder).map_err(BackupError::disk("replace", folder)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(BackupError::disk("read", folder)(error)),
    }
}

/// Where the records go.
enum Target {
    /// Into the data folder.
    Folder,
    /// Into a file elsewhere.
    File(PathBuf),
    /// Into this database.
    Postgres(String),
}

impl Target {
    fn of(config: &Config) -> Result<Self, BackupError> {
        let url = &config.records.url;
        if url.is_empty() {
            return Ok(Self::Folder);
        }
        let Some(file) = url.strip_prefix("sqlite:") else { return Ok(Self::Postgres(url.clone())) };
        let file = file.strip_prefix("//").unwrap_or(file);
        let file = PathBuf::from(file.split('?').next().unwrap_or(file));
        if file.exists() { Err(BackupError::Occupied(file)) } else { Ok(Self::File(file)) }
    }

    const fn name(&self) -> &'static str {
        match self {
            Target::Folder | Target::File(_) => "sqlite",
            Target::Postgres(_) => "postgres",
        }
    }

    async fn fill(&self, staging: &Path, manifest: &Manifest) -> Result<Records, BackupError> {
        let unpacked = staging.join(RECORDS);
        let clock = Arc::new(SystemClock);
        let file = match self {
            Target::Folder => staging.join(SQLITE_FILE),
            Target::File(file) => file.clone(),
            Target::Postgres(url) => {
                let records = Records::open(url, clock).await?;
                if !records.is_empty().await? {
                    return Err(BackupError::DatabaseOccupied);
                }
                records.load(&unpacked, &manifest.records, &migrations(manifest)).await?;
                return Ok(records);
            }
        };
        move_file(&unpacked.join(SQLITE_FILE), &file)?;
        Ok(Records::open(&format!("sqlite://{}", file.display()), clock).await?)
    }
}

/// The migrations that the backup has had; later ones follow at the next start.
fn migrations(manifest: &Manifest) -> Vec<&'static [Migration]> {
    let all = MIGRATIONS.iter().flat_map(|feature| feature.iter());
    all.filter(|migration| manifest.migrations.contains(migration.name)).map(std::slice::from_ref).collect()
}

/// By name where the disk is the same, by content where it is not.
fn move_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to).map_err(BackupError::disk("write", to))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(BackupError::disk("write", to))?;
    fs::remove_file(from).map_err(BackupError::disk("remove", from))
}

async fn pause(records: &Records, manifest: &Manifest) -> Result<(), BackupError> {
    let mut tx = records.begin(&Actor::Console, "backup.restore").await?;
    let (since, made_at) = (tx.began_at(), manifest.made_at);
    let pause = Pause { reason: PauseReason::Restored, since, backup_made_at: Some(made_at) };
    channels::pause::begin(&mut tx, &pause).await?;
    tx.about("backup", serde_json::json!({ "made_at": made_at }));
    Ok(tx.commit().await?)
}

/// The folder that becomes the data folder; gone when it does not.
struct Staging {
    folder: PathBuf,
}

impl Staging {
    fn beside(data: &Path) -> Result<Self, BackupError> {
        use std::os::unix::fs::DirBuilderExt;
        let name = data.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = data.with_file_name(format!(".{name}.{}.restoring", std::process::id()));
        let made = fs::DirBuilder::new().mode(0o700).recursive(true).create(&folder);
        made.map_err(BackupError::disk("make", &folder))?;
        Ok(Self { folder })
    }

    /// Keys lie in the data folder itself.
    fn arrange(&self) -> Result<(), BackupError> {
        let keys = self.folder.join(KEYS);
        if keys.exists() {
            for entry in fs::read_dir(&keys).map_err(BackupError::disk("read", &keys))? {
                let entry = entry.map_err(BackupError::disk("read", &keys))?;
                move_file(&entry.path(), &self.folder.join(entry.file_name()))?;
            }
        }
        for folder in [KEYS, RECORDS].map(|name| self.folder.join(name)) {
            let _ = fs::remove_dir_all(folder);
        }
        sync_folders(&self.folder).map_err(BackupError::disk("write", &self.folder))
    }

    fn keep_as(&self, data: &Path) -> Result<(), BackupError> {
        fs::rename(&self.folder, data).map_err(BackupError::disk("put in place", data))?;
        let parent = data.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(parent).and_then(|folder| folder.sync_all()).map_err(BackupError::disk("write", parent))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn sync_folders(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    File::open(folder)?.sync_all()
}
