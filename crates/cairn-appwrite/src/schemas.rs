//! What databases and their schemas look like on the wire, in both vocabularies. No routes and no handlers: those of
//! databases, collections, attributes, indexes and relationships build on this, and never on each other.

use cairn_core::schemas::Place;
use cairn_faults::{Fault, Vocabulary};
use cairn_model::schema::{
    Attribute, AttributeType, Collection, Index, IndexType, OnDelete, ROW_BYTES_MAX, Range, Relation,
    RelationType,
};
use cairn_query::json::json_of;
use serde_json::{Value, json};

use crate::wire::{Object, object};

// Either vocabulary's scope opens both: they are doors to the same things.
/// Scopes that read collections.
pub(crate) const READ_COLLECTIONS: &[&str] = &["collections.read", "tables.read"];

/// What the log calls things, in whichever words they were changed.
pub(crate) mod resources {
    pub(crate) const NEW_DATABASE: &str = "database/{response.$id}";
    pub(crate) const DATABASE: &str = "database/{request.databaseId}";
    pub(crate) const NEW_COLLECTION: &str = "database/{request.databaseId}/collection/{response.$id}";
    pub(crate) const COLLECTION: &str = "database/{request.databaseId}/collection/{request.collectionId}";
    pub(crate) const TABLE: &str = "database/{request.databaseId}/collection/{request.tableId}";
    pub(crate) const DOCUMENT: &str =
        "database/{request.databaseId}/collection/{request.collectionId}/document/{request.documentId}";
    pub(crate) const ROW: &str =
        "database/{request.databaseId}/collection/{request.tableId}/document/{request.rowId}";
}

/// What every list may refuse.
pub(crate) const LISTED: &[Fault] = &[Fault::GeneralQueryInvalid, Fault::GeneralCursorNotFound];
/// What lists of a database's things may refuse.
pub(crate) const LISTED_IN_DATABASE: &[Fault] =
    &[Fault::DatabaseNotFound, Fault::GeneralQueryInvalid, Fault::GeneralCursorNotFound];
/// What lists of a collection's things may refuse.
pub(crate) const LISTED_IN_COLLECTION: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::GeneralQueryInvalid,
    Fault::GeneralCursorNotFound,
];

/// What an index may be for.
pub(crate) const INDEX_TYPES: &[(&str, IndexType)] = &[
    ("key", IndexType::Key),
    ("fulltext", IndexType::Fulltext),
    ("unique", IndexType::Unique),
    ("spatial", IndexType::Spatial),
];
/// Directions.
pub(crate) const ORDERS: &[&str] = &["ASC", "DESC", "asc", "desc"];

/// How many documents stand on each side, as the wire says it.
pub(crate) const RELATION_TYPES: &[(&str, RelationType)] = &[
    ("oneToOne", RelationType::OneToOne),
    ("manyToOne", RelationType::ManyToOne),
    ("manyToMany", RelationType::ManyToMany),
    ("oneToMany", RelationType::OneToMany),
];
/// What a deletion does, as the wire says it.
pub(crate) const DELETE_RULES: &[(&str, OnDelete)] =
    &[("cascade", OnDelete::Cascade), ("restrict", OnDelete::Restrict), ("setNull", OnDelete::SetNull)];

/// Declare parameters behind the ids of a database and a collection, which nearly every route has.
macro_rules! collection_params {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($more:tt)* }) => {
        cairn_http::params! {
            $(#[$meta])*
            $vis struct $name {
                /// The id of the database.
                database_id: String = "databaseId" => cairn_http::rules::uid(),
                /// The id of the collection.
                collection_id: String = "collectionId" => cairn_http::rules::uid(),
                $($more)*
            }
        }
    };
}
pub(crate) use collection_params;

/// Where a collection is.
pub(crate) fn place(database_id: String, collection_id: String) -> Place {
    Place { database: database_id.into(), collection: collection_id.into() }
}

