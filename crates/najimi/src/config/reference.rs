//! The reference of all settings, made of the words at their fields.

use super::{
    Config,
    read::{FILE, is_part, key, variable},
};
use std::fmt::Write;
use toml::Value;

/// The page `docs/reference/configuration.md`.
pub fn reference() -> String {
    let mut page = format!(
        "# Configuration\n\n<!-- Made by `najimi config reference`; a test fails when it is stale. -->\n\n\
         Settings are read at the start: from `{FILE}` in the folder where Najimi is started (or the file of `--config`), then from\n\
         the environment, which wins. An unknown key is an error that names what may have been meant. `najimi config check`\n\
         says whether the settings can be used, `najimi config show` what they come to.\n\n\
         What changes while Najimi runs (company, zone, mail, operators, keys) is set on the screens and kept in the records.\n"
    );
    let defaults = toml::Value::try_from(Config::default()).unwrap_or(Value::Table(toml::Table::new()));
    for (part, words) in Config::PARTS {
        if !part.is_empty() {
            let _ = write!(page, "\n## `[{part}]`\n");
        }
        for (field, lines) in words.iter() {
            let key = key(part, field);
            if is_part(&key) {
                continue;
            }
            let words: Vec<&str> = lines.iter().map(|line| line.trim()).collect();
            let default = find(&defaults, &key).map(ToString::to_string).unwrap_or_default();
            let heading = if part.is_empty() { "##" } else { "###" };
            let _ = write!(
                page,
                "\n{heading} `{key}`\n\n{}\n\n- Default: `{default}`\n- Environment: `{}`\n",
                words.join(" "),
                variable(&key)
            );
        }
    }
    page
}

fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    key.split('.').try_fold(value, |value, field| value.get(field))
}
