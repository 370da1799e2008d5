//! Telephone numbers, Japanese first.
//!
//! Invariant: a `Phone` is either a Japanese number in its national form (0 and nine or ten more digits) or an
//! international one (+ and 7 to 15 digits, ITU-T E.164); a number that stands for "none" is never a `Phone`.

mod areas;

use areas::cuts;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Characters of a text that may be a number.
const TEXT_BYTES_MAX: usize = 200;
/// A telephone number that identifies a line. Its `Debug` hides it; `reveal` is the way out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

/// Why a text is not a telephone number. The number itself is never in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Letters and signs that no number has.
    #[error("the telephone number holds characters that are no digits")]
    Character,
    /// Not as many digits as a number has.
    #[error("a Japanese telephone number begins with 0 and has 10 or 11 digits, a foreign one begins with +")]
    Length,
}

impl Phone {
    /// Reads a number as people and spreadsheets write it: full-width digits, hyphens of all kinds, +81, a lost first 0.
    /// `None` for nothing and for numbers that exporters write instead of nothing (000-0000-0000).
    pub fn parse(text: &str) -> Result<Option<Self>, PhoneError> {
        let Some(digits) = digits(text)? else { return Ok(None) };
        let national = national(digits);
        if is_placeholder(&national) {
            return Ok(None);
        }
        let is_fine = match national.strip_prefix('+') {
            Some(foreign) => (7..=15).contains(&foreign.len()) && !foreign.starts_with('0'),
            None => is_japanese(&national),
        };
        if is_fine { Ok(Some(Self(national))) } else { Err(PhoneError::Length) }
    }

    /// A number from three columns (TEL1, TEL2, TEL3).
    pub fn from_parts(parts: [&str; 3]) -> Result<Option<Self>, PhoneError> {
        Self::parse(&parts.concat())
    }

    /// The number, for calling and for showing to those who may see it: digits only, `09012345678` or `+12025550123`.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is equal for two spellings of one number.
    pub fn matching_key(&self) -> &str {
        &self.0
    }

    /// Whether it is a mobile phone (060, 070, 080, 090).
    pub fn is_mobile(&self) -> bool {
        ["060", "070", "080", "090"].iter().any(|start| self.0.starts_with(start))
    }

    /// The number with hyphens where Japan puts them: 090-1234-5678, 03-1234-5678, 0422-12-3456.
    pub fn hyphenated(&self) -> String {
        let (area, exchange) = match cuts(&self.0) {
            Some(cuts) => cuts,
            None => return self.0.clone(),
        };
        format!("{}-{}-{}", &self.0[..area], &self.0[area..area + exchange], &self.0[area + exchange..])
    }

    /// The number with its middle hidden, for previews: 090-****-5678.
    pub fn masked(&self) -> String {
        let hyphenated = self.hyphenated();
        let shown_from = hyphenated.len().saturating_sub(4);
        let area = hyphenated.find('-').unwrap_or(0);
        hyphenated
            .char_indices()
            .map(|(at, digit)| if (area..shown_from).contains(&at) && digit != '-' { '*' } else { digit })
            .collect()
    }

    /// What a search for this number may begin with: the whole, its last eight and its last four digits.
    pub fn search_tokens(&self) -> Vec<String> {
        let digits = self.0.trim_start_matches('+');
        [digits.len(), 8, 4]
            .iter()
            .filter_map(|last| digits.get(digits.len().checked_sub(*last)?..))
            .map(str::to_owned)
            .collect()
    }
}

/// The digits of a text, with a + in front where there was one; `None` for nothing.
fn digits(text: &str) -> Result<Option<String>, PhoneError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(PhoneError::Length);
    }
    let narrow: String = text.nfkc().collect::<String>().to_lowercase();
    let number = narrow.trim().trim_start_matches('\'').trim_start_matches("tel").trim_start_matches([':', '.', ' ']);
    if number.is_empty() || ["-", "--", "なし", "無し", "不明", "null", "none", "n/a", "未登録"].contains(&number)
    {
        return Ok(None);
    }
    let number =
        ["内線", "ext", "x", "#"].iter().find_map(|mark| number.split_once(mark)).map_or(number, |(line, _)| line);
    let mut digits = String::with_capacity(16);
    for letter in number.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '+' if digits.is_empty() => digits.push('+'),
            ' ' | '-' | '(' | ')' | '.' | '/' | '\t' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | 'ー' | '_' =>
                {}
            _ => return Err(PhoneError::Character),
        }
    }
    Ok(Some(digits).filter(|digits| !digits.is_empty()))
}

/// +81 90…, 0081 90…, 81 90… and 90… become 090….
fn national(digits: String) -> String {
    let japanese = digits.strip_prefix("+81").or_else(|| digits.strip_prefix("01081")).or_else(|| {
        let rest = digits.strip_prefix("0081").or_else(|| digits.strip_prefix("81"))?;
        matches!(rest.trim_start_matches('0').len(), 9 | 10).then_some(rest)
    });
    if let Some(rest) = japanese {
        return format!("0{}", rest.trim_start_matches('0'));
    }
    let is_mobile = ["60", "70", "80", "90", "50"].iter().any(|start| digits.starts_with(start));
    let has_lost_zero = match digits.len() {
        9 => !digits.starts_with(['0', '+']),
        10 => is_mobile,
        _ => false,
    };
    if has_lost_zero { format!("0{digits}") } else { digits }
}

