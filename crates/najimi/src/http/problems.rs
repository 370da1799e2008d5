//! Every answer that says no says it as a problem (RFC 9457), also where a library answers in bare words.

use access::Problem;
use axum::{
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::any::Any;

/// The route is there, the method is not.
pub async fn method_not_allowed(method: Method) -> Problem {
    Problem::method_not_allowed("method_not_allowed")
        .detail(format!("This address does not take {method}."))
        .hint("The header `Allow` and /api/docs say what it takes.")
}

/// Nothing is there.
pub fn not_found() -> Problem {
    Problem::not_found("route_unknown").detail("There is nothing at this address.").hint("See /api/docs.")
}

/// A bug of ours. What it was stands in the log only.
pub fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let words = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = words, "a handler has panicked");
    Problem::internal("internal")
        .detail("Something went wrong inside Najimi.")
        .hint("Try again. If it happens again, see the log.")
        .into_response()
}

/// Turns bare words of a library into a problem of the same status.
pub async fn in_one_form(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || !is_bare(&response) {
        return response;
    }
    let mut answer = bare(status).into_response();
    for name in [header::ALLOW, header::RETRY_AFTER, header::ACCEPT_ENCODING] {
        if let Some(value) = response.headers().get(&name) {
            answer.headers_mut().insert(name, value.clone());
        }
    }
    answer
}

fn is_bare(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_none_or(|kind| kind.starts_with(b"text/plain"))
}

fn bare(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("body_too_large")
            .detail("The body is larger than is taken at once.")
            .hint("Send it in smaller parts."),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::unsupported("encoding_unsupported")
            .detail("The body is packed in a way that is not understood here.")
            .hint("Send it as it is, or with `Content-Encoding: gzip`."),
        StatusCode::SERVICE_UNAVAILABLE => Problem::unavailable("unavailable").detail("This is not possible now."),
        status if status.is_server_error() => {
            Problem::internal("internal").detail("Something went wrong inside Najimi.")
        }
        _ => Problem::bad_request("request_unfit").detail("This request cannot be read."),
    }
}
