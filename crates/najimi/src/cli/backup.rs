//! `najimi backup` and `najimi restore`.

use super::output::{self, Progress};
use crate::{
    backup::{self, BackupError, Manifest},
    config::Config,
};
use serde_json::json;
use std::path::PathBuf;

/// What to write.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  najimi backup /backups                 a file with the time in its name, in this folder
  najimi backup najimi.tar.zst           this file

Also while Najimi runs. The archive is tar packed by zstd; its last member, `manifest.json`, holds the SHA-256 of each
other one. It holds customers' data and keys: keep it as safe as the data folder.")]
pub struct BackupArguments {
    /// A file that does not exist yet, or a folder that does.
    #[arg(value_name = "FILE_OR_FOLDER")]
    target: PathBuf,
    /// For programs.
    #[arg(long)]
    json: bool,
}

/// What to restore.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  najimi restore najimi.tar.zst --data restored     into an empty folder
  najimi restore najimi.tar.zst --check             only looks whether every byte is as it was written

The copy starts with all sending paused: the original may still be sending. `najimi sending resume` ends that.")]
pub struct RestoreArguments {
    /// The backup.
    archive: PathBuf,
    /// Only checks the backup; changes nothing.
    #[arg(long)]
    check: bool,
    /// For programs.
    #[arg(long)]
    json: bool,
}

/// Takes a backup.
pub async fn backup(arguments: BackupArguments, config: Config) -> anyhow::Result<()> {
    let say = say(arguments.json);
    let taken = backup::take(&config, &arguments.target, say).await?;
    if arguments.json {
        let mut told = told(&taken.manifest);
        told["file"] = json!(taken.file);
        told["size_bytes"] = json!(taken.size_bytes);
        output::json(&told);
    } else {
        println!(
            "Backed up to {} ({} MB, {} files, {} events).",
            taken.file.display(),
            output::count(taken.size_bytes.div_ceil(1_000_000)),
            output::count(taken.manifest.members.len() as u64),
            output::count(taken.manifest.journal.live + taken.manifest.journal.backfill),
        );
    }
    Ok(())
}

/// Restores a backup, or only checks it.
pub async fn restore(arguments: RestoreArguments, config: Config) -> anyhow::Result<()> {
    let archive = arguments.archive.clone();
    let manifest = if arguments.check {
        tokio::task::spawn_blocking(move || backup::check(&archive))
            .await
            .map_err(|error| BackupError::BrokenOff(error.to_string()))??
    } else {
        backup::restore(&config, &archive, say(arguments.json)).await?
    };
    if arguments.json {
        output::json(&told(&manifest));
    } else if arguments.check {
        println!(
            "The backup of {} is whole: {} files, {} MB unpacked.",
            manifest.made_at,
            output::count(manifest.members.len() as u64),
            output::count(manifest.size_bytes().div_ceil(1_000_000)),
        );
    } else {
        println!(
            "Restored the backup of {} to {}. All sending is paused: make sure that the original no longer sends, then\n\n  najimi sending resume --data {}",
            manifest.made_at,
            config.data.display(),
            config.data.display(),
        );
    }
    Ok(())
}

fn say(is_json: bool) -> impl Fn(&str) {
    move |sentence| Progress::new(!is_json).say(&format!("  {sentence}"))
}

fn told(manifest: &Manifest) -> serde_json::Value {
    json!({
        "made_at": manifest.made_at, "version": manifest.version, "database": manifest.database,
        "files": manifest.members.len(), "unpacked_bytes": manifest.size_bytes(), "pipeline": manifest.pipeline,
        "journal": manifest.journal, "history": manifest.history, "tables": manifest.tables,
    })
}
