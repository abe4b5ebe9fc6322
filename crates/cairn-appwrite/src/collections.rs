//! Collections, in both vocabularies.

mod inline;

use cairn_core::collections::{self, CollectionPatch, NewCollection};
use cairn_faults::{Fault, Vocabulary};
use cairn_http::rules::{
    IdChoice, Rule, array_of, boolean, custom_id, object as object_rule, permissions, queries, text, uid,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::permissions::{Action, Permission};
use cairn_store::{COLLECTION_FIELDS, TABLE_FIELDS};
use serde_json::json;

use crate::models::{COLLECTION, TABLE};
use crate::schemas::{LISTED_IN_DATABASE, READ_COLLECTIONS, collection, collection_params, place, resources};
use crate::wire::{Object, list_request, paged};
use crate::words::tables;

// Either vocabulary's scope opens both: they are doors to the same things.
const WRITE: &[&str] = &["collections.write", "tables.write"];
const SEEN: &[Fault] = &[Fault::DatabaseNotFound, Fault::CollectionNotFound];
const MADE: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionAlreadyExists,
    Fault::CollectionNotFound,
    Fault::CollectionLimitExceeded,
    Fault::AttributeAlreadyExists,
    Fault::AttributeDefaultUnsupported,
    Fault::AttributeFormatUnsupported,
    Fault::AttributeTypeNotSupported,
    Fault::AttributeValueInvalid,
    Fault::AttributeUnknown,
    Fault::IndexAlreadyExists,
    Fault::IndexInvalid,
];
/// Attributes or indexes that a collection may be made with.
const INLINE_MAX: usize = 100;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(
        "/v1/databases/{databaseId}/collections",
        "databases.createCollection",
        handler!(create_collection),
    )
    .created(&COLLECTION)
    .scopes(WRITE)
    .audited("collection.create", resources::NEW_COLLECTION, "")
    .faults(MADE),
    Route::get(
        "/v1/databases/{databaseId}/collections",
        "databases.listCollections",
        handler!(list_collections),
    )
    .page("collections", &COLLECTION)
    .scopes(READ_COLLECTIONS)
    .faults(LISTED_IN_DATABASE),
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}",
        "databases.getCollection",
        handler!(get_collection),
    )
    .ok(&COLLECTION)
    .scopes(READ_COLLECTIONS)
    .faults(SEEN),
    Route::put(
        "/v1/databases/{databaseId}/collections/{collectionId}",
        "databases.updateCollection",
        handler!(update_collection),
    )
    .ok(&COLLECTION)
    .scopes(WRITE)
    .audited("collection.update", resources::COLLECTION, "")
    .faults(SEEN),
    Route::delete(
        "/v1/databases/{databaseId}/collections/{collectionId}",
        "databases.deleteCollection",
        handler!(delete_collection),
    )
    .nothing()
    .scopes(WRITE)
    .audited("collection.delete", resources::COLLECTION, "")
    .faults(SEEN),
    Route::post("/v1/tablesdb/{databaseId}/tables", "tablesDB.createTable", tables!(create_collection))
        .created(&TABLE)
        .tables()
        .scopes(WRITE)
        .audited("collection.create", resources::NEW_COLLECTION, "")
        .faults(MADE),
    Route::get("/v1/tablesdb/{databaseId}/tables", "tablesDB.listTables", tables!(list_collections))
        .page("tables", &TABLE)
        .tables()
        .scopes(READ_COLLECTIONS)
        .faults(LISTED_IN_DATABASE),
    Route::get("/v1/tablesdb/{databaseId}/tables/{tableId}", "tablesDB.getTable", tables!(get_collection))
        .ok(&TABLE)
        .tables()
        .scopes(READ_COLLECTIONS)
        .faults(SEEN),
    Route::put(
        "/v1/tablesdb/{databaseId}/tables/{tableId}",
        "tablesDB.updateTable",
        tables!(update_collection),
    )
    .ok(&TABLE)
    .tables()
    .scopes(WRITE)
    .audited("collection.update", resources::TABLE, "")
    .faults(SEEN),
    Route::delete(
        "/v1/tablesdb/{databaseId}/tables/{tableId}",
        "tablesDB.deleteTable",
        tables!(delete_collection),
    )
    .nothing()
    .tables()
    .scopes(WRITE)
    .audited("collection.delete", resources::TABLE, "")
    .faults(SEEN),
];

