//! F2転換率: of the people who ordered for the first time in a month, how many ordered again within 90 local days.
//!
//! A rate is told only when the 90 days of the month's last newcomer are over: a rate so far falls towards the present
//! by construction, and would be read as a trend. The first month of the data holds customers of earlier years too and
//! stays out of the average.

use crate::{Buyers, Figures, InsightsError, Month, cache::Question, cohorts::COHORTS_MAX};
use roaring::RoaringBitmap;
use std::{collections::BTreeMap, sync::Arc};
use vocabulary::Day;

/// Local days after the first order within which a second one counts; the last of them included.
pub(crate) const WINDOW_DAYS: i32 = 90;

/// Whether a month's rate can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CohortState {
    /// Its window is over for everybody.
    Final,
    /// Somebody may still order a second time within the window.
    Measuring,
    /// The first month of the data.
    ImportStart,
}

/// The newcomers of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondOrdersCohort {
    /// The month of the first order.
    pub month: Month,
    /// How many ordered for the first time.
    pub first: i64,
    /// How many of them ordered again within the window, so far.
    pub second: i64,
    /// Whether the rate can be told.
    pub state: CohortState,
    /// `second / first`, when it can be told.
    pub rate: Option<f64>,
}

/// The months and what they come to.
#[derive(Clone, Debug, PartialEq)]
pub struct SecondOrders {
    /// As of which day.
    pub as_of: Day,
    /// The window in local days.
    pub window_days: i32,
    /// The months with newcomers, the oldest first.
    pub cohorts: Vec<SecondOrdersCohort>,
    /// Newcomers of the months that are final.
    pub first: i64,
    /// Those of them who ordered again.
    pub second: i64,
}

/// What is counted of a month.
#[derive(Clone, Copy)]
struct Tally {
    first: i64,
    second: i64,
    last_first_day: Day,
}

impl SecondOrders {
    fn of(buyers: &Buyers, again: &RoaringBitmap, window_days: i32) -> Self {
        let mut months: BTreeMap<Month, Tally> = BTreeMap::new();
        for buyer in &buyers.people {
            let day = buyer.first_day;
            let tally = months.entry(Month::of(day)).or_insert(Tally { first: 0, second: 0, last_first_day: day });
            tally.first += 1;
            tally.second += i64::from(again.contains(buyer.customer));
            tally.last_first_day = tally.last_first_day.max(day);
        }
        let import_start = months.keys().next().copied();
        let cohort = |(month, tally)| cohort(month, tally, import_start, buyers.today, window_days);
        let mut cohorts: Vec<SecondOrdersCohort> = months.into_iter().map(cohort).collect();
        cohorts.drain(..cohorts.len().saturating_sub(COHORTS_MAX));
        let finals = || cohorts.iter().filter(|cohort| cohort.state == CohortState::Final);
        let (first, second) = (finals().map(|cohort| cohort.first).sum(), finals().map(|cohort| cohort.second).sum());
        Self { as_of: buyers.today, window_days, first, second, cohorts }
    }

    /// The rate over all final months; nought when there is none.
    pub fn rate(&self) -> f64 {
        crate::buyers::share(self.second, self.first)
    }
}

fn cohort(month: Month, tally: Tally, import_start: Option<Month>, today: Day, window_days: i32) -> SecondOrdersCohort {
    // On the window's last day a second order may still come.
    let is_over = today.since(tally.last_first_day) > window_days;
    let state = match is_over {
        _ if Some(month) == import_start => CohortState::ImportStart,
        true => CohortState::Final,
        false => CohortState::Measuring,
    };
    let rate = is_over.then(|| crate::buyers::share(tally.second, tally.first));
    SecondOrdersCohort { month, first: tally.first, second: tally.second, state, rate }
}

impl Figures {
    /// Second orders by month, today.
    pub async fn second_orders(&self) -> Result<Arc<SecondOrders>, InsightsError> {
        let (figures, today) = (self.clone(), self.today());
        let compute = move || async move {
            let (buyers, again) = tokio::try_join!(figures.buyers(today), figures.second_buyers(today, WINDOW_DAYS))?;
            Ok(SecondOrders::of(&buyers, &again, WINDOW_DAYS))
        };
        self.pages.get(Question::new("second_orders", today), self.position(), compute).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(last_first_day: i32, today: i32) -> (CohortState, Option<f64>) {
        let tally = Tally { first: 4, second: 1, last_first_day: Day(last_first_day) };
        let cohort = cohort(Month(1), tally, Some(Month(0)), Day(today), WINDOW_DAYS);
        (cohort.state, cohort.rate)
    }

    #[test]
    fn a_month_is_measured_until_the_window_of_its_last_newcomer_is_over() {
        assert_eq!(state(1_000, 1_090), (CohortState::Measuring, None));
        assert_eq!(state(1_000, 1_091), (CohortState::Final, Some(0.25)));
    }
}
