//! The ratchet of routes: each is asked by everybody there is, and the table of who gets past the checks is kept.
//!
//! The table (`snapshots/`) makes a changed right visible; what holds for all routes is asserted: a route lets somebody
//! past, it refuses somebody unless it is public, and a key without scopes is nobody in particular.
//! `INSTA_UPDATE=always cargo test -p cairn --test scenarios routes` writes the table anew.

use std::fmt::Write as _;

use cairn_http::Route;
use cairn_testkit::app::{Answer, Client, Engine, TestApp, TestOptions, on_engine};
use http::Method;
use serde_json::json;

use crate::account_api::PASSWORD;

/// Everybody there is.
struct Actors<'a> {
    all: Vec<(&'static str, Client<'a>)>,
}

const GUEST: &str = "guest";
const SCOPELESS: &str = "scopeless-key";

impl<'a> Actors<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let project = app.project().await;
        let emma = project.user("emma").await;
        let login = json!({ "email": emma.email, "password": PASSWORD });
        let tokens = project.guest().post("/v0/app/auth/login", login).await.expect(200);
        let bearer = format!("Bearer {}", tokens.text_of("token"));
        let all = vec![
            (GUEST, project.guest()),
            ("bearer", project.guest().with("authorization", &bearer)),
            ("user", emma.client),
            (SCOPELESS, project.server_with(&[]).await),
            ("key", project.server()),
            ("admin", project.console()),
            ("console-guest", app.guest("console")),
            ("console-user", project.admin.console.clone()),
            ("owner", project.admin.console.with("x-appwrite-organization", &project.admin.organization)),
        ];
        Self { all }
    }

    /// Who gets past the checks of a route.
    async fn past(&self, route: &Route) -> Vec<&'static str> {
        let mut past = Vec::new();
        for (name, client) in &self.all {
            let answer = ask(client, route).await;
            assert!(answer.status < 500, "{name}: {} got {} {}", answer.what, answer.status, answer.text());
            if !is_refused(&answer) {
                past.push(*name);
            }
        }
        past
    }
}

fn routes() -> impl Iterator<Item = &'static Route> {
    let tables = cairn_server::SURFACES.iter().flat_map(|surface| surface.routes.iter().copied());
    tables.flatten()
}

/// Send the route's method to its path, every parameter but the project's `none`, without a body.
async fn ask(client: &Client<'_>, route: &Route) -> Answer {
    let mut path = route.path.replace("{projectId}", "shop");
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        path.replace_range(start..=end, "none");
    }
    let method: Method = route.verb.name().parse().expect("a verb is a method");
    client.request().to(method, &path).send().await
}

/// Whether the caller was told that it may not.
fn is_refused(answer: &Answer) -> bool {
    const REFUSALS: [&str; 3] =
        ["general_unauthorized_scope", "general_access_forbidden", "user_unauthorized"];
    // The account API has no `type`, and one code for whoever is not signed in.
    matches!(answer.status, 401 | 403)
        && (answer.json["type"].as_str().is_some_and(|name| REFUSALS.contains(&name))
            || answer.json["code"] == "user:unauthorized")
}

/// What is wrong with the rights to a route, whatever it is for.
fn problem(route: &Route, past: &[&str], everybody: usize) -> Option<&'static str> {
    let is_public =
        ["public", "global"].iter().any(|scope| route.scopes.contains(scope)) || route.scopes.is_empty();
    // Every key may ask how the server is.
    let is_of_keys = is_public || route.scopes.contains(&"health.read");
    match () {
        () if past.is_empty() => Some("nobody gets past the checks"),
        () if past.len() == everybody && !is_public => Some("everybody gets past the checks"),
        () if past.contains(&SCOPELESS) && !past.contains(&GUEST) && !is_of_keys => {
            Some("a key without scopes gets past the checks")
        }
        () => None,
    }
}

/// Routes that do not say what they give; the list only shrinks.
const UNSAID: &[&str] = &[
    "databases.createRelationshipAttribute",
    "databases.updateRelationshipAttribute",
    "tablesDB.createRelationshipColumn",
    "tablesDB.updateRelationshipColumn",
    "mock.getFailure",
];

/// The shape of an answer is declared, and thereby compared with every answer that a scenario gets.
#[test]
fn every_route_says_what_it_gives() {
    for route in routes() {
        let is_unsaid = UNSAID.contains(&route.name);
        assert!(
            route.success.is_some() || is_unsaid,
            "{}: name the model, as in `.ok(&MODEL)` or `.nothing()`",
            route.name
        );
        assert!(route.success.is_none() || !is_unsaid, "{}: take it out of the list", route.name);
    }
}

#[test]
fn who_may_use_every_route() {
    on_engine(Engine::Sqlite, async || {
        // With a provider of text messages: without one, routes say so whoever asks.
        let options = || {
            let mut options = TestOptions::default().with_sms();
            options.account.verifies_devices = false;
            options
        };
        let shared = TestApp::start_with(Engine::Sqlite, options()).await;
        let readers = Actors::of(&shared).await;
        let (mut table, mut problems) = (String::new(), Vec::new());
        for route in routes() {
            // What changes things may take the askers' accounts with it: a server of its own.
            let past = if route.verb.name() == "GET" {
                readers.past(route).await
            } else {
                let own = TestApp::start_with(Engine::Sqlite, options()).await;
                Actors::of(&own).await.past(route).await
            };
            if let Some(what) = problem(route, &past, readers.all.len()) {
                problems.push(format!("{} {}: {what}", route.verb.name(), route.path));
            }
            let _ = writeln!(table, "{} {}: {}", route.verb.name(), route.path, past.join(" "));
        }
        assert!(problems.is_empty(), "{}", problems.join("\n"));
        insta::assert_snapshot!(table);
    });
}
