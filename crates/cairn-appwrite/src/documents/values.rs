//! Values between JSON and the model.

use cairn_model::value::Value;
use serde_json::Value as Json;

use crate::wire::Object;

/// The members of a document as a client sent them.
pub(super) fn members(object: Object) -> Vec<(String, Value)> {
    object.into_iter().map(|(key, json)| (key, owned_value(json))).collect()
}

/// A value as it came in. A number beyond 64 signed bits becomes a float, which no integer attribute accepts.
pub(crate) fn model_value(json: &Json) -> Value {
    owned_value(json.clone())
}

fn owned_value(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => {
            number.as_i64().map(Value::Int).or(number.as_f64().map(Value::Float)).unwrap_or_default()
        }
        Json::String(text) => Value::Text(text),
        Json::Array(items) => Value::Array(items.into_iter().map(owned_value).collect()),
        Json::Object(members) => {
            Value::Object(members.into_iter().map(|(key, json)| (key, owned_value(json))).collect())
        }
    }
}

/// A value as it goes out.
pub(crate) fn json_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Datetime(at) => at.to_wire().into(),
        Value::Array(items) => items.iter().map(json_value).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), json_value(value))).collect()
        }
    }
}
