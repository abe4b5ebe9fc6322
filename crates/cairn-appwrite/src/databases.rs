//! Databases, in both vocabularies.

mod dedicated;

use cairn_core::databases::{self, DatabasePatch, NewDatabase};
use cairn_faults::{Fault, Vocabulary};
use cairn_http::rules::{IdChoice, Rule, boolean, custom_id, integer, queries, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::schema::Database;
use serde_json::json;

use crate::models::DATABASE;
use crate::schemas::{LISTED, resources};
use crate::wire::{Object, list_request, object, paged};
use crate::words::tables;
pub use dedicated::DEDICATED_ROUTES;

pub(crate) const READ: &[&str] = &["databases.read"];
const WRITE: &[&str] = &["databases.write"];
const SEEN: &[Fault] = &[Fault::DatabaseNotFound];
const MADE: &[Fault] = &[Fault::DatabaseAlreadyExists];
const MADE_IN_TABLES: &[Fault] = &[Fault::DatabaseAlreadyExists, Fault::GeneralFeatureUnsupported];
/// What newer packages call the store that databases share.
const SHARED: &str = "serverless";

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/databases", "databases.create", handler!(create_database))
        .created(&DATABASE)
        .scopes(WRITE)
        .audited("database.create", resources::NEW_DATABASE, "")
        .faults(MADE),
    Route::get("/v1/databases", "databases.list", handler!(list_databases))
        .page("databases", &DATABASE)
        .scopes(READ)
        .faults(LISTED),
    Route::get("/v1/databases/{databaseId}", "databases.get", handler!(get_database))
        .ok(&DATABASE)
        .scopes(READ)
        .faults(SEEN),
    Route::put("/v1/databases/{databaseId}", "databases.update", handler!(update_database))
        .ok(&DATABASE)
        .scopes(WRITE)
        .audited("database.update", resources::DATABASE, "")
        .faults(SEEN),
    Route::delete("/v1/databases/{databaseId}", "databases.delete", handler!(delete_database))
        .nothing()
        .scopes(WRITE)
        .audited("database.delete", resources::DATABASE, "")
        .faults(SEEN),
    Route::post("/v1/tablesdb", "tablesDB.create", tables!(create_database))
        .created(&DATABASE)
        .tables()
        .scopes(WRITE)
        .audited("database.create", resources::NEW_DATABASE, "")
        .faults(MADE_IN_TABLES),
    Route::get("/v1/tablesdb", "tablesDB.list", tables!(list_databases))
        .page("databases", &DATABASE)
        .tables()
        .scopes(READ)
        .faults(LISTED),
    Route::get("/v1/tablesdb/{databaseId}", "tablesDB.get", tables!(get_database))
        .ok(&DATABASE)
        .tables()
        .scopes(READ)
        .faults(SEEN),
    Route::put("/v1/tablesdb/{databaseId}", "tablesDB.update", tables!(update_database))
        .ok(&DATABASE)
        .tables()
        .scopes(WRITE)
        .audited("database.update", resources::DATABASE, "")
        .faults(SEEN),
    Route::delete("/v1/tablesdb/{databaseId}", "tablesDB.delete", tables!(delete_database))
        .nothing()
        .tables()
        .scopes(WRITE)
        .audited("database.delete", resources::DATABASE, "")
        .faults(SEEN),
];

params! {
    pub(crate) struct CreateDatabase {
        /// The id, or `unique()`.
        database_id: IdChoice = "databaseId" => custom_id(),
        /// The name, up to 128 characters.
        name: String = "name" => text(1, 128),
        /// Whether users may use it; keys and admins always may.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// The machine that the database is on: `serverless`, that of the project.
        specification: String = "specification" => text(0, 128).or(SHARED.to_owned(), json!(SHARED)),
        /// Replicas of that machine: none.
        replicas: i64 = "replicas" => integer(0, 5).or(0, json!(0)),
    }
}

async fn create_database(call: Call<CreateDatabase>) -> Reply {
    let CreateDatabase { database_id, name, enabled, specification, replicas } = call.params;
    if specification != SHARED {
        return Err(dedicated::without_machine("specification"));
    }
    if replicas > 0 {
        return Err(dedicated::without_machine("replicas"));
    }
    let kind = match call.exchange.vocabulary() {
        Vocabulary::Documents => "legacy",
        Vocabulary::Tables => "tablesdb",
    };
    let id = database_id.or_make(|| call.cx.new_id());
    let made = databases::create(&call.cx, NewDatabase { id, name, is_enabled: enabled, kind }).await?;
    Ok(Answer::created("database", database(&made)))
}

params! {
    pub(crate) struct ListDatabases {
        /// Queries over the attribute name.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words to look for, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the databases are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_databases(call: Call<ListDatabases>) -> Reply {
    let ListDatabases { queries, search, total } = call.params;
    let page = databases::list(&call.cx, list_request(&call.exchange, queries, search, total)).await?;
    Ok(paged("database", "databases", &page, database))
}

params! {
    pub(crate) struct OfDatabase {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
    }
}

async fn get_database(call: Call<OfDatabase>) -> Reply {
    Ok(Answer::ok("database", database(&databases::get(&call.cx, &call.params.database_id).await?)))
}

params! {
    pub(crate) struct UpdateDatabase {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The name, up to 128 characters.
        name: Option<String> = "name" => text(1, 128).optional(),
        /// Whether users may use it; keys and admins always may.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
    }
}

async fn update_database(call: Call<UpdateDatabase>) -> Reply {
    let UpdateDatabase { database_id, name, enabled } = call.params;
    let patch = DatabasePatch { name, is_enabled: enabled };
    Ok(Answer::ok("database", database(&databases::update(&call.cx, &database_id, patch).await?)))
}

async fn delete_database(call: Call<OfDatabase>) -> Reply {
    databases::delete(&call.cx, &call.params.database_id).await?;
    Ok(Answer::no_content())
}

/// A database.
fn database(database: &Database) -> Object {
    object(json!({
        "$id": database.id.as_str(),
        "name": database.name,
        "$createdAt": database.created.to_wire(),
        "$updatedAt": database.updated.to_wire(),
        "enabled": database.is_enabled,
        "type": database.kind,
        "status": "ready",
    }))
}
