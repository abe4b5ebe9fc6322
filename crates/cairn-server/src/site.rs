//! Everything that answers requests, put together.

use std::sync::{Arc, OnceLock};

use cairn_core::App;
use cairn_http::client_addr::TrustedProxies;
use cairn_http::{HttpOptions, Kit, Surface, openapi};

use crate::StartError;
use crate::config::{Config, Value as _};
use crate::metrics::Metrics;

/// The contracts that the server speaks.
pub static SURFACES: [Surface; 2] = [cairn_appwrite::SURFACE, cairn_account::SURFACE];

/// Everything that answers requests.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    pub(crate) config: Config,
    pub(crate) metrics: Metrics,
    pub(crate) started_ms: i64,
    pub(crate) kit: Arc<Kit>,
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
