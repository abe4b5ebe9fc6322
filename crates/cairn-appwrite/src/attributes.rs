//! Attributes of collections, in both vocabularies: one pair of routes per type.

macro_rules! path {
    ($rest:literal) => {
        concat!("/v1/databases/{databaseId}/collections/{collectionId}/attributes", $rest)
    };
    (tables $rest:literal) => {
        concat!("/v1/tablesdb/{databaseId}/tables/{tableId}/columns", $rest)
    };
}

mod create;
pub(crate) mod spatial;
mod update;

use cairn_core::attributes;
use cairn_faults::{Fault, Vocabulary};
use cairn_http::route::Handler;
use cairn_http::rules::{Rule, boolean, key, queries};
use cairn_http::{Answer, Call, Reply, Route, handler};
use serde_json::json;

use crate::models::ATTRIBUTE;
use crate::schemas::{LISTED_IN_COLLECTION, attribute_in, collection_params, place, resources};
use crate::wire::{list_request, paged};
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
    Route::get(path!(""), "databases.listAttributes", handler!(list_attributes))
        .page("attributes", &ATTRIBUTE)
        .scopes(READ)
        .faults(LISTED_IN_COLLECTION),
    Route::get(path!("/{key}"), "databases.getAttribute", handler!(get_attribute))
        .ok(&ATTRIBUTE)
        .scopes(READ)
        .faults(SEEN),
    Route::delete(path!("/{key}"), "databases.deleteAttribute", handler!(delete_attribute))
        .nothing()
        .scopes(WRITE)
        .audited("attribute.delete", resources::COLLECTION, "")
        .faults(DELETED),
    Route::get(path!(tables ""), "tablesDB.listColumns", tables!(list_attributes))
        .page("columns", &ATTRIBUTE)
        .tables()
        .scopes(READ)
        .faults(LISTED_IN_COLLECTION),
    Route::get(path!(tables "/{key}"), "tablesDB.getColumn", tables!(get_attribute))
        .ok(&ATTRIBUTE)
        .tables()
        .scopes(READ)
        .faults(SEEN),
    Route::delete(path!(tables "/{key}"), "tablesDB.deleteColumn", tables!(delete_attribute))
        .nothing()
        .tables()
        .scopes(WRITE)
        .audited("attribute.delete", resources::TABLE, "")
        .faults(DELETED),
];

