//! Requests that another site made a browser send are refused (CSRF), by what the browser itself says of them.

use crate::{Access, Problem};
use axum::http::{HeaderMap, Method, header, request::Parts};

/// Refuses what changes something and does not come from our own pages.
pub(crate) fn same_origin(parts: &Parts, access: &Access) -> Result<(), Problem> {
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_ours(&parts.headers, access) {
        return Ok(());
    }
    Err(Problem::forbidden("cross_site")
        .detail("This request was not made by a page of this installation.")
        .hint("Open Najimi under its own address and try again. Programs use an API key."))
}

fn is_ours(headers: &HeaderMap, access: &Access) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = text(header::HOST.as_str()).unwrap_or_default();
            let is_host = origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host));
            is_host
                || access
                    .installation()
                    .is_some_and(|installation| installation.public_url.eq_ignore_ascii_case(origin))
        }
        (None, None) => false,
    }
}
