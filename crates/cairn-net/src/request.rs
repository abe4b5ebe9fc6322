//! What is asked, and what comes back.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

/// Bytes of an answer at most, where the request says nothing.
const BODY_BYTES_MAX: usize = 1_048_576;
/// Seconds from the first byte sent to the last one read, where the request says nothing.
const TIMEOUT: Duration = Duration::from_secs(15);

/// A request with its bounds.
#[derive(Clone, Debug)]
pub struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) body_bytes_max: usize,
    pub(crate) timeout: Duration,
    pub(crate) redirects_max: u8,
    /// Whether a header or the body could not be taken; told when it is sent.
    pub(crate) is_broken: bool,
}

impl Request {
    /// A request with this method.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            body_bytes_max: BODY_BYTES_MAX,
            timeout: TIMEOUT,
            redirects_max: 0,
            is_broken: false,
        }
    }

    /// A GET request.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// A POST request without a body.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// With one more header. What HTTP does not allow is refused when the request is sent.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(name == http::header::AUTHORIZATION);
                self.headers.append(name, value);
            }
            _ => self.is_broken = true,
        }
        self
    }

    /// With this body.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// With these fields as the body, as HTML forms send them.
    #[must_use]
    pub fn form<'a>(self, fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Read this much of the answer at most; more is an error.
    #[must_use]
    pub fn at_most(mut self, body_bytes_max: usize) -> Self {
        self.body_bytes_max = body_bytes_max;
        self
    }

    /// Let the whole exchange, redirects included, take this long at most.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Follow this many redirects; without, a redirect is an answer like any other.
    ///
    /// A hop to another host carries neither the body's credentials nor `Authorization`.
    #[must_use]
    pub fn following(mut self, redirects_max: u8) -> Self {
        self.redirects_max = redirects_max;
        self
    }
}

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Response {
    /// Whether the status says that all went well.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}
