//! The HTTP side of segments: saving and counting while typing; why ([`why`]) and the people behind figures
//! ([`selections`]) beside it.

mod selections;
mod why;

use crate::{
    everyone::{EvaluationError, Everyone},
    people::PeopleSource,
    sql::{self, Segment},
    text,
    tree::SegmentTree,
};
use access::{
    Access, ApiResult, Caller, Cursor, CustomersRead, Page, Paging, Path, Problem, Query, SegmentsRead, SegmentsWrite,
    Valid,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use customers::list::{self, CustomerRowView, Sort};
use history::HistoryReader;
use records::{Reader, Records};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Instant};
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_axum::{router::OpenApiRouter, routes};
use vocabulary::{Currency, Day, SharedClock, Zone, id::SegmentId};

/// People that a preview shows.
const SAMPLE_ROWS: usize = 8;
/// Letters of a name.
const NAME_CHARACTERS_MAX: usize = 100;
/// Bytes of a request: the largest segment that is allowed fits.
const BODY_BYTES_MAX: usize = 512 << 10;

/// What the routes of segments need.
#[derive(Clone, axum::extract::FromRef)]
pub struct Segments {
    /// The records.
    pub records: Records,
    /// The history.
    pub history: Arc<dyn HistoryReader>,
    /// Who may do what.
    pub access: Access,
    /// The shop's clock.
    pub clock: SharedClock,
    /// The shop's zone.
    pub zone: Zone,
    /// The currency of reports.
    pub currency: Currency,
    /// Features that give out references to people.
    pub sources: Arc<Vec<Arc<dyn PeopleSource>>>,
}

/// The routes of segments.
pub fn routes(segments: Segments) -> OpenApiRouter {
    router().with_state(segments).layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// What the routes are, told without opening anything.
pub fn description() -> OpenApi {
    router().into_openapi()
}

fn router() -> OpenApiRouter<Segments> {
    OpenApiRouter::new()
        .routes(routes!(list_segments, create_segment))
        .routes(routes!(get_segment, update_segment, delete_segment))
        .routes(routes!(preview_segment))
        .routes(routes!(why::explain_segment))
        .routes(routes!(why::list_segments_of_customer))
        .routes(routes!(selections::create_selection))
}

impl Segments {
    /// Evaluates over everyone, as of now.
    pub fn everyone(&self) -> Everyone {
        Everyone { reader: self.records.reader(), history: self.history.clone(), today: self.today() }
    }

    fn today(&self) -> Day {
        self.zone.day(self.clock.now())
    }

    async fn sample(&self, reader: &Reader, people: &RoaringBitmap) -> ApiResult<Vec<CustomerRowView>> {
        let few: RoaringBitmap = people.iter().take(500).collect();
        let rows = list::find(reader, Some(&few), Sort::Sales, None, SAMPLE_ROWS).await?;
        Ok(rows.iter().take(SAMPLE_ROWS).map(|row| CustomerRowView::of(row, self.currency, self.today())).collect())
    }
}

/// A segment in a list.
#[derive(Serialize, ToSchema)]
struct SegmentRowView {
    segment_id: String,
    name: String,
    /// People, when it was counted last.
    count: Option<i64>,
    #[schema(format = DateTime)]
    counted_at: Option<String>,
    /// The readable form.
    text: String,
    version: i64,
    #[schema(format = DateTime)]
    updated_at: String,
}

/// A segment.
#[derive(Serialize, ToSchema)]
struct SegmentView {
    #[serde(flatten)]
    row: SegmentRowView,
    tree: SegmentTree,
}

impl SegmentRowView {
    fn of(segment: &Segment) -> Self {
        Self {
            segment_id: segment.id.to_string(),
            name: segment.name.clone(),
            count: segment.people,
            counted_at: segment.counted_at.map(|at| at.to_string()),
            text: text::write(&segment.tree),
            version: segment.version,
            updated_at: segment.updated_at.to_string(),
        }
    }
}

impl SegmentView {
    fn of(segment: Segment) -> Self {
        Self { row: SegmentRowView::of(&segment), tree: segment.tree }
    }
}

/// Lists segments, the latest change first.
#[utoipa::path(get, path = "/api/segments", tag = "segments", params(Paging), responses((status = 200, body = Page<SegmentRowView>)), security(("session" = ["segments.read"])))]
async fn list_segments(
    _caller: Caller<SegmentsRead>,
    State(segments): State<Segments>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Page<SegmentRowView>>> {
    let before = paging.cursor.as_ref().map(Cursor::read).transpose()?;
    let rows = sql::list(&segments.records.reader(), before, paging.limit.and_one()).await?;
    Ok(Json(
        Page::cut(rows, paging.limit, |row| (row.updated_at.micros(), row.id.uuid()))
            .map(|row| SegmentRowView::of(&row)),
    ))
}

/// A new segment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSegmentRequest {
    name: String,
    tree: SegmentTree,
}

/// Saves a new segment.
#[utoipa::path(post, path = "/api/segments", tag = "segments", request_body = CreateSegmentRequest, responses((status = 201, body = SegmentView)), security(("session" = ["segments.write"])))]
async fn create_segment(
    caller: Caller<SegmentsWrite>,
    State(segments): State<Segments>,
    Valid(request): Valid<CreateSegmentRequest>,
) -> ApiResult<(StatusCode, Json<SegmentView>)> {
    let (name, now) = (checked_name(&request.name)?, segments.clock.now());
    let people = count(&segments, &request.tree).await?;
    let segment = Segment {
        id: SegmentId::new(now),
        name,
        tree: request.tree,
        version: 1,
        people: Some(people),
        counted_at: Some(now),
        updated_at: now,
    };
    let mut tx = segments.records.begin(&caller.actor(), "segment.create").await?;
    sql::insert(&tx, &segment).await?;
    tx.about(segment.id, serde_json::json!({ "name": segment.name, "people": people }));
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(SegmentView::of(segment))))
}

