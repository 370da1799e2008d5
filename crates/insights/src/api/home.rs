//! ホーム on the wire.

use super::months::{F2CohortView, f2_cohorts};
use crate::{BiggestDay, Finding, FindingKind, Home, Pair, People, Period, Week, findings::Growth};
use customers::{list::MoneyView, phrase::PhraseValue};
use segments::tree::SegmentTree;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{Array, ArrayBuilder, Ref},
};
use vocabulary::{Currency, Day};

/// What changed, why, and what stands out.
#[derive(Serialize, ToSchema)]
pub(super) struct HomeView {
    period: PeriodView,
    before: PeriodView,
    /// Sales of orders.
    sales: MoneyPairView,
    orders: PairView,
    /// Sales ÷ orders.
    average_order: MoneyPairView,
    /// (orders now − orders before) × average order before.
    effect_of_orders: MoneyView,
    /// The rest: (average now − average before) × orders now.
    effect_of_average: MoneyView,
    refunds: RefundsView,
    buyers: BuyersView,
    /// A day that sold at least twice what a day of its period sells.
    biggest_day: Option<BiggestDayView>,
    /// 26 weeks of seven days that end today, the oldest first.
    weekly: Vec<WeekView>,
    f2: HomeF2View,
    /// The largest in money first.
    findings: Vec<FindingView>,
    /// Rows of the list of campaigns.
    #[schema(schema_with = campaign_rows)]
    campaigns: Vec<Value>,
}

/// Local days, both ends included.
#[derive(Serialize, ToSchema)]
struct PeriodView {
    #[schema(value_type = String, format = Date)]
    from: Day,
    #[schema(value_type = String, format = Date)]
    to: Day,
}

/// An amount of the period and of the one before.
#[derive(Serialize, ToSchema)]
struct MoneyPairView {
    now: MoneyView,
    before: MoneyView,
    /// now ÷ before − 1; nought where there was nothing before.
    change: f64,
}

/// A number of the period and of the one before.
#[derive(Serialize, ToSchema)]
struct PairView {
    now: i64,
    before: i64,
    /// now ÷ before − 1; nought where there was nothing before.
    change: f64,
}

/// What was given back, below nought.
#[derive(Serialize, ToSchema)]
struct RefundsView {
    now: MoneyView,
    before: MoneyView,
}

/// People who ordered.
#[derive(Serialize, ToSchema)]
struct BuyersView {
    now: i64,
    before: i64,
    change: f64,
    /// Those who ordered for the first time.
    first: i64,
    first_before: i64,
    /// Leads to the people of the period.
    people: String,
}

#[derive(Serialize, ToSchema)]
struct BiggestDayView {
    #[schema(value_type = String, format = Date)]
    day: Day,
    amount: MoneyView,
    /// Of which of the two periods.
    #[serde(rename = "in")]
    #[schema(value_type = PeriodName)]
    within: &'static str,
}

/// The period, or the one before.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names")]
enum PeriodName {
    Now,
    Before,
}

#[derive(Serialize, ToSchema)]
struct WeekView {
    /// The first of its seven days.
    #[schema(value_type = String, format = Date)]
    week: Day,
    orders: i64,
    /// Minor units of the reporting currency.
    average_order: i64,
    buyers: i64,
}

#[derive(Serialize, ToSchema)]
struct HomeF2View {
    cohorts: Vec<F2CohortView>,
}

/// What stands out.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the codes of `FindingKind`")]
enum FindingCode {
    RegularsAway,
    GrowthFromRegulars,
    GrowthFromNew,
    OneTimeLapsed,
}

/// Something that stands out.
#[derive(Serialize, ToSchema)]
struct FindingView {
    #[schema(value_type = FindingCode)]
    code: &'static str,
    /// People; for growth how many more.
    count: i64,
    /// The values of its sentence.
    #[schema(value_type = std::collections::BTreeMap<String, PhraseValue>)]
    params: Map<String, Value>,
    /// Leads to its people.
    people: String,
    /// The same people as a segment, where the language of segments can say it.
    segment: Option<SegmentTree>,
}

/// Campaigns live above insights, and so does what their rows are.
fn campaign_rows() -> Array {
    ArrayBuilder::new().items(Ref::from_schema_name("CampaignRowView")).build()
}

impl HomeView {
    pub(super) fn of(home: &Home, currency: Currency, campaigns: Vec<Value>) -> Self {
        let money = |minor| MoneyView::new(minor, currency);
        Self {
            period: home.period.into(),
            before: home.period.before().into(),
            sales: MoneyPairView::of(home.sales, currency),
            orders: PairView { now: home.orders.now, before: home.orders.before, change: home.orders.change() },
            average_order: MoneyPairView::of(home.average_order(), currency),
            effect_of_orders: money(home.effect_of_orders()),
            effect_of_average: money(home.effect_of_average()),
            refunds: RefundsView { now: money(home.refunds.now), before: money(home.refunds.before) },
            buyers: BuyersView::of(home),
            biggest_day: home.biggest_day.map(|day| BiggestDayView::of(day, currency)),
            weekly: home.weeks.iter().map(WeekView::of).collect(),
            f2: HomeF2View { cohorts: f2_cohorts(&home.second_orders).collect() },
            findings: home.findings.iter().map(|finding| FindingView::of(finding, currency)).collect(),
            campaigns,
        }
    }
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        Self { from: period.from, to: period.to }
    }
}

impl MoneyPairView {
    fn of(pair: Pair, currency: Currency) -> Self {
        let money = |minor| MoneyView::new(minor, currency);
        Self { now: money(pair.now), before: money(pair.before), change: pair.change() }
    }
}

impl BuyersView {
    fn of(home: &Home) -> Self {
        let Period { from, to } = home.period;
        Self {
            now: home.buyers.now,
            before: home.buyers.before,
            change: home.buyers.change(),
            first: home.first.now,
            first_before: home.first.before,
            people: People::Buyers { from, to, first_from: None, first_to: None }.reference(),
        }
    }
}

impl BiggestDayView {
    fn of(day: BiggestDay, currency: Currency) -> Self {
        let within = if day.is_now { "now" } else { "before" };
        Self { day: day.day, amount: MoneyView::new(day.sales, currency), within }
    }
}

impl WeekView {
    fn of(week: &Week) -> Self {
        Self { week: week.from, orders: week.orders, average_order: week.average_order, buyers: week.buyers }
    }
}

impl FindingView {
    fn of(finding: &Finding, currency: Currency) -> Self {
        Self {
            code: finding.kind.code(),
            count: finding.count,
            params: params(&finding.kind, currency),
            people: finding.people.reference(),
            segment: finding.segment.clone(),
        }
    }
}

fn params(kind: &FindingKind, currency: Currency) -> Map<String, Value> {
    let money = |minor: i64| json!({ "minor": minor, "currency": currency });
    let values = match kind {
        FindingKind::RegularsAway { orders_min, days, sales, share } => {
            json!({ "orders_min": orders_min, "days": days, "sales": money(*sales), "share": share })
        }
        FindingKind::GrowthFromRegulars(growth) | FindingKind::GrowthFromNew(growth) => {
            let Growth { regulars, first } = growth;
            json!({
                "regulars": regulars.now, "regulars_before": regulars.before,
                "first": first.now, "first_before": first.before,
            })
        }
        FindingKind::OneTimeLapsed { days, more, before } => json!({ "days": days, "more": more, "before": before }),
    };
    match values {
        Value::Object(values) => values,
        _ => Map::new(),
    }
}
