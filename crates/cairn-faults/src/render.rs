//! An error becomes an answer: status, headers and body in the caller's format.
//!
//! INVARIANT: nothing private is read here. `reason` tells `details` only in development, and even these are the
//! public message and violations.

mod discord;

use crate::error::Error;
use crate::format::{Code, ContractAge, Format, Vocabulary};
use crate::{Fault, Rule, Violation, oauth_code};
use serde_json::{Map, Value, json};

/// What an answer depends on besides the error.
#[derive(Clone, Copy, Debug)]
pub struct RenderContext<'a> {
    /// The negotiated format.
    pub format: Format,
    /// The words of the route.
    pub vocabulary: Vocabulary,
    /// The request's id.
    pub request_id: &'a str,
    /// The Appwrite version spoken, for the `appwrite` body.
    pub version: &'a str,
    /// Whether `reason` bodies carry `details`.
    pub is_development: bool,
}

/// A finished answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rendered {
    /// The HTTP status.
    pub status: u16,
    /// The media type of the body.
    pub content_type: &'static str,
    /// More headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

const JSON: &str = "application/json";
/// COMPAT(appwrite): clients compare the media type with its charset.
const JSON_UTF8: &str = "application/json; charset=UTF-8";
const PROBLEM_JSON: &str = "application/problem+json";
/// What the choice of a format depends on, for caches.
const VARY: &str = "Accept, X-Error-Format, X-Appwrite-Response-Format";
/// Above this a status is a close code of a socket, not one of HTTP.
const HTTP_STATUS_MAX: u16 = 599;

/// Render an error.
pub fn render(error: &Error, cx: &RenderContext<'_>) -> Rendered {
    let status = http_status(error.fault(), cx.format);
    let (content_type, body) = match cx.format {
        Format::Appwrite(age) => (JSON_UTF8, appwrite(error, cx, status, age)),
        Format::Reason => (JSON, reason(error, cx, status)),
        Format::Everlive => (JSON, everlive(error, cx)),
        Format::Discord => (JSON, discord::body(error, cx, status)),
        Format::Problem => (PROBLEM_JSON, problem(error, cx, status)),
    };
    let mut headers = vec![("vary", VARY.to_owned())];
    // How the caller may prove itself instead (RFC 6749, section 5.2; RFC 6750, section 3).
    let challenge = match oauth_code(error.fault()) {
        Some("invalid_token") => Some("Bearer error=\"invalid_token\""),
        Some("invalid_client") => Some("Basic realm=\"oauth2\""),
        _ => None,
    };
    headers.extend(challenge.map(|text| ("www-authenticate", text.to_owned())));
    if let Some(seconds) = error.retry_after_s()
        && cx.format != Format::Discord
    {
        headers.push(("retry-after", whole_seconds(seconds)));
    } else if let Some(seconds) = error.retry_after_s() {
        headers.push(("retry-after", decimal_seconds(seconds)));
    }
    Rendered { status, content_type, headers, body: body.to_string().into_bytes() }
}

/// The contract's status; where that is a socket's close code, the kind's.
fn http_status(fault: Fault, format: Format) -> u16 {
    match fault.status(format) {
        status if status > HTTP_STATUS_MAX => fault.kind().status(),
        status => status,
    }
}

/// `Retry-After` is a whole number in HTTP; rounding up keeps the promise.
fn whole_seconds(seconds: f64) -> String {
    format!("{:.0}", seconds.ceil())
}

/// The Discord-style contract reads decimals.
fn decimal_seconds(seconds: f64) -> String {
    Value::from(seconds).to_string()
}

fn appwrite(error: &Error, cx: &RenderContext<'_>, status: u16, age: ContractAge) -> Value {
    let mut body = Map::new();
    body.insert("message".into(), error.message_in(cx.vocabulary).into());
    body.insert("code".into(), status.into());
    if age != ContractAge::Oldest {
        body.insert("type".into(), code(error, cx));
    }
    body.insert("version".into(), cx.version.into());
    // Libraries of OAuth2 read these two and nothing else (RFC 6749, section 5.2).
    if let Some(code) = oauth_code(error.fault()) {
        body.insert("error".into(), code.into());
        body.insert("error_description".into(), error.message_in(cx.vocabulary).into());
    }
    Value::Object(body)
}

