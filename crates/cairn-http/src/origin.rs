//! Origins: which ones a project allows, and the CORS headers.
//!
//! An origin is matched by host (or by scheme, for apps that have no host), never by port. It is echoed and
//! never `*`, because answers carry credentials.

use std::collections::BTreeSet;

use cairn_core::cx::ProjectContext;
use http::HeaderMap;
use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderName,
    HeaderValue, ORIGIN, REFERER, VARY,
};

use crate::headers::text;

#[cfg(test)]
mod tests;

/// Methods that a browser may use.
const ALLOWED_METHODS: &str = "GET, POST, PUT, PATCH, DELETE";

/// Request headers that a browser may send: the reference's list in its order, then Cairn's own.
const ALLOWED_HEADERS: &str = "Accept, Origin, Cookie, Set-Cookie, Content-Type, Content-Range, \
    X-Appwrite-Project, X-Appwrite-Key, X-Appwrite-Dev-Key, X-Appwrite-Locale, X-Appwrite-Mode, X-Appwrite-JWT, \
    X-Appwrite-Organization, X-Appwrite-Response-Format, X-Appwrite-Timeout, X-Appwrite-ID, X-Appwrite-Timestamp, \
    X-Appwrite-Session, X-Appwrite-Platform, X-Appwrite-Impersonate-User-Id, X-Appwrite-Impersonate-User-Email, \
    X-Appwrite-Impersonate-User-Phone, X-SDK-Version, X-SDK-Name, X-SDK-Language, X-SDK-Platform, X-SDK-GraphQL, \
    X-SDK-Profile, Range, Cache-Control, Expires, Pragma, X-Fallback-Cookies, X-Requested-With, X-Forwarded-For, \
    X-Forwarded-User-Agent, Authorization, If-None-Match, X-Error-Format, X-Request-Id, X-Cairn-Setup-Code, \
    Idempotency-Key";

/// Answer headers that a script may read: the reference's list, then Cairn's own.
const EXPOSED_HEADERS: &str = "X-Appwrite-Session, X-Fallback-Cookies, X-Request-Id, Retry-After, ETag, \
    X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Idempotent-Replayed";

/// How long a browser may keep the answer to a preflight.
const MAX_AGE_SECONDS: &str = "86400";

/// Schemes that are matched by the host behind them.
const WEB_SCHEMES: [&str; 7] = [
    "http",
    "https",
    "chrome-extension",
    "moz-extension",
    "safari-web-extension",
    "ms-browser-extension",
    "tauri",
];

/// Other spellings of `localhost`; they are allowed exactly where it is.
const LOOPBACK_ALIASES: [&str; 2] = ["127.0.0.1", "[::1]"];

/// A platform of a project, as far as origins are concerned.
#[derive(Clone, Copy, Debug)]
pub struct PlatformOrigin<'a> {
    /// The platform's type: `web`, `apple`, `android`, `windows`, `linux`, `scheme`, or a name from before 1.9.
    pub kind: &'a str,
    /// Host name of a web platform, with `*` for all and `*.` for all below.
    pub hostname: &'a str,
    /// Bundle or package name of an app, or the scheme itself.
    pub key: &'a str,
}

/// What a project's platforms allow.
pub(crate) fn platform_origins(project: &ProjectContext) -> impl Iterator<Item = PlatformOrigin<'_>> {
    project.platforms.iter().map(|platform| PlatformOrigin {
        kind: platform.kind.name(),
        hostname: &platform.hostname,
        key: &platform.key,
    })
}

/// The hosts and schemes from which requests are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins {
    hosts: BTreeSet<String>,
    schemes: BTreeSet<String>,
}

impl AllowedOrigins {
    /// The server's own hosts: console host names, its domain, the host under which it is called.
    pub fn of_server<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Self {
        let hosts = hosts.into_iter().map(|host| host.trim().to_ascii_lowercase());
        Self { hosts: hosts.filter(|host| !host.is_empty()).collect(), schemes: BTreeSet::new() }
    }