params! {
    pub(crate) struct CreateCollection {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id, or `unique()`.
        collection_id: IdChoice = "collectionId" => custom_id(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, 128),
        /// Who may do what with all of its documents; nobody when left out.
        permissions: Option<Vec<Permission>> = "permissions" => permissions(Action::OF_COLLECTIONS).optional(),
        /// Whether a document's own permissions count too.
        document_security: bool = "documentSecurity" => boolean().or_empty(),
        /// Whether documents keep who made and who changed them, as `$createdBy` and `$updatedBy`.
        document_authors: bool = "documentAuthors" => boolean().or_empty(),
        /// Whether users may use it; keys and admins always may.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// Attributes to begin with: key, type, and what else the type asks for. A relationship has `relatedCollection`,
        /// `relationType`, `twoWay`, `twoWayKey` and `onDelete`, as it is shown.
        attributes: Vec<Object> = "attributes" => array_of(object_rule(), INLINE_MAX).or_empty(),
        /// Indexes to begin with: key, type, attributes, orders and lengths.
        indexes: Vec<Object> = "indexes" => array_of(object_rule(), INLINE_MAX).or_empty(),
    }
}

async fn create_collection(call: Call<CreateCollection>) -> Reply {
    let p = call.params;
    let words = call.exchange.vocabulary();
    let (attributes, relationships) = inline::attributes(&p.attributes, words)?;
    let new = NewCollection {
        id: p.collection_id.or_make(|| call.cx.new_id()),
        name: p.name,
        permissions: p.permissions.unwrap_or_default(),
        document_security: p.document_security,
        has_authors: p.document_authors,
        is_enabled: p.enabled,
        attributes,
        indexes: inline::indexes(&p.indexes, words)?,
        relationships,
    };
    let made = collections::create(&call.cx, &p.database_id, new).await?;
    Ok(Answer::created("collection", collection(&made, words)))
}

params! {
    pub(crate) struct ListCollections {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// Queries over the attributes name, enabled and documentSecurity.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the collections are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_collections(call: Call<ListCollections>) -> Reply {
    let ListCollections { database_id, queries, search, total } = call.params;
    let words = call.exchange.vocabulary();
    let (fields, name) = match words {
        Vocabulary::Documents => (COLLECTION_FIELDS, "collections"),
        Vocabulary::Tables => (TABLE_FIELDS, "tables"),
    };
    let page = collections::list(
        &call.cx,
        &database_id,
        fields,
        list_request(&call.exchange, queries, search, total),
    )
    .await?;
    Ok(paged("collection", name, &page, |found| collection(found, words)))
}

collection_params! {
    pub(crate) struct OfCollection {
    }
}

async fn get_collection(call: Call<OfCollection>) -> Reply {
    let OfCollection { database_id, collection_id } = call.params;
    let found = collections::get(&call.cx, place(database_id, collection_id)).await?;
    Ok(Answer::ok("collection", collection(&found, call.exchange.vocabulary())))
}

collection_params! {
    pub(crate) struct UpdateCollection {
        /// The name, up to 128 characters.
        name: Option<String> = "name" => text(1, 128).optional(),
        /// Who may do what with all of its documents; they stay as they are when left out.
        permissions: Option<Vec<Permission>> = "permissions" => permissions(Action::OF_COLLECTIONS).optional(),
        /// Whether a document's own permissions count too.
        document_security: bool = "documentSecurity" => boolean().or_empty(),
        /// Whether documents keep who made and who changed them; as it is when left out. They are forgotten by `false`.
        document_authors: Option<bool> = "documentAuthors" => boolean().optional(),
        /// Whether users may use it; keys and admins always may.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// Accepted for compatibility: lists are never kept.
        purge: bool = "purge" => boolean().or_empty(),
    }
}

async fn update_collection(call: Call<UpdateCollection>) -> Reply {
    let UpdateCollection {
        database_id,
        collection_id,
        name,
        permissions,
        document_security,
        document_authors: has_authors,
        enabled: is_enabled,
        purge: _,
    } = call.params;
    let patch = CollectionPatch { name, permissions, document_security, has_authors, is_enabled };
    let changed = collections::update(&call.cx, place(database_id, collection_id), patch).await?;
    Ok(Answer::ok("collection", collection(&changed, call.exchange.vocabulary())))
}

async fn delete_collection(call: Call<OfCollection>) -> Reply {
    let OfCollection { database_id, collection_id } = call.params;
    collections::delete(&call.cx, place(database_id, collection_id)).await?;
    Ok(Answer::no_content())
}
