//! The configuration: `najimi.toml`, overlaid with `NAJIMI_…` (two underscores between levels). Unknown keys are errors.
//!
//! The words at each field are the documentation: `najimi config reference` prints them, and a test compares that with
//! `docs/reference/configuration.md`.

mod nearest;
mod read;
mod reference;

pub use reference::reference;

use crate::http::Network;
use serde::{Deserialize, Serialize};
use std::{net::SocketAddr, path::PathBuf};

/// The fields of a part, and what each is for.
type Words = &'static [(&'static str, &'static [&'static str])];

/// A part of the configuration: its fields with their words and defaults in one place.
macro_rules! settings {
    ($(#[doc = $about:literal])+ $name:ident { $( $(#[doc = $words:literal])+ $field:ident: $kind:ty = $default:expr ),+ $(,)? }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, Deserialize, Serialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $( $(#[doc = $words])+ pub $field: $kind ),+ }

        impl Default for $name {
            fn default() -> Self {
                Self { $( $field: $default ),+ }
            }
        }

        impl $name {
            /// The fields in their order, and what each is for.
            const WORDS: Words =
                &[$( (stringify!($field), &[$($words),+]) ),+];
        }
    };
}

settings! {
    /// All settings that are read at the start.
    Config {
        /// The folder that holds everything: records, journals, history, keys. `najimi demo` keeps to `data-demo`
        /// beside it, and the large shop to `data-large`, unless a folder is named here or with `--data`.
        data: PathBuf = PathBuf::from("data"),
        /// The address to listen on. Without TLS in front of it, loopback only.
        listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8420)),
        /// Whether a reverse proxy with TLS stands in front; needed for any other address than loopback.
        behind_tls_proxy: bool = false,
        /// Proxies whose `X-Forwarded-For` or `Forwarded` is believed: addresses or networks such as `10.0.0.0/8`.
        trusted_proxies: Vec<Network> = Vec::new(),
        /// The bearer token for `/metrics`, at least 16 letters. Empty: only this machine may ask.
        metrics_token: String = String::new(),
        /// How the log is written: `text` for people, `json` for programs, one object a line.
        log: LogFormat = LogFormat::Text,
        /// What is logged, by module and level, as `tracing` reads it (`info,access=debug`). Empty: what matters.
        log_filter: String = String::new(),
        /// The demo's data files.
        demo_folder: PathBuf = PathBuf::from("demo"),
        /// What callers may take of the server.
        http: HttpConfig = HttpConfig::default(),
        /// The records database.
        records: RecordsConfig = RecordsConfig::default(),
        /// How often the history is written to its files.
        history: HistoryConfig = HistoryConfig::default(),
    }
}

settings! {
    /// What callers may take of the server.
    HttpConfig {
        /// Connections that are open at a time; further ones wait until one ends. Well below the number of files that the
        /// system lets the process open (`ulimit -n`): the databases need some too.
        connections_max: usize = 512,
        /// Seconds for the head of a request, and between two requests on one connection.
        head_seconds_max: u64 = 60,
        /// Seconds for which a sender of a body may be silent, and a reader of an answer take nothing.
        silence_seconds_max: u64 = 30,
    }
}

settings! {
    /// The records database.
    RecordsConfig {
        /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/DATABASE`. Empty: the file `records.db` in the data folder.
        url: String = String::new(),
    }
}

settings! {
    /// How often the history is written to its files: at what comes first. Questions see the newest rows either way.
    HistoryConfig {
        /// When so many rows wait.
        flush_rows: usize = 200_000,
        /// When rows have waited for so many seconds.
        flush_seconds: u64 = 30,
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

impl Config {
    /// The parts with the names of their tables in the file.
    const PARTS: &[(&str, Words)] = &[
        ("", Self::WORDS),
        ("http", HttpConfig::WORDS),
        ("records", RecordsConfig::WORDS),
        ("history", HistoryConfig::WORDS),
    ];

    /// The address of the records database.
    pub fn records_url(&self) -> String {
        if self.records.url.is_empty() {
            format!("sqlite://{}", self.data.join("records.db").display())
        } else {
            self.records.url.clone()
        }
    }

    /// The same without passwords and tokens, for people to see.
    pub fn shown(mut self) -> Self {
        if !self.metrics_token.is_empty() {
            self.metrics_token = "***".to_owned();
        }
        self.records.url = without_password(&self.records.url);
        self
    }
}

/// Hides what stands between the user's name and the host.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
        Some((user, host)) => format!("{scheme}://{user}:***@{host}{}", &rest[end..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_not_shown() {
        for (url, shown) in [
            ("postgres://najimi:se:cr@t@db/najimi?x=1", "postgres://najimi:***@db/najimi?x=1"),
            ("postgres://najimi@db/najimi", "postgres://najimi@db/najimi"),
            ("sqlite:///var/lib/najimi/records.db", "sqlite:///var/lib/najimi/records.db"),
            ("", ""),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
