//! The ratchet of routes: each is asked by everybody there is, and the table of who gets past the checks is kept.
//!
//! Whom a route lets past follows from its row and from the tables of scopes: whoever holds one of its scopes, and nobody
//! else. That is asserted for every route and every actor, a guest and somebody who may not among them; where more than the
//! scopes decides, the exception stands in a list with its reason. The table (`snapshots/`) makes a changed right visible.
//! `INSTA_UPDATE=always cargo test -p cairn --test scenarios routes` writes the table anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use cairn_http::{RequestStyle, Route, Surface};
use cairn_model::scopes::{ADMIN, GUEST, KEY, NAMES_OF_ORGANIZATION, NAMES_OF_PROJECT, USER};
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

/// What lets somebody past a route, or stops it, beside the scopes.
struct Exception {
    /// Names of routes, or of a service with a dot at its end.
    routes: &'static [&'static str],
    /// Of whom it is true.
    actors: &'static [&'static str],
    /// Why.
    reason: &'static str,
}

const fn except(
    routes: &'static [&'static str],
    actors: &'static [&'static str],
    reason: &'static str,
) -> Exception {
    Exception { routes, actors, reason }
}

/// The exceptions; the list only shrinks.
const EXCEPTIONS: &[Exception] = &[
    except(&["account."], &["admin"], "an admin has no account in a project, which some routes tell first"),
    except(
        &["account.delete", "account.deleteSessions"],
        &["owner"],
        "the console user who asked before was the same",
    ),
    except(
        &["account.listKeys", "account.getKey", "account.deleteKey"],
        &["user"],
        "only accounts of the console have keys",
    ),
    except(
        &["account.deletePushTarget"],
        &["key"],
        "a key has the scope for others' targets, and no account",
    ),
    except(
        &["organization.", "organizations."],
        &["user", "key", "admin"],
        "organizations are the console's",
    ),
    except(&["projects.list"], &["user", "admin"], "projects are listed at the console"),
    except(
        &["databases.deleteDocuments", "tablesDB.deleteRows"],
        &["guest", "user", "console-guest", "console-user", "owner"],
        "many documents at once are for keys and admins",
    ),
    except(
        &["apps."],
        &["console-guest", "console-user", "owner"],
        "applications of others are the projects'",
    ),
    except(
        &[
            "teams.listInstallations",
            "teams.getInstallation",
            "teams.updateInstallation",
            "teams.deleteInstallation",
        ],
        &["console-user", "owner"],
        "so are those that teams have installed",
    ),
    except(
        &["databases.listDocumentLogs", "tablesDB.listRowLogs"],
        &["guest", "user", "console-guest", "console-user", "owner"],
        "who may read a document may not read who changed it",
    ),
    except(&["account.deletePushTarget"], &["key"], "a key has no account whose target it could be"),
    except(
        &["users.createSession", "users.deleteSession", "users.deleteSessions"],
        &["guest", "user", "console-guest", "console-user", "owner"],
        "its scope also lets people begin sessions of their own; these are others'",
    ),
];

