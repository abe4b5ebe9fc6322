//! What the console asks the server itself: `/v1/console/variables` and the lists of scopes.

use cairn_http::{Answer, Call, Reply, Route, handler};
use cairn_model::schema::INDEX_CHARS_MAX;
use cairn_model::scopes::{OF_ORGANIZATION, OF_PROJECT, ScopeDef};
use serde_json::{Value, json};

use crate::models::{CONSOLE_VARIABLES, KEY_SCOPE};
use crate::wire::object;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/console/variables", "console.variables", handler!(get_variables))
        .ok(&CONSOLE_VARIABLES)
        .lasting()
        .scopes(&["projects.read"]),
    Route::get("/v1/console/scopes/project", "console.listProjectScopes", handler!(list_project_scopes))
        .page("scopes", &KEY_SCOPE)
        .lasting()
        .scopes(&["public"]),
    Route::get(
        "/v1/console/scopes/organization",
        "console.listOrganizationScopes",
        handler!(list_organization_scopes),
    )
    .page("scopes", &KEY_SCOPE)
    .lasting()
    .scopes(&["public"]),
];

/// What this server can do, as the console asks for it. Of what it has not, the reference's switches say no. What documents
/// can do is the same on both engines; a scenario does each of it.
async fn get_variables(call: Call<()>) -> Reply {
    let options = &call.cx.app.options;
    let facts = &options.facts;
    Ok(Answer::ok(
        "consoleVariables",
        object(json!({
            "_APP_DOMAIN_TARGET_CNAME": facts.domain,
            "_APP_DOMAIN_TARGET_A": "",
            "_APP_DOMAIN_TARGET_AAAA": "",
            "_APP_DOMAIN_TARGET_CAA": "",
            "_APP_STORAGE_LIMIT": facts.file_bytes_max,
            "_APP_COMPUTE_BUILD_TIMEOUT": 0,
            "_APP_COMPUTE_SIZE_LIMIT": 0,
            "_APP_USAGE_STATS": enabled(options.has_usage),
            "_APP_VCS_ENABLED": false,
            "_APP_VCS_PROVIDERS": [],
            "_APP_VCS_PROVIDERS_WITH_REPOSITORY_CREATION": [],
            "_APP_VCS_PROVIDERS_WITH_PUBLIC_REPOSITORIES": [],
            "_APP_DOMAIN_ENABLED": false,
            "_APP_ASSISTANT_ENABLED": false,
            "_APP_DOMAIN_SITES": "",
            "_APP_DOMAIN_FUNCTIONS": "",
            "_APP_OPTIONS_FORCE_HTTPS": enabled(facts.is_https_forced),
            "_APP_DOMAINS_NAMESERVERS": "",
            "_APP_DB_ADAPTER": call.cx.store().engine(),
            "supportForRelationships": true,
            "supportForOperators": true,
            "supportForSpatials": true,
            "supportForSpatialIndexNull": true,
            "supportForFulltextWildcard": true,
            "supportForMultipleFulltextIndexes": true,
            "supportForAttributeResizing": true,
            "supportForSchemas": true,
            "maxIndexLength": INDEX_CHARS_MAX,
            "supportForIntegerIds": true,
        })),
    ))
}

/// A switch in the reference's words.
fn enabled(is_on: bool) -> &'static str {
    if is_on { "enabled" } else { "disabled" }
}

async fn list_project_scopes(_: Call<()>) -> Reply {
    Ok(scopes(OF_PROJECT))
}

async fn list_organization_scopes(_: Call<()>) -> Reply {
    Ok(scopes(OF_ORGANIZATION))
}

fn scopes(scopes: &[ScopeDef]) -> Answer {
    let wires: Vec<Value> = scopes
        .iter()
        .map(|scope| {
            json!({
                "$id": scope.name,
                "description": describe(scope.name),
                "category": scope.category,
                "deprecated": scope.is_deprecated,
            })
        })
        .collect();
    Answer::list("consoleKeyScope", "scopes", i64::try_from(scopes.len()).unwrap_or(i64::MAX), wires)
}

/// `rows.write` as a sentence.
fn describe(name: &str) -> String {
    let (what, verb) = name.rsplit_once('.').unwrap_or((name, "read"));
    let verb = if verb == "write" { "Create, change and delete" } else { "Read" };
    format!("{verb}: {}", what.replace('.', " "))
}
