//! Indexes of collections, in both vocabularies.

use cairn_core::indexes;
use cairn_faults::Fault;
use cairn_http::rules::{Rule, array_of, boolean, choices, integer, key, one_of, queries, text};
use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::schema::{Index, IndexType, Order};
use serde_json::json;

use crate::models::{COLUMN_INDEX, INDEX};
use crate::schemas::{INDEX_TYPES, LISTED_IN_COLLECTION, ORDERS, collection_params, index, place, resources};
use crate::wire::{list_request, paged};
use crate::words::tables;

// Either vocabulary's scope opens both: they are doors to the same things.
const READ: &[&str] = &["collections.read", "tables.read", "indexes.read"];
const WRITE: &[&str] = &["collections.write", "tables.write", "indexes.write"];
const SEEN: &[Fault] = &[Fault::DatabaseNotFound, Fault::CollectionNotFound, Fault::IndexNotFound];
const MADE: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::IndexAlreadyExists,
    Fault::IndexLimitExceeded,
    Fault::IndexInvalid,
    Fault::AttributeUnknown,
    Fault::AttributeNotAvailable,
    Fault::AttributeTypeInvalid,
];
/// Elements of one list of an index at most.
const LIST_MAX: usize = 100;

macro_rules! paths {
    ($rest:literal) => {
        concat!("/v1/databases/{databaseId}/collections/{collectionId}/indexes", $rest)
    };
    (tables $rest:literal) => {
        concat!("/v1/tablesdb/{databaseId}/tables/{tableId}/indexes", $rest)
    };
}

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post(paths!(""), "databases.createIndex", handler!(create_index))
        .accepted(&INDEX)
        .scopes(WRITE)
        .audited("index.create", resources::COLLECTION, "")
        .faults(MADE),
    Route::get(paths!(""), "databases.listIndexes", handler!(list_indexes))
        .page("indexes", &INDEX)
        .scopes(READ)
        .faults(LISTED_IN_COLLECTION),
    Route::get(paths!("/{key}"), "databases.getIndex", handler!(get_index))
        .ok(&INDEX)
        .scopes(READ)
        .faults(SEEN),
    Route::delete(paths!("/{key}"), "databases.deleteIndex", handler!(delete_index))
        .nothing()
        .scopes(WRITE)
        .audited("index.delete", resources::COLLECTION, "")
        .faults(SEEN),
    Route::post(paths!(tables ""), "tablesDB.createIndex", tables!(create_index))
        .accepted(&COLUMN_INDEX)
        .tables()
        .scopes(WRITE)
        .audited("index.create", resources::TABLE, "")
        .faults(MADE),
    Route::get(paths!(tables ""), "tablesDB.listIndexes", tables!(list_indexes))
        .page("indexes", &COLUMN_INDEX)
        .tables()
        .scopes(READ)
        .faults(LISTED_IN_COLLECTION),
    Route::get(paths!(tables "/{key}"), "tablesDB.getIndex", tables!(get_index))
        .ok(&COLUMN_INDEX)
        .tables()
        .scopes(READ)
        .faults(SEEN),
    Route::delete(paths!(tables "/{key}"), "tablesDB.deleteIndex", tables!(delete_index))
        .nothing()
        .tables()
        .scopes(WRITE)
        .audited("index.delete", resources::TABLE, "")
        .faults(SEEN),
];

collection_params! {
    pub(crate) struct CreateIndex {
        /// The key of the index.
        key: String = "key" => key(),
        /// What the index is for.
        kind: IndexType = "type" => choices(INDEX_TYPES),
        /// The attributes, up to 100.
        attributes: Vec<String> = "attributes" => array_of(text(1, 36), LIST_MAX),
        /// The direction of each attribute.
        orders: Vec<Option<&'static str>> = "orders" => array_of(one_of(ORDERS).nullable(), LIST_MAX).or_empty(),
        /// The length of each attribute; null for all of it.
        lengths: Vec<Option<i64>> = "lengths" => array_of(integer(0, i64::from(u32::MAX)).nullable(), LIST_MAX).or_empty(),
    }
}

async fn create_index(call: Call<CreateIndex>) -> Reply {
    let CreateIndex { database_id, collection_id, key, kind, attributes, orders, lengths } = call.params;
    let new = Index {
        orders: orders.into_iter().map(|order| order.and_then(Order::by_name)).collect(),
        lengths: lengths
            .into_iter()
            .map(|length| length.and_then(|length| u32::try_from(length).ok()))
            .collect(),
        ..Index::new(key, kind, attributes)
    };
    let made = indexes::create(&call.cx, place(database_id, collection_id), new).await?;
    Ok(Answer::accepted("index", index(&made, call.exchange.vocabulary())))
}

collection_params! {
    pub(crate) struct ListIndexes {
        /// Queries over the attributes key, type, status, attributes and error.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the indexes are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_indexes(call: Call<ListIndexes>) -> Reply {
    let ListIndexes { database_id, collection_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = indexes::list(&call.cx, place(database_id, collection_id), request).await?;
    let words = call.exchange.vocabulary();
    Ok(paged("index", "indexes", &page, |found| index(found, words)))
}

collection_params! {
    pub(crate) struct OfIndex {
        /// The key of the index.
        key: String = "key" => key(),
    }
}

async fn get_index(call: Call<OfIndex>) -> Reply {
    let OfIndex { database_id, collection_id, key } = call.params;
    let found = indexes::get(&call.cx, place(database_id, collection_id), &key).await?;
    Ok(Answer::ok("index", index(&found, call.exchange.vocabulary())))
}

async fn delete_index(call: Call<OfIndex>) -> Reply {
    let OfIndex { database_id, collection_id, key } = call.params;
    indexes::delete(&call.cx, place(database_id, collection_id), &key).await?;
    Ok(Answer::no_content())
}
