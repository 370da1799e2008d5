//! Deciles, cohorts, second orders and LTV on the wire.

use crate::{
    Cohort, CohortState, Cohorts, Decile, Deciles, Ltv, LtvCohort, Month, People, SecondOrders, SecondOrdersCohort,
    buyers::share,
};
use customers::list::MoneyView;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{Currency, Day};

/// The buyers of a period in ten equal groups.
#[derive(Serialize, ToSchema)]
pub(super) struct DecileView {
    rows: Vec<DecileRowView>,
    total: MoneyView,
}

#[derive(Serialize, ToSchema)]
struct DecileRowView {
    /// 1 for those who bought most, to 10.
    decile: usize,
    people: i64,
    /// In the period, after refunds.
    sales: MoneyView,
    share: f64,
    cumulative: f64,
    average: MoneyView,
    /// What the last of them bought.
    from: MoneyView,
    people_ref: String,
}

impl DecileView {
    pub(super) fn of(deciles: &Deciles, currency: Currency) -> Self {
        let rows = deciles.rows.iter().map(|row| DecileRowView::of(row, deciles, currency)).collect();
        Self { rows, total: MoneyView::new(deciles.total, currency) }
    }
}

impl DecileRowView {
    fn of(row: &Decile, of: &Deciles, currency: Currency) -> Self {
        let money = |minor| MoneyView::new(minor, currency);
        Self {
            decile: row.decile,
            people: row.people,
            sales: money(row.sales),
            share: row.share,
            cumulative: row.cumulative,
            average: money(row.average),
            from: money(row.from),
            people_ref: People::Decile { as_of: of.as_of, days: of.days, decile: row.decile }.reference(),
        }
    }
}

/// People by the month of their first order.
#[derive(Serialize, ToSchema)]
pub(super) struct CohortsView {
    months: Vec<CohortView>,
}

#[derive(Serialize, ToSchema)]
struct CohortView {
    month: String,
    size: i64,
    /// Holds customers of earlier years too; left out of averages.
    is_import_start: bool,
    cells: Vec<CohortCellView>,
}

#[derive(Serialize, ToSchema)]
struct CohortCellView {
    /// Months since the first order.
    offset: usize,
    buyers: i64,
    /// buyers ÷ size.
    rate: f64,
    /// After refunds.
    sales: MoneyView,
    /// False for the present month, which is not over.
    is_complete: bool,
    people_ref: String,
}

impl CohortsView {
    pub(super) fn of(cohorts: &Cohorts, currency: Currency) -> Self {
        Self { months: cohorts.months.iter().map(|cohort| CohortView::of(cohort, cohorts, currency)).collect() }
    }
}

impl CohortView {
    fn of(cohort: &Cohort, of: &Cohorts, currency: Currency) -> Self {
        let cell = |(offset, cell): (usize, &crate::CohortCell)| {
            let month = after(cohort.month, offset);
            CohortCellView {
                offset,
                buyers: cell.buyers,
                rate: share(cell.buyers, cohort.size),
                sales: MoneyView::new(cell.sales, currency),
                is_complete: of.is_complete(month),
                people_ref: buyers_of(month, cohort.month, of.as_of).reference(),
            }
        };
        let cells = cohort.cells.iter().enumerate().map(cell).collect();
        Self { month: cohort.month.to_string(), size: cohort.size, is_import_start: cohort.is_import_start, cells }
    }
}

fn after(month: Month, offset: usize) -> Month {
    month.plus(i32::try_from(offset).unwrap_or(0))
}

/// Who ordered in `month` and for the first time in `first`.
fn buyers_of(month: Month, first: Month, as_of: Day) -> People {
    People::Buyers {
        from: month.first_day(),
        to: month.last_day().min(as_of),
        first_from: Some(first.first_day()),
        first_to: Some(first.last_day().min(as_of)),
    }
}

/// Second orders by month of the first.
#[derive(Serialize, ToSchema)]
pub(super) struct SecondOrdersView {
    /// Local days after the first order; the last of them included.
    window_days: i32,
    cohorts: Vec<SecondOrdersCohortView>,
    /// Over the months that are final.
    average: SecondOrdersAverageView,
}

