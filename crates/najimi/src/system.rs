//! How the installation itself fares: version, lag, disk; health for those who watch from outside.

use crate::shop::{Ground, Shop};
use access::{Access, ApiResult, Caller, SettingsManage};
use axum::{Json, extract::State, http::StatusCode};
use collect::ingest::Intake;
use history_engine::History;
use records::{Records, Sql};
use serde::Serialize;
use std::{path::Path, sync::Arc, time::Duration};
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long the records may take to answer before they count as away.
const ANSWER_MAX: Duration = Duration::from_secs(2);

#[derive(Clone, axum::extract::FromRef)]
struct System {
    access: Access,
    health: Health,
    history: History,
    data: Arc<Path>,
}

/// What must work before requests can be served. Without an intake the installation waits for its set-up.
#[derive(Clone)]
pub struct Health {
    records: Records,
    intake: Option<Intake>,
}

/// Health and the system page.
pub fn routes(shop: &Shop) -> OpenApiRouter {
    let health = Health { records: shop.ground.records.clone(), intake: Some(shop.intake.clone()) };
    let system = System {
        access: shop.ground.access.clone(),
        health: health.clone(),
        history: shop.history.clone(),
        data: shop.ground.config.data.as_path().into(),
    };
    router().with_state(system).merge(health_router().with_state(health))
}

/// Health while the installation waits for its set-up.
pub fn routes_before_setup(ground: &Ground) -> OpenApiRouter {
    health_router().with_state(Health { records: ground.records.clone(), intake: None })
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi().merge_from(health_router().into_openapi())
}

fn router() -> OpenApiRouter<System> {
    OpenApiRouter::new().routes(routes!(get_system))
}

fn health_router() -> OpenApiRouter<Health> {
    OpenApiRouter::new().routes(routes!(get_health)).routes(routes!(get_readiness))
}

/// The kind of the records database.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names of `Dialect`")]
enum RecordsName {
    Sqlite,
    Postgres,
}

/// How the installation fares.
#[derive(Serialize, ToSchema)]
struct SystemView {
    version: String,
    lag: LagView,
    #[schema(value_type = RecordsName)]
    records: String,
    /// Events taken in so far.
    events_total: u64,
    /// What is free where the data folder is; null where the system does not say.
    disk_free_bytes: Option<u64>,
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
    let intake = system.health.intake.as_ref();
    let lag = intake.map(Intake::lag).unwrap_or_default();
    let lag = LagView { live: lag.live, backfill: lag.backfill, history: system.history.waiting_rows() as u64 };
    Ok(Json(SystemView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        lag,
        records: system.health.records.dialect().name().to_owned(),
        events_total: intake.map_or(0, |intake| intake.live.end() + intake.backfill.end()),
        disk_free_bytes: free_bytes(&system.data),
    }))
}

fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Says that the process is alive.
#[utoipa::path(get, path = "/healthz", tag = "system", responses((status = 200)), security(()))]
async fn get_health() -> StatusCode {
    StatusCode::OK
}

/// Whether requests can be served.
#[derive(Serialize, ToSchema)]
struct ReadinessView {
    is_ready: bool,
    /// What is not ready, and why.
    not_ready: Vec<NotReadyView>,
}

/// A part that is not ready.
#[derive(Serialize, ToSchema)]
struct NotReadyView {
    /// `installation`, `records` or `journal`.
    part: &'static str,
    reason: &'static str,
}

/// Says whether requests can be served: somebody has set the installation up, the records answer and the journal takes
/// events.
#[utoipa::path(get, path = "/readyz", tag = "system",
    responses((status = 200, body = ReadinessView), (status = 503, body = ReadinessView)), security(()))]
async fn get_readiness(State(health): State<Health>) -> (StatusCode, Json<ReadinessView>) {
    let not_ready = health.not_ready().await;
    let status = if not_ready.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(ReadinessView { is_ready: not_ready.is_empty(), not_ready }))
}

impl Health {
    async fn not_ready(&self) -> Vec<NotReadyView> {
        let mut found = Vec::new();
        match &self.intake {
            None => found.push(NotReadyView { part: "installation", reason: "it waits for its set-up" }),
            Some(intake) if !intake.live.is_open() || !intake.backfill.is_open() => {
                found.push(NotReadyView { part: "journal", reason: "events cannot be written down; see the log" });
            }
            Some(_) => {}
        }
        let reader = self.records.reader();
        let answer = reader.scalar::<i64>("SELECT CAST(1 AS BIGINT) AS value", vec![]);
        match tokio::time::timeout(ANSWER_MAX, answer).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => found.push(NotReadyView { part: "records", reason: "the database refuses; see the log" }),
            Err(_) => found.push(NotReadyView { part: "records", reason: "the database does not answer" }),
        }
        found
    }
}