/// All digits the same, or a line whose own digits are all nought.
fn is_placeholder(number: &str) -> bool {
    let digits = number.trim_start_matches('+').as_bytes();
    let is_one_digit = digits.windows(2).all(|pair| pair[0] == pair[1]);
    let is_nought_behind_code = digits.len() >= 10 && digits[3..].iter().all(|digit| *digit == b'0');
    is_one_digit || is_nought_behind_code
}

fn is_japanese(number: &str) -> bool {
    let is_long = ["020", "050", "060", "070", "080", "090"].iter().any(|start| number.starts_with(start));
    let length = if is_long { 11 } else { 10 };
    number.starts_with('0') && !number.starts_with("00") && number.len() == length
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(***)")
    }
}

/// For storage: `#[serde(with = "vocabulary::phone::revealed")]` on an `Option<Phone>` writes it out.
pub mod revealed {
    use super::Phone;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the number out.
    pub fn serialize<S: Serializer>(phone: &Option<Phone>, serializer: S) -> Result<S::Ok, S::Error> {
        phone.as_ref().map(Phone::reveal).serialize(serializer)
    }

    /// Reads a number that was written out.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Phone>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Phone::parse(text.as_deref().unwrap_or("")).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn phone(text: &str) -> Option<Phone> {
        Phone::parse(text).unwrap()
    }

    #[test]
    fn numbers_as_people_and_spreadsheets_write_them() {
        for (text, number) in [
            ("090-1234-5678", "09012345678"),
            ("０９０（１２３４）５６７８", "09012345678"),
            ("+81 90-1234-5678", "09012345678"),
            ("+81(0)90 1234 5678", "09012345678"),
            ("0081-3-1234-5678", "0312345678"),
            ("819012345678", "09012345678"),
            ("'+819012345678", "09012345678"),
            ("9012345678", "09012345678"),
            ("312345678", "0312345678"),
            ("03ー1234ー5678", "0312345678"),
            ("TEL: 03-1234-5678 内線 123", "0312345678"),
            ("0120-123-456", "0120123456"),
            ("0800-123-4567", "08001234567"),
            ("050-1234-5678", "05012345678"),
            ("+1 202-555-0123", "+12025550123"),
        ] {
            assert_eq!(phone(text).as_ref().map(Phone::reveal), Some(number), "{text}");
        }
    }

    #[test]
    fn numbers_that_stand_for_none_are_none() {
        for text in
            ["", "　", "-", "なし", "000-0000-0000", "00000000000", "0000000000", "090-0000-0000", "99999999999", "0"]
        {
            assert_eq!(phone(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for (text, error) in [
            ("12345", PhoneError::Length),
            ("090-1234-567", PhoneError::Length),
            ("03-1234-56789", PhoneError::Length),
            ("+12", PhoneError::Length),
            ("佐藤", PhoneError::Character),
            ("090-1234-abcd", PhoneError::Character),
            ("0901234\u{0}678", PhoneError::Character),
        ] {
            assert_eq!(Phone::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn hyphens_stand_where_japan_puts_them() {
        for (digits, hyphenated, masked) in [
            ("09012345678", "090-1234-5678", "090-****-5678"),
            ("0312345678", "03-1234-5678", "03-****-5678"),
            ("0422123456", "0422-12-3456", "0422-**-3456"),
            ("0451234567", "045-123-4567", "045-***-4567"),
            ("0177123456", "017-712-3456", "017-***-3456"),
            ("0499212345", "04992-1-2345", "04992-*-2345"),
            ("0120123456", "0120-123-456", "0120-***-456"),
            ("08001234567", "0800-123-4567", "0800-***-4567"),
        ] {
            let phone = phone(digits).unwrap();
            assert_eq!((phone.hyphenated().as_str(), phone.masked().as_str()), (hyphenated, masked));
        }
        assert_eq!(phone("09012345678").unwrap().search_tokens(), ["09012345678", "12345678", "5678"]);
        assert_eq!(format!("{:?}", phone("09012345678")), "Some(Phone(***))");
    }

    proptest! {
        #[test]
        fn a_number_is_the_same_however_it_is_grouped(rest in "[1-9][0-9]{7}") {
            let plain = phone(&format!("090{rest}"));
            prop_assert_eq!(&phone(&format!("090-{}-{}", &rest[..4], &rest[4..])), &plain);
            prop_assert_eq!(&phone(&format!("+81-90{rest}")), &plain);
            prop_assert_eq!(&phone(&plain.as_ref().unwrap().hyphenated()), &plain);
        }
        #[test]
        fn nothing_makes_it_fall(text in any::<String>()) {
            if let Ok(Some(phone)) = Phone::parse(&text) {
                prop_assert!(phone.reveal().bytes().all(|byte| byte.is_ascii_digit() || byte == b'+'));
                phone.masked();
            }
        }
    }
}
