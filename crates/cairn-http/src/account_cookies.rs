//! The cookies of the account API: the session, the device, and the browser itself.
//!
//! They are bound to the host (`__Host-`), so that no other site below the same domain can set them. Development mode, where
//! pages come from elsewhere and over plain http, has plain names and `SameSite=None`.

use http::header::HeaderMap;

use crate::cookies::cookie;
use crate::headers::{DEVICE_TOKEN, authorization, text};

#[cfg(test)]
mod tests;

const SESSION: &str = "session_id";
const DEVICE: &str = "device_id";
const ANONYMOUS: &str = "anonymous_user_id";
/// How long a device stays known: 400 days, the most that browsers keep.
const DEVICE_SECONDS: i64 = 400 * 86_400;
/// How long a browser keeps its own name: a year.
const ANONYMOUS_SECONDS: i64 = 365 * 86_400;
/// Bytes of a cookie's value that are looked at; ours are shorter.
const VALUE_BYTES_MAX: usize = 256;

/// What a client of the account API holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The token of its session: the cookie, else `Authorization: Bearer`.
    pub token: Option<String>,
    /// The token that makes its device known: the cookie, else `X-Device-Token`.
    pub device: Option<String>,
    /// The name that the browser was given.
    pub anonymous: Option<String>,
}

/// How cookies are set.
#[derive(Clone, Copy, Debug)]
pub struct BrowserScope {
    /// Whether the server runs in development mode.
    pub is_development: bool,
}

/// What a request holds.
pub fn held(headers: &HeaderMap, is_development: bool) -> Held {
    let scope = BrowserScope { is_development };
    let of = |name: &str| cookie(headers, &scope.name(name)).filter(|value| is_usable(value));
    let bearer = || authorization(headers, "bearer").map(str::to_owned);
    Held {
        token: of(SESSION).or_else(|| bearer().filter(|token| is_usable(token))),
        device: of(DEVICE)
            .or_else(|| text(headers, &DEVICE_TOKEN).map(str::to_owned).filter(|token| is_usable(token))),
        anonymous: of(ANONYMOUS),
    }
}

fn is_usable(value: &str) -> bool {
    !value.is_empty()
        && value.len() <= VALUE_BYTES_MAX
        && value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

impl BrowserScope {
    fn name(self, name: &str) -> String {
        if self.is_development { name.to_owned() } else { format!("__Host-{name}") }
    }

    /// The header that gives the client a session; it ends with the browser unless it lasts for `seconds`.
    pub fn session(self, token: &str, seconds: Option<i64>) -> (&'static str, String) {
        self.set(SESSION, token, seconds)
    }

    /// The header that takes the session away.
    pub fn no_session(self) -> (&'static str, String) {
        self.set(SESSION, "", Some(0))
    }

    /// The header that makes the device known.
    pub fn device(self, token: &str) -> (&'static str, String) {
        self.set(DEVICE, token, Some(DEVICE_SECONDS))
    }

    /// The header that gives the browser a name.
    pub fn anonymous(self, name: &str) -> (&'static str, String) {
        self.set(ANONYMOUS, name, Some(ANONYMOUS_SECONDS))
    }

    fn set(self, name: &str, value: &str, seconds: Option<i64>) -> (&'static str, String) {
        let same_site = if self.is_development { "None" } else { "Lax" };
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let name = self.name(name);
        ("set-cookie", format!("{name}={value}; Path=/{age}; Secure; HttpOnly; SameSite={same_site}"))
    }
}