/// Shows a segment.
#[utoipa::path(get, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = SegmentView)), security(("session" = ["segments.read"])))]
async fn get_segment(
    _caller: Caller<SegmentsRead>,
    State(segments): State<Segments>,
    Path(id): Path<SegmentId>,
) -> ApiResult<Json<SegmentView>> {
    let segment = sql::find(&segments.records.reader(), id).await?.ok_or_else(|| Problem::unknown("segment"))?;
    Ok(Json(SegmentView::of(segment)))
}

/// A changed segment; `version` is the one that was read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateSegmentRequest {
    name: String,
    tree: SegmentTree,
    version: i64,
}

/// Changes a segment.
#[utoipa::path(put, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path, format = Uuid)), request_body = UpdateSegmentRequest, responses((status = 200, body = SegmentView)), security(("session" = ["segments.write"])))]
async fn update_segment(
    caller: Caller<SegmentsWrite>,
    State(segments): State<Segments>,
    Path(id): Path<SegmentId>,
    Valid(request): Valid<UpdateSegmentRequest>,
) -> ApiResult<Json<SegmentView>> {
    let (name, now) = (checked_name(&request.name)?, segments.clock.now());
    let people = count(&segments, &request.tree).await?;
    let mut tx = segments.records.begin(&caller.actor(), "segment.update").await?;
    if sql::find(&tx, id).await?.is_none() {
        return Err(Problem::unknown("segment"));
    }
    let version = request.version.saturating_add(1);
    let segment =
        Segment { id, name, tree: request.tree, version, people: Some(people), counted_at: Some(now), updated_at: now };
    if !sql::update(&tx, &segment).await? {
        return Err(Problem::conflict("segment_changed")
            .detail("Somebody else has changed this segment.")
            .hint("Open it again and repeat your change."));
    }
    tx.about(id, serde_json::json!({ "name": segment.name, "people": people, "version": segment.version }));
    tx.commit().await?;
    Ok(Json(SegmentView::of(segment)))
}

