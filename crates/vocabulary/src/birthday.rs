//! Birthdays as shops hold them: a whole date, a month and a day, or a month only; western years or Japanese eras.
//!
//! Invariant: a `Birthday` names a date (or a part of one) that exists, from 1868 to today.

use crate::time::Day;
use chrono::{Datelike, NaiveDate};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// First western year in which a person of our files can have been born: Meiji 1.
const YEAR_MIN: i32 = 1868;

/// A day, or a part of one. Its `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Birthday {
    year: Option<i32>,
    month: u32,
    day: Option<u32>,
}

/// Why a text is not a birthday. The date itself is never in the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthdayError {
    /// No form that we know.
    #[error("a birthday is written as 1980-04-01, 1980/4/1, S55.4.1, 昭和55年4月1日, 4月1日 or 4月")]
    Form,
    /// A date that no calendar has.
    #[error("this date does not exist")]
    NoSuchDate,
    /// Before 1868 or after today.
    #[error("a birthday lies between 1868 and today")]
    OutOfRange,
    /// A year that the era does not have.
    #[error("this Japanese era has no such year")]
    NoSuchEraYear,
}

/// A Japanese era with its first day; it ends where the next one begins.
struct Era {
    names: [&'static str; 2],
    first: (i32, u32, u32),
    years: i32,
}

/// Eras since 1868 and the number of their last year (元号法; 令和 is open).
const ERAS: [Era; 5] = [
    Era { names: ["明治", "m"], first: (1868, 1, 25), years: 45 },
    Era { names: ["大正", "t"], first: (1912, 7, 30), years: 15 },
    Era { names: ["昭和", "s"], first: (1926, 12, 25), years: 64 },
    Era { names: ["平成", "h"], first: (1989, 1, 8), years: 31 },
    Era { names: ["令和", "r"], first: (2019, 5, 1), years: 99 },
];

impl Birthday {
    /// Reads a birthday in any of the usual forms; `today` is the last possible one.
    /// `None` for nothing and for 0000-00-00.
    pub fn parse(text: &str, today: Day) -> Result<Option<Self>, BirthdayError> {
        if text.len() > 100 {
            return Err(BirthdayError::Form);
        }
        let text: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
        let is_nought = text.chars().all(|letter| !letter.is_ascii_digit() || letter == '0');
        if text.is_empty() || (is_nought && text.chars().all(|letter| "0-/.:t".contains(letter))) {
            return Ok(None);
        }
        let birthday = match era_of(&text) {
            Some((era, rest)) => era_date(era, rest)?,
            None => western_date(&text)?,
        };
        birthday.check(today).map(Some)
    }

    /// A birthday from its parts.
    pub fn new(year: Option<i32>, month: u32, day: Option<u32>, today: Day) -> Result<Self, BirthdayError> {
        Self { year, month, day }.check(today)
    }

    /// The year, where it is known.
    pub fn year(self) -> Option<i32> {
        self.year
    }
    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.month
    }
    /// The day of the month, where it is known.
    pub fn day(self) -> Option<u32> {
        self.day
    }

    /// The whole years of age on a day; `None` where the year or the day is not known.
    pub fn age_on(self, on: Day) -> Option<i32> {
        let (year, day, on) = (self.year?, self.day?, on.date());
        let has_had_birthday = (on.month(), on.day()) >= (self.month, day);
        Some(on.year() - year - i32::from(!has_had_birthday))
    }

    /// The form for storage: `1980-04-01`, `1980-04`, `--04-01`, `--04` (as ISO 8601:2000 writes parts).
    pub fn reveal(self) -> String {
        let year = self.year.map_or_else(|| "-".to_owned(), |year| format!("{year:04}"));
        match self.day {
            Some(day) => format!("{year}-{:02}-{day:02}", self.month),
            None => format!("{year}-{:02}", self.month),
        }
    }

    fn check(self, today: Day) -> Result<Self, BirthdayError> {
        let today = today.date();
        let year = self.year.unwrap_or(2000);
        if !(YEAR_MIN..=today.year()).contains(&year) {
            return Err(BirthdayError::OutOfRange);
        }
        let first =
            NaiveDate::from_ymd_opt(year, self.month, self.day.unwrap_or(1)).ok_or(BirthdayError::NoSuchDate)?;
        if self.year.is_some() && first > today { Err(BirthdayError::OutOfRange) } else { Ok(self) }
    }
}

/// The day of a date, if the calendar has it.
pub fn day_of(year: i32, month: u32, day: u32) -> Option<Day> {
    NaiveDate::from_ymd_opt(year, month, day).map(Day::from_date)
}

