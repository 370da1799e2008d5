//! A person's name: 姓 and 名, each with its reading. Family name first; either part may be missing.
//!
//! Characters are kept as they came (髙橋 stays 髙橋); only outer spaces, honorifics and control characters go.

use crate::kana;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Characters of one part of a name.
const CHARACTERS_MAX: usize = 100;
/// What stands behind a name and is no part of it.
const HONORIFICS: [&str; 5] = ["様", "さま", "サマ", "殿", "御中"];

/// A name of a person. Its `Debug` hides it; `reveal` is the way out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    parts: NameParts,
}

/// The parts of a name in the open: for storing, showing and sending, never for logging.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameParts {
    /// 姓.
    pub family: String,
    /// 名.
    pub given: String,
    /// セイ.
    pub family_kana: String,
    /// メイ.
    pub given_kana: String,
}

/// Why a text is not a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Longer than a name may be.
    #[error("a part of a name is longer than 100 characters")]
    TooLong,
}

impl PersonName {
    /// A name from its parts; `None` when all of them are empty.
    pub fn from_parts(parts: NameParts) -> Result<Option<Self>, NameError> {
        let parts = NameParts {
            family: tidy(&parts.family)?,
            given: tidy(&parts.given)?,
            family_kana: tidy(&parts.family_kana)?,
            given_kana: tidy(&parts.given_kana)?,
        };
        let is_empty =
            [&parts.family, &parts.given, &parts.family_kana, &parts.given_kana].iter().all(|p| p.is_empty());
        Ok((!is_empty).then_some(Self { parts }))
    }

    /// A name written as one, 佐藤 太郎, with its reading written as one. Without a space all of it is the family name.
    pub fn from_full(name: &str, kana: &str) -> Result<Option<Self>, NameError> {
        let (family, given) = split(name);
        let (family_kana, given_kana) = split(kana);
        Self::from_parts(NameParts { family, given, family_kana, given_kana })
    }

    /// The parts, for those who may see them.
    pub fn reveal(&self) -> &NameParts {
        &self.parts
    }

    /// The name with all but its first letter hidden, for previews: 佐＊＊＊.
    pub fn masked(&self) -> String {
        let shown = if self.parts.family.is_empty() { &self.parts.given } else { &self.parts.family };
        let first = shown.chars().next().or_else(|| self.parts.family_kana.chars().next());
        first.map_or_else(|| "＊＊＊".to_owned(), |first| format!("{first}＊＊＊"))
    }

    /// What a search for this person may begin with.
    pub fn search_tokens(&self) -> Vec<String> {
        let mut tokens = kana::search_tokens(&self.parts.full());
        tokens.extend(kana::search_tokens(&self.parts.full_kana()));
        tokens.sort_unstable();
        tokens.dedup();
        tokens
    }

    /// What is equal for two spellings of one name: variants of kanji and spaces do not count. Empty without a name.
    pub fn matching_key(&self) -> String {
        let text = if self.parts.family.is_empty() && self.parts.given.is_empty() {
            self.parts.full_kana()
        } else {
            self.parts.full()
        };
        kana::fold(&text).split_whitespace().collect()
    }

    /// What lists sort by: the reading, and the name where there is none.
    pub fn sorting_key(&self) -> String {
        let kana = self.parts.full_kana();
        if kana.is_empty() { self.parts.full() } else { kana::fold(&kana) }
    }
}

impl NameParts {
    /// 佐藤 太郎.
    pub fn full(&self) -> String {
        joined(&self.family, &self.given)
    }
    /// サトウ タロウ.
    pub fn full_kana(&self) -> String {
        joined(&self.family_kana, &self.given_kana)
    }
}

fn joined(first: &str, second: &str) -> String {
    let space = if first.is_empty() || second.is_empty() { "" } else { " " };
    format!("{first}{space}{second}")
}

