//! How the installation itself fares: version, lag, disk; health for those who watch from outside.

use crate::shop::Shop;
use access::{Access, ApiResult, Caller, SettingsManage};
use axum::{Json, extract::State, http::StatusCode};
use collect::ingest::Intake;
use history_engine::History;
use records::{Records, Sql};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

#[derive(Clone, axum::extract::FromRef)]
struct System {
    access: Access,
    records: Records,
    intake: Intake,
    history: History,
}

/// Health and the system page.
pub fn routes(shop: &Shop) -> OpenApiRouter {
    let system = System {
        access: shop.ground.access.clone(),
        records: shop.ground.records.clone(),
        intake: shop.intake.clone(),
        history: shop.history.clone(),
    };
    OpenApiRouter::new()
        .routes(routes!(get_system))
        .routes(routes!(get_health))
        .routes(routes!(get_readiness))
        .with_state(system)
}

/// How the installation fares.
#[derive(Serialize, ToSchema)]
struct SystemView {
    version: String,
    lag: LagView,
    records: String,
    events_total: u64,
}

/// Events that wait.
#[derive(Serialize, ToSchema)]
struct LagView {
    live: u64,
    backfill: u64,
    history: u64,
}

/// Tells how the installation fares.
#[utoipa::path(get, path = "/api/system", tag = "system", responses((status = 200, body = SystemView)), security(("session" = ["settings.manage"])))]
async fn get_system(_caller: Caller<SettingsManage>, State(system): State<System>) -> ApiResult<Json<SystemView>> {
    let lag = system.intake.lag();
    let lag = LagView { live: lag.live, backfill: lag.backfill, history: system.history.waiting_rows() as u64 };
    Ok(Json(SystemView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        lag,
        records: system.records.dialect().name().to_owned(),
        events_total: system.intake.live.end() + system.intake.backfill.end(),
    }))
}

/// Says that the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "system", responses((status = 200)))]
async fn get_health() -> StatusCode {
    StatusCode::OK
}

/// Says whether requests can be served: the records answer and the journal takes events.
#[utoipa::path(get, path = "/readyz", tag = "system", responses((status = 200), (status = 503)))]
async fn get_readiness(State(system): State<System>) -> StatusCode {
    let answers = system.records.reader().scalar::<i64>("SELECT CAST(1 AS BIGINT) AS value", vec![]).await.is_ok();
    if answers && system.intake.live.is_open() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }
}
