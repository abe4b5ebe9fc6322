//! What belongs to no service: `/v1/ping`, `/versions`, `/robots.txt`, `/humans.txt`.

use cairn_core::projects;
use cairn_faults::Fault;
use cairn_http::{Answer, Call, Reply, Route, handler};
use serde_json::json;

use crate::APPWRITE_VERSION;
use crate::models::VERSIONS;

const TEXT: &str = "text/plain; charset=UTF-8";

/// The SDKs that the suite runs against this server, with their versions.
const SDKS: [(&str, &str); 3] =
    [("client-web", "27.0.0"), ("server-nodejs", "27.1.0"), ("console-web", "23.0.0")];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/ping", "ping.get", handler!(ping))
        .bytes()
        .scopes(&["global"])
        .faults(&[Fault::ProjectNotFound]),
    Route::get("/versions", "home.getVersions", handler!(get_versions))
        .ok(&VERSIONS)
        .lasting()
        .scopes(&["public"]),
    Route::get("/robots.txt", "home.getRobots", handler!(get_robots)).bytes().lasting().scopes(&["public"]),
    Route::get("/humans.txt", "home.getHumans", handler!(get_humans)).bytes().lasting().scopes(&["public"]),
];

async fn ping(call: Call<()>) -> Reply {
    projects::ping(&call.cx).await?;
    Ok(Answer::raw(TEXT, "Pong!"))
}

async fn get_versions(_: Call<()>) -> Reply {
    let mut versions = crate::wire::object(json!({ "server": APPWRITE_VERSION }));
    versions.extend(SDKS.iter().map(|(name, version)| ((*name).to_owned(), json!(version))));
    Ok(Answer::ok("versions", versions))
}

async fn get_robots(_: Call<()>) -> Reply {
    Ok(Answer::raw(TEXT, "User-agent: *\nDisallow: /\n"))
}

async fn get_humans(_: Call<()>) -> Reply {
    Ok(Answer::raw(TEXT, "This is Cairn, an application backend in one binary.\n"))
}
