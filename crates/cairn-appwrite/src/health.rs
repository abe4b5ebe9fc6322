//! What the server says of itself.

use cairn_http::{Answer, Call, Reply, Route, handler};
use serde_json::{Map, json};

use crate::APPWRITE_VERSION;

/// The routes of this capability.
pub const ROUTES: &[Route] =
    &[Route::get("/v1/health/version", "health.getVersion", handler!(get_version)).scopes(&["public"])];

async fn get_version(_: Call<()>) -> Reply {
    let version = Map::from_iter([("version".to_owned(), json!(APPWRITE_VERSION))]);
    Ok(Answer::ok("healthVersion", version))
}
