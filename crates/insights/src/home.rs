//! ホーム: sales of the last days against as many before, taken apart, and what stands out.
//!
//! Sales here are those of orders; what was given back in the same days is told beside them, since it mostly belongs to
//! earlier orders.

use crate::{
    Buyers, Figures, Finding, InsightsError, SecondOrders,
    buyers::{average, share},
    cache::Question,
    findings,
    sql::{self, DayTotals},
};
use std::sync::Arc;
use vocabulary::Day;

/// Weeks that the small lines show.
const WEEKS: i32 = 26;
/// Longest period.
pub(crate) const DAYS_MAX: i64 = 366;
/// A day is told of when it sold this many times what a day with sales of its period sold on average.
const BIG_DAY: i64 = 2;

/// Local days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Period {
    /// The `days` local days that end with `to`.
    pub fn ending(to: Day, days: i32) -> Self {
        Self { from: to.plus(1 - days), to }
    }
    /// As many days, just before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::ending(self.from.plus(-1), self.to.since(self.from) + 1)
    }
    /// Whether a day lies in it.
    pub fn holds(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// A figure of the period, and of the one before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair {
    /// In the period.
    pub now: i64,
    /// In as many days before.
    pub before: i64,
}

impl Pair {
    /// `now / before − 1`; nought where there was nothing before.
    pub fn change(self) -> f64 {
        share(self.now - self.before, self.before)
    }
}

/// The day that sold most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BiggestDay {
    /// Which day.
    pub day: Day,
    /// What it sold.
    pub sales: i64,
    /// Whether it lies in the period (and not in the one before).
    pub is_now: bool,
}

/// Seven days of the small lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week {
    /// Its first day.
    pub from: Day,
    /// Orders.
    pub orders: i64,
    /// Sales ÷ orders.
    pub average_order: i64,
    /// People who ordered.
    pub buyers: i64,
}

/// What ホーム tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// The period.
    pub period: Period,
    /// Sales of orders.
    pub sales: Pair,
    /// Orders.
    pub orders: Pair,
    /// What was given back, below nought.
    pub refunds: Pair,
    /// People who ordered.
    pub buyers: Pair,
    /// People who ordered for the first time.
    pub first: Pair,
    /// A day that stands out, if one does.
    pub biggest_day: Option<BiggestDay>,
    /// The last 26 weeks, the oldest first.
    pub weeks: Vec<Week>,
    /// F2転換率 by month.
    pub second_orders: Arc<SecondOrders>,
    /// What stands out, the largest in money first.
    pub findings: Vec<Finding>,
}

impl Home {
    /// Sales ÷ orders.
    pub fn average_order(&self) -> Pair {
        Pair { now: average(self.sales.now, self.orders.now), before: average(self.sales.before, self.orders.before) }
    }

    /// What the other number of orders brought at the average order of before:
    /// `(orders now − orders before) × sales before ÷ orders before`.
    pub fn effect_of_orders(&self) -> i64 {
        effect_of_orders(self.sales, self.orders)
    }

    /// What the other average order brought over the orders of now, `(average now − average before) × orders now`:
    /// all the rest, so that both effects add up to the change of sales to the last yen.
    pub fn effect_of_average(&self) -> i64 {
        self.sales.now - self.sales.before - self.effect_of_orders()
    }
}

fn effect_of_orders(sales: Pair, orders: Pair) -> i64 {
    if orders.before == 0 {
        return sales.now - sales.before;
    }
    let product = i128::from(orders.now - orders.before) * i128::from(sales.before);
    let (count, sign) = (i128::from(orders.before), product.signum());
    i64::try_from((2 * product.abs() + count) / (2 * count) * sign).unwrap_or(0)
}

/// What the questions to the history brought.
struct Known {
    days: Vec<DayTotals>,
    buyers_before: i64,
    weekly: Vec<(i64, i64)>,
    buyers: Arc<Buyers>,
    second_orders: Arc<SecondOrders>,
}

impl Known {
    fn home(&self, period: Period) -> Home {
        let before = period.before();
        let first_in = |period: Period| self.buyers.first_between(period.from, period.to);
        let buyers_now = self.buyers.people.iter().filter(|buyer| period.holds(buyer.last_day)).count();
        let mut home = Home {
            period,
            sales: self.sum(period, |day| day.sales),
            orders: self.sum(period, |day| day.orders),
            refunds: self.sum(period, |day| day.refunds),
            buyers: Pair { now: crate::buyers::count(buyers_now), before: self.buyers_before },
            first: Pair { now: first_in(period), before: first_in(before) },
            biggest_day: self.biggest_day(period),
            weeks: self.weeks(period.to),
            second_orders: self.second_orders.clone(),
            findings: Vec::new(),
        };
        home.findings = findings::find(&self.buyers, &home);
        home
    }

