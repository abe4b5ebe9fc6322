//! A request as data, and its answer.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use cairn_http::headers::RESPONSE_FORMAT;
use cairn_http::wire_version::WireVersion;
use cairn_http::{Kit, Route};
use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Method, Request};
use http_body_util::BodyExt as _;
use serde_json::Value;

/// A request that is being put together.
#[derive(Clone)]
pub struct RequestBuilder<'a> {
    kit: &'a Arc<Kit>,
    peer: IpAddr,
    method: Method,
    target: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(kit: &'a Arc<Kit>, peer: IpAddr) -> Self {
        let headers = HeaderMap::from_iter([(http::header::HOST, HeaderValue::from_static("localhost"))]);
        Self { kit, peer, method: Method::GET, target: "/".to_owned(), headers, body: Vec::new() }
    }

    /// Method and path; the path may hold a query.
    #[must_use]
    pub fn to(mut self, method: Method, target: &str) -> Self {
        self.method = method;
        target.clone_into(&mut self.target);
        self
    }

    /// The same method, another path.
    #[must_use]
    pub fn at(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    /// GET this path.
    #[must_use]
    pub fn get(self, target: &str) -> Self {
        self.to(Method::GET, target)
    }

    /// POST to this path.
    #[must_use]
    pub fn post(self, target: &str) -> Self {
        self.to(Method::POST, target)
    }

    /// PUT to this path.
    #[must_use]
    pub fn put(self, target: &str) -> Self {
        self.to(Method::PUT, target)
    }

    /// PATCH this path.
    #[must_use]
    pub fn patch(self, target: &str) -> Self {
        self.to(Method::PATCH, target)
    }

    /// DELETE this path.
    #[must_use]
    pub fn delete(self, target: &str) -> Self {
        self.to(Method::DELETE, target)
    }

    /// One more header; a second one of the same name replaces the first.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("a test writes a valid name");
        self.headers.insert(name, HeaderValue::try_from(value).expect("a test writes a valid value"));
        self
    }

    /// The project that the request is about.
    #[must_use]
    pub fn project(self, id: &str) -> Self {
        self.header("x-appwrite-project", id)
    }

    /// The key of an application.
    #[must_use]
    pub fn key(self, secret: &str) -> Self {
        self.header("x-appwrite-key", secret)
    }

    /// The secret of a session.
    #[must_use]
    pub fn session(self, secret: &str) -> Self {
        self.header("x-appwrite-session", secret)
    }

    /// The wire version that the caller speaks.
    #[must_use]
    pub fn speaking(self, version: &str) -> Self {
        self.header("x-appwrite-response-format", version)
    }

    /// The client's address.
    #[must_use]
    pub fn from(mut self, peer: IpAddr) -> Self {
        self.peer = peer;
        self
    }

    /// Query parameters, encoded; an array is written as `name[]=a&name[]=b`.
    #[must_use]
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        for (name, value) in pairs {
            let mark = if self.target.contains('?') { '&' } else { '?' };
            self.target = format!("{}{mark}{}={}", self.target, encoded(name), encoded(value));
        }
        self
    }

    /// A JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// A body of another kind.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE.as_str(), content_type)
    }

    /// Send it.
    ///
    /// # Panics
    /// When the target is no URI, the answer cannot be read, or its route declares another one.
    pub async fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.target);
        // Older versions have older shapes, and HEAD has no body.
        let speaks = self.headers.get(&RESPONSE_FORMAT).and_then(|version| version.to_str().ok());
        let spoken = WireVersion::of_header(speaks, self.kit.response_format());
        let is_native =
            self.method != Method::HEAD && spoken.is_none_or(|spoken| spoken >= WireVersion::NATIVE);
        let mut request = Request::new(Body::from(self.body));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.target.parse().expect("a test writes a valid target");
        *request.headers_mut() = self.headers;
        let (parts, body) = Box::pin(self.kit.handle(request, self.peer)).await.into_parts();
        let status = parts.status.as_u16();
        let body = body.collect().await.expect("an answer's body is in memory").to_bytes().to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        let route = parts.extensions.get::<&'static Route>().copied();
        if let Some(route) = route.filter(|_| is_native && status < 300) {
            let problem = route.problem(status, &json);
            assert!(problem.is_none(), "{what}: {}", problem.unwrap_or_default());
        }
        let route = route.map(|route| route.name);
        Answer { what, status, headers: parts.headers, body, json, route }
    }
}

/// Percent-encoded as in a form.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Method and target of the request, for messages.
    pub what: String,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    /// The body as JSON; null where it is none.
    pub json: Value,
    /// The route's name, where a route answered.
    pub route: Option<&'static str>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's text; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a cookie that the answer sets.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
        lines
            .filter_map(|line| line.split(';').next()?.split_once('='))
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v)
    }

    /// The text of a member of the body.
    ///
    /// # Panics
    /// When the body has no such member.
    #[track_caller]
    pub fn text_of(&self, member: &str) -> &str {
        self.json[member]
            .as_str()
            .unwrap_or_else(|| panic!("{}: no text `{member}` in {}", self.what, self.text()))
    }

    /// Check the status; gives the answer back.
    ///
    /// # Panics
    /// When the status is another one.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "checking the status is often all that a test wants")]
    pub fn expect(self, status: u16) -> Self {
        assert!(
            self.status == status,
            "{}: expected {status}, came {} {}",
            self.what,
            self.status,
            self.text()
        );
        self
    }

    /// Check that this is an error of the Appwrite contract: exactly this status and type, in exactly its shape.
    ///
    /// # Panics
    /// When it is anything else.
    #[track_caller]
    pub fn expect_fault(&self, status: u16, name: &str) {
        let came = format!("{}: expected {status} {name}, came {} {}", self.what, self.status, self.text());
        assert!(self.status == status && self.json["type"] == name, "{came}");
        let members: Vec<&str> =
            self.json.as_object().into_iter().flat_map(|body| body.keys().map(String::as_str)).collect();
        assert_eq!(members, ["message", "code", "type", "version"], "{came}");
        assert_eq!(self.json["code"], status, "{came}");
        assert!(self.json["message"].as_str().is_some_and(|text| !text.is_empty()), "{came}");
    }
}
