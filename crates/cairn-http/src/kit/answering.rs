//! From a handler's answer or an error to bytes on the wire.

use axum::body::Body;
use cairn_faults::Error;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, SERVER, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::request::Parts;
use http::{Response, StatusCode};
use hyper::body::Body as _;

use super::matching::Matched;
use crate::answer::Answer;
use crate::caching;
use crate::exchange::Exchange;
use crate::headers::{REQUEST_ID, append};
use crate::route::Route;

pub(super) fn success(
    matched: &Matched,
    asked: &Parts,
    exchange: &Exchange,
    answer: Answer,
    headers: HeaderMap,
) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    if let Some((content_type, bytes)) = answer.body.into_bytes(&matched.surface.steps, exchange.version) {
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if !matched.route.is_lasting || is_news(matched.route, asked, &mut response, &bytes) {
            *response.body_mut() = Body::from(bytes);
        }
    }
    for (name, value) in answer.headers {
        append(response.headers_mut(), HeaderName::from_static(name), &value);
    }
    append(response.headers_mut(), REQUEST_ID.clone(), exchange.request_id());
    signed(response)
}

/// Tag the answer of a lasting route; whether its body must be sent, because the client has another one or none.
fn is_news(route: &Route, asked: &Parts, response: &mut Response<Body>, bytes: &[u8]) -> bool {
    // Asked for again each time, by whoever may keep it at all.
    let keeping = if route.is_public() { "no-cache" } else { "private, no-cache" };
    let mut status = response.status();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(keeping));
    headers.append(VARY, HeaderValue::from_static("X-Appwrite-Response-Format"));
    let is_news = caching::revalidate(&asked.method, &asked.headers, &mut status, headers, bytes);
    *response.status_mut() = status;
    is_news
}

pub(super) fn refusal(exchange: &Exchange, error: &Error, headers: HeaderMap) -> Response<Body> {
    let mut response = exchange.errors.answer(error).map(Body::from);
    for (name, value) in &headers {
        response.headers_mut().append(name, value.clone());
    }
    signed(response)
}

/// Add what every answer has.
pub(super) fn signed(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(SERVER, HeaderValue::from_static("Cairn"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The answer to HEAD: the same without its body, whose length is still told.
pub(super) fn without_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let length = body.size_hint().exact().filter(|_| parts.status != StatusCode::NOT_MODIFIED);
    if let Some(length) = length {
        parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    Response::from_parts(parts, Body::empty())
}
