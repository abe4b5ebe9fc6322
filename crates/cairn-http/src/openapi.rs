//! Surfaces described as an OpenAPI 3.1 document: paths, parameters, credentials and every error a route may answer.
//!
//! All of it comes from the route tables and the error catalogue; a sentence that stands here alone describes the
//! kit itself. The schemas of answers are the models that routes name. The order of members follows the tables, so that equal tables make equal bytes.

mod errors;
mod params;
mod security;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cairn_faults::Vocabulary;
use serde_json::{Map, Value, json};

use crate::limits::RateLimit;
use crate::model::{Model, Shape, Success};
use crate::route::{Route, Surface};
use errors::Catalogue;
pub use security::known_scopes;

const INTRODUCTION: &str = "The API as this server speaks it. Send `X-Appwrite-Response-Format: <version>` as the SDKs \
    do: without it errors have the codes of version 1.0, which `x-cairn-codes` of each example lists beside those of \
    the other formats (`X-Error-Format`). HEAD works wherever GET does. Bodies may also be sent as a form or as \
    multipart.";

/// The OpenAPI document of surfaces; `api_version` is the version that their bodies name.
pub fn document(surfaces: &[Surface], api_version: &str) -> Value {
    let mut catalogue = Catalogue::new(api_version);
    let mut paths = Map::new();
    let mut tags: Vec<&str> = Vec::new();
    for route in routes(surfaces) {
        if !tags.contains(&route.service()) {
            tags.push(route.service());
        }
        for (index, path) in route.paths().enumerate() {
            let item = paths.entry(openapi_path(path)).or_insert_with(|| Value::Object(Map::new()));
            item[route.verb.name().to_ascii_lowercase()] = operation(route, path, index, &mut catalogue);
        }
    }
    let (examples, responses) = catalogue.into_components();
    json!({
        "openapi": "3.1.1",
        "info": { "title": "Cairn", "version": api_version, "description": INTRODUCTION },
        "servers": [{ "url": "/" }],
        "tags": tags.iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": security::schemes(),
            "schemas": schemas(surfaces),
            "responses": responses,
            "examples": examples,
        },
    })
}

/// The document as text: what `/openapi.json` answers and the repository keeps.
pub fn text(surfaces: &[Surface], api_version: &str) -> String {
    let document = document(surfaces, api_version);
    let mut text = serde_json::to_string_pretty(&document).expect("a JSON value has string keys only");
    text.push('\n');
    text
}

/// Every route of the surfaces, in the order of their tables.
pub fn routes(surfaces: &[Surface]) -> impl Iterator<Item = &'static Route> {
    surfaces.iter().flat_map(|surface| surface.routes.iter().copied().flatten())
}

/// One route at one of its paths; all but the first are older ones.
fn operation(route: &Route, path: &str, index: usize, catalogue: &mut Catalogue) -> Value {
    let specs = (route.handler.specs)();
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    put("summary", title(route).into());
    put("operationId", operation_id(route, index).into());
    put("tags", json!([route.service()]));
    if index > 0 {
        put("deprecated", true.into());
    }
    put("security", security::requirements(route.scopes));
    let mut parameters = params::parameters(route.verb, path, &specs);
    parameters.extend(route.is_idempotent.then(params::idempotency_key));
    if !parameters.is_empty() {
        put("parameters", parameters.into());
    }
    if let Some(body) = params::body(route.verb, path, &specs) {
        put("requestBody", body);
    }
    let mut responses = Map::new();
    match route.success {
        None => responses.extend([success(None)]),
        Some(_) => responses.extend(route.successes().map(|one| success(Some(one)))),
    }
    responses.extend(catalogue.responses(route, !specs.is_empty()));
    put("responses", responses.into());
    put("x-appwrite", appwrite_members(route));
    if route.vocabulary == Vocabulary::Tables {
        put("x-cairn-vocabulary", "tables".into());
    }
    Value::Object(members)
}

