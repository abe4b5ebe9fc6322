//! Errors become answers: format negotiation, the one log line, headers.
//!
//! INVARIANT: this is the only place where an error is logged, and the only place where it is rendered for a
//! client. What is private in it (detail, source, location) goes to the log and nowhere else.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use http::{Response, StatusCode};

use crate::headers::{ERROR_FORMAT, REQUEST_ID, RESPONSE_FORMAT, append, text};
use cairn_faults::{Error, Format, LogLevel, RenderContext, Rendered, Vocabulary, render};

#[cfg(test)]
mod tests;

/// How the errors of one exchange are told; made before anything can fail.
#[derive(Clone, Debug)]
pub struct ErrorContext {
    /// The negotiated format.
    pub format: Format,
    /// The words of the route; documents until it is known.
    pub vocabulary: Vocabulary,
    /// The request's id.
    pub request_id: String,
    /// The Appwrite version that bodies name.
    pub version: String,
    /// Whether the server runs in development mode.
    pub is_development: bool,
}

/// What of the configuration shapes error answers.
#[derive(Clone, Copy, Debug)]
pub struct ErrorSettings<'a> {
    /// The surface's own format.
    pub surface_default: Format,
    /// `_APP_SYSTEM_RESPONSE_FORMAT`, where it is set.
    pub response_format: Option<&'a str>,
    /// The Appwrite version that the server speaks.
    pub version: &'a str,
    /// Whether the server runs in development mode.
    pub is_development: bool,
}

impl ErrorContext {
    /// Read the headers of a request.
    pub fn of_request(headers: &HeaderMap, request_id: &str, settings: &ErrorSettings<'_>) -> Self {
        let spoken = text(headers, &RESPONSE_FORMAT).or(settings.response_format);
        Self {
            format: Format::negotiate(
                text(headers, &ERROR_FORMAT),
                text(headers, &ACCEPT),
                settings.surface_default,
                spoken.filter(|f| !f.is_empty()),
            ),
            vocabulary: Vocabulary::Documents,
            request_id: request_id.to_owned(),
            version: settings.version.to_owned(),
            is_development: settings.is_development,
        }
    }

    /// The same with the words of the route that was found.
    #[must_use]
    pub fn speaking(mut self, vocabulary: Vocabulary) -> Self {
        self.vocabulary = vocabulary;
        self
    }

    /// Log an error once and render it.
    pub fn answer(&self, error: &Error) -> Response<Bytes> {
        log(error, &self.request_id);
        let rendered = render(
            error,
            &RenderContext {
                format: self.format,
                vocabulary: self.vocabulary,
                request_id: &self.request_id,
                version: &self.version,
                is_development: self.is_development,
            },
        );
        into_response(rendered, &self.request_id)
    }
}

/// A request id that the caller may choose: short and plain, else `None` and the server makes one.
///
/// Whatever stands in this header is logged and echoed, so that nothing but word characters is taken.
pub fn sent_request_id(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(&REQUEST_ID)?.to_str().ok()?;
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    ((1..=64).contains(&text.len()) && is_plain).then_some(text)
}

fn into_response(rendered: Rendered, request_id: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(rendered.body));
    *response.status_mut() =
        StatusCode::from_u16(rendered.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(rendered.content_type));
    // A cache may keep a 404 or 410 by heuristics; none of ours is true for longer than the answer takes.
    headers.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in &rendered.headers {
        append(headers, HeaderName::from_static(name), value);
    }
    append(headers, REQUEST_ID.clone(), request_id);
    response
}

fn log(error: &Error, request_id: &str) {
    let fault = error.fault();
    let (id, at, private) = (fault.id(), error.location(), error.private_text());
    match fault.kind().log_level() {
        LogLevel::Debug => tracing::debug!(request_id, fault = id, %at, private, "{error}"),
        LogLevel::Info => tracing::info!(request_id, fault = id, %at, private, "{error}"),
        LogLevel::Warn => tracing::warn!(request_id, fault = id, %at, private, "{error}"),
        LogLevel::Error => tracing::error!(request_id, fault = id, %at, private, "{error}"),
    }
}
