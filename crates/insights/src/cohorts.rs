//! Monthly cohorts: people by the local month of their first order, and what they did in each month after.
//!
//! The first month of the data holds customers of earlier years too (`is_import_start`) and stays out of averages. The
//! present month is not over, so its cells are not complete.

use crate::{
    Figures, InsightsError, Month,
    cache::Question,
    sql::{self, CohortMonth},
};
use std::{collections::BTreeMap, sync::Arc};
use vocabulary::Day;

/// Cohorts that are told of, the latest ones.
pub(crate) const COHORTS_MAX: usize = 36;

/// What a cohort did in one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CohortCell {
    /// How many of them ordered.
    pub buyers: i64,
    /// What they bought, after refunds.
    pub sales: i64,
}

/// The people whose first order was in the same month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The month of the first order.
    pub month: Month,
    /// How many they are.
    pub size: i64,
    /// The first month of the data.
    pub is_import_start: bool,
    /// What was given back before the first order that is known.
    pub sales_before: i64,
    /// Month by month, the first month itself at 0, up to the present month.
    pub cells: Vec<CohortCell>,
}

/// All cohorts, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohorts {
    /// As of which day.
    pub as_of: Day,
    /// The cohorts.
    pub months: Vec<Cohort>,
}

impl Cohorts {
    fn of(cells: &[CohortMonth], as_of: Day) -> Self {
        let present = Month::of(as_of);
        let mut months: BTreeMap<Month, Cohort> = BTreeMap::new();
        let import_start = cells.iter().map(|cell| cell.first).min();
        for cell in cells {
            let cohort = months.entry(cell.first).or_insert_with(|| Cohort::new(cell.first, present, import_start));
            cohort.add(cell);
        }
        let mut months: Vec<Cohort> = months.into_values().collect();
        months.drain(..months.len().saturating_sub(COHORTS_MAX));
        Self { as_of, months }
    }

    /// Whether a month is over: what happens later changes nothing in it.
    pub fn is_complete(&self, month: Month) -> bool {
        month < Month::of(self.as_of)
    }
}

impl Cohort {
    fn new(month: Month, present: Month, import_start: Option<Month>) -> Self {
        let months = usize::try_from(present.0 - month.0).unwrap_or(0) + 1;
        let is_import_start = Some(month) == import_start;
        Self { month, size: 0, is_import_start, sales_before: 0, cells: vec![CohortCell::default(); months] }
    }

    fn add(&mut self, cell: &CohortMonth) {
        match usize::try_from(cell.month.0 - self.month.0) {
            Ok(offset) => {
                if let Some(place) = self.cells.get_mut(offset) {
                    *place = CohortCell { buyers: cell.buyers, sales: cell.sales };
                }
                // Everybody in a cohort ordered in its month: that is what puts them there.
                self.size = if offset == 0 { cell.buyers } else { self.size };
            }
            Err(_) => self.sales_before += cell.sales,
        }
    }
}

impl Figures {
    /// All cohorts, today.
    pub async fn cohorts(&self) -> Result<Arc<Cohorts>, InsightsError> {
        let (history, today) = (self.history.clone(), self.today());
        let compute =
            move || async move { Ok(Cohorts::of(&sql::cohort_months(history.as_ref(), today).await?, today)) };
        self.pages.get(Question::new("cohorts", today), self.position(), compute).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cohort_has_a_cell_for_each_month_up_to_the_present_one() {
        let as_of: Day = "2026-11-13".parse().unwrap();
        let month = |text| Month::read(text).unwrap();
        let cell =
            |first, month_of, buyers, sales| CohortMonth { first: month(first), month: month(month_of), buyers, sales };
        let cells = [
            cell("2026-09", "2026-09", 5, 500),
            cell("2026-09", "2026-11", 2, 100),
            cell("2026-11", "2026-11", 1, 30),
            cell("2026-11", "2026-10", 0, -7),
        ];
        let cohorts = Cohorts::of(&cells, as_of);
        let [september, november] = &cohorts.months[..] else { panic!("two cohorts") };
        assert_eq!(september.cells.iter().map(|cell| cell.buyers).collect::<Vec<_>>(), [5, 0, 2]);
        assert_eq!((september.size, september.is_import_start), (5, true));
        assert_eq!((november.size, november.is_import_start, november.sales_before), (1, false, -7));
        assert!(cohorts.is_complete(month("2026-10")) && !cohorts.is_complete(month("2026-11")));
    }
}
