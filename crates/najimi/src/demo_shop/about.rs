//! The demo over HTTP: its clock, and what is real about it.

use super::{
    DemoShop,
    advance::{AdvanceInput, KIND},
};
use crate::shop::Shop;
use access::{Access, ApiResult, Caller, DemoAdvance, Problem, SignedIn, Valid};
use axum::{Json, extract::State};
use jobs::Jobs;
use records::{Actor, Records, RecordsResult, Sql};
use serde::{Deserialize, Serialize};
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::id::JobId;

#[derive(Clone, axum::extract::FromRef)]
struct Demo {
    access: Access,
    records: Records,
    jobs: Jobs,
    shop: DemoShop,
}

/// The demo's routes.
pub fn routes(demo: DemoShop, shop: &Shop) -> OpenApiRouter {
    let ground = &shop.ground;
    let state =
        Demo { access: ground.access.clone(), records: ground.records.clone(), jobs: ground.jobs.clone(), shop: demo };
    router().with_state(state)
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Demo> {
    OpenApiRouter::new().routes(routes!(advance_demo)).routes(routes!(get_about_demo))
}

/// How many days.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdvanceRequest {
    days: u8,
}

/// The job that lets the days pass.
#[derive(Serialize, ToSchema)]
struct AdvanceView {
    job_id: String,
}

/// Lets a day or a week pass.
#[utoipa::path(post, path = "/api/demo/advance", tag = "demo", request_body = AdvanceRequest, responses((status = 200, body = AdvanceView)), security(("session" = ["demo.advance"])))]
async fn advance_demo(
    caller: Caller<DemoAdvance>,
    State(demo): State<Demo>,
    Valid(request): Valid<AdvanceRequest>,
) -> ApiResult<Json<AdvanceView>> {
    if !matches!(request.days, 1 | 7) {
        return Err(Problem::unprocessable("demo_days_unfit").detail("The demo moves by 1 or 7 days."));
    }
    let today = demo.shop.today();
    if today >= demo.shop.last_day() {
        return Err(Problem::conflict("demo_at_end").detail("The demo has reached the last day of its orders."));
    }
    if !demo.shop.begin_advancing() {
        return Err(Problem::conflict("demo_advancing").detail("Days are passing already."));
    }
    let input = AdvanceInput { from: today, to: today.plus(i32::from(request.days)).min(demo.shop.last_day()) };
    let queued = queue(&demo, &caller.actor(), &input).await;
    if queued.is_err() {
        demo.shop.end_advancing();
    }
    Ok(Json(AdvanceView { job_id: queued?.to_string() }))
}

async fn queue(demo: &Demo, actor: &Actor, input: &AdvanceInput) -> RecordsResult<JobId> {
    let mut tx = demo.records.begin(actor, "demo.advance").await?;
    tx.about("demo", serde_json::json!({ "to": input.to }));
    let job_id = demo.jobs.enqueue(&tx, KIND, input, None).await?;
    tx.commit().await?;
    Ok(job_id)
}

/// What is real about the demo, and what is not.
#[derive(Serialize, ToSchema)]
struct AboutDemoView {
    orders_source: String,
    changes: Vec<String>,
    licences: Vec<LicenceView>,
    counts: CountsView,
}

/// Whose data it is.
#[derive(Serialize, ToSchema)]
struct LicenceView {
    name: String,
    licence: String,
    by: String,
    url: String,
}

/// How much there is.
#[derive(Serialize, ToSchema)]
struct CountsView {
    orders: i64,
    customers: i64,
    members: i64,
}

/// What was changed in the orders, by the names under which the screen tells it.
const CHANGES: [&str; 5] = ["dates_shifted", "currency", "names", "people", "members"];
const LARGE_CHANGES: &[&str] = &["large", "dates_shifted", "currency", "names", "people"];

/// Tells what is real about the demo.
#[utoipa::path(get, path = "/api/demo/about", tag = "demo", responses((status = 200, body = AboutDemoView)), security(("session" = ["signed_in"])))]
async fn get_about_demo(_caller: Caller<SignedIn>, State(demo): State<Demo>) -> ApiResult<Json<AboutDemoView>> {
    let reader = demo.records.reader();
    let count = |sql: &'static str| {
        let reader = reader.clone();
        async move { reader.scalar::<i64>(sql, vec![]).await.map(Option::unwrap_or_default) }
    };
    let licence = |name: &str, licence: &str, by: &str, url: &str| LicenceView {
        name: name.into(),
        licence: licence.into(),
        by: by.into(),
        url: url.into(),
    };
    Ok(Json(AboutDemoView {
        orders_source: "UCI Machine Learning Repository, Online Retail (id 352), Daqing Chen".to_owned(),
        changes: if demo.shop.is_large() { LARGE_CHANGES } else { &CHANGES }.iter().map(ToString::to_string).collect(),
        licences: vec![
            licence(
                "Online Retail",
                "CC BY 4.0",
                "Daqing Chen",
                "https://archive.ics.uci.edu/dataset/352/online+retail",
            ),
            licence(
                "データサイエンス100本ノック（構造化データ加工編）",
                "MIT",
                "The Japan DataScientist Society",
                "https://github.com/The-Japan-DataScientist-Society/100knocks-preprocess",
            ),
            licence(
                "japanese-personal-name-dataset",
                "MIT",
                "shuheilocale",
                "https://github.com/shuheilocale/japanese-personal-name-dataset",
            ),
            licence("gimei", "MIT", "willnet", "https://github.com/willnet/gimei"),
        ],
        counts: CountsView {
            orders: count("SELECT COUNT(*) AS value FROM orders WHERE kind = 'order' AND NOT is_simulated").await?,
            customers: count("SELECT COUNT(*) AS value FROM customer_values WHERE orders > 0").await?,
            members: count("SELECT COUNT(*) AS value FROM customer_values WHERE orders = 0").await?,
        },
    }))
}
