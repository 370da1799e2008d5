//! Local months: the months of the shop's calendar, counted.

use chrono::{Datelike, NaiveDate};
use std::fmt;
use vocabulary::Day;

/// A local month, as months since January of year 0. On the wire `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(pub i32);

impl Month {
    /// The month that a local day lies in.
    pub fn of(day: Day) -> Self {
        let date = day.date();
        Self(date.year() * 12 + i32::try_from(date.month0()).unwrap_or(0))
    }
    /// Reads `2026-11`.
    pub fn read(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let (year, month): (i32, i32) = (year.parse().ok()?, month.parse().ok()?);
        (1..=12).contains(&month).then_some(Self(year * 12 + month - 1))
    }
    /// So many months later.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }
    /// Its first day.
    pub fn first_day(self) -> Day {
        let month = u32::try_from(self.0.rem_euclid(12)).unwrap_or(0) + 1;
        Day::from_date(NaiveDate::from_ymd_opt(self.0.div_euclid(12), month, 1).unwrap_or_default())
    }
    /// Its last day.
    pub fn last_day(self) -> Day {
        self.plus(1).first_day().plus(-1)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.0.div_euclid(12), self.0.rem_euclid(12) + 1)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_month_begins_and_ends_on_its_days() {
        let month = Month::of("2028-02-10".parse().unwrap());
        assert_eq!(month.to_string(), "2028-02");
        assert_eq!(Month::read("2028-02"), Some(month));
        assert_eq!(
            (month.first_day().to_string(), month.last_day().to_string()),
            ("2028-02-01".into(), "2028-02-29".into())
        );
        assert_eq!(month.plus(11).to_string(), "2029-01");
        assert_eq!(Month::read("2028-13"), None);
    }
}
