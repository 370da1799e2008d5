//! Money: whole minor units with their currency. Different currencies are never added.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// A currency that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a currency; use a code of ISO 4217 such as JPY")]
pub struct CurrencyError(String);

/// Codes without minor units, and those with three digits (ISO 4217 list one); all others have two.
const NO_DIGITS: [&[u8; 3]; 16] = [
    b"BIF", b"CLP", b"DJF", b"GNF", b"ISK", b"JPY", b"KMF", b"KRW", b"PYG", b"RWF", b"UGX", b"UYI", b"VND", b"VUV",
    b"XAF", b"XOF",
];
const THREE_DIGITS: [&[u8; 3]; 7] = [b"BHD", b"IQD", b"JOD", b"KWD", b"LYD", b"OMR", b"TND"];

impl Currency {
    /// Japanese yen.
    pub const JPY: Currency = Currency(*b"JPY");
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");

    /// The code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
    /// Digits behind the point: yen 0, pound 2.
    pub fn digits(self) -> u32 {
        if NO_DIGITS.contains(&&self.0) {
            0
        } else if THREE_DIGITS.contains(&&self.0) {
            3
        } else {
            2
        }
    }
}

impl FromStr for Currency {
    type Err = CurrencyError;
    fn from_str(text: &str) -> Result<Self, CurrencyError> {
        match text.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_alphabetic) => {
                Ok(Self([a, b, c].map(|x| x.to_ascii_uppercase())))
            }
            _ => Err(CurrencyError(text.chars().take(20).collect())),
        }
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in whole minor units (yen, pence).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 120 yen is 120, 1.20 pounds is 120.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

impl Money {
    /// An amount.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }
}

/// An exact decimal: `unscaled` × 10^−`scale`. For unit prices and rates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decimal {
    unscaled: i128,
    scale: u32,
}

/// A number that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a number such as 1234.5")]
pub struct DecimalError(String);

/// Digits behind the point that are kept; more than a price ever needs.
const SCALE_MAX: u32 = 12;

impl Decimal {
    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { unscaled: value as i128, scale: 0 }
    }
    /// Whether it is nought.
    pub const fn is_zero(self) -> bool {
        self.unscaled == 0
    }
    /// Whether it is below nought.
    pub const fn is_negative(self) -> bool {
        self.unscaled < 0
    }
    /// In millionths, half to even; `None` when it does not fit.
    pub fn micros(self) -> Option<i64> {
        rescale(self.unscaled, self.scale, 6)
    }
    /// `self × factor`, in minor units of `currency`, half to even. `None` when it does not fit.
    pub fn times(self, factor: i64, currency: Currency) -> Option<i64> {
        let product = self.unscaled.checked_mul(i128::from(factor))?;
        rescale(product, self.scale, currency.digits())
    }
    /// Converts minor units of `from` at this rate (`to` per `from`) into minor units of `to`, half to even.
    pub fn convert(self, minor: i64, from: Currency, to: Currency) -> Option<i64> {
        let product = self.unscaled.checked_mul(i128::from(minor))?;
        rescale(product, self.scale + from.digits(), to.digits())
    }
}

/// `value × 10^−scale` as a whole number of 10^−digits, half to even.
fn rescale(value: i128, scale: u32, digits: u32) -> Option<i64> {
    let scaled = if digits >= scale {
        value.checked_mul(10_i128.checked_pow(digits - scale)?)?
    } else {
        let unit = 10_i128.checked_pow(scale - digits)?;
        let (quotient, remainder) = (value.div_euclid(unit), value.rem_euclid(unit));
        let is_up = remainder * 2 > unit || (remainder * 2 == unit && quotient % 2 != 0);
        quotient + i128::from(is_up)
    };
    i64::try_from(scaled).ok()
}

impl FromStr for Decimal {
    type Err = DecimalError;
    /// Reads `1234.5`, `-3`, `1,234`, `+1.0`; nothing else.
    fn from_str(text: &str) -> Result<Self, DecimalError> {
        let fail = || DecimalError(text.chars().take(40).collect());
        let (is_negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let mut unscaled: i128 = 0;
        let mut seen = 0;
        for byte in whole.bytes().filter(|byte| *byte != b',').chain(fraction.bytes()) {
            if !byte.is_ascii_digit() || seen > 24 {
                return Err(fail());
            }
            unscaled = unscaled * 10 + i128::from(byte - b'0');
            seen += 1;
        }
        let scale = u32::try_from(fraction.len()).map_err(|_| fail())?;
        if seen == 0 || scale > SCALE_MAX {
            return Err(fail());
        }
        Ok(Self { unscaled: if is_negative { -unscaled } else { unscaled }, scale })
    }
}
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i128.pow(self.scale);
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let (whole, rest) = (self.unscaled.abs() / unit, self.unscaled.abs() % unit);
        if self.scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{rest:0width$}", width = self.scale as usize)
        }
    }
}
impl Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn prices_are_exact_and_round_half_to_even() {
        let price: Decimal = "0.001".parse().unwrap();
        assert_eq!(price.times(5, Currency::GBP), Some(0), "half a penny goes to the even nought");
        assert_eq!("2.55".parse::<Decimal>().unwrap().times(6, Currency::GBP), Some(1530));
        assert_eq!("0.015".parse::<Decimal>().unwrap().times(-1, Currency::GBP), Some(-2));
        assert_eq!("1,234.5".parse::<Decimal>().unwrap().to_string(), "1234.5");
        assert!("1e5".parse::<Decimal>().is_err());
        assert!("".parse::<Decimal>().is_err());
    }

    #[test]
    fn pounds_become_yen_at_the_printed_rate() {
        let rate: Decimal = "150".parse().unwrap();
        assert_eq!(rate.convert(101_194_506, Currency::GBP, Currency::JPY), Some(151_791_759));
    }
}
