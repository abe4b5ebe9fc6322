//! The Discord-style body: `{message, code, errors?}`, and its special forms for 202 and 429.

use super::code;
use crate::error::Error;
use crate::render::RenderContext;
use crate::violation::Violation;
use serde_json::{Map, Value, json};

/// The code that always stands beside an `errors` tree.
const INVALID_FORM_BODY: u32 = 50035;
/// What a 202 or 429 says when nobody knows better, in seconds.
const RETRY_AFTER_DEFAULT_S: f64 = 5.0;

pub(super) fn body(error: &Error, cx: &RenderContext<'_>, status: u16) -> Value {
    match status {
        202 => json!({
            "message": error.message_in(cx.vocabulary),
            "code": code(error, cx),
            "retry_after": error.retry_after_s().unwrap_or(RETRY_AFTER_DEFAULT_S),
        }),
        429 => json!({
            "message": error.message_in(cx.vocabulary),
            "retry_after": error.retry_after_s().unwrap_or(RETRY_AFTER_DEFAULT_S),
            "global": error.param("scope") == Some("global"),
            "code": code(error, cx),
        }),
        _ if error.violations().is_empty() => {
            json!({ "message": error.message_in(cx.vocabulary), "code": code(error, cx) })
        }
        _ => json!({
            "message": error.fault().summary(),
            "code": INVALID_FORM_BODY,
            "errors": tree(error.violations()),
        }),
    }
}

/// Mirror the request: a member per field, an index as a member name, `_errors` at each broken place.
fn tree(violations: &[Violation]) -> Value {
    let mut root = Map::new();
    for violation in violations {
        let leaf = violation.segments().into_iter().fold(&mut root, |node, segment| {
            let child = node.entry(segment).or_insert_with(|| json!({}));
            child.as_object_mut().expect("every node of the tree is made as an object")
        });
        let list = leaf.entry("_errors").or_insert_with(|| json!([]));
        if let Some(list) = list.as_array_mut() {
            list.push(json!({ "code": violation.discord_code(), "message": violation.reason }));
        }
    }
    Value::Object(root)
}
