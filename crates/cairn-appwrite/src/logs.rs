//! What people did, as they, their administrators and the owners of their teams may read it.

use cairn_core::logs;
use cairn_faults::{Fault, Vocabulary};
use cairn_http::exchange::Exchange;
use cairn_http::rules::{Rule, boolean, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{TeamId, UserId};
use cairn_model::logs::Log;
use cairn_store::Page;
use serde_json::json;

use crate::ACCOUNT;
use crate::databases::READ as READ_DATABASES;
use crate::documents::READ as READ_DOCUMENTS;
use crate::models::LOG;
use crate::schemas::{READ_COLLECTIONS, place};
use crate::users::READ;
use crate::wire::{ListParams, Object, add_client, list_request, object, paged};
use crate::words::{event_in, tables};

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/account/logs", "account.listLogs", handler!(list_account_logs))
        .page("logs", &LOG)
        .scopes(ACCOUNT)
        .faults(&[Fault::GeneralQueryInvalid]),
    Route::get("/v1/users/{userId}/logs", "users.listLogs", handler!(list_user_logs))
        .page("logs", &LOG)
        .scopes(READ)
        .faults(&[Fault::UserNotFound, Fault::GeneralQueryInvalid]),
    Route::get("/v1/teams/{teamId}/logs", "teams.listLogs", handler!(list_team_logs))
        .page("logs", &LOG)
        .scopes(&["teams.read"])
        .faults(&[Fault::TeamNotFound, Fault::UserUnauthorized, Fault::GeneralQueryInvalid]),
    Route::get("/v1/databases/{databaseId}/logs", "databases.listLogs", handler!(list_database_logs))
        .page("logs", &LOG)
        .scopes(READ_DATABASES)
        .faults(&[Fault::DatabaseNotFound, Fault::UserUnauthorized, Fault::GeneralQueryInvalid]),
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}/logs",
        "databases.listCollectionLogs",
        handler!(list_collection_logs),
    )
    .page("logs", &LOG)
    .scopes(READ_COLLECTIONS)
    .faults(OF_COLLECTION),
    Route::get(
        "/v1/databases/{databaseId}/collections/{collectionId}/documents/{documentId}/logs",
        "databases.listDocumentLogs",
        handler!(list_document_logs),
    )
    .page("logs", &LOG)
    .scopes(READ_DOCUMENTS)
    .faults(OF_DOCUMENT),
    Route::get(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/logs",
        "tablesDB.listTableLogs",
        tables!(list_collection_logs),
    )
    .page("logs", &LOG)
    .tables()
    .scopes(READ_COLLECTIONS)
    .faults(OF_COLLECTION),
    Route::get(
        "/v1/tablesdb/{databaseId}/tables/{tableId}/rows/{rowId}/logs",
        "tablesDB.listRowLogs",
        tables!(list_document_logs),
    )
    .page("logs", &LOG)
    .tables()
    .scopes(READ_DOCUMENTS)
    .faults(OF_DOCUMENT),
];

const OF_COLLECTION: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::UserUnauthorized,
    Fault::GeneralQueryInvalid,
];
const OF_DOCUMENT: &[Fault] = &[
    Fault::DatabaseNotFound,
    Fault::CollectionNotFound,
    Fault::DocumentNotFound,
    Fault::UserUnauthorized,
    Fault::GeneralQueryInvalid,
];

/// The parameters of a log of something: its ids, queries and whether to count.
macro_rules! log_params {
    ($name:ident { $(#[doc = $doc:literal] $field:ident = $wire:literal),* $(,)? }) => {
        params! {
            pub(crate) struct $name {
                $(#[doc = $doc] $field: String = $wire => uid(),)*
                /// Queries: limit and offset only.
                queries: Vec<String> = "queries" => queries().or_empty(),
                /// Whether the entries are counted.
                total: bool = "total" => boolean().or(true, json!(true)),
            }
        }
    };
}

async fn list_account_logs(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    Ok(page(&call.exchange, &logs::list(&call.cx, &request).await?))
}

log_params! { ListUserLogs {
    /// The id of the user.
    user_id = "userId",
} }

async fn list_user_logs(call: Call<ListUserLogs>) -> Reply {
    let ListUserLogs { user_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    Ok(page(&call.exchange, &logs::list_of_user(&call.cx, &UserId(user_id), &request).await?))
}

log_params! { ListTeamLogs {
    /// The id of the team.
    team_id = "teamId",
} }

async fn list_team_logs(call: Call<ListTeamLogs>) -> Reply {
    let ListTeamLogs { team_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    Ok(page(&call.exchange, &logs::list_of_team(&call.cx, &TeamId(team_id), &request).await?))
}

log_params! { ListDatabaseLogs {
    /// The id of the database.
    database_id = "databaseId",
} }

async fn list_database_logs(call: Call<ListDatabaseLogs>) -> Reply {
    let ListDatabaseLogs { database_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    Ok(page(&call.exchange, &logs::list_of_database(&call.cx, &database_id, &request).await?))
}

log_params! { ListCollectionLogs {
    /// The id of the database.
    database_id = "databaseId",
    /// The id of the collection.
    collection_id = "collectionId",
} }

async fn list_collection_logs(call: Call<ListCollectionLogs>) -> Reply {
    let ListCollectionLogs { database_id, collection_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let at = place(database_id, collection_id);
    Ok(page(&call.exchange, &logs::list_of_collection(&call.cx, &at, &request).await?))
}

log_params! { ListDocumentLogs {
    /// The id of the database.
    database_id = "databaseId",
    /// The id of the collection.
    collection_id = "collectionId",
    /// The id of the document.
    document_id = "documentId",
} }

async fn list_document_logs(call: Call<ListDocumentLogs>) -> Reply {
    let ListDocumentLogs { database_id, collection_id, document_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let at = place(database_id, collection_id);
    Ok(page(&call.exchange, &logs::list_of_document(&call.cx, &at, &document_id, &request).await?))
}

fn page(exchange: &Exchange, page: &Page<Log>) -> Answer {
    let words = exchange.vocabulary();
    paged("log", "logs", page, |found| log(found, words))
}

/// An entry, in these words.
fn log(log: &Log, words: Vocabulary) -> Object {
    let mut shown = object(json!({
        "event": event_in(&log.event, words),
        "userId": log.actor_id.as_str(),
        "userEmail": log.actor_email,
        "userName": log.actor_name,
        "mode": log.mode,
        "userType": log.actor.name(),
        "ip": log.ip,
        "time": log.created.to_wire(),
    }));
    add_client(&mut shown, &log.user_agent, &log.country);
    shown
}
