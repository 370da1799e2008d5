//! The HTTP side of insights: seven questions, each answered whole.

mod home;
mod months;
mod rfm;

use crate::Figures;
use access::{Access, ApiResult, Caller, CampaignsRead, CustomersRead, InsightsRead, Problem, Query, Valid};
use async_trait::async_trait;
use axum::{Json, extract::State};
use customers::list::{self, CustomerRowView, Sort};
use home::HomeView;
use months::{CohortsView, DecileView, LtvView, SecondOrdersView};
use rfm::{RfmQuery, RfmSelectionRequest, RfmSelectionView, RfmView};
use roaring::RoaringBitmap;
use serde::Deserialize;
use std::sync::Arc;
use utoipa::{IntoParams, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

/// People who are shown beside a selection.
const SAMPLE: usize = 5;

/// The campaigns that ホーム shows; they live above insights, so whoever starts Najimi hands them in.
#[async_trait]
pub trait HomeCampaigns: Send + Sync {
    /// Rows as the list of campaigns has them.
    async fn campaigns(&self) -> ApiResult<Vec<serde_json::Value>>;
}

/// What the routes of insights need.
#[derive(Clone, axum::extract::FromRef)]
pub struct Insights {
    /// Where figures come from.
    pub figures: Figures,
    /// Who may do what.
    pub access: Access,
    /// The campaigns of ホーム.
    pub campaigns: Option<Arc<dyn HomeCampaigns>>,
}

/// The routes of insights.
pub fn routes(insights: Insights) -> OpenApiRouter {
    router().with_state(insights)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Insights> {
    OpenApiRouter::new()
        .routes(routes!(get_home))
        .routes(routes!(get_rfm))
        .routes(routes!(select_rfm_cells))
        .routes(routes!(get_decile))
        .routes(routes!(get_cohorts))
        .routes(routes!(get_second_orders))
        .routes(routes!(get_ltv))
}

/// How many local days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DaysQuery {
    /// The last so many local days, today included.
    days: Option<i64>,
}

/// Shows how sales changed, why, and what stands out.
#[utoipa::path(get, path = "/api/insights/home", tag = "insights", params(DaysQuery),
    responses((status = 200, body = HomeView), (status = 422, body = Problem)), security(("session" = ["insights.read"])))]
async fn get_home(
    caller: Caller<InsightsRead>,
    State(insights): State<Insights>,
    Query(query): Query<DaysQuery>,
) -> ApiResult<Json<HomeView>> {
    let home = insights.figures.home(query.days.unwrap_or(28)).await?;
    let campaigns = match &insights.campaigns {
        Some(campaigns) if caller.may::<CampaignsRead>() => campaigns.campaigns().await?,
        _ => Vec::new(),
    };
    Ok(Json(HomeView::of(&home, insights.figures.currency, campaigns)))
}

/// Shows everyone who ordered by days since the last order and number of orders.
#[utoipa::path(get, path = "/api/insights/rfm", tag = "insights", params(RfmQuery),
    responses((status = 200, body = RfmView), (status = 422, body = Problem)), security(("session" = ["insights.read"])))]
async fn get_rfm(
    _: Caller<InsightsRead>,
    State(insights): State<Insights>,
    Query(query): Query<RfmQuery>,
) -> ApiResult<Json<RfmView>> {
    let grid = insights.figures.rfm(query.bands()?).await?;
    Ok(Json(RfmView::of(&grid, insights.figures.currency)))
}

/// Shows who is in several cells of the RFM grid together. Names only for those who may see customers.
#[utoipa::path(post, path = "/api/insights/rfm/selection", tag = "insights", request_body = RfmSelectionRequest,
    responses((status = 200, body = RfmSelectionView), (status = 422, body = Problem)), security(("session" = ["insights.read"])))]
async fn select_rfm_cells(
    caller: Caller<InsightsRead>,
    State(insights): State<Insights>,
    Valid(request): Valid<RfmSelectionRequest>,
) -> ApiResult<Json<RfmSelectionView>> {
    let (bands, cells) = request.read()?;
    let selection = insights.figures.rfm_selection(bands.clone(), cells.clone()).await?;
    let sample =
        if caller.may::<CustomersRead>() { insights.figures.sample(&selection.people).await? } else { Vec::new() };
    Ok(Json(RfmSelectionView::of(&selection, &bands, cells, sample, insights.figures.currency)))
}

/// Shows the buyers of a period in ten equal groups by what they bought.
#[utoipa::path(get, path = "/api/insights/decile", tag = "insights", params(DaysQuery),
    responses((status = 200, body = DecileView), (status = 422, body = Problem)), security(("session" = ["insights.read"])))]
async fn get_decile(
    _: Caller<InsightsRead>,
    State(insights): State<Insights>,
    Query(query): Query<DaysQuery>,
) -> ApiResult<Json<DecileView>> {
    let deciles = insights.figures.decile(query.days.unwrap_or(365)).await?;
    Ok(Json(DecileView::of(&deciles, insights.figures.currency)))
}

/// Shows by month of the first order who buys in the months after.
#[utoipa::path(get, path = "/api/insights/cohorts", tag = "insights",
    responses((status = 200, body = CohortsView)), security(("session" = ["insights.read"])))]
async fn get_cohorts(_: Caller<InsightsRead>, State(insights): State<Insights>) -> ApiResult<Json<CohortsView>> {
    let cohorts = insights.figures.cohorts().await?;
    Ok(Json(CohortsView::of(&cohorts, insights.figures.currency)))
}

/// Shows by month of the first order how many ordered again within 90 days.
#[utoipa::path(get, path = "/api/insights/f2", tag = "insights",
    responses((status = 200, body = SecondOrdersView)), security(("session" = ["insights.read"])))]
async fn get_second_orders(
    _: Caller<InsightsRead>,
    State(insights): State<Insights>,
) -> ApiResult<Json<SecondOrdersView>> {
    Ok(Json(SecondOrdersView::of(insights.figures.second_orders().await?.as_ref())))
}

/// Shows by month of the first order what a person has bought so far.
#[utoipa::path(get, path = "/api/insights/ltv", tag = "insights",
    responses((status = 200, body = LtvView)), security(("session" = ["insights.read"])))]
async fn get_ltv(_: Caller<InsightsRead>, State(insights): State<Insights>) -> ApiResult<Json<LtvView>> {
    let ltv = insights.figures.ltv().await?;
    Ok(Json(LtvView::of(&ltv, insights.figures.currency)))
}

impl Figures {
    /// Some of the people, those who ordered latest first: the newest to stay away.
    async fn sample(&self, people: &RoaringBitmap) -> ApiResult<Vec<CustomerRowView>> {
        let (today, reader) = (self.today(), self.records.reader());
        let rows = list::find(&reader, Some(people), Sort::LastOrder, None, SAMPLE).await?;
        Ok(rows.iter().take(SAMPLE).map(|row| CustomerRowView::of(row, self.currency, today)).collect())
    }
}
