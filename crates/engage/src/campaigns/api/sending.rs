//! Sending over HTTP: what would happen, send, pause, resume, stop.

use super::{CampaignView, views::WarningView};
use crate::{
    Engage,
    campaigns::{
        CampaignError,
        campaign::{Campaign, StopReason},
        confirm::{Confirmation, Detectable},
        idempotency::IdempotencyKey,
        people::{Part, reference},
        sql,
    },
};
use access::{ApiResult, Caller, CampaignsRead, CampaignsSend, MailMode, Path, Problem, Query, Valid};
use axum::{Json, extract::State};
use channels::gate::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use vocabulary::{Day, Timestamp, id::CampaignId};

/// Why people leave on the way.
#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the names of `Refusal`")]
enum StepCode {
    /// Never said yes, or said no.
    NoConsent,
    /// No mail address that can be written to.
    BadAddress,
    /// The address was stopped, or its server refused it for good.
    Suppressed,
    /// Has got as much as the cap allows.
    RecentlySent,
}

/// People who leave on the way from the chosen ones to the sendable ones.
#[derive(Serialize, ToSchema)]
pub(super) struct StepView {
    #[schema(value_type = StepCode)]
    code: &'static str,
    count: u64,
    /// Leads to these people.
    people: String,
}

/// What could be told from chance if this share were held back.
#[derive(Serialize, ToSchema)]
pub(super) struct DetectableView {
    holdout: f64,
    /// The smallest increase of the buyers' share that is found in four of five campaigns, as a fraction; null when none is.
    points: Option<f64>,
    /// People held back.
    control: u64,
}

impl From<Detectable> for DetectableView {
    fn from(found: Detectable) -> Self {
        Self { holdout: found.holdout, points: found.effect, control: found.control }
    }
}

/// One promotion within so many local days.
#[derive(Serialize, ToSchema)]
pub(super) struct CapView {
    days: u32,
    max: u32,
}

/// What would happen if it were sent now.
#[derive(Serialize, ToSchema)]
pub(super) struct ConfirmView {
    chosen: u64,
    steps: Vec<StepView>,
    sendable: u64,
    control: u64,
    send: u64,
    chosen_people: String,
    sendable_people: String,
    /// The share of such people who bought within 28 days, as a fraction: those whom the segment would have chosen before.
    base_rate: f64,
    detectable: Vec<DetectableView>,
    delivery: MailMode,
    cap: CapView,
    #[schema(value_type = String, format = Date)]
    result_on: Day,
    problems: Vec<Problem>,
    /// What can be sent and should be looked at again.
    warnings: Vec<WarningView>,
}

impl ConfirmView {
    fn of(
        campaign: &Campaign,
        found: Confirmation,
        delivery: MailMode,
        problems: Vec<Problem>,
        warnings: Vec<WarningView>,
    ) -> Self {
        let people = |part| reference(campaign.campaign_id, part, None);
        let screened = &found.screened;
        let step = |refusal: Refusal| {
            let count = match refusal {
                Refusal::NoConsent => screened.no_consent.len(),
                Refusal::BadAddress => screened.bad_address.len(),
                Refusal::Suppressed => screened.suppressed.len(),
                Refusal::RecentlySent => screened.recently_sent.len(),
            };
            StepView { code: refusal.name(), count, people: people(refusal.into()) }
        };
        Self {
            chosen: found.chosen.len(),
            steps: Refusal::ALL.into_iter().map(step).collect(),
            sendable: found.sendable(),
            control: found.control,
            send: found.sendable() - found.control,
            chosen_people: people(Part::Chosen),
            sendable_people: people(Part::Sendable),
            base_rate: found.base_rate,
            detectable: found.detectable.into_iter().map(DetectableView::from).collect(),
            delivery,
            cap: CapView { days: found.cap.days, max: found.cap.max },
            result_on: found.result_on,
            problems,
            warnings,
        }
    }
}

/// What is asked before sending.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ConfirmQuery {
    /// The share to be held back; the draft's own when missing.
    holdout: Option<f64>,
}

/// Says what would happen if it were sent now. Changes nothing.
#[utoipa::path(get, path = "/api/campaigns/{id}/confirm", tag = "campaigns", params(("id" = String, Path, format = Uuid), ConfirmQuery),
    responses((status = 200, body = ConfirmView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["campaigns.read"])))]
pub(super) async fn confirm_campaign(
    _: Caller<CampaignsRead>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
    Query(query): Query<ConfirmQuery>,
) -> ApiResult<Json<ConfirmView>> {
    let mut campaign = sql::find(&engage.reader(), id).await?.ok_or(CampaignError::Unknown("campaign"))?;
    campaign.draft.holdout = query.holdout.unwrap_or(campaign.draft.holdout);
    campaign.draft.check()?;
    let audience = match engage.audience(&campaign.draft.whom).await {
        Err(CampaignError::SegmentUnknown) => None,
        found => found?,
    };
    let found = engage.confirmation(&campaign, audience.as_ref(), campaign.draft.holdout).await?;
    let problems = engage.shown(&campaign).await?.problems;
    let delivery = engage.inner.channels.mail_mode().await?;
    let warnings = engage.warnings(&campaign);
    Ok(Json(ConfirmView::of(&campaign, found, delivery, problems, warnings)))
}

/// When to send, over the version that was confirmed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SendRequest {
    /// Null: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    pub version: i64,
}

/// Sends now or at a time. The same `Idempotency-Key` gives the same answer and sends once.
#[utoipa::path(post, path = "/api/campaigns/{id}/send", tag = "campaigns",
    params(("id" = String, Path, format = Uuid), ("Idempotency-Key" = Option<String>, Header)), request_body = SendRequest,
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)),
    security(("session" = ["campaigns.send"])))]
pub(super) async fn send_campaign(
    caller: Caller<CampaignsSend>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
    key: IdempotencyKey,
    Valid(request): Valid<SendRequest>,
) -> ApiResult<Json<serde_json::Value>> {
    Ok(Json(engage.send_campaign(&caller.actor(), id, &request, &key).await?))
}

/// Lets nothing leave for now.
#[utoipa::path(post, path = "/api/campaigns/{id}/pause", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["campaigns.send"])))]
pub(super) async fn pause_campaign(
    caller: Caller<CampaignsSend>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<Json<CampaignView>> {
    let campaign = engage.pause_campaign(&caller.actor(), id).await?;
    Ok(Json(engage.view(&campaign).await?))
}

/// Goes on where it was paused.
#[utoipa::path(post, path = "/api/campaigns/{id}/resume", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["campaigns.send"])))]
pub(super) async fn resume_campaign(
    caller: Caller<CampaignsSend>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<Json<CampaignView>> {
    let campaign = engage.resume_campaign(&caller.actor(), id).await?;
    Ok(Json(engage.view(&campaign).await?))
}

/// Lets nothing leave any more. What has left is measured all the same.
#[utoipa::path(post, path = "/api/campaigns/{id}/stop", tag = "campaigns", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = CampaignView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["campaigns.send"])))]
pub(super) async fn stop_campaign(
    caller: Caller<CampaignsSend>,
    State(engage): State<Engage>,
    Path(id): Path<CampaignId>,
) -> ApiResult<Json<CampaignView>> {
    let campaign = engage.stop_campaign(&caller.actor(), id, StopReason::Operator).await?;
    Ok(Json(engage.view(&campaign).await?))
}
