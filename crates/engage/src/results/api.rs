//! The HTTP side of results.

use super::{
    headline,
    outcome::{Counted, Outcome},
};
use crate::{
    Engage,
    campaigns::{
        CampaignError,
        campaign::{Campaign, StopReason},
        people::{Part, reference},
        sql,
    },
};
use access::{ApiResult, Caller, Path, Problem, ResultsRead};
use axum::{Json, extract::State};
use customers::list::MoneyView;
use experiments::Verdict;
use segments::one::Phrase;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{Currency, Day, id::CampaignId};

/// The routes of results.
pub(crate) fn routes() -> OpenApiRouter<Engage> {
    OpenApiRouter::new().routes(routes!(get_campaign_result))
}

/// What may be said.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum VerdictView {
    Measuring,
    TooFew,
    NoDifference,
    More,
    Less,
}

impl From<Verdict> for VerdictView {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Measuring { .. } => Self::Measuring,
            Verdict::TooFew(_) => Self::TooFew,
            Verdict::NoDifference => Self::NoDifference,
            Verdict::More => Self::More,
            Verdict::Less => Self::Less,
        }
    }
}

/// One arm, as assigned.
#[derive(Serialize, ToSchema)]
struct ArmView {
    assigned: u64,
    /// People with at least one order within the window.
    buyers: u64,
    /// Buyers by assigned, as a fraction.
    rate: f64,
    /// Sales after refunds by assigned.
    sales_per_head: MoneyView,
    /// Null for those who were held back.
    sent: Option<u64>,
    opened: Option<u64>,
    clicked: Option<u64>,
    unsubscribed: Option<u64>,
    people: String,
    buyers_people: String,
}

/// A difference treated − control with its 95 % limits.
#[derive(Serialize, ToSchema)]
struct IntervalView {
    estimate: f64,
    low: f64,
    high: f64,
}

impl From<experiments::Interval> for IntervalView {
    fn from(interval: experiments::Interval) -> Self {
        Self { estimate: interval.difference, low: interval.low, high: interval.high }
    }
}

/// The difference of sales per head, in minor units.
#[derive(Serialize, ToSchema)]
struct SalesIntervalView {
    #[serde(flatten)]
    interval: IntervalView,
    #[schema(value_type = String)]
    currency: Currency,
}

/// The harm line.
#[derive(Serialize, ToSchema)]
struct HarmView {
    unsubscribed: u64,
    /// Unsubscribed by messages, as a fraction.
    rate: f64,
    /// Of earlier campaigns; null before there are enough.
    usual: Option<f64>,
    stop_line: f64,
    complaints: u64,
    /// The line has stopped the sending.
    stopped: bool,
}

/// Shares of people who have bought up to a day.
#[derive(Serialize, ToSchema)]
struct DayView {
    day: u32,
    treated: f64,
    control: f64,
}

/// People who are not counted.
#[derive(Serialize, ToSchema)]
struct LeftOutView {
    /// Were in both arms, as a merge has shown.
    merged: u64,
}

/// What would tell more the next time.
#[derive(Serialize, ToSchema)]
struct NextView {
    holdout: f64,
}

/// What a campaign brought.
#[derive(Serialize, ToSchema)]
pub(crate) struct ResultView {
    campaign_id: String,
    name: String,
    is_simulated: bool,
    true_effect: Option<f64>,
    day_n: u32,
    window_days: u32,
    /// The day of sending.
    #[schema(value_type = String, format = Date)]
    from: Day,
    /// The last day that counts.
    #[schema(value_type = String, format = Date)]
    to: Day,
    segment_text: String,
    verdict: VerdictView,
    headline: Phrase,
    treated: ArmView,
    control: ArmView,
    /// Null before the window is over, and where it cannot be told.
    rate: Option<IntervalView>,
    sales: Option<SalesIntervalView>,
    harm: HarmView,
    daily: Vec<DayView>,
    method: String,
    left_out: LeftOutView,
    next: Option<NextView>,
    buyers_people: String,
}

