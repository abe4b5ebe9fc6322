//! The ratchet of routes: each is asked by somebody unknown, by a key without scopes, and by a key with its scope.
//!
//! The first two must be refused and the third must get past the checks. What stands in `routes-exempt.txt` is open to
//! more people than that, or to others; the list only shrinks.

use std::collections::BTreeSet;

use cairn_http::Route;
use cairn_testkit::app::{Answer, Client, Engine, TestApp, on_engine};
use http::Method;

/// Routes, as `METHOD path`, that the three requests do not describe.
const EXEMPT: &str = include_str!("routes-exempt.txt");

fn routes() -> impl Iterator<Item = &'static Route> {
    let tables = cairn_server::SURFACES.iter().flat_map(|surface| surface.routes.iter().copied());
    tables.flatten()
}

fn name(route: &Route) -> String {
    format!("{} {}", route.verb.name(), route.path)
}

/// Send the route's method to its path, every parameter `none`, without a body.
async fn ask(client: &Client<'_>, route: &Route) -> Answer {
    let mut path = route.path.to_owned();
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        path.replace_range(start..=end, "none");
    }
    let method: Method = route.verb.name().parse().expect("a verb is a method");
    client.request().to(method, &path).send().await
}

/// Whether the caller was told that it may not.
fn is_refused(answer: &Answer) -> bool {
    let name = answer.json["type"].as_str().unwrap_or_default();
    matches!(answer.status, 401 | 403)
        && (name.starts_with("general_unauthorized") || name == "general_access_forbidden")
}

async fn problem(
    app: &TestApp,
    project: &str,
    none: &Client<'_>,
    all: &Client<'_>,
    route: &Route,
) -> Option<String> {
    let anonymous = ask(&app.guest(project), route).await;
    if !is_refused(&anonymous) {
        return Some(format!("somebody unknown got {} {}", anonymous.status, anonymous.text()));
    }
    let wrong = ask(none, route).await;
    if !is_refused(&wrong) {
        return Some(format!("a key without scopes got {} {}", wrong.status, wrong.text()));
    }
    let right = ask(all, route).await;
    is_refused(&right).then(|| format!("a key with every scope got {} {}", right.status, right.text()))
}

#[test]
#[ignore = "until projects can be made through the API"]
fn every_route_refuses_the_wrong_caller() {
    let exempt: BTreeSet<&str> = EXEMPT.lines().filter(|line| !line.is_empty()).collect();
    let known: BTreeSet<String> = routes().map(name).collect();
    let stale: Vec<&&str> = exempt.iter().filter(|line| !known.contains(**line)).collect();
    assert!(stale.is_empty(), "routes-exempt.txt names routes that do not exist: {stale:?}");
    on_engine(Engine::Sqlite, async || {
        let app = TestApp::start(Engine::Sqlite).await;
        let project = app.project().await;
        let (none, all) = (project.server_with(&[]).await, project.server());
        let mut problems = Vec::new();
        for route in routes() {
            let found = problem(&app, &project.id, &none, &all, route).await;
            match (found, exempt.contains(name(route).as_str())) {
                (Some(what), false) => problems.push(format!("{}: {what}", name(route))),
                (None, true) => problems.push(format!("{}: take it out of routes-exempt.txt", name(route))),
                _ => {}
            }
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
    });
}
