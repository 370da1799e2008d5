//! Time: instants in UTC, and the local days in which a shop counts.
//!
//! "90 days" means local days of the installation's zone, so answers in days flip at local midnight.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};

/// An instant: microseconds since 1970-01-01 UTC. On the wire: RFC 3339 in UTC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Microseconds in a day.
const DAY_US: i64 = 86_400_000_000;
/// The instants that are believed: the years 1900 to 2200. Anything else is a mistake in the data.
const BELIEVABLE_US: std::ops::Range<i64> = -2_208_988_800_000_000..7_258_118_400_000_000;

impl Timestamp {
    /// From microseconds since 1970.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }
    /// Microseconds since 1970.
    pub const fn micros(self) -> i64 {
        self.0
    }
    /// Later by so many seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * 1_000_000)
    }
    /// Later by so many days of 24 hours.
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0 + days * DAY_US)
    }
    /// As a chrono instant.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
    /// From a chrono instant.
    pub fn from_utc(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_micros())
    }
    /// Whether this lies in the years 1900 to 2200.
    pub fn is_believable(self) -> bool {
        BELIEVABLE_US.contains(&self.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A time that cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{found}` is not a time such as 2026-11-13T09:30:00Z between the years 1900 and 2200")]
pub struct TimeError {
    found: String,
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| Self::from_utc(at.to_utc()))
            .ok()
            .filter(|at| at.is_believable())
            .ok_or_else(|| TimeError { found: text.chars().take(40).collect() })
    }
}
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A local day: days since 1970-01-01. On the wire `2026-11-13`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of this date.
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.num_days_from_ce() - 719_163)
    }
    /// As a calendar date.
    pub fn date(self) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(self.0.saturating_add(719_163)).unwrap_or_default()
    }
    /// So many days later (or earlier).
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
    /// Days from `earlier` to this day.
    pub const fn since(self, earlier: Day) -> i32 {
        self.0 - earlier.0
    }
    /// `2026-11`.
    pub fn month(self) -> String {
        self.date().format("%Y-%m").to_string()
    }
    /// The first day of this day's month.
    pub fn month_start(self) -> Self {
        Self(self.0 - i32::try_from(self.date().day0()).unwrap_or(0))
    }
}
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}
impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}
impl FromStr for Day {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .map(Self::from_date)
            .map_err(|_| TimeError { found: text.chars().take(40).collect() })
    }
}
impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Where the shop counts its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(chrono_tz::Tz);

/// A zone that does not exist.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a time zone; use a name of the IANA list such as Asia/Tokyo")]
pub struct ZoneError(String);

impl FromStr for Zone {
    type Err = ZoneError;
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        text.parse().map(Self).map_err(|_| ZoneError(text.to_owned()))
    }
}
impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Zone {
    /// Asia/Tokyo, the default of a new installation.
    pub const TOKYO: Zone = Zone(chrono_tz::Asia::Tokyo);

    /// The local day of an instant.
    pub fn day(self, at: Timestamp) -> Day {
        Day::from_date(at.to_utc().with_timezone(&self.0).date_naive())
    }
    /// The instant at which a local day begins.
    pub fn start_of(self, day: Day) -> Timestamp {
        self.local(day.date().and_time(chrono::NaiveTime::MIN))
    }
    /// The instant of a local wall-clock time. A time that a clock change skips is read as the moment after the gap.
    pub fn local(self, wall: NaiveDateTime) -> Timestamp {
        let found = self
            .0
            .from_local_datetime(&wall)
            .earliest()
            .or_else(|| self.0.from_local_datetime(&(wall + chrono::TimeDelta::hours(1))).earliest());
        found.map_or_else(|| Timestamp::from_utc(wall.and_utc()), |at| Timestamp::from_utc(at.to_utc()))
    }
    /// The local wall-clock time of an instant.
    pub fn wall(self, at: Timestamp) -> NaiveDateTime {
        at.to_utc().with_timezone(&self.0).naive_local()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_begins_at_local_midnight() {
        let late = "2026-11-13T14:59:59Z".parse().unwrap();
        let next = "2026-11-13T15:00:00Z".parse().unwrap();
        assert_eq!(Zone::TOKYO.day(late).to_string(), "2026-11-13");
        assert_eq!(Zone::TOKYO.day(next).to_string(), "2026-11-14");
        assert_eq!(Zone::TOKYO.start_of(Zone::TOKYO.day(next)), next);
    }

    #[test]
    fn the_year_one_is_refused() {
        assert!("0001-01-01T00:00:00Z".parse::<Timestamp>().is_err());
        assert!("2026-11-13T09:00:00+09:00".parse::<Timestamp>().is_ok());
    }

    #[test]
    fn days_and_months() {
        let day: Day = "2026-11-13".parse().unwrap();
        assert_eq!(day.month(), "2026-11");
        assert_eq!(day.month_start().to_string(), "2026-11-01");
        assert_eq!(day.plus(28).to_string(), "2026-12-11");
        assert_eq!("1970-01-01".parse::<Day>().unwrap(), Day(0));
    }
}
