//! Values between JSON and the model, for queries and for documents alike.

use cairn_model::value::Value;
use serde_json::Value as Json;

/// A value as it came in. A number beyond 64 signed bits becomes a float, which no integer field accepts.
pub fn value_of(json: Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => {
            number.as_i64().map(Value::Int).or(number.as_f64().map(Value::Float)).unwrap_or_default()
        }
        Json::String(text) => Value::Text(text),
        Json::Array(items) => Value::Array(items.into_iter().map(value_of).collect()),
        Json::Object(members) => {
            Value::Object(members.into_iter().map(|(key, json)| (key, value_of(json))).collect())
        }
    }
}

/// A value as it goes out.
pub fn json_of(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Text(text) => text.as_str().into(),
        Value::Datetime(at) => at.to_wire().into(),
        Value::Array(items) => items.iter().map(json_of).collect(),
        Value::Object(members) => {
            Json::Object(members.iter().map(|(key, value)| (key.clone(), json_of(value))).collect())
        }
    }
}
