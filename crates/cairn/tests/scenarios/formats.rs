//! The shapes of errors that a caller can ask for in place of Appwrite's own.

use cairn_testkit::app::{Answer, Client};
use serde_json::Value;

fn members(answer: &Answer) -> Vec<&str> {
    answer.json.as_object().into_iter().flat_map(|body| body.keys().map(String::as_str)).collect()
}

/// The same caller, to whom errors are told in this format.
pub(crate) fn in_format<'a>(client: &Client<'a>, format: &str) -> Client<'a> {
    client.with("x-error-format", format)
}

#[track_caller]
fn expect(answer: &Answer, status: u16, member: &str, code: impl Into<Value>) {
    let code = code.into();
    assert!(
        answer.status == status && answer.json[member] == code,
        "{}: expected {status} {code}, came {} {}",
        answer.what,
        answer.status,
        answer.text()
    );
}

/// `{status, code}` and nothing else outside of development.
#[track_caller]
pub(crate) fn expect_reason(answer: &Answer, status: u16, code: &str) {
    expect(answer, status, "code", code);
    assert_eq!((members(answer), &answer.json["status"]), (vec!["status", "code"], &Value::from(status)));
}

/// `{message, errorCode}`, with this text where the contract has one.
#[track_caller]
pub(crate) fn expect_everlive(answer: &Answer, status: u16, code: u32, text: &str) {
    expect(answer, status, "errorCode", code);
    assert_eq!((members(answer), answer.text_of("message")), (vec!["message", "errorCode"], text));
}

/// `{message, code}`, perhaps with `errors` or what a limit or a wait adds.
#[track_caller]
pub(crate) fn expect_chat(answer: &Answer, status: u16, code: u32) {
    expect(answer, status, "code", code);
    assert!(!answer.text_of("message").is_empty(), "{}", answer.text());
    let more = ["errors", "retry_after", "global"];
    let unknown =
        members(answer).into_iter().find(|name| !["message", "code"].contains(name) && !more.contains(name));
    assert_eq!(unknown, None, "{}", answer.text());
}