/// A collection, or table.
pub(crate) fn collection(collection: &Collection, words: Vocabulary) -> Object {
    let (security, authors, attributes) = match words {
        Vocabulary::Documents => ("documentSecurity", "documentAuthors", "attributes"),
        Vocabulary::Tables => ("rowSecurity", "rowAuthors", "columns"),
    };
    let mut shown = object(json!({
        "$id": collection.id.as_str(),
        "$createdAt": collection.created.to_wire(),
        "$updatedAt": collection.updated.to_wire(),
        "$permissions": collection.permissions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "databaseId": collection.database_id.as_str(),
        "name": collection.name,
        "enabled": collection.is_enabled,
        security: collection.document_security,
        attributes: collection.own_attributes().map(|found| attribute_in(found, words)).collect::<Vec<_>>(),
        "indexes": collection.own_indexes().map(|found| index(found, words)).collect::<Vec<_>>(),
        "bytesMax": ROW_BYTES_MAX,
        "bytesUsed": collection.row_bytes(),
    }));
    if collection.has_authors() {
        shown.insert(authors.to_owned(), true.into());
    }
    shown
}

/// An attribute in these words: those of relationships name the related collection or table.
pub(crate) fn attribute_in(found: &Attribute, words: Vocabulary) -> Object {
    let mut shown = attribute(found);
    if let Some(relation) = &found.relation {
        add_relation(&mut shown, relation, words);
    }
    shown
}

/// An attribute, with what its type adds.
pub(crate) fn attribute(attribute: &Attribute) -> Object {
    let mut shown = object(json!({
        "key": attribute.key,
        "type": attribute.kind.name(),
        "status": attribute.status.name(),
        "error": attribute.error,
        "required": attribute.is_required,
        "array": attribute.is_array,
        "$createdAt": attribute.created.to_wire(),
        "$updatedAt": attribute.updated.to_wire(),
    }));
    let mut add = |name: &str, value: Value| shown.insert(name.to_owned(), value);
    match attribute.kind {
        AttributeType::String | AttributeType::Varchar => {
            add("size", attribute.size.into());
            add("encrypt", attribute.is_encrypted.into());
        }
        AttributeType::Text | AttributeType::Mediumtext | AttributeType::Longtext => {
            add("encrypt", attribute.is_encrypted.into());
        }
        AttributeType::Integer | AttributeType::Bigint | AttributeType::Float => {
            let (min, max) = match attribute.range {
                Range::Int(min, max) => (json!(min), json!(max)),
                Range::Float(min, max) => (json!(min), json!(max)),
                Range::None => (Value::Null, Value::Null),
            };
            add("min", min);
            add("max", max);
        }
        AttributeType::Datetime => {
            add("format", "datetime".into());
        }
        AttributeType::Enum => {
            add("elements", attribute.elements.clone().into());
        }
        _ => {}
    }
    if let Some(format) = attribute.kind.format() {
        add("format", format.into());
    }
    add("default", json_of(&attribute.default));
    shown
}

/// Add what a relationship shows beside other attributes.
fn add_relation(shown: &mut Object, relation: &Relation, words: Vocabulary) {
    let related = match words {
        Vocabulary::Documents => "relatedCollection",
        Vocabulary::Tables => "relatedTable",
    };
    shown.shift_remove("default");
    shown.insert(related.to_owned(), relation.related_id.as_str().into());
    shown.insert("relationType".to_owned(), relation.kind.name().into());
    shown.insert("twoWay".to_owned(), relation.is_two_way.into());
    shown.insert("twoWayKey".to_owned(), relation.two_way_key.as_str().into());
    shown.insert("onDelete".to_owned(), relation.on_delete.name().into());
    shown.insert("side".to_owned(), relation.side.name().into());
}

/// An index.
pub(crate) fn index(index: &Index, words: Vocabulary) -> Object {
    let attributes = match words {
        Vocabulary::Documents => "attributes",
        Vocabulary::Tables => "columns",
    };
    object(json!({
        "$id": index.key,
        "$createdAt": index.created.to_wire(),
        "$updatedAt": index.updated.to_wire(),
        "key": index.key,
        "type": index.kind.name(),
        "status": index.status.name(),
        "error": index.error,
        attributes: index.attributes,
        "lengths": index.lengths.iter().map(|length| length.unwrap_or(0)).collect::<Vec<_>>(),
        "orders": index.orders.iter().flatten().map(|order| order.name()).collect::<Vec<_>>(),
    }))
}
