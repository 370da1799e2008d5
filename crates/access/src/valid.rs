//! What comes in with a request: body, path and query, each refused with a problem that names the place.

use crate::Problem;
use axum::{
    Json,
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use std::error::Error;

/// Letters of a sentence that may repeat what was sent.
const SENTENCE_LETTERS_MAX: usize = 300;

/// A JSON body. Its type refuses unknown fields; its size is bounded by the route, its depth by 128 levels.
#[derive(Clone, Copy, Debug)]
pub struct Valid<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Valid<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::unsupported("not_json")
                .detail("The body must be JSON.")
                .hint("Send it with `Content-Type: application/json`."));
        }
        let body = Bytes::from_request(request, state).await.map_err(|rejection| unread(rejection.status()))?;
        if is_list(&body) {
            return Err(Problem::unprocessable("body_unfit")
                .detail("The body cannot be read: it is a list, and must be an object."));
        }
        if has_nul_escape(&body) {
            return Err(nul("body_has_nul"));
        }
        Json::<T>::from_bytes(&body).map(|Json(value)| Self(value)).map_err(|rejection| unfit(&rejection))
    }
}

/// A body as it came, for handlers that read it by themselves.
#[derive(Clone, Debug)]
pub struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Self).map_err(|rejection| unread(rejection.status()))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Whether this begins as a list, which would be read as the fields of an object in their order: nobody means that.
pub fn is_list(json: &[u8]) -> bool {
    json.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
}

/// Whether a text in this JSON holds the character NUL, which PostgreSQL does not keep and nobody means.
pub(crate) fn has_nul_escape(json: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = json[at..].iter().position(|byte| *byte == b'\\') {
        let escape = &json[at + found..];
        if escape.starts_with(b"\\u0000") {
            return true;
        }
        at += found + escape.len().min(2);
    }
    false
}

/// Whether a path or query holds the character NUL.
fn has_nul(parts: &Parts) -> bool {
    parts.uri.path_and_query().is_some_and(|text| text.as_str().contains("%00"))
}

fn nul(code: &'static str) -> Problem {
    Problem::bad_request(code).detail("The character NUL cannot be part of a text.").hint("Send the text without it.")
}

fn unread(status: StatusCode) -> Problem {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_large("body_too_large")
            .detail("The body is larger than is taken at once.")
            .hint("Send it in smaller parts.");
    }
    Problem::bad_request("body_broken_off").detail("The body ended before it was whole.").hint("Send it again.")
}

fn unfit(rejection: &JsonRejection) -> Problem {
    let problem = match rejection {
        JsonRejection::JsonDataError(_) => Problem::unprocessable("body_unfit"),
        _ => Problem::bad_request("body_not_json"),
    };
    problem.detail(format!("The body cannot be read: {}.", innermost(rejection)))
}

/// The sentence that names field and position; the outer ones only say that there is one.
fn innermost(error: &dyn Error) -> String {
    let sentence = error.source().map_or_else(|| error.to_string(), |source| source.to_string());
    sentence.chars().take(SENTENCE_LETTERS_MAX).collect()
}

/// The values of the path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if has_nul(parts) {
            return Err(nul("address_has_nul"));
        }
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|rejection: PathRejection| {
            Problem::bad_request("path_unfit").detail(format!("The address cannot be read: {}.", rejection.body_text()))
        })
    }
}

/// The values behind the `?`.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if has_nul(parts) {
            return Err(nul("address_has_nul"));
        }
        let query = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        query.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection: QueryRejection| {
            Problem::bad_request("query_unfit").detail(format!("The query cannot be read: {}.", innermost(&rejection)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_found_where_it_is_meant() {
        for (json, has) in [
            (r#"{"a":"b"}"#, false),
            (r#"{"a":"\u0000"}"#, true),
            (r#"{"a":"\\u0000"}"#, false),
            (r#"{"a":"\\\u0000"}"#, true),
            (r#"{"a":"\n\"\u0000"#, true),
            (r"\", false),
            ("", false),
        ] {
            assert_eq!(has_nul_escape(json.as_bytes()), has, "{json}");
        }
    }
}
