//! One request and its answer, as far as handlers and renderers care about HTTP.

use std::net::IpAddr;
use std::sync::Arc;

use cairn_core::Cx;
use cairn_faults::Vocabulary;
use cairn_std::Timestamp;

use crate::cookies::CookieScope;
use crate::errors::ErrorContext;
use crate::kit::platform_origins;
use crate::origin::AllowedOrigins;
use crate::wire_version::WireVersion;

/// What is known of a request before it is anybody's.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The client's address.
    pub ip: IpAddr,
    /// The host under which the server was called, without port.
    pub host: String,
    /// The same with its port, as links need it.
    pub authority: String,
    /// Whether the client speaks https.
    pub is_https: bool,
    /// The `Origin` header, else the `Referer`.
    pub origin: Option<String>,
    /// The version that the caller speaks; `None` is native.
    pub version: Option<WireVersion>,
    /// How errors are told.
    pub errors: ErrorContext,
    /// The id of the project that the request names.
    pub project: String,
    /// `X-Appwrite-Timestamp`: what the caller has seen; a newer row is a conflict.
    pub seen_at: Option<Timestamp>,
    /// What the browser keeps while it is at a provider of identity ([`crate::cookies::BROWSER_COOKIE`]).
    pub browser: Option<String>,
    /// Origins that are accepted whatever the project.
    pub own_origins: Arc<AllowedOrigins>,
}

impl Exchange {
    /// The id of the request.
    pub fn request_id(&self) -> &str {
        &self.errors.request_id
    }

    /// The words of the route.
    pub fn vocabulary(&self) -> Vocabulary {
        self.errors.vocabulary
    }

    /// Whether the caller speaks a version below this one.
    pub fn is_below(&self, version: WireVersion) -> bool {
        self.version.is_some_and(|spoken| spoken < version)
    }

    /// Scheme and host under which the server was called.
    pub fn base(&self) -> String {
        format!("{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }

    /// Whether people may be sent to this address: one of the project's platforms, or the server's own.
    pub fn allows_redirect(&self, cx: &Cx, url: &str) -> bool {
        let of_platforms = || {
            AllowedOrigins::default().with_project(cx.project.id(), platform_origins(&cx.project)).allows(url)
        };
        self.own_origins.allows(url) || (!cx.is_console() && of_platforms())
    }

    /// Where session cookies of this exchange belong.
    pub fn cookie_scope<'a>(&'a self, project: &'a str) -> CookieScope<'a> {
        CookieScope { project, host: &self.host, is_https: self.is_https, origin: self.origin.as_deref() }
    }
}
