//! Reading the file and the environment, and saying exactly what is wrong with them.

use super::{Config, nearest::nearest};
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The file that is read when none is named.
pub const FILE: &str = "najimi.toml";
/// How the names of our environment variables begin.
const PREFIX: &str = "NAJIMI_";
/// Letters of the token for `/metrics`.
const METRICS_TOKEN_BYTES_MIN: usize = 16;
/// Variables of the tests; no configuration.
const OF_TESTS: &str = "NAJIMI_TEST_";

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was named is not there.
    #[error("the configuration file `{}` cannot be read", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("the configuration file `{}` is not readable as TOML: {sentence}", file.display())]
    NotToml {
        /// The file.
        file: PathBuf,
        /// What is wrong, and where.
        sentence: String,
    },
    /// A key that means nothing.
    #[error("{place}: there is no setting `{key}`{}", hint(meant.as_deref()))]
    UnknownKey {
        /// The file, or the environment variable.
        place: String,
        /// The key.
        key: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// A value that does not fit its key.
    #[error("`{key}` cannot be used: {sentence}")]
    Value {
        /// The key.
        key: String,
        /// What is wrong, and where it was said.
        sentence: String,
    },
    /// Plain HTTP to the network.
    #[error(
        "`listen = \"{0}\"` would speak plain HTTP to the network. Listen on 127.0.0.1, or put a proxy with TLS in front and say `behind_tls_proxy = true`."
    )]
    PlainHttp(std::net::SocketAddr),
    /// A token that can be guessed.
    #[error("`metrics_token` has at least {METRICS_TOKEN_BYTES_MIN} letters, so that nobody guesses it.")]
    MetricsTokenShort,
    /// A limit under which nothing at all is served, or one that is none.
    #[error("`{0}` is 1 to {1}.")]
    Beyond(&'static str, u64),
}

/// More connections than any system lets a process open.
const CONNECTIONS_MOST: u64 = 1_000_000;
/// A day.
const SECONDS_MOST: u64 = 86_400;

fn hint(meant: Option<&str>) -> String {
    meant.map_or_else(
        || "; `najimi config reference` lists all settings".to_owned(),
        |meant| format!("; did you mean `{meant}`?"),
    )
}

/// What was read, and from where.
pub struct Read {
    /// The settings.
    pub config: Config,
    /// The file that was read, when there was one.
    pub file: Option<PathBuf>,
    /// Whether somebody has chosen the data folder.
    pub is_data_chosen: bool,
}

impl Config {
    /// Reads the file, when there is one, and the environment. A file that is named must be there.
    pub fn read(named: Option<&Path>) -> Result<Read, ConfigError> {
        let file = named.map(Path::to_owned).or_else(|| Path::new(FILE).exists().then(|| PathBuf::from(FILE)));
        let text = match &file {
            Some(file) => std::fs::read_to_string(file)
                .map_err(|source| ConfigError::Unreadable { file: file.clone(), source })?,
            None => String::new(),
        };
        let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let mut is_data_chosen = check_variables(variables)?;
        if let Some(file) = &file {
            let table: Table = text.parse().map_err(|error: toml::de::Error| ConfigError::NotToml {
                file: file.clone(),
                sentence: error.to_string().trim().replace('\n', "; "),
            })?;
            check_keys(&table, "", file)?;
            is_data_chosen |= table.contains_key("data");
        }
        let figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::string(&text))
            .merge(Env::prefixed(PREFIX).filter(|name| !name.starts_with("TEST_")).split("__"));
        let config: Self = figment.extract().map_err(|error| value_error(&error, file.as_deref()))?;
        config.check()?;
        Ok(Read { config, file, is_data_chosen })
    }

    /// Whether the settings may be used together.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.behind_tls_proxy {
            return Err(ConfigError::PlainHttp(self.listen));
        }
        if (1..METRICS_TOKEN_BYTES_MIN).contains(&self.metrics_token.len()) {
            return Err(ConfigError::MetricsTokenShort);
        }
        let connections_max = u64::try_from(self.http.connections_max).unwrap_or(u64::MAX);
        let limits = [
            ("http.connections_max", connections_max, CONNECTIONS_MOST),
            ("http.head_seconds_max", self.http.head_seconds_max, SECONDS_MOST),
            ("http.silence_seconds_max", self.http.silence_seconds_max, SECONDS_MOST),
        ];
        let beyond = limits.into_iter().find(|(_, set, most)| !(1..=*most).contains(set));
        beyond.map_or(Ok(()), |(key, _, most)| Err(ConfigError::Beyond(key, most)))
    }

    /// All keys, such as `records.url`.
    pub fn keys() -> Vec<String> {
        let parts = Self::PARTS.iter().flat_map(|(part, words)| words.iter().map(move |(field, _)| key(part, field)));
        parts.filter(|key| !is_part(key)).collect()
    }
}

