//! One request and its answer, as far as handlers and renderers care about HTTP.

use std::net::IpAddr;
use std::sync::Arc;

use cairn_core::Cx;
use cairn_faults::Vocabulary;
use cairn_std::Timestamp;

use crate::account_cookies::{BrowserScope, Held};
use crate::cookies::CookieScope;
use crate::errors::ErrorContext;
use crate::origin::{AllowedOrigins, platform_origins};
use crate::wire_version::WireVersion;

/// What is known of a request before it is anybody's.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of a request")]
pub struct Exchange {
    /// The client's address.
    pub ip: IpAddr,
    /// Whether the header in which a trusted proxy tells that address could be read, or none was sent.
    pub is_ip_readable: bool,
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
    /// What a client of the account API holds.
    pub held: Held,
    /// `X-Appwrite-Timestamp`: what the caller has seen; a newer row is a conflict.
    pub seen_at: Option<Timestamp>,
    /// What the browser keeps while it is at a provider of identity ([`crate::cookies::BROWSER_COOKIE`]).
    pub browser: Option<String>,
    /// Whether the caller asks for JSON: a program, not a browser that follows a link.
    pub takes_json: bool,
    /// Whether the caller develops the project: the request carries a dev key of it.
    pub is_developer: bool,
    /// Origins that are accepted whatever the project.
    pub(crate) own_origins: Arc<AllowedOrigins>,
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

    /// How cookies of the account API are set in this exchange.
    pub fn browser_scope(&self) -> BrowserScope {
        BrowserScope { is_development: self.errors.is_development }
    }

    /// Whether people may be sent to this address: to a page of one of the project's platforms or of the console; by
    /// developers anywhere.
    pub fn allows_redirect(&self, cx: &Cx, url: &str) -> bool {
        let is_of_project = || {
            let platforms = platform_origins(&cx.project);
            AllowedOrigins::default().with_project(cx.project.id(), platforms).allows(url)
        };
        self.is_developer || self.own_origins.allows(url) || (!cx.is_console() && is_of_project())
    }

    /// Scheme and host under which the server was called.
    pub fn base(&self) -> String {
        format!("{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }

    /// Where session cookies of this exchange belong.
    pub fn cookie_scope<'a>(&'a self, project: &'a str) -> CookieScope<'a> {
        CookieScope { project, host: &self.host, is_https: self.is_https, origin: self.origin.as_deref() }
    }
}
