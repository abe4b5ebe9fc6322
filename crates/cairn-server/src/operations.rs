//! What operators and people ask of a server beside its API: is it alive, is it ready, what does it count, what
//! does an error mean.

use std::net::IpAddr;

use axum::body::Body;
use cairn_core::{health, secrets};
use cairn_faults::{Error, Fault, Format, pages};
use cairn_http::caching;
use cairn_http::errors::{ErrorContext, ErrorSettings, sent_request_id};
use cairn_store::ProjectRef;
use http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use http::request::Parts;
use http::{Method, Response, StatusCode};

use crate::metrics;
use crate::site::Site;

const JSON: &str = "application/json; charset=UTF-8";
const HTML: &str = "text/html; charset=utf-8";

/// Headers that a proxy adds: who carries one did not come from this machine itself.
const PROXY_HEADERS: &[&str] = &["x-forwarded-for", "forwarded", "x-real-ip"];

/// The name under which requests of a path are counted; `None` for paths of the API.
pub(crate) fn name_of(path: &str) -> Option<&'static str> {
    match path {
        "/healthz" | "/health-check" => Some("healthz"),
        "/readyz" => Some("readyz"),
        "/metrics" => Some("metrics"),
        "/openapi.json" => Some("openapi"),
        "/errors" | "/errors/" => Some("errors"),
        path if path.starts_with("/errors/") => Some("errors.get"),
        _ => None,
    }
}

/// Answer a request of a path that [`name_of`] names.
pub(crate) async fn answer(site: &Site, request: &Parts, peer: IpAddr) -> Response<Body> {
    let outcome = match request.method {
        Method::GET | Method::HEAD => page(site, request, peer).await,
        _ => Err(Fault::GeneralNotImplemented.error()),
    };
    let mut response = outcome.unwrap_or_else(|error| refusal(site, &request.headers, &error));
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    }
    if request.method == Method::HEAD { response.map(|_| Body::empty()) } else { response }
}

/// Render an error of these pages: RFC 9457, unless the caller asks for another format.
pub(crate) fn refusal(site: &Site, headers: &HeaderMap, error: &Error) -> Response<Body> {
    let request_id = sent_request_id(headers).map_or_else(|| site.app.ids.unique(), str::to_owned);
    let settings = ErrorSettings {
        surface_default: Format::Problem,
        response_format: None,
        version: &site.config.appwrite_version,
        is_development: site.app.options.is_development,
    };
    ErrorContext::of_request(headers, &request_id, &settings).answer(error).map(Body::from)
}

async fn page(site: &Site, request: &Parts, peer: IpAddr) -> Result<Response<Body>, Error> {
    let headers = &request.headers;
    match request.uri.path() {
        "/healthz" => Ok(json_body(StatusCode::OK, &serde_json::json!({ "status": "ok" }))),
        // The same in the account API's way.
        "/health-check" => Ok(nothing()),
        "/readyz" => Ok(ready(site).await),
        "/metrics" => {
            allow_metrics(site, headers, peer)?;
            let uptime_ms = site.app.clock.monotonic_ms() - site.started_ms;
            let text = site.metrics.text(&site.app, uptime_ms);
            Ok(body(StatusCode::OK, metrics::CONTENT_TYPE, text))
        }
        "/openapi.json" => Ok(cached(request, JSON, site.openapi().to_owned())),
        "/errors" | "/errors/" if wants_html(headers) => Ok(cached(request, HTML, pages::index_html())),
        "/errors" | "/errors/" => Ok(cached(request, JSON, pages::index_json().to_string())),
        path => error_page(request, path.trim_start_matches("/errors/")),
    }
}

fn error_page(request: &Parts, id: &str) -> Result<Response<Body>, Error> {
    let faults = pages::live_faults();
    let fault = faults.into_iter().find(|fault| fault.id() == id);
    let fault = fault.ok_or_else(|| Fault::GeneralRouteNotFound.error())?;
    Ok(if wants_html(&request.headers) {
        cached(request, HTML, pages::fault_html(fault))
    } else {
        cached(request, JSON, pages::fault_json(fault).to_string())
    })
}

/// Whether the store answers: what a load balancer asks before it sends requests.
///
/// A region's database that does not answer is named and no more: the projects of the others are served, and no other
/// server would do better.
async fn ready(site: &Site) -> Response<Body> {
    let store = &site.app.store;
    let (mut status, mut word) = (StatusCode::OK, "ready");
    let mut silent = Vec::new();
    for (region, ping) in health::pings_ms(&site.app).await {
        if ping.is_ok() {
            continue;
        }
        if region == ProjectRef::REGION_DEFAULT {
            (status, word) = (StatusCode::SERVICE_UNAVAILABLE, "store unavailable");
        }
        silent.push(region);
    }
    if status == StatusCode::OK && site.app.tasks.stop().is_requested() {
        (status, word) = (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    let mut page = serde_json::json!({ "status": word, "store": store.engine() });
    if !silent.is_empty() {
        page["unavailable_regions"] = silent.into();
    }
    json_body(status, &page)
}

/// The counts tell about traffic: they are for this machine, or for who has the token.
fn allow_metrics(site: &Site, headers: &HeaderMap, peer: IpAddr) -> Result<(), Error> {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.strip_prefix("Bearer "));
    let has_token = match (&site.config.metrics_token, sent) {
        (Some(token), Some(sent)) => secrets::is_equal(token.reveal(), sent.trim()),
        _ => false,
    };
    let is_near = cairn_http::client_addr::normalize(peer).is_loopback()
        && !PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
    if has_token || is_near { Ok(()) } else { Err(Fault::GeneralAccessForbidden.error()) }
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|text| text.contains("text/html"))
}

fn nothing() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

fn json_body(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    body(status, JSON, value.to_string())
}

fn body(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A page that changes with the program alone: a client that has it already is told so.
fn cached(request: &Parts, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = body(StatusCode::OK, content_type, String::new());
    let mut status = StatusCode::OK;
    let is_sent = caching::revalidate(
        &request.method,
        &request.headers,
        &mut status,
        response.headers_mut(),
        text.as_bytes(),
    );
    response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
    *response.status_mut() = status;
    if is_sent {
        *response.body_mut() = Body::from(text);
    }
    response
}

#[cfg(test)]
mod tests;