/// Deletes a segment.
#[utoipa::path(delete, path = "/api/segments/{id}", tag = "segments", params(("id" = String, Path, format = Uuid)), responses((status = 204)), security(("session" = ["segments.write"])))]
async fn delete_segment(
    caller: Caller<SegmentsWrite>,
    State(segments): State<Segments>,
    Path(id): Path<SegmentId>,
) -> ApiResult<StatusCode> {
    let mut tx = segments.records.begin(&caller.actor(), "segment.delete").await?;
    let segment = sql::find(&tx, id).await?.ok_or_else(|| Problem::unknown("segment"))?;
    if !sql::delete(&tx, id).await? {
        return Err(Problem::unknown("segment"));
    }
    tx.about(id, serde_json::json!({ "name": segment.name }));
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Conditions, as a tree or in the readable form.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SegmentPreviewRequest {
    #[serde(default)]
    tree: Option<SegmentTree>,
    #[serde(default)]
    text: Option<String>,
}

/// Who would be in.
#[derive(Serialize, ToSchema)]
struct SegmentPreviewView {
    count: u64,
    of: u64,
    sample: Vec<CustomerRowView>,
    text: String,
    tree: SegmentTree,
    took_ms: u64,
}

/// Counts while typing.
#[utoipa::path(post, path = "/api/segments/preview", tag = "segments", request_body = SegmentPreviewRequest, responses((status = 200, body = SegmentPreviewView)), security(("session" = ["segments.read"])))]
async fn preview_segment(
    caller: Caller<SegmentsRead>,
    State(segments): State<Segments>,
    Valid(request): Valid<SegmentPreviewRequest>,
) -> ApiResult<Json<SegmentPreviewView>> {
    let begun = Instant::now();
    let tree = match (request.tree, request.text) {
        (Some(tree), None) => tree,
        (None, Some(text)) => text::read(&text).map_err(|problem| invalid(&problem))?,
        _ => return Err(Problem::unprocessable("segment_invalid").detail("Send either `tree` or `text`.")),
    };
    tree.check().map_err(|problem| invalid(&problem))?;
    let everyone = segments.everyone();
    let (people, all) = (everyone.people(&tree).await.map_err(problem)?, everyone.all().await.map_err(problem)?);
    let sample =
        if caller.may::<CustomersRead>() { segments.sample(&everyone.reader, &people).await? } else { Vec::new() };
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Json(SegmentPreviewView { count: people.len(), of: all.len(), sample, text: text::write(&tree), tree, took_ms }))
}

async fn count(segments: &Segments, tree: &SegmentTree) -> ApiResult<i64> {
    tree.check().map_err(|problem| invalid(&problem))?;
    let people = segments.everyone().people(tree).await.map_err(problem)?;
    Ok(i64::try_from(people.len()).unwrap_or(i64::MAX))
}

fn checked_name(name: &str) -> ApiResult<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
        return Err(Problem::unprocessable("segment_name_unfit").detail("A segment needs a name of 1 to 100 letters."));
    }
    Ok(name.to_owned())
}

fn invalid(problem: &impl std::error::Error) -> Problem {
    Problem::unprocessable("segment_invalid").detail(format!("{problem}."))
}

/// The one mapping of this feature's errors.
pub fn problem(error: EvaluationError) -> Problem {
    match error {
        EvaluationError::Records(error) => Problem::from(error),
        EvaluationError::History(error) if error.is_worth_retrying() => {
            Problem::unavailable("history_busy").detail(error.to_string()).hint("Try again in a moment.")
        }
        EvaluationError::History(error) => {
            tracing::error!(%error, "the history could not answer");
            Problem::internal("history_failed").detail("The history could not answer.")
        }
        EvaluationError::Reference(reference) => Problem::unprocessable("people_unknown")
            .detail(format!("`{reference}` leads to no people."))
            .hint("Open the figure again."),
    }
}
