//! Postal addresses: postal code, prefecture, and the rest as it was written.
//!
//! What people wrote is kept. `matching_key` brings 二丁目3番地1号, ２丁目３－１ and 2-3-1 together, and is used for
//! matching only.

mod normalised;
mod prefecture;

pub use normalised::normalised;
pub use prefecture::Prefecture;

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Characters of one line of an address.
const LINE_CHARACTERS_MAX: usize = 300;

/// A Japanese postal code: seven digits. Its `Debug` shows the first three.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PostalCode(u32);

/// Why a text is no part of an address. The text itself is never in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not seven digits.
    #[error("a postal code has 7 digits, such as 150-0001")]
    PostalCode,
    /// No prefecture of this name or number.
    #[error("a prefecture is a name such as 東京都 or a number from 1 to 47")]
    Prefecture,
    /// Longer than an address may be.
    #[error("a line of an address is longer than 300 characters")]
    TooLong,
}

impl PostalCode {
    /// Reads a code with or without 〒 and hyphen; zeros that a spreadsheet lost come back. `None` for nothing.
    pub fn parse(text: &str) -> Result<Option<Self>, AddressError> {
        if text.len() > 60 {
            return Err(AddressError::PostalCode);
        }
        let mut digits = String::with_capacity(7);
        for letter in text.nfkc() {
            match letter {
                '0'..='9' => digits.push(letter),
                '〒' | '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | 'ー' | '\'' => {}
                _ if letter.is_whitespace() => {}
                _ => return Err(AddressError::PostalCode),
            }
        }
        match digits.len() {
            0 => Ok(None),
            5..=7 => Ok(digits.parse().ok().filter(|number| *number != 0).map(Self)),
            _ => Err(AddressError::PostalCode),
        }
    }

    /// A code from two columns (郵便番号1, 郵便番号2), each with the zeros that a spreadsheet lost.
    pub fn from_parts(first: &str, second: &str) -> Result<Option<Self>, AddressError> {
        let (first, second) = (first.trim(), second.trim());
        match (first.is_empty(), second.is_empty()) {
            (true, true) => Ok(None),
            (false, true) => Self::parse(first),
            _ => Self::parse(&format!("{first:0>3}{second:0>4}")),
        }
    }

    /// The seven digits: 1500001.
    pub fn reveal(self) -> String {
        format!("{:07}", self.0)
    }

    /// As it is printed: 150-0001.
    pub fn hyphenated(self) -> String {
        format!("{:03}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl fmt::Debug for PostalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostalCode({:03}-****)", self.0 / 10_000)
    }
}

/// Where a person lives. Its `Debug` hides it; `reveal` is the way out.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PostalAddress {
    parts: AddressParts,
}

/// The parts of an address in the open: for storing, showing and printing, never for logging.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AddressParts {
    /// Seven digits, where it is a Japanese address.
    #[serde(default, with = "postal_code_digits")]
    pub postal_code: Option<PostalCode>,
    /// Where it is known.
    pub prefecture: Option<Prefecture>,
    /// City, town and block, as it was written.
    pub line1: String,
    /// Building and room, as it was written.
    pub line2: String,
}

impl PostalAddress {
    /// An address from its parts; a prefecture that stands in front of the first line is taken from there.
    /// `None` when all parts are empty.
    pub fn from_parts(mut parts: AddressParts) -> Result<Option<Self>, AddressError> {
        parts.line1 = tidy(&parts.line1)?;
        parts.line2 = tidy(&parts.line2)?;
        let (found, rest) = Prefecture::split_from(&parts.line1);
        if let Some(found) = found.filter(|found| parts.prefecture.is_none_or(|known| known == *found)) {
            parts.line1 = rest.to_owned();
            parts.prefecture = Some(found);
        }
        let is_empty = parts.postal_code.is_none()
            && parts.prefecture.is_none()
            && parts.line1.is_empty()
            && parts.line2.is_empty();
        Ok((!is_empty).then_some(Self { parts }))
    }

    /// The parts, for those who may see them.
    pub fn reveal(&self) -> &AddressParts {
        &self.parts
    }

    /// The prefecture alone, which names nobody.
    pub fn prefecture(&self) -> Option<Prefecture> {
        self.parts.prefecture
    }

    /// What is equal for two spellings of one address; `None` without a first line.
    pub fn matching_key(&self) -> Option<String> {
        let prefecture = self.parts.prefecture.map_or("", Prefecture::name_ja);
        (!self.parts.line1.is_empty())
            .then(|| normalised(&format!("{prefecture}{} {}", self.parts.line1, self.parts.line2)))
    }
}

impl fmt::Debug for PostalAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PostalAddress(***)")
    }
}
impl fmt::Debug for AddressParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressParts(***)")
    }
}

fn tidy(line: &str) -> Result<String, AddressError> {
    let tidy: String = line.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let tidy = tidy.trim();
    if tidy.chars().count() > LINE_CHARACTERS_MAX { Err(AddressError::TooLong) } else { Ok(tidy.to_owned()) }
}

mod postal_code_digits {
    use super::PostalCode;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(code: &Option<PostalCode>, serializer: S) -> Result<S::Ok, S::Error> {
        code.map(PostalCode::reveal).serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PostalCode>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        PostalCode::parse(text.as_deref().unwrap_or("")).map_err(serde::de::Error::custom)
    }
}

