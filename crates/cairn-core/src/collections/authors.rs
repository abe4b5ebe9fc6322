//! Switching on and off that documents keep who made and who changed them.

use cairn_faults::{Error, Fault};
use cairn_model::schema::{AUTHORS, Attribute, Collection, Index, Status};
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::refused_whole;

/// Give a collection the attributes and indexes of authors; the store does not know of them yet.
pub(super) async fn define(tx: &Tx, collection: &mut Collection, now: Timestamp) -> Result<(), Error> {
    collection.check_new_authors().map_err(refused_whole)?;
    let status = Status::Available;
    for key in AUTHORS {
        let column = tx.counter_next("columns").await?;
        let attribute = Attribute::of_author(key);
        collection.attributes.push(Attribute { column, status, created: now, updated: now, ..attribute });
        let number = tx.counter_next("indexes").await?;
        let index = Index::of_author(key);
        collection.indexes.push(Index { number, status, created: now, updated: now, ..index });
    }
    Ok(())
}

/// Add authors to a collection that may have documents; these have none yet.
pub(super) async fn add(tx: &Tx, collection: &mut Collection, now: Timestamp) -> Result<(), Error> {
    define(tx, collection, now).await?;
    for attribute in collection.attributes.iter().filter(|attribute| attribute.is_of_server()) {
        tx.attribute_insert(collection, attribute).await?;
        tx.column_create(collection.number, attribute).await?;
    }
    for index in collection.indexes.iter().filter(|index| index.is_of_server()) {
        tx.index_insert(collection, index).await?;
        tx.index_build(collection, index).await?;
    }
    Ok(())
}

/// Forget the authors of all documents.
///
/// # Errors
/// `index_dependency` where an index of a client's names them.
pub(super) async fn remove(tx: &Tx, collection: &mut Collection) -> Result<(), Error> {
    if let Some(index) = collection.index_over_authors() {
        let names = |key: &&String| AUTHORS.contains(&key.as_str());
        let attribute = index.attributes.iter().find(names).cloned().unwrap_or_default();
        return Err(Fault::IndexDependency.with("index", &index.key).with("attribute", attribute));
    }
    for index in collection.indexes.iter().filter(|index| index.is_of_server()) {
        tx.index_drop(collection.number, index).await?;
        tx.index_delete(collection, index).await?;
    }
    for attribute in collection.attributes.iter().filter(|attribute| attribute.is_of_server()) {
        tx.column_drop(collection, attribute).await?;
        tx.attribute_delete(collection, attribute).await?;
    }
    collection.attributes.retain(|attribute| !attribute.is_of_server());
    collection.indexes.retain(|index| !index.is_of_server());
    Ok(())
}
