//! Sending: one loop over the hops of a request, with every address judged before a connection is made.

use std::error::Error as _;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION};
use http::{HeaderMap, Method};
use url::{Host, Url};

use crate::resolve::{AllRefused, Guarded};
use crate::{Allowed, NetError, NetErrorKind, Request, Response};

#[cfg(test)]
mod tests;

/// How the server names itself to others.
const USER_AGENT: &str = concat!("Cairn/", env!("CARGO_PKG_VERSION"));
/// Time for a connection to be made.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Unused connections kept per host.
const IDLE_PER_HOST_MAX: usize = 4;
/// How long an unused connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Both clients of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Net {
    configured: Client,
    foreign: Client,
}

/// One of the two clients. Cheap to clone; what it needs of the system is read at its first use.
#[derive(Clone, Debug)]
pub struct Client {
    http: Arc<OnceLock<reqwest::Client>>,
    /// What addresses are open; `None` for all.
    allowed: Option<Arc<Allowed>>,
    sent: Arc<AtomicU64>,
}

impl Net {
    /// The clients of a server whose operator opened these networks to foreign URLs.
    pub fn new(allowed: Allowed) -> Self {
        let sent = Arc::new(AtomicU64::new(0));
        let client = |allowed| Client { http: Arc::default(), allowed, sent: Arc::clone(&sent) };
        Self { configured: client(None), foreign: client(Some(Arc::new(allowed))) }
    }

    /// For endpoints of the operator's own configuration: any address is called.
    pub fn configured(&self) -> &Client {
        &self.configured
    }

    /// For addresses that users, projects or remote answers supply: only public ones are called, and those opened.
    pub fn foreign(&self) -> &Client {
        &self.foreign
    }

    /// Requests that were handed to the network since the start, hop by hop: none, as long as nothing is configured
    /// that calls somebody.
    pub fn sent(&self) -> u64 {
        self.configured.sent.load(Ordering::Relaxed)
    }
}

fn build(allowed: Option<&Arc<Allowed>>) -> Result<reqwest::Client, NetError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .tls_backend_preconfigured(tls()?);
    if let Some(allowed) = allowed {
        builder = builder.dns_resolver(Arc::new(Guarded(Arc::clone(allowed))));
    }
    builder.build().map_err(|error| NetError::caused(NetErrorKind::Unreachable, None, error))
}

/// The system's certificates, so that an operator's own authority counts; the web's where the system has none.
fn tls() -> Result<rustls::ClientConfig, NetError> {
    let mut roots = rustls::RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if added == 0 {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = versions.map_err(|error| {
        tracing::error!(%error, "the TLS stack offers no protocol");
        NetError::new(NetErrorKind::Unreachable, None)
    })?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl Client {
    /// Send a request and read the whole answer, whatever its status.
    ///
    /// # Errors
    /// When no whole answer came within the request's bounds, or the address may not be called.
    pub async fn send(&self, request: Request) -> Result<Response, NetError> {
        let host = request.url.host_str().map(str::to_owned);
        match tokio::time::timeout(request.timeout, self.hops(request)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(NetError::new(NetErrorKind::TimedOut, host.as_deref())),
        }
    }

    fn http(&self) -> Result<&reqwest::Client, NetError> {
        if let Some(http) = self.http.get() {
            return Ok(http);
        }
        let built = build(self.allowed.as_ref())?;
        Ok(self.http.get_or_init(|| built))
    }

    async fn hops(&self, mut request: Request) -> Result<Response, NetError> {
        for _ in 0..=request.redirects_max {
            self.judge(&request)?;
            let (response, next) = self.hop(&request).await?;
            let Some(next) = next else { return Ok(response) };
            request = redirected(request, response.status, next);
        }
        Err(NetError::new(NetErrorKind::TooManyRedirects, request.url.host_str()))
    }

    /// Whether the request may be sent at all. A name is judged when it is resolved, an address here: the resolver is
    /// not asked for those.
    fn judge(&self, request: &Request) -> Result<(), NetError> {
        let url = &request.url;
        let refuse = |kind| Err(NetError::new(kind, url.host_str()));
        if request.is_broken {
            return refuse(NetErrorKind::BadRequest);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return refuse(NetErrorKind::Refused);
        }
        let literal = match url.host() {
            None => return refuse(NetErrorKind::Refused),
            Some(Host::Domain(_)) => None,
            Some(Host::Ipv4(four)) => Some(IpAddr::V4(four)),
            Some(Host::Ipv6(six)) => Some(IpAddr::V6(six)),
        };
        match (&self.allowed, literal) {
            (Some(allowed), Some(address)) if !allowed.has(address) => refuse(NetErrorKind::Refused),
            _ => Ok(()),
        }
    }

    /// One exchange; the second part is where a redirect that is to be followed leads.
    async fn hop(&self, request: &Request) -> Result<(Response, Option<Url>), NetError> {
        let host = request.url.host_str();
        let fail = |error| failure(host, error);
        let sent = self
            .http()?
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.clone());
        self.sent.fetch_add(1, Ordering::Relaxed);
        let mut answer = sent.send().await.map_err(fail)?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let target = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        let next = target
            .filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308) && request.redirects_max > 0)
            .and_then(|target| request.url.join(target).ok());
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(fail)? {
            if body.len() + chunk.len() > request.body_bytes_max {
                return Err(NetError::new(NetErrorKind::TooLarge, host));
            }
            body.extend_from_slice(&chunk);
        }
        Ok((Response { status, headers, body: body.freeze() }, next))
    }
}

/// The request for the next hop. As browsers do, a POST becomes a GET unless the status says otherwise; what proves
/// who asks does not go to another origin.
fn redirected(old: Request, status: u16, url: Url) -> Request {
    let is_same_origin = old.url.origin() == url.origin();
    let keeps_body = matches!(status, 307 | 308) && is_same_origin;
    let mut headers: HeaderMap = old.headers;
    if !is_same_origin {
        headers.remove(AUTHORIZATION);
        headers.remove(COOKIE);
    }
    let (method, body) = if keeps_body {
        (old.method, old.body)
    } else {
        headers.remove(CONTENT_TYPE);
        headers.remove(CONTENT_LENGTH);
        let method = if old.method == Method::HEAD { Method::HEAD } else { Method::GET };
        (method, Bytes::new())
    };
    Request { method, url, headers, body, ..old }
}

fn failure(host: Option<&str>, error: reqwest::Error) -> NetError {
    let mut cause = error.source();
    let mut is_refused = false;
    while let Some(inner) = cause {
        is_refused |= inner.is::<AllRefused>();
        cause = inner.source();
    }
    let kind = if is_refused {
        NetErrorKind::Refused
    } else if error.is_timeout() {
        NetErrorKind::TimedOut
    } else if error.is_builder() {
        NetErrorKind::BadRequest
    } else {
        NetErrorKind::Unreachable
    };
    NetError::caused(kind, host, error)
}
