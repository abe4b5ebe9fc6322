//! Parameters as OpenAPI has them: in the path, in the query string of GET, in the body of every other method.

use cairn_core::idempotency::KEY_CHARS_MAX;
use serde_json::{Map, Value, json};

use crate::route::Verb;
use crate::rules::{Shape, ShapeKind};
use crate::spec::ParamSpec;

/// Numbers beyond this are not exact in JSON; such a bound is none worth showing.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// The parameters of the path, in its order, and those of the query string.
pub(super) fn parameters(verb: Verb, path: &str, specs: &[ParamSpec]) -> Vec<Value> {
    let in_path = names_in(path).into_iter().map(|name| {
        let spec = specs.iter().find(|spec| spec.name == name);
        let description = spec.map_or("", |spec| spec.description.as_str());
        let schema = spec.map_or_else(|| json!({ "type": "string" }), |spec| schema(&spec.shape));
        parameter(name, "path", description, true, schema)
    });
    let is_query = verb == Verb::Get;
    let in_query = beside_path(path, specs).filter(|_| is_query).map(|spec| {
        // A list is told by brackets: `queries[]=..&queries[]=..`.
        let brackets = if spec.shape.kind == ShapeKind::Array { "[]" } else { "" };
        let name = format!("{}{brackets}", spec.name);
        parameter(&name, "query", &spec.description, spec.shape.is_required, schema(&spec.shape))
    });
    in_path.chain(in_query).collect()
}

/// The header that lets a write be sent again.
pub(super) fn idempotency_key() -> Value {
    let about = "Names the request: sent again with the same key it is answered as it was first, and not carried out again.";
    let schema = json!({ "type": "string", "minLength": 1, "maxLength": KEY_CHARS_MAX });
    parameter("Idempotency-Key", "header", about, false, schema)
}

/// The body, where the route takes parameters in one.
pub(super) fn body(verb: Verb, path: &str, specs: &[ParamSpec]) -> Option<Value> {
    let fields: Vec<&ParamSpec> = beside_path(path, specs).collect();
    if verb == Verb::Get || fields.is_empty() {
        return None;
    }
    let mut properties = Map::new();
    let mut required = Vec::new();
    for spec in fields {
        properties.insert(spec.name.to_owned(), described(spec));
        if spec.shape.is_required {
            required.push(spec.name);
        }
    }
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    let content = json!({ "application/json": { "schema": schema } });
    Some(json!({ "required": !required.is_empty(), "content": content }))
}

fn parameter(name: &str, place: &str, description: &str, is_required: bool, schema: Value) -> Value {
    let mut members = Map::new();
    members.insert("name".to_owned(), name.into());
    members.insert("in".to_owned(), place.into());
    if !description.is_empty() {
        members.insert("description".to_owned(), description.into());
    }
    members.insert("required".to_owned(), is_required.into());
    members.insert("schema".to_owned(), schema);
    Value::Object(members)
}

/// The names between the braces of a path.
pub(super) fn names_in(path: &str) -> Vec<&str> {
    let parts = path.split('{').skip(1).filter_map(|part| part.split('}').next());
    parts.map(|name| name.trim_start_matches('*')).collect()
}

fn beside_path<'s>(path: &str, specs: &'s [ParamSpec]) -> impl Iterator<Item = &'s ParamSpec> {
    let names: Vec<String> = names_in(path).into_iter().map(str::to_owned).collect();
    specs.iter().filter(move |spec| !names.iter().any(|name| name == spec.name))
}

fn described(spec: &ParamSpec) -> Value {
    let mut schema = schema(&spec.shape);
    if !spec.description.is_empty() {
        schema["description"] = spec.description.as_str().into();
    }
    schema
}

/// The JSON Schema of a shape.
pub(super) fn schema(shape: &Shape) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    let kind = shape.kind.name();
    put("type", if shape.is_nullable { json!([kind, "null"]) } else { kind.into() });
    if let Some(format) = shape.format {
        put("format", format.into());
    }
    if !shape.allowed.is_empty() {
        let null = shape.is_nullable.then_some(Value::Null);
        let values = shape.allowed.iter().map(|text| Value::from(*text));
        put("enum", values.chain(null).collect::<Vec<_>>().into());
    }
    if let Some(items) = &shape.items {
        put("items", schema(items));
    }
    let (least, most) = bound_names(shape.kind);
    for (name, bound) in [(least, shape.min), (most, shape.max)] {
        if let (Some(name), Some(bound)) = (name, bound.and_then(number)) {
            put(name, bound);
        }
    }
    if let Some(default) = &shape.default {
        put("default", default.clone());
    }
    if let Some(example) = shape.example {
        put("examples", json!([example]));
    }
    Value::Object(members)
}

/// What a type calls its bounds.
fn bound_names(kind: ShapeKind) -> (Option<&'static str>, Option<&'static str>) {
    match kind {
        ShapeKind::Text => (Some("minLength"), Some("maxLength")),
        ShapeKind::Integer | ShapeKind::Number => (Some("minimum"), Some("maximum")),
        ShapeKind::Array => (Some("minItems"), Some("maxItems")),
        ShapeKind::Boolean | ShapeKind::Object => (None, None),
    }
}

/// A bound as a number of JSON, whole where it is whole; `None` for one beyond what is exact.
#[expect(clippy::cast_possible_truncation, reason = "the value is whole and below 2^53")]
fn number(bound: f64) -> Option<Value> {
    if bound.is_nan() || bound.abs() >= EXACT_MAX {
        return None;
    }
    Some(if bound.fract() == 0.0 { Value::from(bound as i64) } else { Value::from(bound) })
}
