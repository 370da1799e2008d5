//! The addresses that stand in mails.

use super::{addressee, clicked, opened, pages, unsubscribe};
use crate::{Channels, mail::Purpose};
use access::{Path, Problem, RawBody};
use axum::{
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use records::RecordsError;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Bytes of the body that a mail program sends with one click; ours is 26.
const BODY_BYTES_MAX: usize = 4 * 1024;

/// What stands in mails: pictures, links, the way out. No session and no key.
pub(crate) fn router() -> OpenApiRouter<Channels> {
    OpenApiRouter::new()
        .routes(routes!(open_picture))
        .routes(routes!(follow_link))
        .routes(routes!(ask_unsubscribe, do_unsubscribe))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// One pixel that is not to be seen. It always comes, so that no mail shows a broken picture.
#[utoipa::path(get, path = "/o/{file}", tag = "mails", params(("file" = String, Path, description = "A token and `.gif`.")),
    responses((status = 200, content_type = "image/gif")), security(()))]
async fn open_picture(method: Method, State(channels): State<Channels>, Path(file): Path<String>) -> Response {
    let letters = file.strip_suffix(".gif").unwrap_or(&file);
    // A HEAD is a program that looks whether the picture is there.
    if method == Method::GET {
        match addressee(&channels, letters, Purpose::Open).await {
            Ok(Some((_, addressee))) => opened(&channels, &addressee.told).await,
            Ok(None) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "an opening could not be told"),
        }
    }
    ([(header::CONTENT_TYPE, "image/gif"), (header::CACHE_CONTROL, "no-store")], pages::PICTURE).into_response()
}

/// Leads to where a link of a mail points, and tells that it was followed.
#[utoipa::path(get, path = "/c/{token}", tag = "mails", params(("token" = String, Path)),
    responses((status = 302), (status = 404, content_type = "text/html")), security(()))]
async fn follow_link(
    method: Method,
    headers: HeaderMap,
    State(channels): State<Channels>,
    Path(letters): Path<String>,
) -> Response {
    if method != Method::GET {
        return page(StatusCode::OK, String::new());
    }
    let target = match addressee(&channels, &letters, Purpose::Click).await {
        Ok(Some((token, addressee))) => clicked(&channels, token, &addressee).await,
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    match target.map(|target| target.and_then(|target| HeaderValue::from_str(&target).ok())) {
        Ok(Some(location)) => (
            StatusCode::FOUND,
            [
                (header::LOCATION, location),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
            ],
        )
            .into_response(),
        Ok(None) => page(StatusCode::NOT_FOUND, pages::not_found(pages::language(&headers))),
        Err(error) => failed(error),
    }
}

/// Shows what can be done and does nothing, however often programs look at it.
#[utoipa::path(get, path = "/u/{token}", tag = "mails", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html")), security(()))]
async fn ask_unsubscribe(
    headers: HeaderMap,
    State(channels): State<Channels>,
    Path(letters): Path<String>,
) -> Response {
    let language = pages::language(&headers);
    match addressee(&channels, &letters, Purpose::Unsubscribe).await {
        Ok(Some((_, addressee))) => {
            let company = company(&channels);
            page(StatusCode::OK, pages::unsubscribe(language, &company, &letters, addressee.is_stopped))
        }
        Ok(None) => page(StatusCode::NOT_FOUND, pages::not_found(language)),
        Err(error) => failed(error),
    }
}

/// The button of the page, or one click in a mail program (RFC 8058). The body says nothing that the token does not.
#[utoipa::path(post, path = "/u/{token}", tag = "mails", params(("token" = String, Path)),
    responses((status = 200, content_type = "text/html"), (status = 404, content_type = "text/html")), security(()))]
async fn do_unsubscribe(
    headers: HeaderMap,
    State(channels): State<Channels>,
    Path(letters): Path<String>,
    _: RawBody,
) -> Response {
    let language = pages::language(&headers);
    let addressee = match addressee(&channels, &letters, Purpose::Unsubscribe).await {
        Ok(Some((_, addressee))) => addressee,
        Ok(None) => return page(StatusCode::NOT_FOUND, pages::not_found(language)),
        Err(error) => return failed(error),
    };
    let stopped = if addressee.is_stopped { Ok(()) } else { unsubscribe(&channels, &addressee).await };
    match stopped {
        Ok(()) => page(StatusCode::OK, pages::unsubscribe(language, &company(&channels), &letters, true)),
        Err(error) => failed(error),
    }
}

fn company(channels: &Channels) -> String {
    channels.installation().map(|installation| installation.company.clone()).unwrap_or_default()
}

fn failed(error: RecordsError) -> Response {
    Problem::from(error).into_response()
}

/// A page of ours: no script, no frame around it, nothing from elsewhere, nothing kept.
fn page(status: StatusCode, html: String) -> Response {
    const HEADERS: [(HeaderName, &str); 6] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (status, HEADERS, html).into_response()
}
