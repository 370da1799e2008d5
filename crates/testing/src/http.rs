//! Calls of the routes of a feature, without a server between.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use serde_json::Value;
use tower::ServiceExt;

/// Bytes of an answer; more is a mistake.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// A header that is there.
    pub fn header(&self, name: impl header::AsHeaderName) -> Option<String> {
        self.headers.get(name).map(|value| value.to_str().expect("a header of letters").to_owned())
    }
}

/// What a page of ours sends, with the cookie of somebody who is signed in; JSON where nothing else is said.
pub fn from_our_page(cookie: &str, method: Method, path: &str, body: impl Into<Body>) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/json");
    request.body(body.into()).expect("a request")
}

/// The body of a request that may have none.
pub fn json_body(body: Option<Value>) -> Body {
    body.map_or_else(Body::empty, |body| Body::from(body.to_string()))
}

/// Asks the routes.
pub async fn ask(routes: &Router, request: Request<Body>) -> Answer {
    let response = routes.clone().oneshot(request).await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let bytes = to_bytes(response.into_body(), ANSWER_BYTES_MAX).await.expect("a whole answer").to_vec();
    Answer { status, headers, bytes }
}
