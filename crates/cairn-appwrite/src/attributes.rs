//! Attributes of collections, in both vocabularies: one pair of routes per type.

mod create;
pub(crate) mod spatial;
mod update;

use cairn_core::attributes;
use cairn_faults::{Fault, Vocabulary};
use cairn_http::route::Handler;
use cairn_http::rules::{Rule, boolean, key, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::{Value, json};

use crate::models::ATTRIBUTE;
use crate::schemas::{LISTED_IN_COLLECTION, attribute_in, place, resources};
use crate::wire::list_request;
use crate::words::tables;

// Either vocabulary's scope opens both: they are doors to the same things.
const READ: &[&str] = &["collections.read", "tables.read", "attributes.read", "columns.read"];
pub(crate) const WRITE: &[&str] = &["collections.write", "tables.write", "attributes.write", "columns.write"];
const SEEN: &[Fault] = &[Fault::DatabaseNotFound, Fault::CollectionNotFound, Fault::AttributeNotFound];
const DELETED: &[Fault] =
    &[Fault::DatabaseNotFound, Fault::CollectionNotFound, Fault::AttributeNotFound, Fault::IndexDependency];
const MADE: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::AttributeAlreadyExists,
    Fault::AttributeLimitExceeded,
    Fault::AttributeDefaultUnsupported,
    Fault::AttributeValueInvalid,
];
const CHANGED: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::AttributeNotFound,
    Fault::AttributeNotAvailable,
    Fault::AttributeTypeInvalid,
    Fault::AttributeAlreadyExists,
    Fault::AttributeLimitExceeded,
    Fault::AttributeDefaultUnsupported,
    Fault::AttributeValueInvalid,
    Fault::AttributeInvalidResize,
];

pub(crate) const fn creates(path: &'static str, name: &'static str, handler: Handler) -> Route {
    creating(path, name, handler, resources::COLLECTION)
}

pub(crate) const fn updates(path: &'static str, name: &'static str, handler: Handler) -> Route {
    updating(path, name, handler, resources::COLLECTION)
}

pub(crate) const fn tables_creates(path: &'static str, name: &'static str, handler: Handler) -> Route {
    creating(path, name, handler, resources::TABLE).tables()
}

pub(crate) const fn tables_updates(path: &'static str, name: &'static str, handler: Handler) -> Route {
    updating(path, name, handler, resources::TABLE).tables()
}

const fn creating(path: &'static str, name: &'static str, handler: Handler, of: &'static str) -> Route {
    let route = Route::post(path, name, handler).accepted(&ATTRIBUTE).scopes(WRITE);
    route.audited("attribute.create", of, "").faults(MADE)
}

const fn updating(path: &'static str, name: &'static str, handler: Handler, of: &'static str) -> Route {
    let route = Route::patch(path, name, handler).ok(&ATTRIBUTE).scopes(WRITE);
    route.audited("attribute.update", of, "").faults(CHANGED)
}

/// The routes of this capability that are alike for all types.
pub const ROUTES: &[Route] = &[
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes",
        "databases.listAttributes",
        handler!(list_attributes),
    )
    .page("attributes", &ATTRIBUTE)
    .scopes(READ)
    .faults(LISTED_IN_COLLECTION),
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}",
        "databases.getAttribute",
        handler!(get_attribute),
    )
    .ok(&ATTRIBUTE)
    .scopes(READ)
    .faults(SEEN),
    Route::delete(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/{key}",
        "databases.deleteAttribute",
        handler!(delete_attribute),
    )
    .nothing()
    .scopes(WRITE)
    .audited("attribute.delete", resources::COLLECTION, "")
    .faults(DELETED),
    Route::get(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns",
        "tablesDB.listColumns",
        tables!(list_attributes),
    )
    .page("columns", &ATTRIBUTE)
    .tables()
    .scopes(READ)
    .faults(LISTED_IN_COLLECTION),
    Route::get(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}",
        "tablesDB.getColumn",
        tables!(get_attribute),
    )
    .ok(&ATTRIBUTE)
    .tables()
    .scopes(READ)
    .faults(SEEN),
    Route::delete(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/{key}",
        "tablesDB.deleteColumn",
        tables!(delete_attribute),
    )
    .nothing()
    .tables()
    .scopes(WRITE)
    .audited("attribute.delete", resources::TABLE, "")
    .faults(DELETED),
];

