//! `najimi config`: whether the configuration can be used, what it comes to, and what can be said in it.

use super::{Ended, Setting, output};
use crate::config::{self as settings, Config};
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

/// What to look at.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Says whether the configuration can be used.
    Check,
    /// Prints what file, environment and command line come to, without passwords.
    Show {
        /// For programs.
        #[arg(long)]
        json: bool,
    },
    /// Prints all settings with their defaults, as Markdown.
    Reference,
}

/// Looks at it.
pub fn run(command: &ConfigCommand, file: Option<&Path>, data: Option<PathBuf>) -> anyhow::Result<Ended> {
    match command {
        ConfigCommand::Reference => print!("{}", settings::reference()),
        ConfigCommand::Check => {
            let read = Config::read(file)?;
            let source = read.file.map_or_else(
                || "no najimi.toml here: defaults and environment".to_owned(),
                |file| file.display().to_string(),
            );
            println!("The configuration can be used ({source}).");
        }
        ConfigCommand::Show { json: is_json } => {
            let config = Setting::read(file, data)?.config.shown();
            if *is_json {
                output::json(&json!(config));
            } else {
                print!("{}", toml::to_string(&config)?);
            }
        }
    }
    Ok(Ended::Done)
}
