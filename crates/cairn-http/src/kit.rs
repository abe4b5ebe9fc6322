//! The kit at work: from a request to an answer, in the order of checks that is part of the contract.
//!
//! Host and origin, project, credentials, toggles, scope, blocked, second factor, rate limit, request conversions, parameters,
//! handler. What a client sent wrong is told in its own format; a panic is a defect that one request sees.

mod answering;
mod auditing;
mod incoming;
mod matching;
mod passage;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::Body;
use cairn_core::{App, auth, meter};
use futures_util::FutureExt as _;
use http::header::{ALLOW, HeaderMap};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Body as _;

use crate::client_addr::TrustedProxies;
use crate::errors::sent_request_id;
use crate::headers::{self, REQUEST_ID};
use crate::limits::Limiter;
use crate::origin::{AllowedOrigins, host_of, write_cors};
use crate::params::ParamMap;
use crate::params::read_body;
use crate::route::Surface;
use matching::{Matched, Matcher, Unmatched};
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
    /// The project of requests to the account API that name none.
    pub account_project: Option<String>,
    /// Which headers of whom tell the client's address.
    pub proxies: TrustedProxies,
}

/// Serves the routes of all surfaces.
pub struct Kit {
    app: Arc<App>,
    options: HttpOptions,
    matcher: Matcher,
    limiter: Limiter,
    /// Origins that are accepted whatever the project: the console's hosts.
    own_origins: Arc<AllowedOrigins>,
}

impl Kit {
    /// Serve these surfaces.
    ///
    /// # Panics
    /// When two routes of the tables have the same method and path.
    pub fn new(app: Arc<App>, surfaces: &'static [Surface], options: HttpOptions) -> Arc<Self> {
        let hosts = options.console_hosts.iter().map(String::as_str);
        let own_origins = Arc::new(AllowedOrigins::of_server(hosts));
        let (matcher, limiter) = (Matcher::new(surfaces), Limiter::default());
        Arc::new(Self { app, options, matcher, limiter, own_origins })
    }

    /// The wire version of callers that name none.
    pub fn response_format(&self) -> Option<&str> {
        self.options.response_format.as_deref()
    }

    /// Answer a request of the client at `peer`. The answer's extensions tell its `&'static Route`, if it has one.
    pub async fn handle(self: &Arc<Self>, request: Request<Body>, peer: IpAddr) -> Response<Body> {
        let (parts, body) = request.into_parts();
        if parts.method == Method::OPTIONS {
            return self.preflight(&parts.headers);
        }
        // Boxed, because the futures around it hand it on by value.
        let answer = Box::pin(self.answer(&parts, body, peer));
        let answered = AssertUnwindSafe(answer).catch_unwind().await;
        let response = answered.unwrap_or_else(|panic| {
            let exchange = incoming::exchange(self, &parts, peer, None, None, None);
            let mut headers = HeaderMap::new();
            write_cors(&mut headers, incoming::origin(&parts.headers), &self.own_origins);
            answering::refusal(&exchange, &passage::defect(&*panic), headers)
        });
        if parts.method == Method::HEAD { answering::without_body(response) } else { response }
    }

    async fn answer(self: &Arc<Self>, parts: &Parts, body: Body, peer: IpAddr) -> Response<Body> {
        match self.matcher.find(&parts.method, parts.uri.path()) {
            Ok(matched) => self.pass(parts, body, matched, peer).await,
            Err(unmatched) => self.unmatched(parts, peer, unmatched).await,
        }
    }

    async fn pass(
        self: &Arc<Self>,
        parts: &Parts,
        body: Body,
        mut matched: Matched,
        peer: IpAddr,
    ) -> Response<Body> {
        // Read before anybody is asked, because the project and the keys of limits may stand in it; what is wrong with
        // it is told only in its turn.
        let mut sent_bytes = 0;
        let params = match read_body(body, self.options.body_bytes_max).await {
            Ok(body) => {
                sent_bytes = body.len();
                let path = std::mem::take(&mut matched.path_params);
                ParamMap::read(&parts.method, path, parts.uri.query(), &parts.headers, body).await
            }
            Err(error) => Err(error),
        };
        let exchange = {
            let (surface, params) = (Some(matched.surface), params.as_ref().ok());
            incoming::exchange(self, parts, peer, surface, Some(&matched), params)
        };
        let mut passage = Passage::new(self, &matched, &parts.headers, exchange);
        let outcome = passage.run(params).await;
        let (exchange, headers, project) = passage.finish();
        let mut response = match outcome {
            Ok(answer) => answering::success(&matched, parts, &exchange, answer, headers),
            Err(error) => answering::refusal(&exchange, &error, headers),
        };
        response.extensions_mut().insert(matched.route);
        if let Some(project) = project.filter(|project| !project.is_console()) {
            let answered_bytes = response.body().size_hint().exact().unwrap_or(0);
            meter::note_request(&self.app, &project, sent_bytes as u64 + answered_bytes);
        }
        response
    }

    async fn unmatched(&self, parts: &Parts, peer: IpAddr, unmatched: Unmatched) -> Response<Body> {
        let exchange = incoming::exchange(self, parts, peer, unmatched.surface, None, None);
        // The project's pages may read what went wrong, too.
        let project = auth::project(&self.app, &exchange.project).await.ok();
        let (origin, mut headers) = (incoming::origin(&parts.headers), HeaderMap::new());
        write_cors(&mut headers, origin, &passage::allowed_origins(self, project.as_deref(), origin));
        if let Some(methods) = &unmatched.allow {
            headers::append(&mut headers, ALLOW, methods);
        }
        let error = unmatched.fault.with("method", &parts.method).with("path", parts.uri.path());
        answering::refusal(&exchange, &error, headers)
    }

    /// A preflight carries no project, so it allows whoever asks; the request itself is checked.
    fn preflight(&self, headers: &HeaderMap) -> Response<Body> {
        let origin = incoming::origin(headers);
        let asking = origin.and_then(host_of).unwrap_or_default();
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        write_cors(response.headers_mut(), origin, &AllowedOrigins::of_server([asking.as_str()]));
        let request_id = sent_request_id(headers).map_or_else(|| self.app.ids.unique(), str::to_owned);
        headers::append(response.headers_mut(), REQUEST_ID.clone(), &request_id);
        answering::signed(response)
    }
}
