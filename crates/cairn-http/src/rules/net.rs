//! Addresses: e-mail, phone, URL, host names, IP.

use std::net::IpAddr;

use serde_json::Value;
use url::Url;

use cairn_faults::Rule as Broken;

use super::{Refusal, Rule, Shape};

/// Most characters of a URL.
const URL_CHARS_MAX: usize = 2_048;

/// See [`email`], [`phone`], [`hostname`], [`domain`] and [`ip`].
#[derive(Clone, Copy)]
pub struct NetRule {
    format: &'static str,
    reason: &'static str,
    broken: Broken,
    is_valid: fn(&str) -> bool,
}

/// An e-mail address with a host name that has a dot.
pub fn email() -> NetRule {
    NetRule {
        format: "email",
        reason: "Value must be a valid email address.",
        broken: Broken::Email,
        is_valid: is_email,
    }
}

/// A phone number in the international form, `+` and 7 to 15 digits.
pub fn phone() -> NetRule {
    NetRule {
        format: "phone",
        reason: "Phone number must start with a '+' and have 7 to 15 digits.",
        broken: Broken::Pattern,
        is_valid: is_phone,
    }
}

/// A host name without scheme, port and path; `*` may stand for its beginning.
pub fn hostname() -> NetRule {
    NetRule {
        format: "hostname",
        reason: "Value must be a valid hostname without path, port and protocol.",
        broken: Broken::Pattern,
        is_valid: is_hostname,
    }
}

/// A domain name.
pub fn domain() -> NetRule {
    NetRule {
        format: "domain",
        reason: "Value must be a valid domain.",
        broken: Broken::Pattern,
        is_valid: is_domain,
    }
}

/// An IPv4 or IPv6 address.
pub fn ip() -> NetRule {
    NetRule {
        format: "ip",
        reason: "Value must be a valid IP address.",
        broken: Broken::Pattern,
        is_valid: |text| text.parse::<IpAddr>().is_ok(),
    }
}

impl Rule for NetRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::text(self.format)
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        match value.as_str().filter(|text| (self.is_valid)(text)) {
            Some(text) => Ok(text.to_owned()),
            None => Err(Refusal::new(self.reason).broken(self.broken)),
        }
    }
}

fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let is_local_char = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&b);
    (1..=64).contains(&local.len())
        && text.len() <= 254
        && local.split('.').all(|part| !part.is_empty() && part.bytes().all(is_local_char))
        && host.contains('.')
        && is_domain(host)
}

fn is_phone(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_hostname(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= 253
        && !text.contains(|c: char| {
            matches!(c, '/' | ':' | '?' | '#' | '@' | '\\') || c.is_whitespace() || c.is_control()
        })
}

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// See [`url()`].
#[derive(Clone, Copy, Debug)]
pub struct UrlRule {
    schemes: &'static [&'static str],
}

/// A URL with a host, of any scheme.
pub fn url() -> UrlRule {
    UrlRule { schemes: &[] }
}

impl UrlRule {
    /// The same of these schemes alone.
    #[must_use]
    pub fn schemes(mut self, schemes: &'static [&'static str]) -> Self {
        self.schemes = schemes;
        self
    }

    fn is_valid(self, text: &str) -> bool {
        let is_plain = text.bytes().all(|b| b.is_ascii_graphic()) && text.contains("://");
        is_plain
            && Url::parse(text).is_ok_and(|url| {
                url.has_host() && (self.schemes.is_empty() || self.schemes.contains(&url.scheme()))
            })
    }
}

impl Rule for UrlRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::text("url").sized(1, URL_CHARS_MAX).example("https://example.com")
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let text = value.as_str().unwrap_or("");
        if text.len() > URL_CHARS_MAX {
            let reason = format!("Value must be a URL of at most {URL_CHARS_MAX} characters.");
            return Err(Refusal::new(reason).broken(Broken::LengthMax).limit(URL_CHARS_MAX));
        }
        if self.is_valid(text) {
            return Ok(text.to_owned());
        }
        let reason = match self.schemes {
            [] => "Value must be a valid URL.".to_owned(),
            schemes => format!("Value must be a valid URL with one of the schemes {}.", schemes.join(", ")),
        };
        Err(Refusal::new(reason).broken(Broken::Pattern))
    }
}
