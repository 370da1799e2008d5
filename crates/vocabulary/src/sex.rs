//! Sex as shops record it: with codes of several kinds, in words, or declined.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What a customer said, or did not want to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// Male: 1 of ISO 5218.
    Male,
    /// Female: 2 of ISO 5218.
    Female,
    /// Said to be something else.
    Other,
    /// Asked, and not answered: 回答しない; 9 of ISO 5218.
    Declined,
}

/// A text that names no sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sex is written as 1 or 2, 男 or 女, M or F, or 回答しない")]
pub struct SexError;

impl Sex {
    /// All of them, in the order of the screens.
    pub const ALL: [Sex; 4] = [Sex::Male, Sex::Female, Sex::Other, Sex::Declined];

    /// Reads a code or a word. `None` for nothing, 0 and 不明.
    pub fn parse(text: &str) -> Result<Option<Self>, SexError> {
        if text.len() > 64 {
            return Err(SexError);
        }
        let text: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
        match text.as_str() {
            "" | "0" | "不明" | "未設定" | "未登録" | "unknown" | "-" => Ok(None),
            "1" | "01" | "男" | "男性" | "男子" | "m" | "male" | "man" | "おとこ" => Ok(Some(Sex::Male)),
            "2" | "02" | "女" | "女性" | "女子" | "f" | "female" | "woman" | "おんな" => Ok(Some(Sex::Female)),
            "その他" | "other" | "x" | "non-binary" | "ノンバイナリー" => Ok(Some(Sex::Other)),
            "9" | "09" | "回答しない" | "無回答" | "未回答" | "答えたくない" | "declined" | "nottosay"
            | "prefernottosay" => Ok(Some(Sex::Declined)),
            _ => Err(SexError),
        }
    }

    /// The name in tables and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Sex::Male => "male",
            Sex::Female => "female",
            Sex::Other => "other",
            Sex::Declined => "declined",
        }
    }

    /// Read from a table.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sex| sex.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words() {
        for (text, sex) in [
            ("1", Some(Sex::Male)),
            ("２", Some(Sex::Female)),
            ("男", Some(Sex::Male)),
            (" 女性 ", Some(Sex::Female)),
            ("M", Some(Sex::Male)),
            ("Female", Some(Sex::Female)),
            ("回答しない", Some(Sex::Declined)),
            ("9", Some(Sex::Declined)),
            ("その他", Some(Sex::Other)),
            ("0", None),
            ("", None),
            ("不明", None),
        ] {
            assert_eq!(Sex::parse(text), Ok(sex), "{text}");
        }
        assert_eq!(Sex::parse("3"), Err(SexError));
        assert_eq!(Sex::parse("佐藤"), Err(SexError));
    }

    #[test]
    fn names_come_back() {
        for sex in Sex::ALL {
            assert_eq!(Sex::from_name(sex.name()), Some(sex));
        }
    }
}
