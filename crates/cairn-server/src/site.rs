//! What a request meets first: the operations pages or the API, and around both the log line and the counts.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use cairn_core::App;
use cairn_http::client_addr::TrustedProxies;
use cairn_http::{HttpOptions, Kit, Route, Surface, openapi};
use http::{Request, Response};

use crate::StartError;
use crate::config::{Config, Value as _};
use crate::connections::Answers;
use crate::metrics::Metrics;
use crate::operations;

/// The contracts that the server speaks.
pub static SURFACES: [Surface; 2] = [cairn_appwrite::SURFACE, cairn_account::SURFACE];

/// Requests of paths that no route has, in logs and counts.
const UNMATCHED: &str = "unmatched";

/// Everything that answers requests.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) config: Config,
    pub(crate) metrics: Metrics,
    pub(crate) started_ms: i64,
    kit: Arc<Kit>,
    openapi: OnceLock<String>,
}

impl Site {
    pub(crate) fn new(app: Arc<App>, config: Config) -> Result<Arc<Self>, StartError> {
        let kit = Kit::new(Arc::clone(&app), &SURFACES, http_options(&config)?);
        let started_ms = app.clock.monotonic_ms();
        Ok(Arc::new(Self { app, config, metrics: Metrics::new(), started_ms, kit, openapi: OnceLock::new() }))
    }

    /// The description of the API, made when it is first asked for.
    pub(crate) fn openapi(&self) -> &str {
        self.openapi.get_or_init(|| openapi::text(&SURFACES, &self.config.appwrite_version))
    }
}

impl Answers for Site {
    /// Answer a request of the client at `peer`, then log and count it.
    async fn handle(
        self: Arc<Self>,
        request: Request<Body>,
        peer: IpAddr,
    ) -> Result<Response<Body>, Infallible> {
        let start_us = self.app.clock.monotonic_us();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let operation = operations::name_of(&path);
        let response = match operation {
            Some(_) => operations::answer(&self, &request.into_parts().0, peer).await,
            None => self.kit.handle(request, peer).await,
        };
        let matched = response.extensions().get::<&'static Route>().map(|route| route.name);
        let route = operation.or(matched).unwrap_or(UNMATCHED);
        let status = response.status().as_u16();
        let took_us = self.app.clock.monotonic_us() - start_us;
        self.metrics.request(route, status, seconds(took_us));
        let request_id = response.headers().get(cairn_http::errors::REQUEST_ID);
        let request_id = request_id.and_then(|id| id.to_str().ok()).unwrap_or_default();
        // The query is left out: secrets of recovery and invitation links stand there.
        if status >= 500 {
            tracing::info!(request_id, %method, path, route, status, took_us, %peer, "answered");
        } else {
            tracing::debug!(request_id, %method, path, route, status, took_us, %peer, "answered");
        }
        Ok(response)
    }
}

#[expect(clippy::cast_precision_loss, reason = "no request takes 2^53 microseconds")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

/// The settings that HTTP depends on.
fn http_options(config: &Config) -> Result<HttpOptions, StartError> {
    let (headers, peers) = (config.trusted_headers.show(), config.trusted_proxies.show());
    let proxies = TrustedProxies::parse(&headers, &peers)
        .map_err(|item| StartError::new(format!("trusted_headers: `{item}` cannot be used")))?;
    let hosts = [&config.domain.0, &config.console_hostnames.0];
    let mut console_hosts: Vec<String> = hosts.into_iter().flatten().cloned().collect();
    console_hosts.extend(config.console_domain.clone());
    Ok(HttpOptions {
        console_hosts,
        is_https_forced: config.force_https.0,
        response_format: config.response_format.clone(),
        version: config.appwrite_version.clone(),
        body_bytes_max: config.body_bytes_max.0,
        account_project: config.account_project.clone(),
        proxies,
    })
}
