//! What changes of a schema have in common: the collection that they are about, and what refuses them.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{CollectionId, DatabaseId};
use cairn_model::schema::{Collection, Refusal, Rule};
use cairn_store::Tx;

use crate::databases::find as find_database;

/// Where a collection is: its database and its own id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The database.
    pub database: DatabaseId,
    /// The collection in it.
    pub collection: CollectionId,
}

/// There is no such collection.
pub(crate) fn not_found(id: &CollectionId) -> Error {
    Fault::CollectionNotFound.with("collection", id)
}

/// The collection at `place`, in a transaction.
pub(crate) async fn find(tx: &Tx, place: &Place) -> Result<Collection, Error> {
    let database = find_database(tx, &place.database).await?;
    tx.collection_by_id(&database, &place.collection).await?.ok_or_else(|| not_found(&place.collection))
}

/// The fault of a refused change of a schema.
#[track_caller]
pub(crate) fn refused(refusal: Refusal) -> Error {
    let reason = refusal.reason.to_string();
    // What the sentence names in quotes is what it is about.
    let name = reason.split('"').nth(1).unwrap_or_default().to_owned();
    let fault = match refusal.rule {
        Rule::KeyInvalid => return Error::invalid_param("key", reason).source(refusal),
        Rule::AttributeExists => Fault::AttributeAlreadyExists,
        Rule::AttributeLimit => Fault::AttributeLimitExceeded,
        Rule::AttributeDefault => Fault::AttributeDefaultUnsupported,
        Rule::AttributeValue => Fault::AttributeValueInvalid,
        Rule::AttributeType => Fault::AttributeTypeInvalid,
        Rule::AttributeUnknown => Fault::AttributeUnknown,
        Rule::AttributeNotAvailable => Fault::AttributeNotAvailable,
        Rule::IndexExists => Fault::IndexAlreadyExists,
        Rule::IndexLimit => Fault::IndexLimitExceeded,
        Rule::IndexInvalid => Fault::IndexInvalid,
    };
    fault.with("reason", &reason).with("attribute", name).source(refusal)
}
