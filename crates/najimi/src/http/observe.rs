//! What is seen of a request from outside: an id, a line in the log, a measurement. Never who it was about: the log
//! has addresses of the API without their query, and of everything else only which route it was.

use super::Edge;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};
use std::time::{Duration, Instant};
use tracing::Instrument;
use vocabulary::{Clock, clock::SystemClock, id::new_uuid};

/// In the answer and in each line of the log, so that one finds the other.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A year; only where the installation is reached over TLS.
const STAY_ON_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Tells browsers to come over TLS only, where that is how the installation is reached.
pub async fn stay_on_tls(State(edge): State<Edge>, mut response: Response) -> Response {
    if edge.access.installation().is_some_and(|installation| installation.is_https()) {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, STAY_ON_TLS);
    }
    response
}

/// Gives the request an id, measures it and writes it down.
pub async fn observe(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let id = new_uuid(SystemClock.now()).to_string();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let seen = Seen { method: request.method().clone(), shown: shown(request.uri().path(), route.as_deref()), route };
    let span = tracing::info_span!("request", id);
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| seen.tell(response.status(), began.elapsed()));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

struct Seen {
    method: Method,
    route: Option<String>,
    shown: String,
}

impl Seen {
    fn tell(&self, status: StatusCode, took: Duration) {
        let route = self.route.clone().unwrap_or_else(|| "other".to_owned());
        let labels = [("method", method_label(&self.method)), ("route", route), ("status", status.as_str().to_owned())];
        metrics::histogram!("najimi_http_request_seconds", &labels).record(took.as_secs_f64());
        let (method, path, status, took_ms) =
            (&self.method, &self.shown, status.as_u16(), (took.as_secs_f64() * 10_000.0).round() / 10.0);
        match self.route.as_deref() {
            Some("/healthz" | "/readyz" | "/metrics") | None => {
                tracing::debug!(%method, path, status, took_ms, "a request was answered");
            }
            Some(_) if status >= 500 => tracing::warn!(%method, path, status, took_ms, "a request was answered"),
            Some(_) => tracing::info!(%method, path, status, took_ms, "a request was answered"),
        }
    }
}

/// Whoever calls can make up methods; a label for each would fill the memory.
fn method_label(method: &Method) -> String {
    let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::HEAD, Method::OPTIONS, Method::PATCH];
    if known.contains(method) { method.to_string() } else { "other".to_owned() }
}

/// Addresses of the API hold ids; those in mails hold a token that opens something.
fn shown(path: &str, route: Option<&str>) -> String {
    let is_plain = path.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'/'));
    match route {
        Some(route) if is_plain && (route.starts_with("/api/") || route.starts_with("/v1/")) => path.to_owned(),
        Some(route) => route.to_owned(),
        None => "other".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_shows_no_token() {
        assert_eq!(shown("/u/secret", Some("/u/{token}")), "/u/{token}");
        assert_eq!(shown("/api/jobs/1", Some("/api/jobs/{id}")), "/api/jobs/1");
        assert_eq!(shown("/api/jobs/a@example.com", Some("/api/jobs/{id}")), "/api/jobs/{id}");
        assert_eq!(shown("/setup", None), "other");
    }
}