/// The routes of each type.
pub const TYPE_ROUTES: &[Route] = &[
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/string",
        "databases.createStringAttribute",
        handler!(create::string_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/string/{key}",
        "databases.updateStringAttribute",
        handler!(update::string_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/varchar",
        "databases.createVarcharAttribute",
        handler!(create::varchar_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/varchar/{key}",
        "databases.updateVarcharAttribute",
        handler!(update::varchar_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/text",
        "databases.createTextAttribute",
        handler!(create::text_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/text/{key}",
        "databases.updateTextAttribute",
        handler!(update::text_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/mediumtext",
        "databases.createMediumtextAttribute",
        handler!(create::mediumtext_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/mediumtext/{key}",
        "databases.updateMediumtextAttribute",
        handler!(update::mediumtext_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/longtext",
        "databases.createLongtextAttribute",
        handler!(create::longtext_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/longtext/{key}",
        "databases.updateLongtextAttribute",
        handler!(update::longtext_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/integer",
        "databases.createIntegerAttribute",
        handler!(create::integer_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/integer/{key}",
        "databases.updateIntegerAttribute",
        handler!(update::integer_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/bigint",
        "databases.createBigIntAttribute",
        handler!(create::bigint_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/bigint/{key}",
        "databases.updateBigIntAttribute",
        handler!(update::bigint_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/float",
        "databases.createFloatAttribute",
        handler!(create::float_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/float/{key}",
        "databases.updateFloatAttribute",
        handler!(update::float_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/boolean",
        "databases.createBooleanAttribute",
        handler!(create::boolean_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/boolean/{key}",
        "databases.updateBooleanAttribute",
        handler!(update::boolean_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/datetime",
        "databases.createDatetimeAttribute",
        handler!(create::datetime_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/datetime/{key}",
        "databases.updateDatetimeAttribute",
        handler!(update::datetime_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/email",
        "databases.createEmailAttribute",
        handler!(create::email_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/email/{key}",
        "databases.updateEmailAttribute",
        handler!(update::email_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/url",
        "databases.createUrlAttribute",
        handler!(create::url_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/url/{key}",
        "databases.updateUrlAttribute",
        handler!(update::url_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/ip",
        "databases.createIpAttribute",
        handler!(create::ip_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/ip/{key}",
        "databases.updateIpAttribute",
        handler!(update::ip_attribute),
    ),
    creates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/enum",
        "databases.createEnumAttribute",
        handler!(create::enum_attribute),
    ),
    updates(
        "/v1/databases/{databaseId}/collections/{collectionId}/attributes/enum/{key}",
        "databases.updateEnumAttribute",
        handler!(update::enum_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/string",
        "tablesDB.createStringColumn",
        tables!(create::string_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/string/{key}",
        "tablesDB.updateStringColumn",
        tables!(update::string_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/varchar",
        "tablesDB.createVarcharColumn",
        tables!(create::varchar_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/varchar/{key}",
        "tablesDB.updateVarcharColumn",
        tables!(update::varchar_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/text",
        "tablesDB.createTextColumn",
        tables!(create::text_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/text/{key}",
        "tablesDB.updateTextColumn",
        tables!(update::text_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/mediumtext",
        "tablesDB.createMediumtextColumn",
        tables!(create::mediumtext_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/mediumtext/{key}",
        "tablesDB.updateMediumtextColumn",
        tables!(update::mediumtext_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/longtext",
        "tablesDB.createLongtextColumn",
        tables!(create::longtext_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/longtext/{key}",
        "tablesDB.updateLongtextColumn",
        tables!(update::longtext_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/integer",
        "tablesDB.createIntegerColumn",
        tables!(create::integer_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/integer/{key}",
        "tablesDB.updateIntegerColumn",
        tables!(update::integer_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/bigint",
        "tablesDB.createBigIntColumn",
        tables!(create::bigint_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/bigint/{key}",
        "tablesDB.updateBigIntColumn",
        tables!(update::bigint_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/float",
        "tablesDB.createFloatColumn",
        tables!(create::float_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/float/{key}",
        "tablesDB.updateFloatColumn",
        tables!(update::float_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/boolean",
        "tablesDB.createBooleanColumn",
        tables!(create::boolean_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/boolean/{key}",
        "tablesDB.updateBooleanColumn",
        tables!(update::boolean_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/datetime",
        "tablesDB.createDatetimeColumn",
        tables!(create::datetime_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/datetime/{key}",
        "tablesDB.updateDatetimeColumn",
        tables!(update::datetime_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/email",
        "tablesDB.createEmailColumn",
        tables!(create::email_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/email/{key}",
        "tablesDB.updateEmailColumn",
        tables!(update::email_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/url",
        "tablesDB.createUrlColumn",
        tables!(create::url_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/url/{key}",
        "tablesDB.updateUrlColumn",
        tables!(update::url_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/ip",
        "tablesDB.createIpColumn",
        tables!(create::ip_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/ip/{key}",
        "tablesDB.updateIpColumn",
        tables!(update::ip_attribute),
    ),
    tables_creates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/enum",
        "tablesDB.createEnumColumn",
        tables!(create::enum_attribute),
    ),
    tables_updates(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/columns/enum/{key}",
        "tablesDB.updateEnumColumn",
        tables!(update::enum_attribute),
    ),
];

params! {
    pub(crate) struct ListAttributes {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id of the collection.
        collection_id: String = "collectionId" => uid(),
        /// Queries over the attributes key, type, size, required, array, status and error.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the attributes are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_attributes(call: Call<ListAttributes>) -> Reply {
    let ListAttributes { database_id, collection_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = attributes::list(&call.cx, place(database_id, collection_id), request).await?;
    let words = call.exchange.vocabulary();
    let name = match words {
        Vocabulary::Documents => "attributes",
        Vocabulary::Tables => "columns",
    };
    let shown = page.items.iter().map(|found| Value::Object(attribute_in(found, words))).collect();
    Ok(Answer::list("attribute", name, page.total, shown))
}

params! {
    pub(crate) struct OfAttribute {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The id of the collection.
        collection_id: String = "collectionId" => uid(),
        /// The key of the attribute.
        key: String = "key" => key(),
    }
}

async fn get_attribute(call: Call<OfAttribute>) -> Reply {
    let OfAttribute { database_id, collection_id, key } = call.params;
    let found = attributes::get(&call.cx, place(database_id, collection_id), &key).await?;
    Ok(Answer::ok("attribute", attribute_in(&found, call.exchange.vocabulary())))
}

async fn delete_attribute(call: Call<OfAttribute>) -> Reply {
    let OfAttribute { database_id, collection_id, key } = call.params;
    attributes::delete(&call.cx, place(database_id, collection_id), &key).await?;
    Ok(Answer::no_content())
}
