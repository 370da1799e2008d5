//! The rhythm of a person's orders: how often they usually come, and how late they are now.
//!
//! "Usually" is the median of the days between two orders on different days; it needs three such days.

use vocabulary::Day;

/// Days with orders that are needed to speak of a rhythm.
const DAYS_MIN: usize = 3;

/// 「いつもは15日ごと。今回は52日あいています（37日おそい）」.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Median days between two orders.
    pub usual_days: i32,
    /// Days since the last order.
    pub open_days: i32,
    /// Days beyond the usual; nought while the next order is not due.
    pub late_days: i32,
    /// The day on which the next order would come by the rhythm.
    pub expected_on: Day,
}

/// The rhythm of these order days, in any order.
pub fn rhythm(days: impl IntoIterator<Item = Day>, today: Day) -> Option<Rhythm> {
    let mut days: Vec<Day> = days.into_iter().collect();
    days.sort_unstable();
    days.dedup();
    if days.len() < DAYS_MIN {
        return None;
    }
    let mut gaps: Vec<i32> = days.windows(2).map(|pair| pair[1].since(pair[0])).collect();
    gaps.sort_unstable();
    let (low, high) = (gaps[(gaps.len() - 1) / 2], gaps[gaps.len() / 2]);
    let (usual_days, last) = ((low + high) / 2, *days.last()?);
    let open_days = today.since(last);
    Some(Rhythm {
        usual_days,
        open_days,
        late_days: (open_days - usual_days).max(0),
        expected_on: last.plus(usual_days),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_median_of_the_gaps_is_the_usual() {
        let found = rhythm([0, 10, 20, 50, 50].map(Day), Day(75)).unwrap();
        assert_eq!((found.usual_days, found.open_days, found.late_days, found.expected_on), (10, 25, 15, Day(60)));
    }

    #[test]
    fn two_days_make_no_rhythm_and_nobody_is_late_early() {
        assert_eq!(rhythm([0, 10].map(Day), Day(75)), None);
        assert_eq!(rhythm([0, 10, 20].map(Day), Day(22)).unwrap().late_days, 0);
    }
}
