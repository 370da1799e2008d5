//! Amounts and quantities as files write them: ￥1,234, 1,234.50, （500）, ▲500.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use vocabulary::{Currency, money::Decimal};

/// Reads an exact number.
pub fn decimal(text: &str) -> Option<Decimal> {
    plain(text)?.parse().ok()
}

/// Reads a whole number; `2.0` is one, `2.5` is not.
pub fn whole(text: &str) -> Option<i64> {
    let plain = plain(text)?;
    let number = match plain.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => &plain,
    };
    if number.contains(',') { number.replace(',', "").parse().ok() } else { number.parse().ok() }
}

/// Reads an amount in minor units, half to even.
pub fn minor_units(text: &str, currency: Currency) -> Option<i64> {
    decimal(text)?.times(1, currency)
}

/// Reads a code of ISO 4217, or the sign of the yen.
pub fn currency(text: &str) -> Option<Currency> {
    match text.trim() {
        "円" | "¥" | "￥" | "日本円" => Some(Currency::JPY),
        code => code.parse().ok(),
    }
}

/// Digits, one sign, commas and a point; nothing else is left of a number's dress.
fn plain(text: &str) -> Option<Cow<'_, str>> {
    let text = text.trim();
    if text.len() > 60 {
        return None;
    }
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+')) {
        return Some(Cow::Borrowed(text));
    }
    let narrow: String = text.nfkc().filter(|letter| !letter.is_whitespace()).collect();
    let (narrow, is_negative) = match narrow.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inside) => (inside, true),
        None => match narrow.strip_prefix(['▲', '△', '−', '‐']) {
            Some(rest) => (rest, true),
            None => (narrow.as_str(), false),
        },
    };
    let bare = narrow.trim_start_matches(['¥', '$', '£', '€', '\\']).trim_end_matches(['円', '個', '点']);
    let is_number = bare.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b'+'));
    (is_number && !bare.is_empty()).then(|| Cow::Owned(if is_negative { format!("-{bare}") } else { bare.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_all_their_dress() {
        for (text, minor) in [
            ("1234", Some(1234)),
            ("￥1,234", Some(1234)),
            ("¥1,234-", None),
            ("１，２３４円", Some(1234)),
            ("▲500", Some(-500)),
            ("（500）", Some(-500)),
            ("-500", Some(-500)),
            ("−500", Some(-500)),
            ("", None),
            ("無料", None),
            ("1e5", None),
        ] {
            assert_eq!(minor_units(text, Currency::JPY), minor, "{text}");
        }
        assert_eq!(minor_units("$12.345", Currency::GBP), Some(1234), "half a penny goes to the even one");
    }

    #[test]
    fn quantities_are_whole() {
        for (text, number) in [
            ("2", Some(2)),
            ("-12", Some(-12)),
            ("2.0", Some(2)),
            ("1,000", Some(1000)),
            ("２個", Some(2)),
            ("2.5", None),
            ("", None),
        ] {
            assert_eq!(whole(text), number, "{text}");
        }
    }
}