/// For storage: `#[serde(with = "vocabulary::address::revealed")]` on an `Option<PostalAddress>` writes it out.
pub mod revealed {
    use super::{AddressParts, PostalAddress};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the parts out.
    pub fn serialize<S: Serializer>(address: &Option<PostalAddress>, serializer: S) -> Result<S::Ok, S::Error> {
        address.as_ref().map(PostalAddress::reveal).serialize(serializer)
    }

    /// Reads parts that were written out.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PostalAddress>, D::Error> {
        let parts = Option::<AddressParts>::deserialize(deserializer)?;
        PostalAddress::from_parts(parts.unwrap_or_default()).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn postal_codes() {
        for (text, code) in [
            ("150-0001", Some("1500001")),
            ("１５０－０００１", Some("1500001")),
            ("〒1500001", Some("1500001")),
            ("600001", Some("0600001")),
            ("'0600001", Some("0600001")),
            ("", None),
            ("000-0000", None),
        ] {
            assert_eq!(PostalCode::parse(text).unwrap().map(PostalCode::reveal).as_deref(), code, "{text}");
        }
        assert_eq!(PostalCode::from_parts("60", "1").unwrap().unwrap().hyphenated(), "060-0001");
        assert_eq!(PostalCode::parse("1234"), Err(AddressError::PostalCode));
        assert_eq!(PostalCode::parse("SW1A 1AA"), Err(AddressError::PostalCode));
        assert_eq!(format!("{:?}", PostalCode::parse("150-0001").unwrap()), "Some(PostalCode(150-****))");
    }

    #[test]
    fn prefectures_by_number_and_name() {
        for (text, prefecture) in [
            ("13", Prefecture::Tokyo),
            ("０１", Prefecture::Hokkaido),
            ("JP-26", Prefecture::Kyoto),
            ("東京都", Prefecture::Tokyo),
            ("東京", Prefecture::Tokyo),
            ("北海道", Prefecture::Hokkaido),
            ("Hokkaidō", Prefecture::Hokkaido),
            ("Tokyo-to", Prefecture::Tokyo),
            ("京都", Prefecture::Kyoto),
        ] {
            assert_eq!(Prefecture::parse(text), Ok(Some(prefecture)), "{text}");
        }
        for prefecture in Prefecture::ALL {
            assert_eq!(Prefecture::parse(prefecture.name_ja()), Ok(Some(prefecture)));
            assert_eq!(Prefecture::parse(prefecture.name_en()), Ok(Some(prefecture)));
            assert_eq!(Prefecture::from_code(prefecture.code()), Some(prefecture));
        }
        assert_eq!(Prefecture::parse("48"), Err(AddressError::Prefecture));
        assert_eq!(Prefecture::parse("California"), Err(AddressError::Prefecture));
        assert_eq!(Prefecture::parse(""), Ok(None));
    }

    #[test]
    fn spellings_of_one_address_meet() {
        for spellings in [
            &[
                "奈佐原二丁目１番２号",
                "奈佐原2丁目1-2",
                "奈佐原２ー１ー２",
                "奈佐原 2-1番地2",
                "奈佐原２丁目１番地の２",
            ][..],
            &["霞が関一丁目", "霞ヶ関１丁目", "霞ケ関1"],
            &["丸ノ内十二番三十号", "丸の内12-30"],
            &["長野市大字栗田100番地", "長野市栗田100"],
            &["二十四軒三条7丁目", "二十四軒3条7"],
            &["千代田1-1　皇居ビル1階", "千代田１－１皇居ビル１階"],
            &["髙島平1", "高島平１丁目"],
        ] {
            for spelling in spellings {
                assert_eq!(normalised(spelling), normalised(spellings[0]), "{spelling}");
            }
        }
        assert_ne!(normalised("奈佐原2-1-2"), normalised("奈佐原21-2"));
        assert_ne!(normalised("一宮市1-1"), normalised("1宮市1-1"));
    }

    #[test]
    fn a_prefecture_in_the_first_line_is_taken_out() {
        let parts = AddressParts { line1: "東京都千代田区千代田1-1".to_owned(), ..AddressParts::default() };
        let address = PostalAddress::from_parts(parts).unwrap().unwrap();
        assert_eq!(address.prefecture(), Some(Prefecture::Tokyo));
        assert_eq!(address.reveal().line1, "千代田区千代田1-1");
        assert_eq!(format!("{address:?} {:?}", address.reveal()), "PostalAddress(***) AddressParts(***)");
        assert_eq!(PostalAddress::from_parts(AddressParts::default()), Ok(None));
    }

    proptest! {
        #[test]
        fn blocks_are_the_same_in_all_three_forms(chome in 1_u32..30, block in 1_u32..200, house in 1_u32..99) {
            let hyphens = normalised(&format!("本町{chome}-{block}-{house}"));
            prop_assert_eq!(&normalised(&format!("本町{chome}丁目{block}番{house}号")), &hyphens);
            prop_assert_eq!(&normalised(&format!("本町{chome}丁目{block}番地{house}")), &hyphens);
        }
        #[test]
        fn nothing_makes_it_fall(text in any::<String>()) {
            normalised(&text);
            let _ = PostalCode::parse(&text);
            let _ = Prefecture::parse(&text);
        }
    }
}