/// What a campaign brought so far. No interval and no verdict before its window is over.
#[utoipa::path(get, path = "/api/campaigns/{id}/result", tag = "results", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = ResultView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["results.read"])))]
async fn get_campaign_result(
    _: Caller<ResultsRead>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<Json<ResultView>> {
    let campaign = sql::find(&engage.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
    let outcome = engage.outcome(&campaign).await?;
    Ok(Json(ResultView::of(&campaign, &outcome, engage.currency())))
}

impl ResultView {
    fn of(campaign: &Campaign, outcome: &Outcome, currency: Currency) -> Self {
        let window = outcome.window;
        let people = |part| reference(campaign.campaign_id, part, None);
        let buyers = |part| reference(campaign.campaign_id, part, Some(window.until()));
        let differences = outcome.differences.as_ref();
        Self {
            campaign_id: campaign.campaign_id.to_string(),
            name: campaign.draft.name.clone(),
            is_simulated: campaign.is_simulated,
            true_effect: campaign.true_effect,
            day_n: window.day_n(),
            window_days: window.days,
            from: window.started_day,
            to: window.last_day,
            segment_text: campaign.segment_text.clone().unwrap_or_default(),
            verdict: outcome.verdict.into(),
            headline: headline::of(outcome),
            treated: ArmView {
                sent: Some(outcome.harm.delivered),
                opened: Some(outcome.treated.opened),
                clicked: Some(outcome.treated.clicked),
                unsubscribed: Some(outcome.treated.unsubscribed),
                ..ArmView::of(&outcome.treated, currency, people(Part::Treated), buyers(Part::TreatedBuyers))
            },
            control: ArmView::of(&outcome.control, currency, people(Part::Control), buyers(Part::ControlBuyers)),
            rate: differences.and_then(|found| found.rate.ok()).map(IntervalView::from),
            sales: differences
                .and_then(|found| found.sales.ok())
                .map(|sales| SalesIntervalView { interval: sales.into(), currency }),
            harm: harm(campaign, outcome),
            daily: outcome
                .daily()
                .into_iter()
                .map(|(day, treated, control)| DayView { day, treated, control })
                .collect(),
            method: method(outcome),
            left_out: LeftOutView { merged: outcome.merged },
            next: next(outcome.verdict, campaign.draft.holdout),
            buyers_people: buyers(Part::Buyers),
        }
    }
}

impl ArmView {
    fn of(arm: &Counted, currency: Currency, people: String, buyers_people: String) -> Self {
        Self {
            assigned: arm.assigned,
            buyers: arm.buyers,
            rate: arm.rate(),
            sales_per_head: MoneyView::new(arm.per_head().round() as i64, currency),
            sent: None,
            opened: None,
            clicked: None,
            unsubscribed: None,
            people,
            buyers_people,
        }
    }
}

fn harm(campaign: &Campaign, outcome: &Outcome) -> HarmView {
    let harm = &outcome.harm;
    HarmView {
        unsubscribed: harm.unsubscribed,
        rate: harm.reading.rate,
        usual: harm.usual,
        stop_line: harm.line.stop,
        // Complaints come back by mail of the providers, which is not read yet.
        complaints: 0,
        stopped: campaign.stop_reason == Some(StopReason::Harm),
    }
}

fn method(outcome: &Outcome) -> String {
    let share = "Share of buyers: score interval of Miettinen and Nurminen, corrected for skewness.";
    let counted = "Everybody is counted in the arm that was drawn.";
    match &outcome.differences {
        Some(found) => format!(
            "{share} Sales per head: inverted randomisation test over {} rearrangements. 95 % each. {counted}",
            found.permutations
        ),
        None => format!(
            "{share} Sales per head: inverted randomisation test. 95 % each, when the window is over. {counted}"
        ),
    }
}

/// A larger comparison group, where this one could not tell.
fn next(verdict: Verdict, holdout: f64) -> Option<NextView> {
    match verdict {
        Verdict::NoDifference | Verdict::TooFew(_) => {
            [0.3, 0.5].into_iter().find(|larger| *larger > holdout + 1e-9).map(|holdout| NextView { holdout })
        }
        Verdict::Measuring { .. } | Verdict::More | Verdict::Less => None,
    }
}
