//! What can be called, from the route tables: the OpenAPI document, and a page for people that also says which SDK
//! methods have a route and which have none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cairn_http::limits::RateLimit;
use cairn_http::openapi;
use cairn_http::route::Route;

/// What says that a file is not to be edited.
const GENERATED: &str = "<!-- Generated from the route tables by `cargo xtask generate`; do not edit. -->\n";

/// Every method of the SDKs, as the suites' ratchet lists them.
const SDK_METHODS: &str = include_str!("../../../tests/sdk/methods.txt");

/// The SDK whose services are compared with the route table.
const SDK: &str = "node-appwrite";

/// Services that are meant to be whole one day soon; the others have no route at all yet.
const SERVICES: &[&str] =
    &["account", "databases", "health", "organization", "project", "tablesDB", "teams", "users"];

/// `docs/openapi.json` and `docs/api-routes.md`.
pub(super) fn generated_files() -> Vec<(String, String)> {
    let surfaces = &cairn_server::SURFACES;
    let routes: Vec<&Route> = openapi::routes(surfaces).collect();
    vec![
        ("docs/openapi.json".to_owned(), openapi::text(surfaces, cairn_appwrite::APPWRITE_VERSION)),
        ("docs/api-routes.md".to_owned(), page(&routes, SDK_METHODS)),
    ]
}

fn page(routes: &[&Route], sdk_methods: &str) -> String {
    let mut by_service: BTreeMap<&str, Vec<&Route>> = BTreeMap::new();
    for route in routes {
        by_service.entry(route.service()).or_default().push(route);
    }
    let mut page = format!(
        "{GENERATED}\n# Routes\n\n\
        {} routes answer. Older paths of a route stand below its own. A caller needs one of the scopes; where none \
        stands, everyone may call. A limit holds for guests and users, not for keys.\n\
        [openapi.json](openapi.json) says the same with parameters and errors, for programs; a running server has it at \
        `/openapi.json`.\n",
        routes.len(),
    );
    for (service, routes) in &by_service {
        let _ = write!(
            page,
            "\n## {service}\n\n| method | path | SDK | scopes | limit |\n|---|---|---|---|---|\n"
        );
        for route in routes {
            page.push_str(&line(route));
        }
    }
    page.push_str(&coverage(routes, sdk_methods));
    page
}

/// The row of a route.
fn line(route: &Route) -> String {
    let paths: Vec<String> = route.paths().map(|path| format!("`{path}`")).collect();
    let names: Vec<&str> = std::iter::once(route.name).chain(route.also.iter().copied()).collect();
    let scopes: Vec<String> = route.scopes.iter().map(|scope| format!("`{scope}`")).collect();
    format!(
        "| {} | {} | {} | {} | {} |\n",
        route.verb.name(),
        paths.join("<br>"),
        names.join("<br>"),
        scopes.join(", "),
        limit(&route.limit)
    )
}

/// `10 in 1 h`; nothing where there is no limit.
fn limit(limit: &RateLimit) -> String {
    match limit {
        RateLimit { max: 0, .. } => String::new(),
        RateLimit { max, window_seconds, .. } if window_seconds % 3_600 == 0 => {
            format!("{max} in {} h", window_seconds / 3_600)
        }
        RateLimit { max, window_seconds, .. } if window_seconds % 60 == 0 => {
            format!("{max} in {} min", window_seconds / 60)
        }
        RateLimit { max, window_seconds, .. } => format!("{max} in {window_seconds} s"),
    }
}

/// Which methods of the SDK's services have a route.
fn coverage(routes: &[&Route], sdk_methods: &str) -> String {
    let has_route = |name: &str| routes.iter().any(|route| route.name == name || route.also.contains(&name));
    let mut text = format!(
        "\n## Methods of {SDK}\n\n\
        Which methods of the SDK's services have a route. What a route does is proved elsewhere: by the suites in \
        `tests/sdk`. Services that are not named here have no route.\n\n\
        | service | with a route | without |\n|---|---|---|\n"
    );
    for service in SERVICES {
        let methods = methods_of(service, sdk_methods);
        let (with, without): (Vec<&str>, Vec<&str>) =
            methods.iter().partition(|method| has_route(&format!("{service}.{method}")));
        let count = if methods.is_empty() {
            "the SDK lacks the service".to_owned()
        } else {
            format!("{} of {}", with.len(), methods.len())
        };
        let _ = writeln!(text, "| {service} | {count} | {} |", without.join(", "));
    }
    text
}

/// The methods of a service; the SDK's class has the service's name with a capital.
fn methods_of<'m>(service: &str, sdk_methods: &'m str) -> Vec<&'m str> {
    // `[x] node-appwrite Account.create`: whether a suite calls it says nothing about the route.
    let names =
        sdk_methods.lines().filter_map(|line| line.get(4..)?.strip_prefix(SDK)?.trim().split_once('.'));
    names.filter(|(class, _)| class.eq_ignore_ascii_case(service)).map(|(_, method)| method).collect()
}

#[cfg(test)]
mod tests;
