//! Who made and who last changed a document, in collections that keep it.
//!
//! INVARIANT: nobody writes them but this file: what a client sends under their names is left out, as `$id` is.

#[cfg(test)]
mod tests;

use cairn_model::schema::{AUTHORS, CREATED_BY, Collection, UPDATED_BY};
use cairn_model::value::Value;

use crate::Cx;

/// The user who asks; guests, keys and admins are none of the project's.
pub(crate) fn author(cx: &Cx) -> Value {
    let user = cx.user_id().filter(|_| !cx.is_privileged());
    user.map_or(Value::Null, |user| user.as_str().into())
}

/// Note who makes a document.
pub(super) fn made(cx: &Cx, collection: &Collection, values: &mut [Value]) {
    set(cx, collection, values, &AUTHORS);
}

/// Note who changes it.
pub(super) fn changed(cx: &Cx, collection: &Collection, values: &mut [Value]) {
    set(cx, collection, values, &[UPDATED_BY]);
}

fn set(cx: &Cx, collection: &Collection, values: &mut [Value], keys: &[&str]) {
    for key in keys {
        let place = collection.attribute(key).map(|(place, _)| place);
        if let Some(value) = place.and_then(|place| values.get_mut(place)) {
            *value = author(cx);
        }
    }
}

/// Whether what a client sends under this name is the server's to set.
pub(super) fn is_set(collection: &Collection, key: &str) -> bool {
    matches!(key, CREATED_BY | UPDATED_BY) && collection.has_authors()
}
