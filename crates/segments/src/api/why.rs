//! Why somebody is in a segment, or not: for one segment while it is written, and for all on a person's card.

use super::{Segments, invalid};
use crate::{
    one::{self, Answer, AsOf, Phrase},
    sql,
    tree::SegmentTree,
};
use access::{ApiResult, Caller, CustomersRead, Path, Problem, Valid};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::CustomerId;

/// Segments that a card looks at.
const CARD_SEGMENTS: i64 = 100;

impl Segments {
    /// Whether a person is in each of these segments, and why.
    async fn answers(&self, id: CustomerId, trees: &[&SegmentTree]) -> ApiResult<Vec<Answer>> {
        let as_of = AsOf { today: self.today(), zone: self.zone, reporting: self.currency };
        one::answers(&self.records.reader(), id, trees, as_of).await?.ok_or_else(|| Problem::unknown("customer"))
    }
}

/// A segment and a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExplainRequest {
    tree: SegmentTree,
    customer_id: String,
}

/// Whether the person is in, and what decides.
#[derive(Serialize, ToSchema)]
pub(super) struct ExplainView {
    is_member: bool,
    why: Vec<Phrase>,
    missing: Vec<Phrase>,
}

/// Tells why a person is in, or not.
#[utoipa::path(post, path = "/api/segments/why", tag = "segments", request_body = ExplainRequest, responses((status = 200, body = ExplainView)), security(("session" = ["customers.read"])))]
pub(super) async fn explain_segment(
    _caller: Caller<CustomersRead>,
    State(segments): State<Segments>,
    Valid(request): Valid<ExplainRequest>,
) -> ApiResult<Json<ExplainView>> {
    request.tree.check().map_err(|problem| invalid(&problem))?;
    let id: CustomerId = request.customer_id.parse().map_err(|_| Problem::unknown("customer"))?;
    let answer = segments.answers(id, &[&request.tree]).await?.pop().unwrap_or_default();
    Ok(Json(ExplainView { is_member: answer.is_member, why: answer.why, missing: answer.missing }))
}

/// The segments that a person is in, and those that are near.
#[derive(Serialize, ToSchema)]
pub(super) struct CustomerSegmentsView {
    r#in: Vec<MemberView>,
    not_yet: Vec<MissingView>,
}

/// A segment that the person is in.
#[derive(Serialize, ToSchema)]
struct MemberView {
    segment_id: String,
    name: String,
    why: Vec<Phrase>,
}

/// A segment that the person is not in.
#[derive(Serialize, ToSchema)]
struct MissingView {
    segment_id: String,
    name: String,
    missing: Vec<Phrase>,
}

/// Lists the segments of a person, with why.
#[utoipa::path(get, path = "/api/customers/{id}/segments", tag = "segments", params(("id" = String, Path, format = Uuid)), responses((status = 200, body = CustomerSegmentsView)), security(("session" = ["customers.read"])))]
pub(super) async fn list_segments_of_customer(
    _caller: Caller<CustomersRead>,
    State(segments): State<Segments>,
    Path(id): Path<CustomerId>,
) -> ApiResult<Json<CustomerSegmentsView>> {
    let saved = sql::list(&segments.records.reader(), None, CARD_SEGMENTS).await?;
    let answers = segments.answers(id, &saved.iter().map(|segment| &segment.tree).collect::<Vec<_>>()).await?;
    let mut view = CustomerSegmentsView { r#in: Vec::new(), not_yet: Vec::new() };
    for (segment, answer) in saved.into_iter().zip(answers) {
        let segment_id = segment.id.to_string();
        if answer.is_member {
            view.r#in.push(MemberView { segment_id, name: segment.name, why: answer.why });
        } else {
            view.not_yet.push(MissingView { segment_id, name: segment.name, missing: answer.missing });
        }
    }
    Ok(Json(view))
}
