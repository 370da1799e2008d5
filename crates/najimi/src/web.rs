//! The web application, carried in the binary.

use crate::http;
use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, Uri, header},
    response::IntoResponse,
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/admin/dist"]
#[allow_missing = true]
struct Files;

/// A file of the application; any other path is one of its pages.
pub async fn page(method: Method, uri: Uri) -> Response<Body> {
    let path = uri.path().trim_start_matches('/');
    if !matches!(method, Method::GET | Method::HEAD) {
        return not_found();
    }
    match Files::get(path) {
        Some(file) if !path.is_empty() => answer(path, file.data.into_owned(), path.starts_with("assets/")),
        _ if is_for_programs(path) || path.contains('.') => not_found(),
        _ => match Files::get("index.html") {
            Some(file) => answer("index.html", file.data.into_owned(), false),
            None => not_found(),
        },
    }
}

fn answer(path: &str, data: Vec<u8>, is_for_ever: bool) -> Response<Body> {
    let kind = match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    let mut response = Response::new(Body::from(data));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    let cache = if is_for_ever { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

/// Programs are told that nothing is there instead of being shown a page.
fn is_for_programs(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or_default();
    matches!(first, "api" | "v1" | "o" | "c" | "u" | "metrics" | "healthz" | "readyz")
}

fn not_found() -> Response<Body> {
    http::not_found().into_response()
}
