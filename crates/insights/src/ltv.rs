//! LTV so far: what a person has brought, by month of the first order and months since.
//!
//! Sales after refunds, not profit, and nothing is predicted: the sum up to a month ÷ the people of the cohort.

use crate::{Cohort, Cohorts, Figures, InsightsError, Month, buyers::average};
use std::sync::Arc;

/// One cohort's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LtvCohort {
    /// The month of the first order.
    pub month: Month,
    /// How many people.
    pub size: i64,
    /// The first month of the data.
    pub is_import_start: bool,
    /// Sales after refunds a person, from the first order to the end of each month.
    pub points: Vec<i64>,
}

/// What people have brought so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ltv {
    /// By cohort, the oldest first.
    pub cohorts: Vec<LtvCohort>,
    /// The cohorts that this is made of.
    pub source: Arc<Cohorts>,
    /// Everyone who ordered.
    pub people: i64,
    /// What each of them brought on average.
    pub ltv: i64,
}

fn points(cohort: &Cohort) -> Vec<i64> {
    let mut sum = cohort.sales_before;
    let point = |sales: i64| {
        sum += sales;
        average(sum, cohort.size)
    };
    cohort.cells.iter().map(|cell| cell.sales).map(point).collect()
}

impl Figures {
    /// LTV so far, today.
    pub async fn ltv(&self) -> Result<Ltv, InsightsError> {
        let (source, buyers) = (self.cohorts().await?, self.buyers(self.today()).await?);
        let way = |cohort: &Cohort| LtvCohort {
            month: cohort.month,
            size: cohort.size,
            is_import_start: cohort.is_import_start,
            points: points(cohort),
        };
        let cohorts = source.months.iter().map(way).collect();
        let people = buyers.count();
        Ok(Ltv { cohorts, source, people, ltv: average(buyers.sales(), people) })
    }
}
