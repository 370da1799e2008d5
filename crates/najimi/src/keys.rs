//! Keys that are not in the database: made at the first start, readable by the owner of the data folder only.

use anyhow::Context;
use std::{io::Write, os::unix::fs::OpenOptionsExt, path::Path};

/// The key in `folder/name`, made when missing.
pub fn key(folder: &Path, name: &str) -> anyhow::Result<[u8; 32]> {
    let path = folder.join(name);
    if !path.exists() {
        let made: [u8; 32] = random();
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(&made)?;
        file.sync_all()?;
    }
    let bytes = std::fs::read(&path).with_context(|| format!("the key file {} cannot be read", path.display()))?;
    bytes.try_into().map_err(|_| {
        anyhow::anyhow!("the key file {} does not hold 32 bytes; restore it from a backup", path.display())
    })
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes);
    bytes
}
