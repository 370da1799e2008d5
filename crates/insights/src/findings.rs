//! 気づき: pure rules that say what stands out and whom it is about, the largest in money first.
//!
//! Size: what people who stay away have bought so far; what additional buyers brought at the period's average; what
//! additional one-time buyers bought at their average.

use crate::{
    Buyers, Home, Pair, People, Period,
    buyers::{average, share},
};
use segments::tree::{Bound, Comparison, EventName, SegmentTree, Window};
use vocabulary::Day;

/// A regular has ordered this often or more.
const REGULAR_ORDERS: u32 = 3;
/// A regular stays away when the last order is more days back than this.
const AWAY_DAYS: i32 = 60;
/// Somebody who ordered once is gone when that is more days back than this.
const LAPSED_DAYS: i32 = 180;

/// What stands out.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingKind {
    /// People who ordered often stay away.
    RegularsAway {
        /// Orders from which on somebody is a regular.
        orders_min: u32,
        /// Days after which they stay away.
        days: i32,
        /// What they bought so far.
        sales: i64,
        /// That as a part of all sales so far.
        share: f64,
    },
    /// More orders, mostly by people who had ordered before.
    GrowthFromRegulars(Growth),
    /// More orders, mostly by people who had not.
    GrowthFromNew(Growth),
    /// More people than 90 days ago who ordered once and not again.
    OneTimeLapsed {
        /// Days after which they are gone.
        days: i32,
        /// How many more than 90 days ago.
        more: i64,
        /// How many 90 days ago.
        before: i64,
    },
}

/// Who ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growth {
    /// People who had ordered before the period.
    pub regulars: Pair,
    /// People who had not.
    pub first: Pair,
}

/// A finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it says.
    pub kind: FindingKind,
    /// How many people; for growth how many more.
    pub count: i64,
    /// Its size in money, by which findings are sorted.
    pub size: i64,
    /// Whom it is about.
    pub people: People,
    /// The same people as a segment, where the language of segments can say it.
    pub segment: Option<SegmentTree>,
}

/// All findings, the largest first.
pub(crate) fn find(buyers: &Buyers, home: &Home) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        [regulars_away(buyers), growth(home), one_time_lapsed(buyers)].into_iter().flatten().collect();
    found.sort_by_key(|finding| std::cmp::Reverse(finding.size));
    found
}

fn regulars_away(buyers: &Buyers) -> Option<Finding> {
    let is_away = |orders: u32, last: Day, on: Day| orders >= REGULAR_ORDERS && on.since(last) > AWAY_DAYS;
    let away = || buyers.people.iter().filter(|buyer| is_away(buyer.orders, buyer.last_day, buyers.today));
    let (count, sales) = (crate::buyers::count(away().count()), away().map(|buyer| buyer.sales).sum());
    let kind = FindingKind::RegularsAway {
        orders_min: REGULAR_ORDERS,
        days: AWAY_DAYS,
        sales,
        share: share(sales, buyers.sales()),
    };
    let (people, segment) = not_since(buyers.today, AWAY_DAYS, (REGULAR_ORDERS, None));
    (count > 0).then_some(Finding { kind, count, size: sales, people, segment: Some(segment) })
}

fn growth(home: &Home) -> Option<Finding> {
    let (buyers, first) = (home.buyers, home.first);
    let regulars = Pair { now: buyers.now - first.now, before: buyers.before - first.before };
    let (more_regulars, more_first) = (regulars.now - regulars.before, first.now - first.before);
    let is_from_regulars = more_regulars > more_first;
    let count = more_regulars.max(more_first);
    let growth = Growth { regulars, first };
    let Period { from, to } = home.period;
    let (kind, first) = if is_from_regulars {
        (FindingKind::GrowthFromRegulars(growth), (None, Some(from.plus(-1))))
    } else {
        (FindingKind::GrowthFromNew(growth), (Some(from), Some(to)))
    };
    let people = People::Buyers { from, to, first_from: first.0, first_to: first.1 };
    let size = count.saturating_mul(average(home.sales.now, buyers.now));
    let has_grown = home.orders.now > home.orders.before && count > 0;
    has_grown.then_some(Finding { kind, count, size, people, segment: None })
}