    fn days_of(&self, period: Period) -> impl Iterator<Item = &DayTotals> {
        self.days.iter().filter(move |day| period.holds(day.day))
    }

    fn sum(&self, period: Period, part: impl Fn(&DayTotals) -> i64) -> Pair {
        let sum = |period| self.days_of(period).map(&part).sum();
        Pair { now: sum(period), before: sum(period.before()) }
    }

    fn biggest_day(&self, period: Period) -> Option<BiggestDay> {
        let biggest = |period: Period, is_now| {
            let selling = || self.days_of(period).filter(|day| day.sales > 0);
            let (day, count) = (selling().max_by_key(|day| day.sales)?, crate::buyers::count(selling().count()));
            let usual = average(selling().map(|day| day.sales).sum(), count);
            (day.sales >= BIG_DAY * usual && count > 1).then_some(BiggestDay { day: day.day, sales: day.sales, is_now })
        };
        [biggest(period, true), biggest(period.before(), false)].into_iter().flatten().max_by_key(|day| day.sales)
    }

    fn weeks(&self, to: Day) -> Vec<Week> {
        let week = |weeks_ago: i32| {
            let period = Period::ending(to.plus(-7 * weeks_ago), 7);
            let orders = self.days_of(period).map(|day| day.orders).sum();
            let sales = self.days_of(period).map(|day| day.sales).sum();
            let buyers =
                self.weekly.iter().find(|(ago, _)| *ago == i64::from(weeks_ago)).map_or(0, |(_, people)| *people);
            Week { from: period.from, orders, average_order: average(sales, orders), buyers }
        };
        (0..WEEKS).rev().map(week).collect()
    }
}

impl Figures {
    /// ホーム for the last `days` local days.
    pub async fn home(&self, days: i64) -> Result<Arc<Home>, InsightsError> {
        let is_fit = (1..=DAYS_MAX).contains(&days);
        let fit = i32::try_from(days).ok().filter(|_| is_fit);
        let period = Period::ending(self.today(), fit.ok_or(InsightsError::Days { days, most: DAYS_MAX })?);
        let figures = self.clone();
        let compute = move || async move { Ok(figures.known(period).await?.home(period)) };
        self.pages.get(Question::new("home", period.to).with(days), self.position(), compute).await
    }

    async fn known(&self, period: Period) -> Result<Known, InsightsError> {
        let (history, before) = (self.history.as_ref(), period.before());
        let weeks = Period::ending(period.to, 7 * WEEKS);
        let (days, buyers_before, weekly, buyers, second_orders) = tokio::try_join!(
            sql::days(history, weeks.from.min(before.from), period.to),
            sql::buyers_between(history, before.from, before.to),
            sql::weekly_buyers(history, weeks.from, weeks.to),
            self.buyers(period.to),
            self.second_orders(),
        )?;
        Ok(Known { days, buyers_before, weekly, buyers, second_orders })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_period_before_is_as_long_and_ends_the_day_before() {
        let period = Period::ending(Day(100), 28);
        assert_eq!((period.from, period.before()), (Day(73), Period { from: Day(45), to: Day(72) }));
    }

    #[test]
    fn the_number_of_orders_is_weighed_with_the_average_of_before() {
        let pair = |now, before| Pair { now, before };
        assert_eq!(effect_of_orders(pair(151_791_759, 149_827_796), pair(2_001, 1_767)), 19_841_372);
        assert_eq!(effect_of_orders(pair(500, 0), pair(2, 0)), 500, "nothing before: all of it is new orders");
        assert_eq!(effect_of_orders(pair(0, 500), pair(0, 2)), -500);
    }

    proptest! {
        #[test]
        fn without_a_change_of_the_average_all_of_it_comes_from_the_orders(orders in 1_i64..9_999, more in -500_i64..500, price in 0_i64..99_999) {
            let now = (orders + more).max(0);
            let sales = Pair { now: now * price, before: orders * price };
            prop_assert_eq!(effect_of_orders(sales, Pair { now, before: orders }), sales.now - sales.before);
        }
    }
}
