//! Records and data folder belong together: the records say how far the folder's journals were worked through.
//!
//! Invariant: a database is worked with from one data folder only, so that neither a second server nor a mistaken
//! setting mixes two journals (shown in `tests/it/cli/pairing.rs`). A restored copy is a pair of its own.

use anyhow::Context;
use records::{Actor, Records, RecordsResult, Sql, values};
use std::{
    fs::{self, File},
    io::Write,
    path::Path,
};
use vocabulary::{Clock, clock::SystemClock, id::new_uuid};

/// The file of the folder that names it.
const FILE: &str = "folder.id";
/// The setting of the records that names the folder.
const SETTING: &str = "records.folder";

/// Makes a pair of these two, or refuses where the records belong to another folder.
pub async fn pair(records: &Records, folder: &Path) -> anyhow::Result<()> {
    let path = folder.join(FILE);
    let own = match fs::read_to_string(&path) {
        Ok(text) => Some(text.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let theirs: Option<String> =
        records.reader().scalar("SELECT value FROM settings WHERE name = $1", values![SETTING]).await?;
    match (own, theirs) {
        (Some(own), Some(theirs)) if own == theirs => Ok(()),
        (_, Some(_)) if is_used(records).await? => anyhow::bail!(
            "the records database belongs to another data folder than {}; name that folder with --data, or an empty \
             database in `records.url`. To move a shop, restore a backup into an empty folder and an empty database",
            folder.display()
        ),
        (own, _) => {
            let id = match own {
                Some(id) => id,
                None => name(folder).with_context(|| format!("{} cannot be written", path.display()))?,
            };
            remember(records, Some(&id)).await?;
            Ok(())
        }
    }
}

/// Whether there is a shop in the records: before the set-up nothing can be mixed up.
async fn is_used(records: &Records) -> RecordsResult<bool> {
    let text = "SELECT COUNT(*) AS value FROM settings WHERE name = 'installation' OR name LIKE 'pipeline.%'";
    Ok(records.reader().scalar::<i64>(text, vec![]).await? != Some(0))
}

/// The records of a copy belong to no folder yet.
pub async fn part(records: &Records) -> RecordsResult<()> {
    remember(records, None).await
}

/// Durable before the records know it: the other way round a power cut would leave records without their folder.
fn name(folder: &Path) -> std::io::Result<String> {
    let id = new_uuid(SystemClock.now()).to_string();
    let mut file = File::create(folder.join(FILE))?;
    file.write_all(id.as_bytes())?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    Ok(id)
}

async fn remember(records: &Records, folder: Option<&str>) -> RecordsResult<()> {
    let tx = records.begin(&Actor::System("pairing"), "records.pair").await?;
    tx.execute("DELETE FROM settings WHERE name = $1", values![SETTING]).await?;
    if let Some(folder) = folder {
        tx.execute("INSERT INTO settings (name, value) VALUES ($1, $2)", values![SETTING, folder]).await?;
    }
    tx.commit().await
}
