//! The members of a document between JSON and the model.

use cairn_model::value::Value;
use cairn_query::json::value_of;

use crate::wire::Object;

/// The members of a document as a client sent them.
pub(super) fn members(object: Object) -> Vec<(String, Value)> {
    object.into_iter().map(|(key, json)| (key, value_of(json))).collect()
}
