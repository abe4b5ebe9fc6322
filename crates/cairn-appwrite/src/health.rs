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
    let mut statuses = Vec::new();
    for (region, ping) in health::pings_ms(&call.cx.app).await {
        // Without the platform's own there is no answer at all.
        let (name, ping) = match region.as_str() {
            REGION_DEFAULT => (format!("Console.DB ({engine})"), Some(ping?)),
            region => (format!("Projects.DB ({region})"), ping.ok()),
        };
        let verdict = if ping.is_some() { "pass" } else { "fail" };
        statuses.push(json!({ "name": name, "status": verdict, "ping": ping.unwrap_or(0) }));
    }
    let total = i64::try_from(statuses.len()).unwrap_or(i64::MAX);
    Ok(Answer::list("healthStatus", "statuses", total, statuses))
}

fn status(name: &str, ping_ms: i64) -> Map<String, Value> {
    object(json!({ "name": name, "status": "pass", "ping": ping_ms }))
}
