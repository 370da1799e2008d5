//! Everyone who ever ordered, one row a person: what RFM, findings and most people of figures are made of.
//!
//! Asked of the history once for a position and a day, and kept; any bands are then counted in memory.

use roaring::RoaringBitmap;
use vocabulary::Day;

/// How far back RFM looks for what has changed.
pub const BEFORE_DAYS: i32 = 90;

/// Somebody who ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// Dense number of the person.
    pub customer: u32,
    /// Local day of the first order.
    pub first_day: Day,
    /// Local day of the last order.
    pub last_day: Day,
    /// Number of orders (F).
    pub orders: u32,
    /// Sales after refunds, in minor units of the reporting currency (M).
    pub sales: i64,
    /// Local day of the last order as it was [`BEFORE_DAYS`] ago.
    pub last_day_before: Option<Day>,
    /// Number of orders as it was [`BEFORE_DAYS`] ago.
    pub orders_before: u32,
}

/// All buyers as of a local day.
#[derive(Clone, Debug)]
pub struct Buyers {
    /// As of which day.
    pub today: Day,
    /// The buyers, in no order.
    pub people: Vec<Buyer>,
}

impl Buyer {
    /// Local days since the last order (R).
    pub fn days_since(&self, today: Day) -> i32 {
        today.since(self.last_day)
    }
}

impl Buyers {
    /// The day with which RFM compares.
    pub fn before(&self) -> Day {
        self.today.plus(-BEFORE_DAYS)
    }
    /// How many there are.
    pub fn count(&self) -> i64 {
        count(self.people.len())
    }
    /// What all of them bought after refunds.
    pub fn sales(&self) -> i64 {
        self.people.iter().map(|buyer| buyer.sales).sum()
    }
    /// How many ordered for the first time in these days, both included.
    pub fn first_between(&self, from: Day, to: Day) -> i64 {
        count(self.people.iter().filter(|buyer| (from..=to).contains(&buyer.first_day)).count())
    }
    /// The people for whom this holds.
    pub fn those(&self, mut holds: impl FnMut(&Buyer) -> bool) -> RoaringBitmap {
        let mut people: Vec<u32> =
            self.people.iter().filter(|buyer| holds(buyer)).map(|buyer| buyer.customer).collect();
        people.sort_unstable();
        people.into_iter().collect()
    }
    /// The day of the very first order.
    pub fn first_day(&self) -> Option<Day> {
        self.people.iter().map(|buyer| buyer.first_day).min()
    }
}

/// A number of things as it goes over the wire.
pub(crate) fn count(things: usize) -> i64 {
    i64::try_from(things).unwrap_or(i64::MAX)
}

/// A part of a whole; nought of nothing.
pub(crate) fn share(part: i64, whole: i64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// `sum / count`, rounded half away from nought; nought of nothing.
pub(crate) fn average(sum: i64, count: i64) -> i64 {
    if count <= 0 {
        return 0;
    }
    let (sum, count) = (i128::from(sum), i128::from(count));
    let rounded = (2 * sum.abs() + count) / (2 * count) * sum.signum();
    i64::try_from(rounded).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_round_to_the_nearest() {
        assert_eq!([average(7, 2), average(-7, 2), average(10, 3), average(0, 5), average(5, 0)], [4, -4, 3, 0, 0]);
    }
}
