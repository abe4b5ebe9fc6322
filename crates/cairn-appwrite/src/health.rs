//! What the server says of itself. Only what is measured is told.

use cairn_core::health;
use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::projects::REGION_DEFAULT;
use serde_json::{Map, Value, json};

use crate::APPWRITE_VERSION;
use crate::models::{HEALTH_STATUS, HEALTH_VERSION};
use crate::wire::object;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/health", "health.get", handler!(get)).ok(&HEALTH_STATUS).scopes(&["health.read"]),
    Route::get("/v1/health/version", "health.getVersion", handler!(get_version))
        .ok(&HEALTH_VERSION)
        .scopes(&["public"]),
    Route::get("/v1/health/db", "health.getDB", handler!(get_db))
        .page("statuses", &HEALTH_STATUS)
        .scopes(&["health.read"]),
];

async fn get(_: Call<()>) -> Reply {
    Ok(Answer::ok("healthStatus", status("http", 0)))
}

async fn get_version(_: Call<()>) -> Reply {
    let version = Map::from_iter([("version".to_owned(), json!(APPWRITE_VERSION))]);
    Ok(Answer::ok("healthVersion", version))
}

async fn get_db(call: Call<()>) -> Reply {
    let engine = call.cx.store().engine();
    let pings = health::store_pings_ms(&call.cx).await?;
    let statuses: Vec<Value> = pings.iter().map(|(region, ping)| of_region(engine, region, *ping)).collect();
    Ok(Answer::list("healthStatus", "statuses", statuses.len().try_into().unwrap_or(i64::MAX), statuses))
}

fn of_region(engine: &str, region: &str, ping_ms: Option<i64>) -> Value {
    let name = match region {
        REGION_DEFAULT => format!("Console.DB ({engine})"),
        region => format!("Projects.DB ({region})"),
    };
    let verdict = if ping_ms.is_some() { "pass" } else { "fail" };
    json!({ "name": name, "status": verdict, "ping": ping_ms.unwrap_or(0) })
}

fn status(name: &str, ping_ms: i64) -> Map<String, Value> {
    object(json!({ "name": name, "status": "pass", "ping": ping_ms }))
}
