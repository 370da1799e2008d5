//! Selections: the people behind conditions or behind a figure, kept for a while so that a list can show them.

use super::{Segments, invalid, problem};
use crate::{everyone::EvaluationError, tree::SegmentTree};
use access::{ApiResult, Caller, CustomersRead, Problem, Valid};
use axum::{Json, extract::State, http::StatusCode};
use customers::selections;
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// People, by their conditions or by the reference that came with a figure.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSelectionRequest {
    #[serde(default)]
    segment: Option<SegmentTree>,
    #[serde(default)]
    people: Option<String>,
    #[serde(default)]
    title: Option<String>,
}

/// A set of people that a list can show.
#[derive(Serialize, ToSchema)]
pub(super) struct SelectionView {
    selection_id: String,
    count: u64,
    title: String,
}

/// Finds the people behind a figure.
#[utoipa::path(post, path = "/api/selections", tag = "segments", request_body = CreateSelectionRequest, responses((status = 201, body = SelectionView)), security(("session" = ["customers.read"])))]
pub(super) async fn create_selection(
    caller: Caller<CustomersRead>,
    State(segments): State<Segments>,
    Valid(request): Valid<CreateSelectionRequest>,
) -> ApiResult<(StatusCode, Json<SelectionView>)> {
    let people = match (&request.segment, &request.people) {
        (Some(tree), None) => {
            tree.check().map_err(|problem| invalid(&problem))?;
            segments.everyone().people(tree).await.map_err(problem)?
        }
        (None, Some(reference)) => people_of(&segments, reference).await?,
        _ => return Err(Problem::unprocessable("selection_invalid").detail("Send either `segment` or `people`.")),
    };
    let title: String = request.title.unwrap_or_default().chars().take(200).collect();
    let mut tx = segments.records.begin(&caller.actor(), "selection.create").await?;
    let id = selections::save(&tx, &title, &people, tx.began_at()).await?;
    tx.about(id, serde_json::json!({ "people": people.len() }));
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(SelectionView { selection_id: id.to_string(), count: people.len(), title })))
}

async fn people_of(segments: &Segments, reference: &str) -> ApiResult<RoaringBitmap> {
    let unknown = || problem(EvaluationError::Reference(reference.chars().take(40).collect()));
    let (prefix, rest) = reference.split_once(':').ok_or_else(unknown)?;
    let source = segments.sources.iter().find(|source| source.prefix() == prefix).ok_or_else(unknown)?;
    source.people(rest).await.map_err(problem)
}
