//! The kit at work: from a request to an answer, in the order of checks that is part of the contract.
//!
//! Host and origin, project, credentials, toggles, scope, blocked, rate limit, request conversions, parameters,
//! handler. What a client sent wrong is told in its own format; a panic is a defect that one request sees.

mod answering;
mod incoming;
mod matching;
mod passage;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use cairn_core::App;
use cairn_faults::Fault;
use http::header::HeaderMap;
use http::{Method, Request, Response, StatusCode};

use crate::client_addr::TrustedProxies;
use crate::limits::Limiter;
use crate::origin::{AllowedOrigins, host_of, request_origin, write_cors};
use crate::params::ParamMap;
use crate::params::read_body;
use crate::route::Surface;
use matching::{Matched, Matcher};
use passage::Passage;

/// The server's settings, as far as HTTP depends on them.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Hosts of the console and of the server itself, from which requests are accepted for every project.
    pub console_hosts: Vec<String>,
    /// Whether plain http is refused (`_APP_OPTIONS_FORCE_HTTPS`).
    pub is_https_forced: bool,
    /// The wire version of callers that name none (`_APP_SYSTEM_RESPONSE_FORMAT`).
    pub response_format: Option<String>,
    /// The Appwrite version that errors name (`_APP_VERSION`).
    pub version: String,
    /// Bytes of a request's body at most.
    pub body_bytes_max: usize,
    /// Which headers of whom tell the client's address.
    pub proxies: TrustedProxies,
}

/// Serves the routes of all surfaces.
pub struct Kit {
    app: Arc<App>,
    options: HttpOptions,
    matcher: Matcher,
    limiter: Limiter,
}

impl Kit {
    /// Serve these surfaces.
    ///
    /// # Panics
    /// When two routes of the tables have the same method and path.
    pub fn new(app: Arc<App>, surfaces: &'static [Surface], options: HttpOptions) -> Arc<Self> {
        Arc::new(Self { app, options, matcher: Matcher::new(surfaces), limiter: Limiter::default() })
    }

    /// Answer a request of the client at `peer`. The answer's extensions tell its `&'static Route`, if it has one.
    pub async fn handle(self: &Arc<Self>, request: Request<Body>, peer: IpAddr) -> Response<Body> {
        let (parts, body) = request.into_parts();
        if parts.method == Method::OPTIONS {
            return preflight(&parts.headers);
        }
        let response = match self.matcher.find(&parts.method, parts.uri.path()) {
            Ok(matched) => self.pass(&parts, body, matched, peer).await,
            Err(fault) => self.unmatched(&parts, peer, fault),
        };
        if parts.method == Method::HEAD { answering::without_body(response) } else { response }
    }

    async fn pass(
        self: &Arc<Self>,
        parts: &http::request::Parts,
        body: Body,
        matched: Matched,
        peer: IpAddr,
    ) -> Response<Body> {
        // Read before anybody is asked, because the project and the keys of limits may stand in it; what is wrong with
        // it is told only in its turn.
        let params = match read_body(body, self.options.body_bytes_max).await {
            Ok(body) => {
                let path = matched.path_params.iter().cloned();
                ParamMap::read(&parts.method, path, parts.uri.query(), &parts.headers, body).await
            }
            Err(error) => Err(error),
        };
        let exchange = incoming::exchange(self, parts, peer, Some(&matched), params.as_ref().ok());
        let mut passage = Passage::new(self, &matched, &parts.headers, exchange);
        let outcome = passage.run(params).await;
        let (exchange, headers) = passage.finish();
        let mut response = match outcome {
            Ok(answer) => answering::success(matched.surface, &exchange, answer, headers),
            Err(error) => answering::refusal(&exchange, &error, headers),
        };
        response.extensions_mut().insert(matched.route);
        response
    }

    fn unmatched(&self, parts: &http::request::Parts, peer: IpAddr, fault: Fault) -> Response<Body> {
        let exchange = incoming::exchange(self, parts, peer, None, None);
        let mut headers = HeaderMap::new();
        write_cors(&mut headers, exchange.origin.as_deref(), &self.own_origins());
        let error = fault.with("method", &parts.method).with("path", parts.uri.path());
        answering::refusal(&exchange, &error, headers)
    }

    /// Origins that are accepted whatever the project: the console's hosts.
    fn own_origins(&self) -> AllowedOrigins {
        AllowedOrigins::of_server(self.options.console_hosts.iter().map(String::as_str))
    }
}

/// A preflight carries no project, so it allows whoever asks; the request itself is checked.
fn preflight(headers: &HeaderMap) -> Response<Body> {
    let origin = request_origin(headers);
    let asking = origin.and_then(host_of).unwrap_or_default();
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    write_cors(response.headers_mut(), origin, &AllowedOrigins::of_server([asking.as_str()]));
    response
}
