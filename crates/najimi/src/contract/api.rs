//! The description over HTTP: for programs as JSON, for people as a page.

use super::{document, page};
use axum::{
    http::{HeaderName, header},
    response::IntoResponse,
};
use std::sync::LazyLock;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

static JSON: LazyLock<String> = LazyLock::new(|| document().to_string());
static PAGE: LazyLock<String> = LazyLock::new(|| page::page(&document()));

/// The routes of the description.
pub fn routes() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(get_openapi))
        .routes(routes!(get_api_reference))
        .routes(routes!(get_reference_style))
}

/// What these routes are.
pub fn description() -> OpenApi {
    routes().into_openapi()
}

/// The description of the API for programs (OpenAPI 3.1).
#[utoipa::path(get, path = "/api/openapi.json", tag = "system", responses((status = 200, content_type = "application/json")), security(()))]
async fn get_openapi() -> impl IntoResponse {
    answer("application/json", &JSON)
}

/// The description of the API for people.
#[utoipa::path(get, path = "/api/docs", tag = "system", responses((status = 200, content_type = "text/html")), security(()))]
async fn get_api_reference() -> impl IntoResponse {
    answer("text/html; charset=utf-8", &PAGE)
}

/// How that page looks.
#[utoipa::path(get, path = "/api/docs/page.css", tag = "system", responses((status = 200, content_type = "text/css")), security(()))]
async fn get_reference_style() -> impl IntoResponse {
    answer("text/css; charset=utf-8", include_str!("page.css"))
}

fn answer(kind: &'static str, body: &'static str) -> ([(HeaderName, &'static str); 2], &'static str) {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], body)
}
