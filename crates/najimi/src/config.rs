//! The configuration: `najimi.toml`, overlaid with `NAJIMI_…` (two underscores between levels). Unknown keys are errors.

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// All settings that are read at the start.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder that holds everything: records, journals, history, keys.
    pub data: PathBuf,
    /// The address to listen on. Without TLS in front of it, loopback only.
    pub listen: SocketAddr,
    /// The records database.
    pub records: RecordsConfig,
    /// How often the history is written to its files.
    pub history: HistoryConfig,
    /// How the log is written.
    pub log: LogFormat,
    /// Whether a reverse proxy with TLS stands in front; needed for any other address than loopback.
    pub behind_tls_proxy: bool,
    /// The demo's data files.
    pub demo_folder: PathBuf,
}

/// The records database.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecordsConfig {
    /// `sqlite://FILE` or `postgres://…`; a file in the data folder when empty.
    pub url: String,
}

/// How often the history is written to its files: at what comes first. Questions see the newest rows either way.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryConfig {
    /// When so many rows wait.
    pub flush_rows: usize,
    /// When rows have waited for so many seconds.
    pub flush_seconds: u64,
}

impl Default for HistoryConfig {
    fn default() -> Self {
        Self { flush_rows: 200_000, flush_seconds: 30 }
    }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("data"),
            listen: SocketAddr::from(([127, 0, 0, 1], 8420)),
            records: RecordsConfig::default(),
            history: HistoryConfig::default(),
            log: LogFormat::Text,
            behind_tls_proxy: false,
            demo_folder: PathBuf::from("demo"),
        }
    }
}

impl Config {
    /// Reads the file, when there is one, and the environment.
    pub fn read(file: Option<PathBuf>) -> anyhow::Result<Self> {
        let file = file.unwrap_or_else(|| PathBuf::from("najimi.toml"));
        let config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("NAJIMI_").ignore(&["test_data", "test_postgres", "web"]).split("__"))
            .extract()?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> anyhow::Result<()> {
        anyhow::ensure!(
            self.listen.ip().is_loopback() || self.behind_tls_proxy,
            "`listen = \"{}\"` would speak plain HTTP to the network. Listen on 127.0.0.1, or put a proxy with TLS in front and say `behind_tls_proxy = true`.",
            self.listen
        );
        Ok(())
    }

    /// The address of the records database.
    pub fn records_url(&self) -> String {
        if self.records.url.is_empty() {
            format!("sqlite://{}", self.data.join("records.db").display())
        } else {
            self.records.url.clone()
        }
    }
}
