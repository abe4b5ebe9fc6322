//! What the wire forms of several models and parameters share.

use cairn_core::listing::ListRequest;
use cairn_http::rules::{Refusal, Rule, Shape};
use cairn_std::Timestamp;
use serde_json::{Map, Value, json};

/// An object of a model.
pub(crate) type Object = Map<String, Value>;

/// An instant, or an empty text.
pub(crate) fn time_or_empty(at: Option<Timestamp>) -> Value {
    Value::String(at.map(Timestamp::to_wire).unwrap_or_default())
}

/// Preferences as the store keeps them: a JSON object as text.
pub(crate) fn preferences(text: &str) -> Object {
    serde_json::from_str(text).unwrap_or_default()
}

/// Preferences as the store keeps them, of what a client sent.
pub(crate) fn preferences_text(prefs: Object) -> String {
    Value::Object(prefs).to_string()
}

/// The members of a JSON object literal.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// What a client asks of a list, of the parameters `queries`, `search` and `total`.
pub(crate) fn list_request(queries: Vec<String>, search: String, counts_total: bool) -> ListRequest {
    ListRequest { queries, search, counts_total, ..ListRequest::default() }
}

/// See [`empty_or`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmptyOr<R>(R);

/// A text that keeps the rule, or an empty one, which is `None`.
pub(crate) fn empty_or<R: Rule>(rule: R) -> EmptyOr<R> {
    EmptyOr(rule)
}

impl<R: Rule> Rule for EmptyOr<R> {
    type Output = Option<R::Output>;

    fn shape(&self) -> Shape {
        Shape { min: None, ..self.0.shape() }
    }

    fn check(&self, value: &Value) -> Result<Self::Output, Refusal> {
        if value.as_str() == Some("") { Ok(None) } else { self.0.check(value).map(Some) }
    }
}

/// May be absent, null or empty, all of which are `None`.
pub(crate) fn maybe<R: Rule>(rule: R) -> cairn_http::rules::Defaulted<EmptyOr<R>>
where
    R::Output: Clone,
{
    empty_or(rule).or(None, json!(""))
}