fn reason(error: &Error, cx: &RenderContext<'_>, status: u16) -> Value {
    let mut body = Map::new();
    body.insert("status".into(), status.into());
    body.insert("code".into(), code(error, cx));
    if cx.is_development {
        body.insert("details".into(), reason_details(error, cx).into());
    }
    Value::Object(body)
}

/// One free text: `handle: too short; email: required`, or the message.
fn reason_details(error: &Error, cx: &RenderContext<'_>) -> String {
    if error.violations().is_empty() {
        return error.message_in(cx.vocabulary);
    }
    let part = |violation: &Violation| match violation.segments().join(".") {
        place if place.is_empty() => violation.reason.clone(),
        place => format!("{place}: {}", violation.reason),
    };
    let parts: Vec<String> = error.violations().iter().map(part).collect();
    parts.join("; ")
}

/// COMPAT(everlive): the key order is compared by clients, and the text of a row's own number is the contract's. A
/// borrowed number keeps its text only where no broken rule says more.
fn everlive(error: &Error, cx: &RenderContext<'_>) -> Value {
    let is_text_fixed = error.fault().has_own_code(Format::Everlive) || error.violations().is_empty();
    let fixed = error.fault().everlive_text().filter(|_| is_text_fixed);
    let message = fixed.map_or_else(|| error.message_in(cx.vocabulary), str::to_owned);
    json!({ "message": message, "errorCode": code(error, cx) })
}

fn problem(error: &Error, cx: &RenderContext<'_>, status: u16) -> Value {
    let fault = error.fault();
    let mut body = Map::new();
    body.insert("type".into(), format!("/errors/{}", fault.id()).into());
    body.insert("title".into(), fault.summary().into());
    body.insert("status".into(), status.into());
    body.insert("detail".into(), error.message_in(cx.vocabulary).into());
    body.insert("instance".into(), cx.request_id.into());
    for (name, format) in CODE_MEMBERS {
        body.insert((*name).into(), code_value(fault.code(*format, cx.vocabulary)));
    }
    let old_type = fault.code(Format::Appwrite(ContractAge::V1_0), cx.vocabulary);
    if old_type != fault.code(Format::Appwrite(ContractAge::V1_9), cx.vocabulary) {
        body.insert("appwrite_1_0".into(), code_value(old_type));
    }
    if let Some(seconds) = error.retry_after_s() {
        body.insert("retryAfter".into(), seconds.into());
    }
    if !error.violations().is_empty() {
        body.insert("errors".into(), problem_errors(error));
    }
    Value::Object(body)
}

/// The members that tell a fault's code in every other contract.
pub(crate) const CODE_MEMBERS: &[(&str, Format)] = &[
    ("appwrite", Format::Appwrite(ContractAge::V1_9)),
    ("reason", Format::Reason),
    ("everlive", Format::Everlive),
    ("discord", Format::Discord),
];

fn problem_errors(error: &Error) -> Value {
    let entry = |violation: &Violation| {
        let mut entry = Map::new();
        entry.insert("pointer".into(), violation.pointer.as_str().into());
        entry.insert("detail".into(), violation.reason.as_str().into());
        if violation.rule == Rule::Required {
            entry.insert("isMissing".into(), true.into());
        }
        if let Some(limit) = violation.limit {
            entry.insert("limit".into(), limit.into());
        }
        Value::Object(entry)
    };
    error.violations().iter().map(entry).collect()
}

fn code(error: &Error, cx: &RenderContext<'_>) -> Value {
    code_value(error.fault().code(cx.format, cx.vocabulary))
}

pub(crate) fn code_value(code: Code) -> Value {
    match code {
        Code::Text(text) => text.into(),
        Code::Number(number) => number.into(),
    }
}

#[cfg(test)]
mod tests;