/// The routes of each type.
pub const TYPE_ROUTES: &[Route] = &[
    creates(path!("/string"), "databases.createStringAttribute", handler!(create::string_attribute)),
    updates(path!("/string/{key}"), "databases.updateStringAttribute", handler!(update::string_attribute)),
    creates(path!("/varchar"), "databases.createVarcharAttribute", handler!(create::varchar_attribute)),
    updates(path!("/varchar/{key}"), "databases.updateVarcharAttribute", handler!(update::varchar_attribute)),
    creates(path!("/text"), "databases.createTextAttribute", handler!(create::text_attribute)),
    updates(path!("/text/{key}"), "databases.updateTextAttribute", handler!(update::text_attribute)),
    creates(
        path!("/mediumtext"),
        "databases.createMediumtextAttribute",
        handler!(create::mediumtext_attribute),
    ),
    updates(
        path!("/mediumtext/{key}"),
        "databases.updateMediumtextAttribute",
        handler!(update::mediumtext_attribute),
    ),
    creates(path!("/longtext"), "databases.createLongtextAttribute", handler!(create::longtext_attribute)),
    updates(
        path!("/longtext/{key}"),
        "databases.updateLongtextAttribute",
        handler!(update::longtext_attribute),
    ),
    creates(path!("/integer"), "databases.createIntegerAttribute", handler!(create::integer_attribute)),
    updates(path!("/integer/{key}"), "databases.updateIntegerAttribute", handler!(update::integer_attribute)),
    creates(path!("/bigint"), "databases.createBigIntAttribute", handler!(create::bigint_attribute)),
    updates(path!("/bigint/{key}"), "databases.updateBigIntAttribute", handler!(update::bigint_attribute)),
    creates(path!("/float"), "databases.createFloatAttribute", handler!(create::float_attribute)),
    updates(path!("/float/{key}"), "databases.updateFloatAttribute", handler!(update::float_attribute)),
    creates(path!("/boolean"), "databases.createBooleanAttribute", handler!(create::boolean_attribute)),
    updates(path!("/boolean/{key}"), "databases.updateBooleanAttribute", handler!(update::boolean_attribute)),
    creates(path!("/datetime"), "databases.createDatetimeAttribute", handler!(create::datetime_attribute)),
    updates(
        path!("/datetime/{key}"),
        "databases.updateDatetimeAttribute",
        handler!(update::datetime_attribute),
    ),
    creates(path!("/email"), "databases.createEmailAttribute", handler!(create::email_attribute)),
    updates(path!("/email/{key}"), "databases.updateEmailAttribute", handler!(update::email_attribute)),
    creates(path!("/url"), "databases.createUrlAttribute", handler!(create::url_attribute)),
    updates(path!("/url/{key}"), "databases.updateUrlAttribute", handler!(update::url_attribute)),
    creates(path!("/ip"), "databases.createIpAttribute", handler!(create::ip_attribute)),
    updates(path!("/ip/{key}"), "databases.updateIpAttribute", handler!(update::ip_attribute)),
    creates(path!("/enum"), "databases.createEnumAttribute", handler!(create::enum_attribute)),
    updates(path!("/enum/{key}"), "databases.updateEnumAttribute", handler!(update::enum_attribute)),
    tables_creates(path!(tables "/string"), "tablesDB.createStringColumn", tables!(create::string_attribute)),
    tables_updates(
        path!(tables "/string/{key}"),
        "tablesDB.updateStringColumn",
        tables!(update::string_attribute),
    ),
    tables_creates(
        path!(tables "/varchar"),
        "tablesDB.createVarcharColumn",
        tables!(create::varchar_attribute),
    ),
    tables_updates(
        path!(tables "/varchar/{key}"),
        "tablesDB.updateVarcharColumn",
        tables!(update::varchar_attribute),
    ),
    tables_creates(path!(tables "/text"), "tablesDB.createTextColumn", tables!(create::text_attribute)),
    tables_updates(path!(tables "/text/{key}"), "tablesDB.updateTextColumn", tables!(update::text_attribute)),
    tables_creates(
        path!(tables "/mediumtext"),
        "tablesDB.createMediumtextColumn",
        tables!(create::mediumtext_attribute),
    ),
    tables_updates(
        path!(tables "/mediumtext/{key}"),
        "tablesDB.updateMediumtextColumn",
        tables!(update::mediumtext_attribute),
    ),
    tables_creates(
        path!(tables "/longtext"),
        "tablesDB.createLongtextColumn",
        tables!(create::longtext_attribute),
    ),
    tables_updates(
        path!(tables "/longtext/{key}"),
        "tablesDB.updateLongtextColumn",
        tables!(update::longtext_attribute),
    ),
    tables_creates(
        path!(tables "/integer"),
        "tablesDB.createIntegerColumn",
        tables!(create::integer_attribute),
    ),
    tables_updates(
        path!(tables "/integer/{key}"),
        "tablesDB.updateIntegerColumn",
        tables!(update::integer_attribute),
    ),
    tables_creates(path!(tables "/bigint"), "tablesDB.createBigIntColumn", tables!(create::bigint_attribute)),
    tables_updates(
        path!(tables "/bigint/{key}"),
        "tablesDB.updateBigIntColumn",
        tables!(update::bigint_attribute),
    ),
    tables_creates(path!(tables "/float"), "tablesDB.createFloatColumn", tables!(create::float_attribute)),
    tables_updates(
        path!(tables "/float/{key}"),
        "tablesDB.updateFloatColumn",
        tables!(update::float_attribute),
    ),
    tables_creates(
        path!(tables "/boolean"),
        "tablesDB.createBooleanColumn",
        tables!(create::boolean_attribute),
    ),
    tables_updates(
        path!(tables "/boolean/{key}"),
        "tablesDB.updateBooleanColumn",
        tables!(update::boolean_attribute),
    ),
    tables_creates(
        path!(tables "/datetime"),
        "tablesDB.createDatetimeColumn",
        tables!(create::datetime_attribute),
    ),
    tables_updates(
        path!(tables "/datetime/{key}"),
        "tablesDB.updateDatetimeColumn",
        tables!(update::datetime_attribute),
    ),
    tables_creates(path!(tables "/email"), "tablesDB.createEmailColumn", tables!(create::email_attribute)),
    tables_updates(
        path!(tables "/email/{key}"),
        "tablesDB.updateEmailColumn",
        tables!(update::email_attribute),
    ),
    tables_creates(path!(tables "/url"), "tablesDB.createUrlColumn", tables!(create::url_attribute)),
    tables_updates(path!(tables "/url/{key}"), "tablesDB.updateUrlColumn", tables!(update::url_attribute)),
    tables_creates(path!(tables "/ip"), "tablesDB.createIpColumn", tables!(create::ip_attribute)),
    tables_updates(path!(tables "/ip/{key}"), "tablesDB.updateIpColumn", tables!(update::ip_attribute)),
    tables_creates(path!(tables "/enum"), "tablesDB.createEnumColumn", tables!(create::enum_attribute)),
    tables_updates(path!(tables "/enum/{key}"), "tablesDB.updateEnumColumn", tables!(update::enum_attribute)),
];

collection_params! {
    pub(crate) struct ListAttributes {
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
    Ok(paged("attribute", name, &page, |found| attribute_in(found, words)))
}

collection_params! {
    pub(crate) struct OfAttribute {
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
