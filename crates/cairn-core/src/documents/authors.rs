//! Who made and who last changed a document, in collections that keep it.
//!
//! INVARIANT: nobody writes them but this file: what a client sends under their names is left out, as `$id` is.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::Arc;

use cairn_model::ids::UserId;
use cairn_model::schema::{AUTHORS, CREATED_BY, Collection, UPDATED_BY};
use cairn_model::value::Value;

use crate::cx::Author;
use crate::{Cx, RequestInfo};

/// The user who asks, or for whom is written; guests, keys and admins are none of the project's.
pub(crate) fn author(cx: &Cx) -> Option<&UserId> {
    match &cx.request.author {
        Some(Author(user)) => user.as_ref(),
        None => cx.user_id().filter(|_| !cx.is_privileged()),
    }
}

/// The same as the value of an attribute.
pub(crate) fn value(cx: &Cx) -> Value {
    author(cx).map_or(Value::Null, |user| user.as_str().into())
}

/// The context for what this user staged, with the rights of whoever commits it.
pub(crate) fn writing_for<'a>(cx: &'a Cx, user: Option<&UserId>) -> Cow<'a, Cx> {
    if author(cx) == user {
        return Cow::Borrowed(cx);
    }
    let request = RequestInfo { author: Some(Author(user.cloned())), ..(*cx.request).clone() };
    Cow::Owned(Cx { request: Arc::new(request), ..cx.clone() })
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
            *value = self::value(cx);
        }
    }
}

/// Whether what a client sends under this name is the server's to set.
pub(super) fn is_set(collection: &Collection, key: &str) -> bool {
    matches!(key, CREATED_BY | UPDATED_BY) && collection.has_authors()
}