/// Whether the share of a month stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CohortStateView {
    /// Everybody had 90 days.
    Final,
    /// Not everybody had 90 days yet.
    Measuring,
    /// Holds customers of earlier years too.
    ImportStart,
}

/// The newcomers of a month.
#[derive(Serialize, ToSchema)]
pub(super) struct F2CohortView {
    month: String,
    first: i64,
    second: i64,
    /// Null while it is measured.
    rate: Option<f64>,
    state: CohortStateView,
}

#[derive(Serialize, ToSchema)]
struct SecondOrdersCohortView {
    #[serde(flatten)]
    cohort: F2CohortView,
    people_first: String,
    people_second: String,
}

#[derive(Serialize, ToSchema)]
struct SecondOrdersAverageView {
    first: i64,
    second: i64,
    rate: f64,
}

pub(super) fn f2_cohorts(seconds: &SecondOrders) -> impl Iterator<Item = F2CohortView> {
    seconds.cohorts.iter().map(F2CohortView::of)
}

impl F2CohortView {
    fn of(cohort: &SecondOrdersCohort) -> Self {
        let state = match cohort.state {
            CohortState::Final => CohortStateView::Final,
            CohortState::Measuring => CohortStateView::Measuring,
            CohortState::ImportStart => CohortStateView::ImportStart,
        };
        Self { month: cohort.month.to_string(), first: cohort.first, second: cohort.second, rate: cohort.rate, state }
    }
}

impl SecondOrdersView {
    pub(super) fn of(seconds: &SecondOrders) -> Self {
        let view = |cohort: &SecondOrdersCohort| {
            let (first_from, first_to) = (cohort.month.first_day(), cohort.month.last_day().min(seconds.as_of));
            SecondOrdersCohortView {
                people_first: buyers_of(cohort.month, cohort.month, seconds.as_of).reference(),
                people_second: People::SecondBuyers { first_from, first_to, as_of: seconds.as_of }.reference(),
                cohort: F2CohortView::of(cohort),
            }
        };
        let average = SecondOrdersAverageView { first: seconds.first, second: seconds.second, rate: seconds.rate() };
        Self { window_days: seconds.window_days, cohorts: seconds.cohorts.iter().map(view).collect(), average }
    }
}

/// What people have bought so far.
#[derive(Serialize, ToSchema)]
pub(super) struct LtvView {
    cohorts: Vec<LtvCohortView>,
    all: LtvAllView,
}

#[derive(Serialize, ToSchema)]
struct LtvCohortView {
    month: String,
    size: i64,
    is_import_start: bool,
    points: Vec<LtvPointView>,
}

#[derive(Serialize, ToSchema)]
struct LtvPointView {
    /// Months since the first order.
    offset: usize,
    /// Sales after refunds a person, up to the end of that month.
    ltv: MoneyView,
    /// False for the present month, which is not over.
    is_complete: bool,
}

#[derive(Serialize, ToSchema)]
struct LtvAllView {
    people: i64,
    ltv: MoneyView,
}

impl LtvView {
    pub(super) fn of(ltv: &Ltv, currency: Currency) -> Self {
        let all = LtvAllView { people: ltv.people, ltv: MoneyView::new(ltv.ltv, currency) };
        Self {
            cohorts: ltv.cohorts.iter().map(|cohort| LtvCohortView::of(cohort, &ltv.source, currency)).collect(),
            all,
        }
    }
}

impl LtvCohortView {
    fn of(cohort: &LtvCohort, source: &Cohorts, currency: Currency) -> Self {
        let point = |(offset, ltv): (usize, &i64)| LtvPointView {
            offset,
            ltv: MoneyView::new(*ltv, currency),
            is_complete: source.is_complete(after(cohort.month, offset)),
        };
        let points = cohort.points.iter().enumerate().map(point).collect();
        Self { month: cohort.month.to_string(), size: cohort.size, is_import_start: cohort.is_import_start, points }
    }
}
