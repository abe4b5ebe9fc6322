//! Encrypted attributes: sealed on the way into the store, opened on the way out.

use std::sync::Arc;

use cairn_faults::Error;
use cairn_model::schema::Document;
use cairn_model::value::Value;
use cairn_store::Table;

use crate::Cx;

const PURPOSE: &str = "document";

/// The document as it is stored; the same one where nothing is encrypted.
pub(crate) fn for_store(cx: &Cx, table: &Table, document: &Arc<Document>) -> Arc<Document> {
    if !table.attributes.iter().any(|attribute| attribute.is_encrypted) {
        return Arc::clone(document);
    }
    let mut stored = Document::clone(document);
    for (attribute, value) in table.attributes.iter().zip(&mut stored.values) {
        if attribute.is_encrypted {
            each_text(value, &mut |text| Ok(cx.app.secrets.seal(PURPOSE, text)))
                .expect("sealing cannot fail");
        }
    }
    Arc::new(stored)
}

/// Open what is sealed in documents out of the store.
pub(crate) fn open_all(cx: &Cx, table: &Table, documents: &mut [Document]) -> Result<(), Error> {
    if !table.attributes.iter().any(|attribute| attribute.is_encrypted) {
        return Ok(());
    }
    for document in documents {
        for (attribute, value) in table.attributes.iter().zip(&mut document.values) {
            if attribute.is_encrypted {
                each_text(value, &mut |sealed| cx.app.secrets.open(PURPOSE, sealed))?;
            }
        }
    }
    Ok(())
}

/// Seal the members that encrypted attributes would have, for what is kept beside the documents.
pub(crate) fn seal_members(cx: &Cx, table: &Table, data: &mut [(String, Value)]) {
    for (_, value) in data.iter_mut().filter(|(key, _)| is_encrypted(table, key)) {
        each_text(value, &mut |text| Ok(cx.app.secrets.seal(PURPOSE, text))).expect("sealing cannot fail");
    }
}

/// Open what [`seal_members`] sealed.
pub(crate) fn open_members(cx: &Cx, table: &Table, data: &mut [(String, Value)]) -> Result<(), Error> {
    for (_, value) in data.iter_mut().filter(|(key, _)| is_encrypted(table, key)) {
        each_text(value, &mut |sealed| cx.app.secrets.open(PURPOSE, sealed))?;
    }
    Ok(())
}

fn is_encrypted(table: &Table, key: &str) -> bool {
    table.attribute(key).is_some_and(|(_, attribute)| attribute.is_encrypted)
}

fn each_text(value: &mut Value, change: &mut impl FnMut(&str) -> Result<String, Error>) -> Result<(), Error> {
    match value {
        Value::Text(text) => *text = change(text)?,
        Value::Array(items) => {
            for item in items {
                each_text(item, change)?;
            }
        }
        _ => {}
    }
    Ok(())
}
