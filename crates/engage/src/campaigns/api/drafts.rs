//! Drafts over HTTP: list, make, read, change, throw away.

use super::CampaignView;
use crate::{
    Engage,
    campaigns::{
        CampaignError, CampaignRowView, Mail,
        campaign::{Draft, HOLDOUT, Whom},
        sql,
    },
};
use access::{ApiResult, Caller, CampaignsRead, CampaignsWrite, Cursor, Page, Paging, Path, Problem, Query, Valid};
use axum::{Json, extract::State, http::StatusCode};
use channels::mail::{Language, ReadyMailId};
use segments::tree::SegmentTree;
use serde::Deserialize;
use utoipa::ToSchema;
use vocabulary::id::{CampaignId, SegmentId};

/// Lists campaigns, the newest first.
#[utoipa::path(get, path = "/api/campaigns", tag = "campaigns", params(Paging),
    responses((status = 200, body = Page<CampaignRowView>), (status = 403, body = Problem)),
    security(("session" = ["campaigns.read"])))]
pub(super) async fn list_campaigns(
    _: Caller<CampaignsRead>,
    State(engage): State<Engage>,
    Query(paging): Query<Paging>,
) -> ApiResult<Json<Page<CampaignRowView>>> {
    let before = paging.cursor.as_ref().map(Cursor::read).transpose()?;
    let found = sql::page(&engage.reader(), before, paging.limit.and_one()).await?;
    let page = Page::cut(found, paging.limit, |campaign| (campaign.created_at.micros(), campaign.campaign_id.uuid()));
    let items = engage.rows(&page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor, total: None }))
}

/// A new campaign. Without `segment_id` and `tree` its people are chosen later.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateCampaignRequest {
    name: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    segment_id: Option<SegmentId>,
    tree: Option<SegmentTree>,
    /// A ready mail to start from; an empty mail when missing.
    template: Option<ReadyMailId>,
    /// The language of the ready mail: `ja` (when missing) or `en`.
    language: Option<Language>,
}

fn whom(segment_id: Option<SegmentId>, tree: Option<SegmentTree>) -> Result<Whom, CampaignError> {
    match (segment_id, tree) {
        (Some(_), Some(_)) => Err(CampaignError::SegmentTwice),
        (Some(id), None) => Ok(Whom::Segment(id)),
        (None, Some(tree)) => Ok(Whom::Tree(tree)),
        (None, None) => Ok(Whom::Nobody),
    }
}

/// Makes a draft.
#[utoipa::path(post, path = "/api/campaigns", tag = "campaigns", request_body = CreateCampaignRequest,
    responses((status = 201, body = CampaignView), (status = 403, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(super) async fn create_campaign(
    caller: Caller<CampaignsWrite>,
    State(engage): State<Engage>,
    Valid(request): Valid<CreateCampaignRequest>,
) -> ApiResult<(StatusCode, Json<CampaignView>)> {
    let whom = whom(request.segment_id, request.tree)?;
    engage.audience(&whom).await?;
    let mail = engage.new_mail(request.template, request.language.unwrap_or_default()).await?;
    let draft = Draft { name: request.name.trim().to_owned(), whom, mail, holdout: HOLDOUT };
    let campaign = engage.create_campaign(&caller.actor(), draft).await?;
    Ok((StatusCode::CREATED, Json(engage.view(&campaign).await?)))
}

/// A campaign with its mail and what stands in the way of sending it.
#[utoipa::path(get, path = "/api/campaigns/{id}", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("session" = ["campaigns.read"])))]
pub(super) async fn get_campaign(
    _: Caller<CampaignsRead>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<Json<CampaignView>> {
    let campaign = sql::find(&engage.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
    Ok(Json(engage.view(&campaign).await?))
}

/// A draft as it is to be, over the version that its writer has seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeCampaignRequest {
    name: String,
    #[schema(value_type = Option<String>, format = Uuid)]
    segment_id: Option<SegmentId>,
    tree: Option<SegmentTree>,
    mail: Mail,
    /// The share held back, as a fraction.
    holdout: f64,
    version: i64,
}

/// Changes a draft. 409 `campaign_changed` when somebody else did meanwhile.
#[utoipa::path(put, path = "/api/campaigns/{id}", tag = "campaigns", params(("id" = String, Path, format = Uuid)), request_body = ChangeCampaignRequest,
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(super) async fn change_campaign(
    caller: Caller<CampaignsWrite>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
    Valid(request): Valid<ChangeCampaignRequest>,
) -> ApiResult<Json<CampaignView>> {
    let whom = whom(request.segment_id, request.tree)?;
    let draft = Draft { name: request.name.trim().to_owned(), whom, mail: request.mail, holdout: request.holdout };
    let campaign = engage.change_campaign(&caller.actor(), id, draft, request.version).await?;
    Ok(Json(engage.view(&campaign).await?))
}

/// Throws a draft away.
#[utoipa::path(delete, path = "/api/campaigns/{id}", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["campaigns.write"])))]
pub(super) async fn delete_campaign(
    caller: Caller<CampaignsWrite>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<StatusCode> {
    engage.delete_campaign(&caller.actor(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
