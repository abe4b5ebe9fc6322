//! The page of routes, and what holds for every route of the tables.

use std::collections::HashSet;

use cairn_http::limits::RateLimit;
use cairn_http::{Answer, Call, Reply, Route, handler, openapi};

use super::page;

const ROUTES: &[Route] = &[
    Route::get("/v1/account", "account.get", handler!(nothing)).scopes(&["account"]),
    Route::post("/v1/account", "account.create", handler!(nothing))
        .aliases(&["/v1/signup"])
        .also(&["account.signUp"])
        .limit(RateLimit::per_hour(10)),
];

const METHODS: &str = "\
[ ] appwrite Account.other
[x] node-appwrite Account.create
[ ] node-appwrite Account.delete
[ ] node-appwrite Account.get
[ ] node-appwrite TablesDB.createRow
";

async fn nothing(_: Call<()>) -> Reply {
    Ok(Answer::no_content())
}

#[test]
fn a_page_lists_routes_and_what_an_sdk_misses() {
    let routes: Vec<&Route> = ROUTES.iter().collect();
    let page = page(&routes, METHODS);
    let lines = [
        "## account",
        "| GET | `/v1/account` | account.get | `account` |  |",
        "| POST | `/v1/account`<br>`/v1/signup` | account.create<br>account.signUp |  | 10 in 1 h |",
        "| account | 2 of 3 | delete |",
        "| tablesDB | 0 of 1 | createRow |",
        "| health | the SDK lacks the service |  |",
    ];
    for line in lines {
        assert!(page.lines().any(|found| found == line), "no line `{line}` in\n{page}");
    }
}

#[test]
fn an_sdk_method_names_one_route() {
    let mut seen = HashSet::new();
    for route in openapi::routes(&cairn_server::SURFACES) {
        for name in std::iter::once(&route.name).chain(route.also) {
            assert!(
                name.split_once('.').is_some_and(|(_, method)| !method.is_empty()),
                "`{name}`: service.method"
            );
            assert!(seen.insert(*name), "two routes are `{name}`: {}", route.path);
        }
    }
}

#[test]
fn a_route_reads_every_parameter_of_its_path() {
    for route in openapi::routes(&cairn_server::SURFACES) {
        let specs = (route.handler.specs)();
        for name in route.path.split('{').skip(1).filter_map(|part| part.split('}').next()) {
            // The project of an OAuth2 server's addresses is found before the handler is asked.
            let is_of_server = route.path.starts_with("/v1/oauth2/{project_id}/") && name == "project_id";
            let is_read = specs.iter().any(|spec| spec.name == name.trim_start_matches('*')) || is_of_server;
            assert!(is_read, "{} {} does not read `{name}`", route.verb.name(), route.path);
        }
    }
}

#[test]
fn a_route_asks_for_scopes_that_somebody_has() {
    use cairn_http::openapi::known_scopes;
    let known: Vec<&str> = known_scopes().collect();
    for route in openapi::routes(&cairn_server::SURFACES) {
        for scope in route.scopes {
            assert!(known.contains(scope), "nobody has `{scope}`, which {} asks for", route.path);
        }
    }
}