    /// Add what a project's platforms allow, and the callback scheme that every project has.
    #[must_use]
    pub fn with_project<'a>(
        mut self,
        project: &str,
        platforms: impl IntoIterator<Item = PlatformOrigin<'a>>,
    ) -> Self {
        self.schemes.insert("exp".to_owned());
        self.schemes.insert(format!("appwrite-callback-{}", project.to_ascii_lowercase()));
        for platform in platforms {
            self.add_platform(platform);
        }
        self
    }

    /// Add one host, such as the page of a developer who holds a dev key.
    #[must_use]
    pub fn with_host(mut self, host: &str) -> Self {
        self.hosts.insert(host.trim().to_ascii_lowercase());
        self
    }

    fn add_platform(&mut self, platform: PlatformOrigin<'_>) {
        let family = platform_family(platform.kind);
        let host = if family == "web" { platform.hostname } else { platform.key }.trim().to_ascii_lowercase();
        let schemes: &[&str] = match family {
            "web" => &["http", "https"],
            "apple" => &["appwrite-ios", "appwrite-macos", "appwrite-watchos", "appwrite-tvos"],
            "android" => &["appwrite-android"],
            "windows" => &["appwrite-windows"],
            "linux" => &["appwrite-linux"],
            "scheme" => {
                if is_scheme(&host) {
                    self.schemes.insert(host);
                }
                return;
            }
            _ => return,
        };
        self.schemes.extend(schemes.iter().map(|scheme| (*scheme).to_owned()));
        if !host.is_empty() {
            self.hosts.insert(host);
        }
    }

    /// Whether a request from this origin, or a redirect to this address, is accepted.
    pub fn allows(&self, origin: &str) -> bool {
        let Some((scheme, host)) = split_origin(origin) else {
            return false;
        };
        if WEB_SCHEMES.contains(&scheme.as_str()) {
            return self.allows_host(&host);
        }
        self.schemes.contains(&scheme)
    }

    /// Whether a host is accepted, alone or through a wildcard or an alias of localhost.
    pub fn allows_host(&self, host: &str) -> bool {
        let is_listed = |host: &str| {
            is_host_name(host)
                && self.hosts.iter().any(|allowed| match allowed.strip_prefix('*') {
                    Some(rest) => host.ends_with(rest),
                    None => host == allowed,
                })
        };
        is_listed(host) || (LOOPBACK_ALIASES.contains(&host) && is_listed("localhost"))
    }
}

/// The family of a platform type, with the names that were used before they were merged.
fn platform_family(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        "web" | "flutter-web" | "unity" => "web",
        "apple" | "flutter-ios" | "flutter-macos" | "apple-ios" | "apple-macos" | "apple-watchos"
        | "apple-tvos" | "react-native-ios" => "apple",
        "android" | "flutter-android" | "react-native-android" => "android",
        "windows" | "flutter-windows" => "windows",
        "linux" | "flutter-linux" => "linux",
        "scheme" => "scheme",
        _ => "unknown",
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '.' | '-'))
}

fn is_host_name(host: &str) -> bool {
    !host.is_empty() && host.len() <= 253 && !host.contains(['/', ':'])
}

/// Scheme and host of an origin or URL, both in lower case; the host of `app:path` is empty.
fn split_origin(origin: &str) -> Option<(String, String)> {
    let origin = origin.trim().to_ascii_lowercase();
    let (scheme, rest) = origin.split_once(':')?;
    if !is_scheme(scheme) {
        return None;
    }
    let host = rest.strip_prefix("//").map_or("", host_of_authority);
    Some((scheme.to_owned(), host.to_owned()))
}

/// The host of `user@host:port/path`, with the brackets of an IPv6 address.
///
/// A backslash ends the host as it does in browsers, so that `good\@evil` is not read two ways.
fn host_of_authority(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    match host.find(']') {
        // Anything but a port behind the bracket makes the whole a name that nothing matches.
        Some(end) if host.starts_with('[') && matches!(host.as_bytes().get(end + 1), None | Some(b':')) => {
            &host[..=end]
        }
        Some(_) => "",
        _ => host.split(':').next().unwrap_or(""),
    }
}

/// The host of an origin or URL, in lower case.
pub fn host_of(origin: &str) -> Option<String> {
    split_origin(origin).map(|(_, host)| host).filter(|host| !host.is_empty())
}

/// The part of a host that someone registered (`example.co.uk`), `None` for addresses and public suffixes.
pub fn registrable_domain(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if crate::client_addr::parse_addr(&host).is_some() {
        return None;
    }
    let domain = psl::domain(host.as_bytes())?;
    // A suffix that the list does not know (`localhost`, `intranet`) makes no registrable domain.
    domain.suffix().is_known().then(|| String::from_utf8_lossy(domain.as_bytes()).into_owned())
}

/// The origin of a request: `Origin`, else `Referer`.
pub fn request_origin(headers: &HeaderMap) -> Option<&str> {
    text(headers, &ORIGIN).or_else(|| text(headers, &REFERER))
}

/// What every page is told, made once: a list is looked at letter by letter each time it is made.
static FOR_PAGES: [(HeaderName, HeaderValue); 5] = [
    (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(ALLOWED_METHODS)),
    (ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(ALLOWED_HEADERS)),
    (ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS)),
    (ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")),
    (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE_SECONDS)),
];

/// Write the CORS headers of an answer, or of a preflight (which is always 204 without a body).
///
/// The origin is echoed only when it is allowed; pages of others are told the lists all the same, as in the reference. Who
/// is no page (a server, an app, a browser on the server's own site) is told nothing: the lists are longer than most answers.
pub fn write_cors(answer: &mut HeaderMap, origin: Option<&str>, allowed: &AllowedOrigins) {
    // Without the header a shared cache could hand one origin's answer to another.
    answer.append(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = origin.map(str::trim) else { return };
    for (name, value) in &FOR_PAGES {
        answer.insert(name, value.clone());
    }
    if allowed.allows(origin)
        && let Ok(value) = HeaderValue::from_str(&origin.to_ascii_lowercase())
    {
        answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, value);
    }
}