/// Status and description of what a route gives when all goes well.
fn success(success: Option<Success>) -> (String, Value) {
    let Some(success) = success else {
        let schema = json!({ "type": "object" });
        let content = json!({ "application/json": { "schema": schema } });
        return ("2XX".to_owned(), json!({ "description": "Success.", "content": content }));
    };
    let described = match (success.schema(), success.body) {
        (Some(schema), _) => {
            json!({ "description": "Success.", "content": { "application/json": { "schema": schema } } })
        }
        (None, Shape::Bytes) => {
            json!({ "description": "Success.", "content": { "*/*": { "schema": { "type": "string" } } } })
        }
        (None, _) => json!({ "description": "Success, without a body." }),
    };
    (success.status.to_string(), described)
}

/// The body of errors, and every model that a route names, with those that they are made of.
fn schemas(surfaces: &[Surface]) -> Value {
    let mut waiting: Vec<&'static Model> =
        routes(surfaces).flat_map(|route| route.successes().filter_map(|one| one.model())).collect();
    let mut named = BTreeMap::new();
    while let Some(model) = waiting.pop() {
        if named.insert(model.name, model.schema()).is_none() {
            waiting.extend(model.parts());
        }
    }
    let mut schemas = Map::new();
    schemas.insert("error".to_owned(), errors::body_schema());
    schemas.extend(named.into_iter().map(|(name, schema)| (name.to_owned(), schema)));
    Value::Object(schemas)
}

/// What the generators of SDKs read, by the names that they know.
fn appwrite_members(route: &Route) -> Value {
    let RateLimit { max, window_seconds, keys, .. } = route.limit;
    let mut members = Map::new();
    members.insert("method".to_owned(), method(route.name).into());
    members.insert("rate-limit".to_owned(), max.into());
    members.insert("rate-time".to_owned(), window_seconds.into());
    members.insert("rate-key".to_owned(), one_or_list(keys));
    members.insert("scope".to_owned(), one_or_list(route.scopes));
    if !route.also.is_empty() {
        let names = std::iter::once(&route.name).chain(route.also);
        let methods = names.map(|name| json!({ "name": method(name), "namespace": namespace(name) }));
        members.insert("methods".to_owned(), methods.collect::<Vec<_>>().into());
    }
    Value::Object(members)
}

/// A text where there is one, as the reference's documents have it.
fn one_or_list(texts: &[&str]) -> Value {
    match texts {
        [text] => Value::from(*text),
        texts => json!(texts),
    }
}

fn namespace(name: &str) -> &str {
    name.split_once('.').map_or(name, |(service, _)| service)
}

fn method(name: &str) -> &str {
    name.split_once('.').map_or(name, |(_, method)| method)
}

/// `account.createSession` is `accountCreateSession`; an older path has its number behind it.
fn operation_id(route: &Route, index: usize) -> String {
    let mut id = namespace(route.name).to_owned();
    let mut letters = method(route.name).chars();
    id.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
    id.push_str(letters.as_str());
    if index > 0 {
        let _ = write!(id, "Alias{index}");
    }
    id
}

/// `createEmailPasswordSession` is `Create email password session`; words in capitals stay.
fn title(route: &Route) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut was_capital = true;
    for letter in method(route.name).chars() {
        let is_capital = letter.is_ascii_uppercase();
        match words.last_mut() {
            Some(word) if !is_capital || was_capital => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        was_capital = is_capital;
    }
    for (index, word) in words.iter_mut().enumerate() {
        let is_acronym = word.len() > 1 && word.chars().all(|letter| letter.is_ascii_uppercase());
        if index == 0 {
            word[..1].make_ascii_uppercase();
        } else if !is_acronym {
            word.make_ascii_lowercase();
        }
    }
    words.join(" ")
}

/// A path without the star of a parameter that takes the rest of it.
fn openapi_path(path: &str) -> String {
    path.replace("{*", "{")
}
