//! Documents in older forms.

use cairn_http::params::ParamMap;
use cairn_http::wire_version::{RequestStep, WireVersion};
use cairn_query::{Method, Raw, RawValue};
use serde_json::{Value, json};

const V1_8_0: WireVersion = WireVersion::new(1, 8, 0);

/// Requests, oldest first.
pub(super) const REQUESTS: &[RequestStep] = &[
    RequestStep { below: V1_8_0, method: "databases.getDocument", apply: with_related },
    RequestStep { below: V1_8_0, method: "databases.listDocuments", apply: with_related },
];

/// Before 1.8.0 every document came with those that it relates to, unless its attributes were selected one by one.
fn with_related(sent: &mut ParamMap) {
    let queries = match sent.value("queries") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(queries)) => queries.clone(),
        Some(Value::String(query)) if query.is_empty() => Vec::new(),
        Some(Value::String(query)) => vec![json!(query)],
        // What is no list is refused in its turn.
        Some(_) => return,
    };
    let selects: Vec<Raw> = queries
        .iter()
        .filter_map(|query| Raw::parse(query.as_str()?).ok())
        .filter(|query| query.method == Method::Select)
        .collect();
    let is_all = |value: &RawValue| matches!(value, RawValue::Value(value) if value.as_text() == Some("*"));
    if selects.is_empty() || selects.iter().any(|select| select.values.iter().any(is_all)) {
        let all = json!({ "method": "select", "values": ["*", "*.*"] }).to_string();
        sent.set("queries", queries.into_iter().chain([json!(all)]).collect());
    }
}