/// Who shows a token of the account API, and is refused elsewhere.
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
            actor("admin", project.console(), &[ADMIN, USER]),
            actor("console-guest", app.guest("console"), &[GUEST]),
            actor("console-user", project.admin.console.clone(), &[USER]),
            actor("owner", owner, &[USER]),
        ])
    }

    /// Who gets past the checks of a route.
    async fn past(&self, surface: &Surface, route: &Route, known: &mut Known) -> Vec<&'static str> {
        let mut past = Vec::new();
        for actor in &self.0 {
            let answer = ask(&actor.client, route).await;
            let what = format!("{}: {} got {} {}", actor.name, answer.what, answer.status, answer.text());
            assert!(answer.status < 500, "{what}");
            let is_past = if actor.has_no_account_api(surface) {
                answer.json["code"] != "system:not_found"
            } else {
                !is_refused(&answer)
            };
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
        let of_owners = [ADMIN, &NAMES_OF_ORGANIZATION].concat();
        let held: &[&str] = match surface.style {
            RequestStyle::Account if self.has_no_account_api(surface) => return false,
            RequestStyle::Account if self.name == BEARER => USER,
            RequestStyle::Account => GUEST,
            // A token that is none is refused, also where guests are let in.
            RequestStyle::Appwrite if self.name == BEARER => return false,
            RequestStyle::Appwrite if self.is_at_home(route) => &of_owners,
            RequestStyle::Appwrite => &self.scopes,
        };
        route.scopes.is_empty() || route.scopes.iter().any(|scope| held.contains(scope))
    }

    /// Whether the route is about something that belongs to this console user: a project by its path, the organization
    /// that the request names.
    fn is_at_home(&self, route: &Route) -> bool {
        let is_of = |start: &str| route.path.starts_with(start);
        let is_of_project =
            is_of("/v1/projects/{projectId}") || is_of("/v1/organization/projects/{projectId}");
        match self.name {
            "owner" => is_of_project || is_of("/v1/organization/"),
            "console-user" => is_of_project,
            _ => false,
        }
    }

    /// The account API is the projects' alone: for the console nothing is there.
    fn has_no_account_api(&self, surface: &Surface) -> bool {
        surface.style == RequestStyle::Account
            && ["console-guest", "console-user", "owner"].contains(&self.name)
    }
}

/// What was found on the way.
#[derive(Default)]
struct Known {
    problems: Vec<String>,
    /// Exceptions that were one: who, by which name.
    met: BTreeSet<(&'static str, &'static str)>,
}

impl Known {
    fn excuses(&mut self, route: &Route, actor: &Actor<'_>) -> bool {
        let is_of = |name: &str| name == route.name || (name.ends_with('.') && route.name.starts_with(name));
        let all = EXCEPTIONS.iter().filter(|exception| exception.actors.contains(&actor.name));
        let met = all.flat_map(|exception| exception.routes).find(|name| is_of(name));
        met.map(|name| self.met.insert((name, actor.name))).is_some()
    }

    /// Exceptions that are none any more.
    fn stale(&self) -> Vec<String> {
        let mut stale = Vec::new();
        for Exception { routes, actors, reason } in EXCEPTIONS {
            for (name, actor) in
                routes.iter().flat_map(|name| actors.iter().map(move |actor| (*name, *actor)))
            {
                if !self.met.contains(&(name, actor)) {
                    stale.push(format!("{name}: the scopes say enough of {actor}, no need for `{reason}`"));
                }
            }
        }
        stale
    }
}

fn routes() -> impl Iterator<Item = (&'static Surface, &'static Route)> {
    let all = |surface: &'static Surface| surface.routes.iter().copied().flatten().map(move |r| (surface, r));
    cairn_server::SURFACES.iter().flat_map(all)
}

/// Send the route's method to its path, every parameter but the project's `none`, without a body.
async fn ask(client: &Client<'_>, route: &Route) -> Answer {
    let mut path = route.path.replace("{projectId}", "shop").replace("{project_id}", "shop");
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        path.replace_range(start..=end, "none");
    }
    let method: Method = route.verb.name().parse().expect("a verb is a method");
    client.request().to(method, &path).send().await
}

/// Whether the caller was told that it may not.
fn is_refused(answer: &Answer) -> bool {
    const REFUSALS: [&str; 4] = [
        "general_unauthorized_scope",
        "general_access_forbidden",
        "user_unauthorized",
        "oauth2_invalid_token",
    ];
    // The account API has no `type`, and one code for whoever is not signed in.
    matches!(answer.status, 401 | 403)
        && (answer.json["type"].as_str().is_some_and(|name| REFUSALS.contains(&name))
            || answer.json["code"] == "user:unauthorized")
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
    // These two refuse whatever they are asked.
    "tablesDB.getReplicas",
    "tablesDB.createFailover",
    "mock.getFailure",
];

/// The shape of an answer is declared, and thereby compared with every answer that a scenario gets.
#[test]
fn every_route_says_what_it_gives() {
    for (_, route) in routes() {
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