fn one_time_lapsed(buyers: &Buyers) -> Option<Finding> {
    let is_gone = |orders: u32, last: Day, on: Day| orders == 1 && on.since(last) > LAPSED_DAYS;
    let gone = || buyers.people.iter().filter(|buyer| is_gone(buyer.orders, buyer.last_day, buyers.today));
    let was_gone = |last: Option<Day>, orders| last.is_some_and(|last| is_gone(orders, last, buyers.before()));
    let before = buyers.people.iter().filter(|buyer| was_gone(buyer.last_day_before, buyer.orders_before)).count();
    let (count, before) = (crate::buyers::count(gone().count()), crate::buyers::count(before));
    let more = count - before;
    let size = more.saturating_mul(average(gone().map(|buyer| buyer.sales).sum(), count));
    let (people, segment) = not_since(buyers.today, LAPSED_DAYS, (1, Some(1)));
    let kind = FindingKind::OneTimeLapsed { days: LAPSED_DAYS, more, before };
    (more > 0).then_some(Finding { kind, count, size, people, segment: Some(segment) })
}

/// The people whose last order is more than `days` days back and who ordered from … to … times, twice said.
fn not_since(today: Day, days: i32, (from, to): (u32, Option<u32>)) -> (People, SegmentTree) {
    let mut f = vec![i64::from(from)];
    f.extend(to.map(|to| i64::from(to) + 1));
    let people = People::Rfm { as_of: today, r: vec![i64::from(days)], f, cells: vec![(1, 0)] };
    let (is, value) = match to {
        Some(to) if to == from => (Comparison::Eq, Bound::One(from.into())),
        Some(to) => (Comparison::Between, Bound::Two(from.into(), to.into())),
        None => (Comparison::Gte, Bound::One(from.into())),
    };
    let recency = SegmentTree::Recency { is: Comparison::Gte, days: Bound::One(i64::from(days) + 1) };
    let orders = SegmentTree::Count { event: EventName::Order, sku: None, window: Window::Ever, is, value };
    (people, SegmentTree::And { of: vec![recency, orders] })
}

impl FindingKind {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FindingKind::RegularsAway { .. } => "regulars_away",
            FindingKind::GrowthFromRegulars(_) => "growth_from_regulars",
            FindingKind::GrowthFromNew(_) => "growth_from_new",
            FindingKind::OneTimeLapsed { .. } => "one_time_lapsed",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::{Bands, Buyer};

    fn buyer(customer: u32, orders: u32, days_since: i32) -> Buyer {
        let last_day = Day(1_000 - days_since);
        let (last_day_before, orders_before) = if days_since >= 90 { (Some(last_day), orders) } else { (None, 0) };
        Buyer { customer, first_day: last_day, last_day, orders, sales: 100, last_day_before, orders_before }
    }

    fn shop() -> Buyers {
        let people = vec![
            buyer(1, 3, 61),
            buyer(2, 3, 60),
            buyer(3, 2, 61),
            buyer(4, 1, 181),
            buyer(5, 1, 300),
            buyer(6, 9, 400),
        ];
        Buyers { today: Day(1_000), people }
    }

    #[test]
    fn the_people_of_a_finding_are_those_that_it_counts() {
        let buyers = shop();
        for finding in [regulars_away(&buyers).unwrap(), one_time_lapsed(&buyers).unwrap()] {
            let People::Rfm { r, f, cells, .. } = finding.people else { panic!("people of a grid") };
            let people = crate::rfm::people_of(&buyers, &Bands::new(r, f).unwrap(), &cells).unwrap();
            assert_eq!(people.len(), finding.count.unsigned_abs());
            finding.segment.unwrap().check().unwrap();
        }
        let away = regulars_away(&buyers).unwrap();
        assert_eq!((away.count, away.size), (2, 200));
        let FindingKind::OneTimeLapsed { more, before, .. } = one_time_lapsed(&buyers).unwrap().kind else {
            panic!("lapsed")
        };
        assert_eq!((more, before), (1, 1), "the one of 300 days was gone 90 days ago");
    }
}
