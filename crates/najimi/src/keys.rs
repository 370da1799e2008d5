//! Keys that are not in the database: made at the first start, readable by the owner of the data folder only.

use anyhow::Context;
use std::{
    fs::{File, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// The key in `folder/name`, made when missing.
pub fn key(folder: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(name);
    if !path.exists() {
        make(folder, &path)?;
    }
    let bytes = std::fs::read(&path).with_context(|| format!("the key file {} cannot be read", path.display()))?;
    bytes.try_into().map_err(|_| {
        anyhow::anyhow!("the key file {} does not hold 32 bytes; restore it from a backup", path.display())
    })
}

/// Under another name first: half a key, left behind by a crash, would be taken for a lost one.
fn make(folder: &Path, path: &Path) -> std::io::Result<()> {
    let draft = path.with_extension("key.new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(&random())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    File::open(folder)?.sync_all()
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes);
    bytes
}