fn split(full: &str) -> (String, String) {
    let full = without_honorific(full.trim());
    match full.split_once([' ', '\u{3000}']) {
        Some((family, given)) => (family.to_owned(), given.trim().to_owned()),
        None => (full.to_owned(), String::new()),
    }
}

/// 佐藤太郎 様 is 佐藤太郎; only behind a space or where enough is left, for 様 may end a name.
fn without_honorific(full: &str) -> &str {
    HONORIFICS
        .iter()
        .find_map(|honorific| full.strip_suffix(honorific))
        .filter(|rest| rest.ends_with([' ', '\u{3000}']) || rest.chars().count() >= 3)
        .map_or(full, str::trim_end)
}

fn tidy(part: &str) -> Result<String, NameError> {
    let tidy: String = part.chars().filter(|letter| !letter.is_control() && *letter != '\u{feff}').collect();
    let tidy = tidy.trim();
    if tidy.chars().count() > CHARACTERS_MAX { Err(NameError::TooLong) } else { Ok(tidy.to_owned()) }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonName(***)")
    }
}
impl fmt::Debug for NameParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NameParts(***)")
    }
}

/// For storage: `#[serde(with = "vocabulary::name::revealed")]` on an `Option<PersonName>` writes it out.
pub mod revealed {
    use super::{NameParts, PersonName};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the parts out.
    pub fn serialize<S: Serializer>(name: &Option<PersonName>, serializer: S) -> Result<S::Ok, S::Error> {
        name.as_ref().map(PersonName::reveal).serialize(serializer)
    }

    /// Reads parts that were written out.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PersonName>, D::Error> {
        let parts = Option::<NameParts>::deserialize(deserializer)?;
        PersonName::from_parts(parts.unwrap_or_default()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn full(name: &str, kana: &str) -> NameParts {
        PersonName::from_full(name, kana).unwrap().unwrap().reveal().clone()
    }

    #[test]
    fn names_written_as_one_are_taken_apart() {
        for (written, family, given) in [
            ("佐藤 太郎", "佐藤", "太郎"),
            ("佐藤　太郎　様", "佐藤", "太郎"),
            ("佐藤太郎様", "佐藤太郎", ""),
            ("髙橋 花子さま", "髙橋", "花子"),
            ("佐藤太郎", "佐藤太郎", ""),
            ("Smith John Paul", "Smith", "John Paul"),
        ] {
            let parts = full(written, "");
            assert_eq!((parts.family.as_str(), parts.given.as_str()), (family, given), "{written}");
        }
    }

    #[test]
    fn nothing_is_no_name_and_a_novel_is_refused() {
        assert_eq!(PersonName::from_full(" ", "　"), Ok(None));
        assert_eq!(PersonName::from_full(&"長".repeat(101), ""), Err(NameError::TooLong));
    }

    #[test]
    fn a_name_is_hidden_from_logs_and_found_by_its_reading() {
        let name = PersonName::from_full("髙橋 花子", "タカハシ ハナコ").unwrap().unwrap();
        assert_eq!(format!("{name:?} {:?}", name.reveal()), "PersonName(***) NameParts(***)");
        assert_eq!(name.masked(), "髙＊＊＊");
        assert!(name.search_tokens().iter().any(|token| token == "takahashi"));
        assert_eq!(name.matching_key(), "高橋花子");
        assert_eq!(name.sorting_key(), "タカハシ ハナコ");
    }

    proptest! {
        #[test]
        fn a_name_is_found_by_each_of_its_parts(family in "[佐藤髙邉]{1,3}", given_kana in "[ア-ン]{1,6}") {
            let name = PersonName::from_parts(NameParts {
                family: family.clone(), given_kana: given_kana.clone(), ..NameParts::default()
            }).unwrap().unwrap();
            let tokens = name.search_tokens();
            for typed in [family, given_kana] {
                let is_found = |beginning: &String| tokens.iter().any(|token| token.starts_with(beginning.as_str()));
                prop_assert!(kana::query_tokens(&typed).iter().all(|word| word.iter().any(is_found)), "{}", typed);
            }
        }
    }
}
