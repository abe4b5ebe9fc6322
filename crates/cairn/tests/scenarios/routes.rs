//! The ratchet of routes: each is asked by everybody there is, and the table of who gets past the checks is kept.
//!
//! Whom a route lets past follows from its row and from the tables of scopes: whoever holds one of its scopes, and nobody
//! else. That is asserted for every route and every actor, a guest and somebody who may not among them; where more than the
//! scopes decides, the exception stands in a list with its reason. The table (`snapshots/`) makes a changed right visible.
//! `INSTA_UPDATE=always cargo test -p cairn --test scenarios routes` writes the table anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cairn_http::{RequestStyle, Route, Surface};
use cairn_model::scopes::{ADMIN, GUEST, KEY, NAMES_OF_PROJECT, USER};
use cairn_testkit::app::{Answer, Client, Engine, TestApp, TestOptions, on_engine};
use http::Method;
use serde_json::json;

use crate::account_api::PASSWORD;

/// Somebody who asks.
struct Actor<'a> {
    name: &'static str,
    client: Client<'a>,
    /// What the table of scopes lets it do on the Appwrite surface.
    scopes: Vec<&'static str>,
}

/// What lets somebody past a route, or stops it, beside the scopes; by the route's name, with the reason. It only shrinks.
const EXCEPTIONS: &[(&[&str], &[&str], &str)] = &[];

/// Who shows a token of the account API, and is nobody elsewhere.
const BEARER: &str = "bearer";

/// Everybody there is.
struct Actors<'a>(Vec<Actor<'a>>);

impl<'a> Actors<'a> {
    async fn of(app: &'a TestApp) -> Self {
        let project = app.project().await;
        let emma = project.user("emma").await;
        let login = json!({ "email": emma.email, "password": PASSWORD });
        let tokens = project.guest().post("/v0/app/auth/login", login).await.expect(200);
        let bearer = format!("Bearer {}", tokens.text_of("token"));
        let owner = project.admin.console.with("x-appwrite-organization", &project.admin.organization);
        let actor =
            |name, client, scopes: &[&[&'static str]]| Actor { name, client, scopes: scopes.concat() };
        Self(vec![
            actor("guest", project.guest(), &[GUEST]),
            actor(BEARER, project.guest().with("authorization", &bearer), &[GUEST]),
            actor("user", emma.client, &[USER]),
            actor("scopeless-key", project.server_with(&[]).await, &[KEY]),
            actor("key", project.server(), &[KEY, &NAMES_OF_PROJECT]),
            actor("admin", project.console(), &[ADMIN]),
            actor("console-guest", app.guest("console"), &[GUEST]),
            actor("console-user", project.admin.console.clone(), &[USER]),
            actor("owner", owner, &[USER, ADMIN]),
        ])
    }

    /// Who gets past the checks of a route.
    async fn past(&self, surface: &Surface, route: &Route, known: &mut Known) -> Vec<&'static str> {
        let mut past = Vec::new();
        for actor in &self.0 {
            let answer = ask(&actor.client, route).await;
            let what = format!("{}: {} got {} {}", actor.name, answer.what, answer.status, answer.text());
            assert!(answer.status < 500, "{what}");
            let is_past = !is_refused(&answer);
            if is_past != actor.may(surface, route) && !known.excuses(route, actor) {
                known.problems.push(what);
            }
            if is_past {
                past.push(actor.name);
            }
        }
        past
    }
}

impl Actor<'_> {
    /// Whether the scopes of the route let it past.
    fn may(&self, surface: &Surface, route: &Route) -> bool {
        let is_bearer = self.name == BEARER;
        let held: &[&str] = match surface.style {
            RequestStyle::Account if self.name.starts_with("console") || self.name == "owner" => {
                return false;
            }
            RequestStyle::Account if is_bearer => USER,
            RequestStyle::Account => GUEST,
            RequestStyle::Appwrite => &self.scopes,
        };
        route.scopes.is_empty() || route.scopes.iter().any(|scope| held.contains(scope))
    }
}

/// What was found on the way.
#[derive(Default)]
struct Known {
    problems: Vec<String>,
    /// Exceptions that were one, by place and actor.
    met: BTreeSet<(usize, &'static str, &'static str)>,
}

