//! Request cookies, the two session cookies, and the fallback header for browsers that drop them.

use http::header::{COOKIE, HeaderMap};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use cairn_std::time::Timestamp;

use crate::headers::{FALLBACK_COOKIES, SESSION, text};
use crate::origin::registrable_domain;

#[cfg(test)]
mod tests;

/// Cookie by which a browser is recognized that comes back from a provider of identity.
pub const BROWSER_COOKIE: &str = "a_oauth_browser";

/// Name of a project's session cookie, and its key in the fallback header.
pub fn session_cookie_name(project: &str) -> String {
    format!("a_session_{project}")
}

/// The value of the first cookie with this name, percent-decoded.
///
/// A plus sign stays a plus sign: session values are base64 and may hold one.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key.trim() == name).then(|| decode(value.trim().trim_matches('"')))
    })
}

fn decode(value: &str) -> String {
    // Most have nothing to decode, and finding that out byte by byte takes longer than the rest.
    if !value.contains('%') {
        return value.to_owned();
    }
    percent_decode_str(value).decode_utf8().map_or_else(|_| value.to_owned(), std::borrow::Cow::into_owned)
}

/// Where a session value was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentSession {
    /// The opaque value.
    pub value: String,
    /// Whether it came from the fallback header.
    pub is_fallback: bool,
}

/// The session values that a request carries for a project, in the order in which they are tried.
///
/// The order is the reference's: cookie, legacy cookie, `X-Appwrite-Session`, fallback header. The caller
/// takes the first one that it can decode. A legacy cookie counts only without the other.
pub fn sent_sessions(headers: &HeaderMap, project: &str) -> impl Iterator<Item = SentSession> {
    type Way = fn(&HeaderMap, &str) -> Option<String>;
    let ways: [(Way, bool); 3] = [(in_cookie, false), (in_header, false), (in_fallback, true)];
    let name = session_cookie_name(project);
    ways.into_iter()
        .filter_map(move |(way, is_fallback)| Some(SentSession { value: way(headers, &name)?, is_fallback }))
        .filter(|sent| !sent.value.is_empty())
}

fn in_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookie(headers, name).or_else(|| cookie(headers, &format!("{name}_legacy")))
}

fn in_header(headers: &HeaderMap, _: &str) -> Option<String> {
    text(headers, &SESSION).map(decode)
}

fn in_fallback(headers: &HeaderMap, name: &str) -> Option<String> {
    let parsed: Value = serde_json::from_str(text(headers, &FALLBACK_COOKIES)?).ok()?;
    parsed.get(name)?.as_str().map(decode)
}

/// What the request says about the place where cookies are set.
#[derive(Clone, Copy, Debug)]
pub struct CookieScope<'a> {
    /// The project whose session it is.
    pub project: &'a str,
    /// The host of the request, without port.
    pub host: &'a str,
    /// Whether the client speaks https (directly or to a trusted proxy).
    pub is_https: bool,
    /// The `Origin` header, else the `Referer`.
    pub origin: Option<&'a str>,
}

impl CookieScope<'_> {
    /// The `Domain` attribute: `.host`, and none for localhost and addresses.
    pub fn domain(&self) -> Option<String> {
        let host = self.host.trim_end_matches('.').to_ascii_lowercase();
        let is_bare = host.is_empty() || host == "localhost" || is_address(&host);
        (!is_bare).then(|| format!(".{host}"))
    }

    /// Whether the answer also needs the session in [`FALLBACK_COOKIES`].
    ///
    /// True unless origin and host share a registrable domain; on loopback, where there is none, always.
    pub fn needs_fallback(&self) -> bool {
        let origin = self.origin.and_then(crate::origin::host_of).unwrap_or_default();
        match (registrable_domain(self.host), registrable_domain(&origin)) {
            (Some(own), Some(other)) => own != other,
            _ => true,
        }
    }

    /// The headers of an answer that starts a session: both cookies, and the fallback where it is needed.
    pub fn start_session(
        &self,
        value: &str,
        expires: Timestamp,
        now: Timestamp,
    ) -> Vec<(&'static str, String)> {
        let mut headers = self.both_cookies(value, expires, now);
        if self.needs_fallback() {
            let sessions = Map::from_iter([(session_cookie_name(self.project), Value::from(value))]);
            headers.push((FALLBACK_COOKIES.as_str(), Value::Object(sessions).to_string()));
        }
        headers
    }

    /// The headers of an answer that ends the caller's session.
    pub fn end_session(&self, now: Timestamp) -> Vec<(&'static str, String)> {
        let mut headers = self.both_cookies("", now.plus_seconds(-3_600), now);
        if self.needs_fallback() {
            headers.push((FALLBACK_COOKIES.as_str(), "[]".to_owned()));
        }
        headers
    }

    /// The header of an answer after which the browser is recognized for some seconds.
    ///
    /// `Lax`, because it comes back from another site, and always by navigating.
    pub fn keep_browser(&self, value: &str, seconds: i64) -> (&'static str, String) {
        let secure = if self.is_https { "; Secure" } else { "" };
        let line = format!(
            "{BROWSER_COOKIE}={value}; Max-Age={seconds}; Path=/v1/account{secure}; HttpOnly; SameSite=Lax"
        );
        ("set-cookie", line)
    }

    /// The legacy twin comes first and has no `SameSite`, for browsers that refuse `None`.
    fn both_cookies(&self, value: &str, expires: Timestamp, now: Timestamp) -> Vec<(&'static str, String)> {
        let name = session_cookie_name(self.project);
        let legacy = self.set_cookie(&format!("{name}_legacy"), value, expires, now);
        let modern = format!("{}; SameSite=None", self.set_cookie(&name, value, expires, now));
        vec![("set-cookie", legacy), ("set-cookie", modern)]
    }

    fn set_cookie(&self, name: &str, value: &str, expires: Timestamp, now: Timestamp) -> String {
        let max_age = (expires.epoch_seconds() - now.epoch_seconds()).max(0);
        let value = encode(value);
        let mut line =
            format!("{name}={value}; Expires={}; Max-Age={max_age}; Path=/", expires.to_http_date());
        if let Some(domain) = self.domain() {
            line.push_str("; Domain=");
            line.push_str(&domain);
        }
        if self.is_https {
            line.push_str("; Secure");
        }
        line.push_str("; HttpOnly");
        line
    }
}

/// Percent-encode what a cookie value may not hold, as the reference's server does for base64's `+/=`.
fn encode(value: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encoding::utf8_percent_encode(value, KEPT).to_string()
}

fn is_address(host: &str) -> bool {
    crate::client_addr::parse_addr(host).is_some()
}
