//! The members of a document between JSON and the model.

use cairn_faults::{Error, Fault};
use cairn_http::rules::{IdChoice, Rule as _, custom_id, permissions};
use cairn_model::permissions::{Action, Permission};
use cairn_model::schema::NewDocument;
use cairn_model::value::Value;
use cairn_query::json::value_of;

use crate::wire::Object;

/// The members of a document as a client sent them.
pub(crate) fn members(object: Object) -> Vec<(String, Value)> {
    object.into_iter().map(|(key, json)| (key, value_of(json))).collect()
}

/// The permissions among the members of a document, where a request has no parameter for them.
pub(crate) fn permissions_of(object: &Object, of: &str) -> Result<Option<Vec<Permission>>, Error> {
    match object.get("$permissions") {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(list) => {
            let checked = permissions(Action::OF_DOCUMENTS).check(list);
            checked.map(Some).map_err(|refusal| refused(of, "$permissions", &refusal.reason))
        }
    }
}

/// A document out of its members alone, with `$id` and `$permissions` among them.
pub(crate) fn document_of(object: Object, of: &str) -> Result<NewDocument, Error> {
    let id = match object.get("$id") {
        None | Some(serde_json::Value::Null) => IdChoice::Unique,
        Some(id) => custom_id().check(id).map_err(|refusal| refused(of, "$id", &refusal.reason))?,
    };
    let permissions = permissions_of(&object, of)?;
    Ok(NewDocument { id: id.or_make(|| "unique()".to_owned()), data: members(object), permissions })
}

/// Documents out of their members alone.
pub(crate) fn documents_of(objects: Vec<Object>) -> Result<Vec<NewDocument>, Error> {
    let numbered = objects.into_iter().enumerate();
    numbered.map(|(place, object)| document_of(object, &format!("item {place}"))).collect()
}

fn refused(of: &str, member: &str, reason: &str) -> Error {
    let reason = reason.trim_end_matches('.');
    Fault::GeneralBadRequest.with("reason", format!("{member} of {of}: {reason}"))
}