impl Known {
    fn excuses(&mut self, route: &Route, actor: &Actor<'_>) -> bool {
        let is_of = |(_, (routes, actors, _)): &(usize, &(&[&str], &[&str], &str))| {
            routes.contains(&route.name) && actors.contains(&actor.name)
        };
        let found = EXCEPTIONS.iter().enumerate().find(is_of);
        found.map(|(place, _)| self.met.insert((place, route.name, actor.name))).is_some()
    }

    /// Exceptions that are none any more.
    fn stale(&self) -> Vec<String> {
        let all = EXCEPTIONS.iter().enumerate().flat_map(|(place, (routes, actors, _))| {
            routes.iter().flat_map(move |route| actors.iter().map(move |actor| (place, *route, *actor)))
        });
        let stale = all.filter(|exception| !self.met.contains(exception));
        stale.map(|(_, route, actor)| format!("{route}: the scopes say enough of {actor}")).collect()
    }
}

fn routes() -> impl Iterator<Item = (&'static Surface, &'static Route)> {
    let all = |surface: &'static Surface| surface.routes.iter().copied().flatten().map(move |r| (surface, r));
    cairn_server::SURFACES.iter().flat_map(all)
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

/// Whether the caller was told that it may not, or that there is nothing for it here.
fn is_refused(answer: &Answer) -> bool {
    const REFUSALS: [&str; 3] =
        ["general_unauthorized_scope", "general_access_forbidden", "user_unauthorized"];
    // The account API has no `type`, one code for whoever is not signed in, and nothing for the console.
    let is_told = answer.json["type"].as_str().is_some_and(|name| REFUSALS.contains(&name))
        || answer.json["code"] == "user:unauthorized";
    (matches!(answer.status, 401 | 403) && is_told) || answer.json["code"] == "system:not_found"
}

/// What is wrong with the rights to a route, whatever it is for: there is no right actor, or no wrong one.
fn problem(route: &Route, past: &[&str], everybody: usize) -> Option<&'static str> {
    match () {
        () if past.is_empty() => Some("nobody gets past the checks"),
        () if past.len() == everybody && !route.is_public() => Some("everybody gets past the checks"),
        () => None,
    }
}

/// Routes that do not say what they give; the list only shrinks.
const UNSAID: &[&str] = &[
    "account.listLogs",
    "users.listLogs",
    "teams.listLogs",
    "project.listEmailTemplates",
    "project.getEmailTemplate",
    "project.updateEmailTemplate",
    "account.createMFAAuthenticator",
    "account.createMFAChallenge",
    "account.listMFAFactors",
    "account.createMFARecoveryCodes",
    "account.updateMFARecoveryCodes",
    "account.getMFARecoveryCodes",
    "databases.createRelationshipAttribute",
    "databases.updateRelationshipAttribute",
    "tablesDB.createRelationshipColumn",
    "tablesDB.updateRelationshipColumn",
    "users.listMFAFactors",
    "users.getMFAChallenge",
    "users.createMFARecoveryCodes",
    "users.updateMFARecoveryCodes",
    "users.getMFARecoveryCodes",
    "users.getUsage",
    "mock.getFailure",
];

/// The shape of an answer is declared, and thereby compared with every answer that a scenario gets.
#[test]
fn every_route_says_what_it_gives() {
    let routes = || cairn_server::SURFACES[0].routes.iter().copied().flatten();
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
        let (mut table, mut known) = (String::new(), Known::default());
        for (surface, route) in routes() {
            // What changes things may take the askers' accounts with it: a server of its own.
            let past = if route.verb.name() == "GET" {
                readers.past(surface, route, &mut known).await
            } else {
                let own = TestApp::start_with(Engine::Sqlite, options()).await;
                Actors::of(&own).await.past(surface, route, &mut known).await
            };
            if let Some(what) = problem(route, &past, readers.0.len()) {
                known.problems.push(format!("{} {}: {what}", route.verb.name(), route.path));
            }
            let _ = writeln!(table, "{} {}: {}", route.verb.name(), route.path, past.join(" "));
        }
        known.problems.extend(known.stale());
        assert!(known.problems.is_empty(), "{}", known.problems.join("\n"));
        insta::assert_snapshot!(table);
    });
}
