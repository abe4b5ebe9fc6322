//! What the newest packages ask of databases on machines of their own: here every database lives in the project's store.
//!
//! Its state can be told. A list of machines to choose from is empty, and replicas that do not exist cannot be listed
//! or promoted.

use cairn_core::{databases, health};
use cairn_faults::{Error, Fault};
use cairn_http::rules::{Rule, text, uid};
use cairn_http::{Answer, Call, Reply, Route, params};
use serde_json::json;

use super::{OfDatabase, READ, WRITE};
use crate::models::{DATABASE_SPECIFICATIONS, DATABASE_STATUS};
use crate::wire::object;
use crate::words::tables;

const LACKING: &[Fault] = &[Fault::DatabaseNotFound, Fault::GeneralFeatureUnsupported];

/// The routes of this capability.
pub const DEDICATED_ROUTES: &[Route] = &[
    Route::get("/v1/tablesdb/specifications", "tablesDB.listSpecifications", tables!(list_specifications))
        .ok(&DATABASE_SPECIFICATIONS)
        .tables()
        .scopes(READ),
    Route::get("/v1/tablesdb/{databaseId}/status", "tablesDB.getStatus", tables!(get_status))
        .ok(&DATABASE_STATUS)
        .tables()
        .scopes(READ)
        .faults(&[Fault::DatabaseNotFound]),
    Route::get("/v1/tablesdb/{databaseId}/replicas", "tablesDB.getReplicas", tables!(get_replicas))
        .tables()
        .scopes(READ)
        .faults(LACKING),
    Route::post("/v1/tablesdb/{databaseId}/failovers", "tablesDB.createFailover", tables!(create_failover))
        .tables()
        .scopes(WRITE)
        .faults(LACKING),
];

/// Nothing is sold here.
async fn list_specifications(_: Call<()>) -> Reply {
    let pricing = json!({
        "storageOverageRate": 0,
        "bandwidthOverageRate": 0,
        "replicaRate": 0,
        "crossRegionReplicaRate": 0,
        "pitrRate": 0,
    });
    let shown = json!({ "total": 0, "specifications": [], "pricing": pricing });
    Ok(Answer::ok("dedicatedDatabaseSpecificationList", object(shown)))
}

async fn get_status(call: Call<OfDatabase>) -> Reply {
    databases::get(&call.cx, &call.params.database_id).await?;
    let state = health::engine(&call.cx).await?;
    let shown = json!({
        "health": "healthy",
        "ready": true,
        "engine": state.name,
        "version": state.version,
        "uptime": state.uptime_seconds,
        "connections": { "current": state.connections.current, "max": state.connections.max },
        "replicas": [],
        "volumes": [],
    });
    Ok(Answer::ok("databaseStatus", object(shown)))
}

async fn get_replicas(call: Call<OfDatabase>) -> Reply {
    databases::get(&call.cx, &call.params.database_id).await?;
    Err(without_machine("replicas"))
}

params! {
    pub(crate) struct CreateFailover {
        /// The id of the database.
        database_id: String = "databaseId" => uid(),
        /// The replica that would take over.
        target_replica_id: Option<String> = "targetReplicaId" => text(0, 256).optional(),
    }
}

async fn create_failover(call: Call<CreateFailover>) -> Reply {
    let CreateFailover { database_id, target_replica_id: _ } = call.params;
    databases::get(&call.cx, &database_id).await?;
    Err(without_machine("replicas"))
}

/// The fault of what would need a machine of its own.
#[track_caller]
pub(super) fn without_machine(feature: &str) -> Error {
    Fault::GeneralFeatureUnsupported.with("feature", feature)
}
