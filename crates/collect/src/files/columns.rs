//! What the values of a column look like, from a sample.

use super::{dates, numbers, table::Row};
use serde::Serialize;
use std::collections::HashSet;
use vocabulary::{
    address::{PostalCode, Prefecture},
    email::Email,
    phone::Phone,
    sex::Sex,
};

/// Rows that are looked at.
pub const SAMPLE_ROWS_MAX: usize = 200;

/// The kind of values in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueKind {
    /// Nothing in any row.
    Empty,
    /// Dates, with or without time.
    Date,
    /// Mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Postal codes with hyphen.
    PostalCode,
    /// Names of prefectures.
    Prefecture,
    /// Words for a sex.
    Sex,
    /// Whole numbers.
    Whole,
    /// Numbers with digits behind the point.
    Decimal,
    /// Katakana.
    Kana,
    /// Anything else.
    Text,
}

/// Finds the kind of a column from its values: what nineteen of twenty are.
pub fn kind_of<'a>(values: impl Iterator<Item = &'a str>) -> ValueKind {
    let values: Vec<&str> = values.filter(|value| !value.is_empty()).take(SAMPLE_ROWS_MAX).collect();
    if values.is_empty() {
        return ValueKind::Empty;
    }
    let are = |is: fn(&str) -> bool| values.iter().filter(|value| is(value)).count() * 20 >= values.len() * 19;
    type Test = (ValueKind, fn(&str) -> bool);
    let tests: [Test; 9] = [
        (ValueKind::Date, dates::is_date),
        (ValueKind::Email, |value| value.contains('@') && Email::parse(value).is_ok()),
        (ValueKind::PostalCode, |value| is_postal(value) && PostalCode::parse(value).is_ok()),
        (ValueKind::Phone, |value| is_phone_like(value) && Phone::parse(value).is_ok()),
        (ValueKind::Whole, |value| numbers::whole(value).is_some()),
        (ValueKind::Decimal, |value| numbers::decimal(value).is_some()),
        (ValueKind::Prefecture, |value| matches!(Prefecture::parse(value), Ok(Some(_)))),
        (ValueKind::Sex, |value| !value.is_ascii() && Sex::parse(value).is_ok()),
        (ValueKind::Kana, is_kana),
    ];
    tests.into_iter().find(|(_, is)| are(*is)).map_or(ValueKind::Text, |(kind, _)| kind)
}

/// Up to three different values of a column, as examples.
pub fn examples(rows: &[Row], column: usize) -> Vec<String> {
    let mut seen = HashSet::new();
    rows.iter()
        .map(|row| row.get(column))
        .filter(|value| !value.is_empty() && seen.insert(*value))
        .take(3)
        .map(|value| value.chars().take(40).collect())
        .collect()
}

fn is_postal(value: &str) -> bool {
    value.chars().count() == 8 && value.chars().nth(3).is_some_and(|sign| !sign.is_numeric())
}

fn is_phone_like(value: &str) -> bool {
    value.starts_with(['0', '０', '+']) && value.chars().filter(|letter| letter.is_numeric()).count() >= 10
}

fn is_kana(value: &str) -> bool {
    value.chars().all(|letter| matches!(letter, 'ァ'..='ヿ' | '\u{ff66}'..='\u{ff9f}' | ' ' | '　'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_their_values() {
        for (values, kind) in [
            (&["", ""][..], ValueKind::Empty),
            (&["2026-11-13", "2026/1/2 9:00"], ValueKind::Date),
            (&["a@example.com", ""], ValueKind::Email),
            (&["150-0001", "１５０－０００１"], ValueKind::PostalCode),
            (&["090-1234-5678", "0312345678"], ValueKind::Phone),
            (&["1", "-2", "1,000"], ValueKind::Whole),
            (&["1.5", "2"], ValueKind::Decimal),
            (&["東京都", "大阪府"], ValueKind::Prefecture),
            (&["男性", "女性"], ValueKind::Sex),
            (&["サトウ", "ｻﾄｳ ﾀﾛｳ"], ValueKind::Kana),
            (&["佐藤", "鈴木"], ValueKind::Text),
        ] {
            assert_eq!(kind_of(values.iter().copied()), kind, "{values:?}");
        }
    }
}
