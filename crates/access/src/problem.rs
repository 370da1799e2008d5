//! Problems: how every endpoint says that something did not work (RFC 9457), in a stable code that the screen
//! translates, a sentence for people, and the next step.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::RecordsError;
use serde::Serialize;
use utoipa::ToSchema;

/// The answer of a handler.
pub type ApiResult<T> = Result<T, Problem>;

/// A problem as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// `urn:najimi:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// What the status means.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// Stable; the screen translates it.
    code: &'static str,
    /// A sentence for people.
    detail: String,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    hint: Option<String>,
    #[serde(skip)]
    retry_after_seconds: Option<u32>,
}

macro_rules! constructors {
    ($( $(#[$doc:meta])* $name:ident $status:ident ; )+) => {$(
        $(#[$doc])*
        pub fn $name(code: &'static str) -> Self {
            Self::new(StatusCode::$status, code)
        }
    )+};
}

impl Problem {
    constructors! {
        /// 400: the request cannot be read.
        bad_request BAD_REQUEST;
        /// 401: nobody is signed in.
        unauthorized UNAUTHORIZED;
        /// 403: whoever it is may not do this.
        forbidden FORBIDDEN;
        /// 404: there is no such thing.
        not_found NOT_FOUND;
        /// 405: it cannot be done to this thing.
        method_not_allowed METHOD_NOT_ALLOWED;
        /// 409: it does not fit what is there now.
        conflict CONFLICT;
        /// 413: more than is taken at once.
        too_large PAYLOAD_TOO_LARGE;
        /// 415: not a form of data that is understood here.
        unsupported UNSUPPORTED_MEDIA_TYPE;
        /// 422: it can be read and makes no sense.
        unprocessable UNPROCESSABLE_ENTITY;
        /// 429: too often.
        too_many TOO_MANY_REQUESTS;
        /// 500: our own fault.
        internal INTERNAL_SERVER_ERROR;
        /// 503: not now.
        unavailable SERVICE_UNAVAILABLE;
        /// 507: the disk is full.
        disk_full INSUFFICIENT_STORAGE;
    }

    fn new(status: StatusCode, code: &'static str) -> Self {
        let title = status.canonical_reason().unwrap_or("Problem");
        let kind = format!("urn:najimi:problem:{code}");
        Self {
            kind,
            title,
            status: status.as_u16(),
            code,
            detail: String::new(),
            hint: None,
            retry_after_seconds: None,
        }
    }

    /// A sentence for people: what is wrong.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }
    /// The next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
    /// When to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
    /// The sentence.
    pub fn sentence(&self) -> &str {
        &self.detail
    }

    /// Nobody is signed in.
    pub fn signed_out() -> Self {
        Self::unauthorized("signed_out")
            .detail("You are not signed in, or your session has ended.")
            .hint("Sign in again.")
    }
    /// The caller lacks this permission.
    pub fn permission_missing(permission: &str) -> Self {
        Self::forbidden("permission_missing")
            .detail(format!("This needs the permission `{permission}`, which you do not have."))
            .hint("Ask an owner of this installation to do it or to change your role.")
    }
    /// There is no such thing: `what` names it (`campaign`).
    pub fn unknown(what: &str) -> Self {
        Self::not_found("not_found")
            .detail(format!("There is no such {what}."))
            .hint("It may have been deleted. Go back to the list.")
    }
    /// Logs the cause once and tells nothing of it.
    pub fn from_cause(cause: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = cause, "a request failed by our own fault");
        Self::internal("internal")
            .detail("Something went wrong inside Najimi.")
            .hint("Try again. If it happens again, see the log.")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status(), [(header::CONTENT_TYPE, "application/problem+json")], body).into_response();
        if let Some(seconds) = self.retry_after_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<RecordsError> for Problem {
    fn from(error: RecordsError) -> Self {
        if error.is_transient() {
            tracing::warn!(error = &error as &(dyn std::error::Error + 'static), "the records could not be reached");
            return Self::unavailable("records_away")
                .detail("The records database cannot be reached at the moment.")
                .hint("Nothing was changed. Try again in a moment.")
                .retry_after(1);
        }
        if is_disk_full(&error) {
            tracing::error!(error = &error as &(dyn std::error::Error + 'static), "the disk is full");
            return Self::disk_full("disk_full")
                .detail("The disk of the server is full.")
                .hint("Nothing was changed. Make room on it; reading and deleting go on meanwhile.");
        }
        Self::from_cause(&error)
    }
}

/// By the words of SQLite and of PostgreSQL.
fn is_disk_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let says_so = |error: &dyn std::error::Error| {
        let text = error.to_string();
        text.contains("disk is full") || text.contains("No space left on device")
    };
    std::iter::successors(Some(error), |error| error.source()).any(says_so)
}