/// The key of a field in a part.
pub fn key(part: &str, field: &str) -> String {
    if part.is_empty() { field.to_owned() } else { format!("{part}.{field}") }
}

/// Whether this is the name of a part and no setting.
pub fn is_part(key: &str) -> bool {
    !key.is_empty() && Config::PARTS.iter().any(|(part, _)| *part == key)
}

/// The environment variable of a key.
pub fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', "__").to_uppercase())
}

/// Whether all our variables mean something; and whether one of them chooses the data folder.
fn check_variables(names: impl Iterator<Item = String>) -> Result<bool, ConfigError> {
    let keys = Config::keys();
    let known: Vec<String> = keys.iter().map(|key| variable(key)).collect();
    let mut is_data_chosen = false;
    for name in names.filter(|name| name.starts_with(PREFIX) && !name.starts_with(OF_TESTS)) {
        if !known.contains(&name) {
            let meant = nearest(&name, known.iter().map(String::as_str)).map(str::to_owned);
            return Err(ConfigError::UnknownKey { place: "the environment".to_owned(), key: name, meant });
        }
        is_data_chosen |= name == variable("data");
    }
    Ok(is_data_chosen)
}

fn check_keys(table: &Table, part: &str, file: &Path) -> Result<(), ConfigError> {
    let keys = Config::keys();
    for (field, value) in table {
        let key = key(part, field);
        match value {
            Value::Table(inner) if is_part(&key) => check_keys(inner, &key, file)?,
            _ if keys.contains(&key) => {}
            _ => {
                let meant = nearest(&key, keys.iter().map(String::as_str)).map(str::to_owned);
                return Err(ConfigError::UnknownKey { place: file.display().to_string(), key, meant });
            }
        }
    }
    Ok(())
}

fn value_error(error: &figment::Error, file: Option<&Path>) -> ConfigError {
    let key = error.path.join(".");
    let is_variable = std::env::var_os(variable(&key)).is_some();
    let place = match file {
        _ if is_variable => format!("the environment variable {}", variable(&key)),
        Some(file) => file.display().to_string(),
        None => "the configuration".to_owned(),
    };
    ConfigError::Value { key, sentence: format!("{} in {place}", error.kind) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_file_and_what_was_meant() {
        let table: Table = "[records]\nurll = \"\"".parse().unwrap();
        let error = check_keys(&table, "", Path::new("najimi.toml")).unwrap_err();
        assert_eq!(error.to_string(), "najimi.toml: there is no setting `records.urll`; did you mean `records.url`?");
        let error = check_variables(["NAJIMI_LISTEM".to_owned()].into_iter()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the environment: there is no setting `NAJIMI_LISTEM`; did you mean `NAJIMI_LISTEN`?"
        );
        assert!(check_variables(["NAJIMI_TEST_DATA".to_owned(), "NAJIMI_DATA".to_owned()].into_iter()).unwrap());
    }

    #[test]
    fn a_part_is_no_setting() {
        assert!(Config::keys().contains(&"records.url".to_owned()) && !Config::keys().contains(&"records".to_owned()));
    }
}