/// A text that begins with a year of a Japanese era, with its western year instead: 令和8年11月13日 is 2026年11月13日.
/// `None` when it begins with something else, or with a year that the era does not have.
pub fn western_year(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let (era, rest) = era_of(&lower)?;
    let rest = rest.trim_start_matches('.').replacen('元', "1", 1);
    let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
    let year = rest[..digits].parse().ok().filter(|year| (1..=era.years).contains(year))?;
    Some(format!("{}{}", era.first.0 + year - 1, &rest[digits..]))
}

fn era_of(text: &str) -> Option<(&'static Era, &str)> {
    ERAS.iter().find_map(|era| {
        let rest = era.names.iter().find_map(|name| text.strip_prefix(name))?;
        rest.starts_with(|next: char| next.is_ascii_digit() || next == '元' || next == '.').then_some((era, rest))
    })
}

/// A date of an era. Its last year may run on (平成31年12月1日 was printed on forms); its first day may not be passed.
fn era_date(era: &Era, rest: &str) -> Result<Birthday, BirthdayError> {
    let rest = rest.trim_start_matches('.').replacen('元', "1", 1);
    let parts = numbers(&rest)?;
    let [year, month, rest @ ..] = parts.as_slice() else { return Err(BirthdayError::Form) };
    let year_number = i32::try_from(*year).ok().filter(|year| (1..=era.years).contains(year));
    let year = era.first.0 + year_number.ok_or(BirthdayError::NoSuchEraYear)? - 1;
    let day = rest.first().copied();
    if rest.len() > 1 {
        return Err(BirthdayError::Form);
    }
    let is_before = (year, *month, day.unwrap_or(31)) < era.first;
    if is_before { Err(BirthdayError::NoSuchEraYear) } else { Ok(Birthday { year: Some(year), month: *month, day }) }
}

fn western_date(text: &str) -> Result<Birthday, BirthdayError> {
    let text = without_time(text);
    if let Some(part) = text.strip_prefix("--") {
        return year_less(&numbers(part)?);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return packed(text);
    }
    let parts = numbers(text)?;
    match parts.as_slice() {
        [year, month, day] if *year >= 1000 => Ok(whole(*year, *month, Some(*day))),
        [year, month] if *year >= 1000 => Ok(whole(*year, *month, None)),
        [month, day, year] if *year >= 1000 && !text.contains('年') && *month <= 12 => {
            Ok(whole(*year, *month, Some(*day)))
        }
        [first, ..] if text.contains('年') || parts.len() > 2 && *first < 1000 => out_of_range(*first),
        _ => year_less(&parts),
    }
}

/// A year below 1000 is no form of ours where it has few digits: 80/4/1 could be anything; 0001 is out of range.
fn out_of_range(year: u32) -> Result<Birthday, BirthdayError> {
    Err(if year <= 1 { BirthdayError::OutOfRange } else { BirthdayError::Form })
}

fn whole(year: u32, month: u32, day: Option<u32>) -> Birthday {
    Birthday { year: Some(i32::try_from(year).unwrap_or(i32::MAX)), month, day }
}

fn year_less(parts: &[u32]) -> Result<Birthday, BirthdayError> {
    match parts {
        [month, day] => Ok(Birthday { year: None, month: *month, day: Some(*day) }),
        [month] => Ok(Birthday { year: None, month: *month, day: None }),
        _ => Err(BirthdayError::Form),
    }
}

/// 19800401, 198004, 0401 and 4.
fn packed(digits: &str) -> Result<Birthday, BirthdayError> {
    let number = |from: usize, to: usize| digits[from..to].parse::<u32>().map_err(|_| BirthdayError::Form);
    match digits.len() {
        8 => Ok(whole(number(0, 4)?, number(4, 6)?, Some(number(6, 8)?))),
        6 if !digits.starts_with('0') => Ok(whole(number(0, 4)?, number(4, 6)?, None)),
        4 => year_less(&[number(0, 2)?, number(2, 4)?]),
        1 | 2 => year_less(&[number(0, digits.len())?]),
        _ => Err(BirthdayError::Form),
    }
}

/// 1980-04-01T00:00:00 and 1980/4/10:00:00 (its space is gone) keep their date.
fn without_time(text: &str) -> &str {
    let text = text.split_once('t').map_or(text, |(date, _)| date);
    match text.find("00:00") {
        Some(at) => &text[..at],
        None => text,
    }
}

/// The numbers between separators; anything else is no date.
fn numbers(text: &str) -> Result<Vec<u32>, BirthdayError> {
    let text = text.trim_end_matches(['日', '月', '生']);
    text.split(['-', '/', '.', '年', '月', '日'])
        .map(|part| part.parse().ok().filter(|_| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())))
        .collect::<Option<Vec<u32>>>()
        .filter(|parts| (1..=3).contains(&parts.len()))
        .ok_or(BirthdayError::Form)
}

impl fmt::Debug for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Birthday(***)")
    }
}

/// For storage: `#[serde(with = "vocabulary::birthday::revealed")]` on an `Option<Birthday>` writes it out.
pub mod revealed {
    use super::Birthday;
    use crate::time::Day;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// The last day that a stored birthday may have; it was checked against its own day when it came.
    const STORED_UNTIL: Day = Day(84_005);

