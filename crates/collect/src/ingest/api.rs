//! The HTTP side of the Segment spec.

use super::{
    Intake, IntakeError,
    wire::{BatchDescription, EventDescription},
};
use access::{Access, ApiResult, EventsWrite, KeyCaller, Problem, RawBody, is_list};
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, FromRef, State},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::event::EventKind;

/// Bytes of one request, unpacked.
const BODY_BYTES_MAX: usize = 8 << 20;

/// Letters of a sentence that may repeat what was sent.
const SENTENCE_LETTERS_MAX: usize = 300;

/// What the routes need.
#[derive(Clone, FromRef)]
struct Doors {
    intake: Intake,
    access: Access,
}

/// `POST /v1/batch`, `/v1/track`, `/v1/identify`, `/v1/page`, `/v1/alias`.
pub fn routes(intake: Intake, access: Access) -> OpenApiRouter {
    router().with_state(Doors { intake, access })
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Doors> {
    OpenApiRouter::new()
        .routes(routes!(send_batch))
        .routes(routes!(send_track))
        .routes(routes!(send_identify))
        .routes(routes!(send_page))
        .routes(routes!(send_alias))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// Many events at once.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BatchRequest<'a> {
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
    #[serde(default)]
    #[expect(dead_code, reason = "SDKs send it; our own time of arrival is what counts")]
    sent_at: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "SDKs repeat it in each event")]
    context: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "SDKs send it; it says which of their vendors may have the events")]
    integrations: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "SDKs of browsers repeat the key here")]
    write_key: Option<serde::de::IgnoredAny>,
}

/// How the events fared.
#[derive(Serialize, ToSchema)]
pub struct TakenView {
    /// At least one event is durable, or there was none.
    success: bool,
    /// Events that are durable.
    accepted: usize,
    /// Events that were not taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rejected: Vec<RejectedView>,
}

/// An event that was not taken.
#[derive(Serialize, ToSchema)]
pub struct RejectedView {
    /// Its place in `batch`, from 0.
    index: usize,
    /// What is wrong, for programs.
    code: &'static str,
    /// What is wrong, for people.
    detail: String,
}

/// Takes many events. A bad one rejects only itself.
#[utoipa::path(post, path = "/v1/batch", tag = "ingest", request_body = BatchDescription, responses((status = 200, body = TakenView), (status = 400, body = Problem), (status = 413, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)), security(("key" = ["events.write"])))]
async fn send_batch(
    caller: KeyCaller<EventsWrite>,
    State(intake): State<Intake>,
    RawBody(body): RawBody,
) -> ApiResult<Json<TakenView>> {
    if is_list(&body) {
        return Err(unfit(&"it is a list, and must be an object"));
    }
    let request: BatchRequest<'_> = serde_json::from_slice(&body).map_err(|error| unfit(&error))?;
    take(&caller, &intake, None, &request.batch).await
}

/// Takes something that a person did.
#[utoipa::path(post, path = "/v1/track", tag = "ingest", request_body = EventDescription, responses((status = 200, body = TakenView), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)), security(("key" = ["events.write"])))]
async fn send_track(
    caller: KeyCaller<EventsWrite>,
    State(intake): State<Intake>,
    RawBody(body): RawBody,
) -> ApiResult<Json<TakenView>> {
    one(&caller, &intake, EventKind::Track, &body).await
}

/// Takes what is known of a person.
#[utoipa::path(post, path = "/v1/identify", tag = "ingest", request_body = EventDescription, responses((status = 200, body = TakenView), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)), security(("key" = ["events.write"])))]
async fn send_identify(
    caller: KeyCaller<EventsWrite>,
    State(intake): State<Intake>,
    RawBody(body): RawBody,
) -> ApiResult<Json<TakenView>> {
    one(&caller, &intake, EventKind::Identify, &body).await
}

/// Takes a page that was seen.
#[utoipa::path(post, path = "/v1/page", tag = "ingest", request_body = EventDescription, responses((status = 200, body = TakenView), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)), security(("key" = ["events.write"])))]
async fn send_page(
    caller: KeyCaller<EventsWrite>,
    State(intake): State<Intake>,
    RawBody(body): RawBody,
) -> ApiResult<Json<TakenView>> {
    one(&caller, &intake, EventKind::Page, &body).await
}

/// Takes the news that two identities are one person.
#[utoipa::path(post, path = "/v1/alias", tag = "ingest", request_body = EventDescription, responses((status = 200, body = TakenView), (status = 400, body = Problem), (status = 422, body = Problem), (status = 429, body = Problem), (status = 503, body = Problem)), security(("key" = ["events.write"])))]
async fn send_alias(
    caller: KeyCaller<EventsWrite>,
    State(intake): State<Intake>,
    RawBody(body): RawBody,
) -> ApiResult<Json<TakenView>> {
    one(&caller, &intake, EventKind::Alias, &body).await
}

async fn one(
    caller: &KeyCaller<EventsWrite>,
    intake: &Intake,
    path: EventKind,
    body: &Bytes,
) -> ApiResult<Json<TakenView>> {
    let event: &RawValue = serde_json::from_slice(body).map_err(|error| unfit(&error))?;
    let taken = take(caller, intake, Some(path), &[event]).await?;
    match taken.0.rejected.first() {
        Some(rejected) => Err(Problem::unprocessable(rejected.code).detail(rejected.detail.clone())),
        None => Ok(taken),
    }
}

async fn take(
    caller: &KeyCaller<EventsWrite>,
    intake: &Intake,
    path: Option<EventKind>,
    events: &[&RawValue],
) -> ApiResult<Json<TakenView>> {
    let taken = intake.take(&caller.key().name, path, events).await.map_err(problem)?;
    let rejected: Vec<RejectedView> = taken
        .rejected
        .into_iter()
        .map(|(index, problem)| RejectedView { index, code: problem.code(), detail: sentence(&problem) })
        .collect();
    Ok(Json(TakenView { success: taken.accepted > 0 || rejected.is_empty(), accepted: taken.accepted, rejected }))
}

/// What is wrong; it may repeat what was sent, but not all of it.
fn sentence(problem: &impl std::fmt::Display) -> String {
    problem.to_string().chars().take(SENTENCE_LETTERS_MAX).collect()
}

fn unfit(error: &impl std::fmt::Display) -> Problem {
    Problem::bad_request("batch_unfit")
        .detail(format!("The body cannot be read: {}.", sentence(error)))
        .hint("Send {\"batch\": [event, …]} by the Segment spec.")
}

fn problem(error: IntakeError) -> Problem {
    match error {
        IntakeError::TooMany(most) => {
            Problem::unprocessable("batch_too_many").detail(format!("A batch has at most {most} events."))
        }
        IntakeError::Behind(waiting) => Problem::too_many("pipeline_behind")
            .detail(format!("{waiting} events wait to be worked through."))
            .hint("Send the same batch again a little later; its message ids keep it from counting twice.")
            .retry_after(10),
        IntakeError::Journal(error) => {
            tracing::error!(%error, "could not take events into the journal");
            Problem::unavailable("journal_stopped")
                .detail("Events cannot be kept safely at the moment, so none are taken.")
        }
        IntakeError::Records(error) => Problem::from(error),
    }
}
