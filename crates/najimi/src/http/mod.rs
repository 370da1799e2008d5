//! What all requests have in common, from the outside in: an id and a line in the log, the headers that browsers need,
//! who really calls, problems in one form, limits.

mod connections;
mod forwarded;
mod observe;
mod problems;
mod stall;

pub use connections::serve_router;
pub use forwarded::{Network, is_forwarded};
pub use problems::not_found;

use crate::web;
use access::Access;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response_with_state},
    response::Response,
};
use std::{sync::Arc, time::Duration};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, set_header::SetResponseHeaderLayer,
    timeout::RequestBodyTimeoutLayer,
};

/// Bytes of a request where a route says nothing else.
const BODY_BYTES_MAX: usize = 2 << 20;

/// Scripts come from our own files only; mails are shown in frames without scripts.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; \
    frame-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; form-action 'self'";

/// What the edge of the server needs to know.
#[derive(Clone)]
pub struct Edge {
    /// Whose installation it is, and under which address.
    pub access: Access,
    /// Proxies whose word about the client is believed.
    pub trusted_proxies: Arc<[Network]>,
    /// How long a sender of a body may be silent.
    pub silence_max: Duration,
}

/// The router with all that its routes share, and the web application behind them.
pub fn finish(router: Router, edge: Edge) -> Router {
    let fixed = |name: &'static str, value: &'static str| {
        SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
    };
    router
        .fallback(web::page)
        .method_not_allowed_fallback(problems::method_not_allowed)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(RequestBodyTimeoutLayer::new(edge.silence_max))
        .layer(CatchPanicLayer::custom(problems::panicked))
        .layer(from_fn(problems::in_one_form))
        .layer(from_fn_with_state(edge.clone(), forwarded::find_client))
        .layer(CompressionLayer::new())
        .layer(fixed("content-security-policy", CONTENT_SECURITY_POLICY))
        .layer(fixed("x-content-type-options", "nosniff"))
        .layer(fixed("referrer-policy", "same-origin"))
        .layer(from_fn(keep_private))
        .layer(fixed("x-frame-options", "DENY"))
        .layer(fixed("cross-origin-opener-policy", "same-origin"))
        .layer(map_response_with_state(edge, observe::stay_on_tls))
        .layer(from_fn(observe::observe))
}

/// What the API answers is for who asked, and no cache keeps it.
async fn keep_private(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    if is_api {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}
