//! Credentials: the headers that carry them, and which of them a route's scopes let through.

use cairn_model::scopes;
use serde_json::{Map, Value, json};

/// The headers, by the names that the reference's documents give them; `Mode` is ours.
const SCHEMES: &[(&str, &str, &str)] = &[
    ("Project", "X-Appwrite-Project", "The project's id."),
    ("Key", "X-Appwrite-Key", "The secret of an API key."),
    ("Session", "X-Appwrite-Session", "The secret of a session; browsers send it as a cookie."),
    ("JWT", "X-Appwrite-JWT", "A JSON Web Token made for a session."),
    (
        "Mode",
        "X-Appwrite-Mode",
        "`admin`: the session is that of a console account which may manage the project.",
    ),
];

/// `components.securitySchemes`.
pub(super) fn schemes() -> Value {
    let scheme = |(name, header, description): &(&str, &str, &str)| {
        let text = json!({ "type": "apiKey", "in": "header", "name": header, "description": description });
        ((*name).to_owned(), text)
    };
    Value::Object(SCHEMES.iter().map(scheme).collect())
}

/// The ways to call a route that asks for one of these scopes, the one that needs least first.
pub(super) fn requirements(asked: &[&str]) -> Value {
    let is_held_by = |held: &[&str]| asked.is_empty() || asked.iter().any(|scope| held.contains(scope));
    let of_keys: Vec<&str> = scopes_of_keys().collect();
    let ways: [(bool, &[&str]); 5] = [
        (is_held_by(scopes::GUEST), &["Project"]),
        (is_held_by(scopes::USER), &["Project", "Session"]),
        (is_held_by(scopes::USER), &["Project", "JWT"]),
        (is_held_by(&of_keys), &["Project", "Key"]),
        // An owner has the scopes of users too.
        (is_held_by(scopes::ADMIN) || is_held_by(scopes::USER), &["Project", "Session", "Mode"]),
    ];
    let open = ways.into_iter().filter(|(is_open, _)| *is_open).map(|(_, names)| requirement(names));
    open.collect::<Vec<_>>().into()
}

fn scopes_of_keys() -> impl Iterator<Item = &'static str> {
    let given = scopes::OF_PROJECT.iter().chain(scopes::OF_ORGANIZATION).map(|scope| scope.name);
    scopes::KEY.iter().copied().chain(given)
}

/// Every scope that some caller can have.
pub fn known_scopes() -> impl Iterator<Item = &'static str> {
    let held = [scopes::GUEST, scopes::USER, scopes::ADMIN];
    held.into_iter().flatten().copied().chain(scopes_of_keys())
}

fn requirement(names: &[&str]) -> Value {
    Value::Object(names.iter().map(|name| ((*name).to_owned(), json!([]))).collect::<Map<_, _>>())
}
