//! Error answers: who chooses the format, and what is never sent.

use serde_json::{Value, json};

use cairn_faults::Fault;

use super::*;

fn context(pairs: &[(&'static str, &'static str)], surface_default: Format) -> ErrorContext {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let settings =
        ErrorSettings { surface_default, response_format: None, version: "1.9.6", is_development: true };
    ErrorContext::of_request(&headers, "req-1", &settings)
}

fn appwrite() -> Format {
    Format::parse("appwrite").unwrap()
}

fn body(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn the_header_beats_accept_which_beats_the_surface() {
    for (headers, surface, expected) in [
        (&[][..], appwrite(), "appwrite"),
        (&[("accept", "application/problem+json")], appwrite(), "problem"),
        (&[("accept", "*/*")], Format::Reason, "reason"),
        (&[("x-error-format", "discord"), ("accept", "application/problem+json")], appwrite(), "discord"),
        (&[("x-error-format", "nonsense")], Format::Everlive, "everlive"),
    ] {
        assert_eq!(context(headers, surface).format.name(), expected, "{headers:?} on {surface:?}");
    }
}

#[test]
fn the_configured_response_format_counts() {
    let settings = ErrorSettings {
        surface_default: appwrite(),
        response_format: Some("0.11.0"),
        version: "1.9.6",
        is_development: false,
    };
    let context = ErrorContext::of_request(&HeaderMap::new(), "r", &settings);
    let response = context.answer(&Error::new(Fault::GeneralRouteNotFound));
    assert_eq!(body(&response).get("type"), None, "the oldest contract has no type");
}

#[test]
fn an_answer_carries_the_request_id_and_no_secret() {
    let error = Error::new(Fault::GeneralServerError)
        .detail("password=hunter2")
        .source(std::io::Error::other("disk /dev/sda1 is gone"));
    for format in ["appwrite", "reason", "everlive", "discord", "problem"] {
        let mut context = context(&[], appwrite());
        context.format = Format::parse(format).unwrap();
        let response = context.answer(&error);
        let text = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(!text.contains("hunter2") && !text.contains("sda1"), "{format}: {text}");
        assert!(!text.contains(".rs"), "{format}: no location: {text}");
        assert_eq!(response.headers()[&REQUEST_ID], "req-1", "{format}");
        assert!(response.headers().contains_key("vary"), "{format}");
        let expected = error.fault().status(context.format);
        assert_eq!(response.status().as_u16(), expected, "{format}");
    }
}

#[test]
fn the_vocabulary_and_retry_after_are_told() {
    let new = [("x-appwrite-response-format", "1.9.0")];
    let context = context(&new, appwrite()).speaking(Vocabulary::Tables);
    let response = context.answer(&Error::new(Fault::DocumentNotFound));
    assert_eq!(response.status(), 404);
    assert_eq!(body(&response)["type"], json!("row_not_found"));
    let response = context.answer(&Error::new(Fault::GeneralRateLimitExceeded).retry_after(7_u32));
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "7");
}

#[test]
fn request_ids_of_callers_are_checked() {
    for (sent, expected) in [
        ("abc-123_x.y", true),
        ("", false),
        ("a b", false),
        ("<script>", false),
        ("0123456789012345678901234567890123456789012345678901234567890123x", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(&REQUEST_ID, HeaderValue::from_str(sent).unwrap());
        assert_eq!(sent_request_id(&headers).is_some(), expected, "{sent:?}");
    }
}