    /// Writes the date out.
    pub fn serialize<S: Serializer>(birthday: &Option<Birthday>, serializer: S) -> Result<S::Ok, S::Error> {
        birthday.map(Birthday::reveal).serialize(serializer)
    }

    /// Reads a date that was written out.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Birthday>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Birthday::parse(text.as_deref().unwrap_or(""), STORED_UNTIL).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn today() -> Day {
        "2026-11-13".parse().unwrap()
    }

    fn read(text: &str) -> Result<Option<String>, BirthdayError> {
        Birthday::parse(text, today()).map(|birthday| birthday.map(Birthday::reveal))
    }

    #[test]
    fn the_usual_forms() {
        for (text, date) in [
            ("1980-04-01", "1980-04-01"),
            ("1980/4/1", "1980-04-01"),
            ("１９８０．４．１", "1980-04-01"),
            ("1980年4月1日", "1980-04-01"),
            ("1980年4月1日生", "1980-04-01"),
            ("19800401", "1980-04-01"),
            ("1980-04-01 00:00:00", "1980-04-01"),
            ("1980/4/1 00:00", "1980-04-01"),
            ("1980-04-01T00:00:00+09:00", "1980-04-01"),
            ("4/1/1980", "1980-04-01"),
            ("1980年4月", "1980-04"),
            ("198004", "1980-04"),
            ("4月1日", "--04-01"),
            ("4月", "--04"),
            ("4", "--04"),
            ("0229", "--02-29"),
            ("--04-01", "--04-01"),
            ("--04", "--04"),
            ("S55.4.1", "1980-04-01"),
            ("s55/4/1", "1980-04-01"),
            ("昭和55年4月1日", "1980-04-01"),
            ("㍼55年4月1日", "1980-04-01"),
            ("昭和 五", ""),
            ("大正15年12月24日", "1926-12-24"),
            ("昭和元年12月25日", "1926-12-25"),
            ("昭和64年1月7日", "1989-01-07"),
            ("平成元年1月8日", "1989-01-08"),
            ("H31.4.30", "2019-04-30"),
            ("平成31年12月1日", "2019-12-01"),
            ("R1.5.1", "2019-05-01"),
            ("令和元年5月1日", "2019-05-01"),
            ("明治45年7月29日", "1912-07-29"),
        ] {
            match date {
                "" => assert_eq!(read(text), Err(BirthdayError::Form), "{text}"),
                _ => assert_eq!(read(text), Ok(Some(date.to_owned())), "{text}"),
            }
        }
    }

    #[test]
    fn what_is_no_birthday_is_refused() {
        for (text, error) in [
            ("0001-01-01", BirthdayError::OutOfRange),
            ("3000-01-01", BirthdayError::OutOfRange),
            ("1867-12-31", BirthdayError::OutOfRange),
            ("2026-11-14", BirthdayError::OutOfRange),
            ("1980-02-30", BirthdayError::NoSuchDate),
            ("1981-02-29", BirthdayError::NoSuchDate),
            ("13月1日", BirthdayError::NoSuchDate),
            ("80/4/1", BirthdayError::Form),
            ("佐藤", BirthdayError::Form),
            ("R1.4.30", BirthdayError::NoSuchEraYear),
            ("H32.1.1", BirthdayError::NoSuchEraYear),
            ("S65.1.1", BirthdayError::NoSuchEraYear),
            ("昭和0年1月1日", BirthdayError::NoSuchEraYear),
        ] {
            assert_eq!(read(text), Err(error), "{text}");
        }
        for nothing in ["", " ", "0000-00-00", "0000/00/00", "0", "0000-00-00 00:00:00"] {
            assert_eq!(read(nothing), Ok(None), "{nothing}");
        }
    }

    #[test]
    fn age_changes_on_the_day() {
        let birthday = Birthday::parse("1980-11-13", today()).unwrap().unwrap();
        assert_eq!(birthday.age_on(today()), Some(46));
        assert_eq!(birthday.age_on(today().plus(-1)), Some(45));
        assert_eq!(Birthday::parse("4月", today()).unwrap().unwrap().age_on(today()), None);
        assert_eq!(format!("{birthday:?}"), "Birthday(***)");
    }

    proptest! {
        #[test]
        fn every_day_is_read_in_every_form(day in -37_000_i32..20_000) {
            let date = Day(day).date();
            let expected = Ok(Some(date.format("%Y-%m-%d").to_string()));
            for form in ["%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y%m%d", "%Y.%m.%d"] {
                prop_assert_eq!(&read(&date.format(form).to_string()), &expected);
            }
        }
        #[test]
        fn nothing_makes_it_fall(text in any::<String>()) {
            let _ = read(&text);
        }
    }
}
