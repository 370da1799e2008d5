//! Background work: how far it is, and stopping it.
//!
//! Everybody who is signed in sees how far a job is; how it ended, and stopping it, need the permission that its work
//! declares.

use crate::{Access, ApiResult, Caller, Path, Problem, SignedIn};
use axum::{Json, extract::State};
use jobs::{Job, JobState};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::id::JobId;

/// Who may stop a job whose work declares nothing.
const UNDECLARED: &str = "operators.manage";

/// Where a job stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum JobStateView {
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

impl From<JobState> for JobStateView {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Queued => Self::Queued,
            JobState::Running => Self::Running,
            JobState::Done => Self::Done,
            JobState::Failed => Self::Failed,
            JobState::Cancelled => Self::Cancelled,
        }
    }
}

/// How far a job is.
#[derive(Serialize, ToSchema)]
pub(super) struct ProgressView {
    done: u64,
    /// Null while it is not known.
    total: Option<u64>,
    note: String,
}

/// A job.
#[derive(Serialize, ToSchema)]
pub(super) struct JobView {
    job_id: String,
    kind: String,
    state: JobStateView,
    progress: ProgressView,
    error: Option<String>,
    hint: Option<String>,
    result: serde_json::Value,
}

impl JobView {
    fn of(job: Job, may_see_end: bool) -> Self {
        let progress = ProgressView { done: job.progress.done, total: job.progress.total, note: job.progress.note };
        let (error, hint, result) = if may_see_end { (job.error, job.hint, job.result) } else { (None, None, None) };
        let state = job.state.into();
        Self {
            job_id: job.job_id.to_string(),
            kind: job.kind,
            state,
            progress,
            error,
            hint,
            result: result.unwrap_or_default(),
        }
    }
}

async fn find(access: &Access, caller: &Caller<SignedIn>, job_id: JobId) -> ApiResult<(Job, bool)> {
    let job = access.inner.jobs.get(job_id).await?.ok_or_else(|| Problem::unknown("job"))?;
    let permission = access.inner.jobs.permission_of(&job.kind).unwrap_or(UNDECLARED);
    let may = caller.operator().role.holds(permission);
    Ok((job, may))
}

/// How far a job is.
#[utoipa::path(get, path = "/api/jobs/{id}", tag = "jobs", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = JobView), (status = 404, body = Problem)), security(("session" = ["signed_in"])))]
pub(super) async fn get_job(
    caller: Caller<SignedIn>,
    State(access): State<Access>,
    Path(job_id): Path<JobId>,
) -> ApiResult<Json<JobView>> {
    let (job, may) = find(&access, &caller, job_id).await?;
    Ok(Json(JobView::of(job, may)))
}

/// Asks a job to stop. It ends at its next safe point; the answer shows where it stands now.
#[utoipa::path(post, path = "/api/jobs/{id}/cancel", tag = "jobs", params(("id" = String, Path, format = Uuid)),
    responses((status = 200, body = JobView), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)),
    security(("session" = ["signed_in"])))]
pub(super) async fn cancel_job(
    caller: Caller<SignedIn>,
    State(access): State<Access>,
    Path(job_id): Path<JobId>,
) -> ApiResult<Json<JobView>> {
    let (job, may) = find(&access, &caller, job_id).await?;
    if !may {
        return Err(Problem::permission_missing(access.inner.jobs.permission_of(&job.kind).unwrap_or(UNDECLARED)));
    }
    if !access.inner.jobs.cancel(&caller.actor(), job_id).await? {
        return Err(Problem::conflict("job_ended").detail("This job has ended already."));
    }
    let (job, may) = find(&access, &caller, job_id).await?;
    Ok(Json(JobView::of(job, may)))
}
