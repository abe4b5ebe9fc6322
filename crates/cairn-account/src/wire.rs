//! What the wire forms of several models share.

use cairn_core::deeds::{CursorPage, Direction, Stretched};
use cairn_core::personas::Face;
use cairn_http::Answer;
use cairn_std::Timestamp;
use serde_json::{Map, Value, json};

/// Directions as the wire names them.
pub(crate) const DIRECTIONS: &[(&str, Direction)] =
    &[("Older", Direction::Older), ("Newer", Direction::Newer)];

/// The members of a JSON object literal.
pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => Map::from_iter([("value".to_owned(), other)]),
    }
}

/// 200 with an object.
pub(crate) fn ok(value: Value) -> Answer {
    Answer::ok("object", object(value))
}

/// An instant, or null.
pub(crate) fn time(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, |at| Value::String(at.to_wire()))
}

/// JSON that is kept as text.
pub(crate) fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or(Value::Null)
}

/// Which part of a list a request wants.
pub(crate) fn cursor_page(cursor: Option<String>, direction: Option<Direction>, limit: i64) -> CursorPage {
    CursorPage { cursor, direction: direction.unwrap_or_default(), limit }
}

/// A part of a list.
pub(crate) fn stretched<T>(page: &Stretched<T>, item: impl Fn(&T) -> Value) -> Answer {
    ok(json!({
        "data": page.items.iter().map(item).collect::<Vec<_>>(),
        "has_newer": page.has_newer,
        "has_older": page.has_older,
    }))
}

/// Where a picture is found.
pub(crate) fn picture_url(name: &str) -> String {
    format!("/v0/pictures/{name}")
}

/// What everybody may see of a user.
pub(crate) fn public_profile(face: &Face) -> Map<String, Value> {
    let persona = &face.persona;
    let mut profile = object(json!({
        "id": persona.user_id.as_str(),
        "handle": persona.handle,
        "display_name": face.display_name(),
        "is_banned": face.ban.is_some(),
        "deactivated": face.user.is_none(),
        "created_at": persona.created.to_wire(),
    }));
    let mut add = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            profile.insert(name.to_owned(), value);
        }
    };
    add("bio", persona.bio.clone().map(Value::String));
    add("profile_image", persona.profile_image.as_deref().map(|name| picture_url(name).into()));
    add("banner_image", persona.banner_image.as_deref().map(|name| picture_url(name).into()));
    let roles: Vec<&str> = face.roles.iter().map(|role| role.name()).collect();
    add("roles", (!roles.is_empty()).then(|| json!(roles)));
    if let Some(ban) = &face.ban {
        add("ban_reason", Some(ban.reason.clone().into()));
        add("banned_until", ban.expires.map(|at| at.to_wire().into()));
    }
    profile
}

/// What a user sees of themselves.
pub(crate) fn own_profile(face: &Face) -> Map<String, Value> {
    let mut profile = public_profile(face);
    for hidden in ["deactivated", "banned_until", "ban_reason"] {
        profile.shift_remove(hidden);
    }
    if let Some(user) = &face.user {
        profile.insert("email".to_owned(), json!(user.email));
        profile.insert("has_password".to_owned(), user.password_hash.is_some().into());
    }
    profile
}
