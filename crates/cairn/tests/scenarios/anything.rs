//! Whatever is sent to whatever route by whomever: an answer of the catalogue, never a 5xx, never a panic.
//!
//! Parameters have the names that the route declares. Most of their values have the form that is asked for, so that many
//! requests get through; the others come from a pool of what breaks servers, and so do headers. What got through changes
//! the store, and the next request meets it. `CAIRN_TEST_REQUESTS=100000` sends so many to the embedded engine.

use std::cell::Cell;

use cairn_http::Route;
use cairn_http::rules::{Shape, ShapeKind};
use cairn_testkit::app::{Answer, Client, Engine, Project, TestApp, TestOptions, on_engine};
use http::Method;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

use crate::account_api::PASSWORD;
use crate::databases::Words;

/// Requests sent to the embedded engine.
const CASES: u32 = 5_000;
/// One in so many requests gets through at least; otherwise little is tested.
const THROUGH: u32 = 14;
/// Requests sent to PostgreSQL, which takes longer over each.
const CASES_POSTGRES: u32 = 1_200;
/// Characters of one part of a path at most.
const PART_CHARS_MAX: usize = 500;
/// What takes the project or the askers with it, after which nothing else would be asked.
const ENDS: &[&str] = &[
    "project.delete",
    "organization.deleteProject",
    "organization.delete",
    "account.delete",
    "account.deleteSessions",
    "account.updateStatus",
    "users.updateStatus",
    "auth.logout",
    "auth.changePassword",
    "user.delete",
    "users.ban",
    "users.revokeRole",
    // They speak to a mail server that the request names.
    "project.updateSMTP",
    "project.createSMTPTest",
];
/// Stands for the id of something that is there.
const THERE: &str = "there";
/// Deeper than any parser should follow.
const DEPTH: usize = 300;

/// A request to be made of a route's own names.
#[derive(Clone, Debug)]
struct Sent {
    route: Index,
    actor: Index,
    path: Vec<String>,
    values: Vec<Option<Given>>,
    body: Body,
    version: &'static str,
    headers: Vec<(&'static str, String)>,
}

/// What is sent for one parameter.
#[derive(Clone, Debug)]
enum Given {
    /// Something of the form that the parameter asks for, this one of several.
    Fitting(u64),
    /// Whatever there is.
    Anything(Value),
}

/// How the parameters travel.
#[derive(Clone, Debug)]
enum Body {
    Json,
    Form,
    Query,
    Bytes(&'static str, Vec<u8>),
}

fn routes() -> Vec<&'static Route> {
    cairn_server::SURFACES.iter().flat_map(|surface| surface.routes.iter().copied()).flatten().collect()
}

fn text() -> impl Strategy<Value = String> {
    let known = select(vec![
        "",
        " ",
        "none",
        "unique()",
        "emma",
        "shop",
        "console",
        "null",
        "true",
        "-1",
        "0",
        "9223372036854775808",
        "1e400",
        "2026-01-02T03:04:05.678+00:00",
        "emma@example.com",
        "correct horse battery",
        "+4915112345678",
        "read(\"any\")",
        "create(\"users\")",
        "{\"method\":\"limit\",\"values\":[1]}",
        "{\"method\":\"equal\"}",
        "{\"method\":\"cursorAfter\",\"values\":[\"none\"]}",
        "{\"method\":\"orderDesc\",\"attribute\":\"$id\"}",
        "..",
        "%00",
        "\u{0}",
        "\u{feff}",
        "\u{1F600}",
        "a'b\"c;--",
        "cairn_users",
        "127.0.0.1",
        "http://[::1]/",
    ]);
    prop_oneof![
        8 => known.prop_map(str::to_owned),
        2 => ".{0,40}",
        1 => (1_usize..70_000).prop_map(|length| "x".repeat(length)),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        8 => text().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            2 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            1 => prop::collection::vec((text(), inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Body> {
    let types = [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "",
    ];
    let nested = "[".repeat(DEPTH) + &"]".repeat(DEPTH);
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        Just(nested.into_bytes()),
        Just(b"{\"a\":".to_vec())
    ];
    prop_oneof![
        8 => Just(Body::Json),
        2 => Just(Body::Form),
        2 => Just(Body::Query),
        1 => (select(types.to_vec()), bytes).prop_map(|(kind, bytes)| Body::Bytes(kind, bytes)),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let names = vec![
        "accept",
        "content-type",
        "cookie",
        "host",
        "if-none-match",
        "origin",
        "range",
        "user-agent",
        "x-appwrite-dev-key",
        "x-appwrite-jwt",
        "x-appwrite-key",
        "x-appwrite-locale",
        "x-appwrite-mode",
        "x-appwrite-organization",
        "x-appwrite-project",
        "x-appwrite-session",
        "x-appwrite-timestamp",
        "x-appwrite-user",
        "x-error-format",
        "x-fallback-cookies",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-request-id",
        "x-sdk-name",
    ];
    let known = select(vec![
        "",
        "admin",
        "shop",
        "console",
        "emma",
        "admin-org",
        "reason",
        "everlive",
        "discord",
        "problem",
        "https://evil.example",
        "null",
        "a_session_shop=eyJpZCI6ImVtbWEiLCJzZWNyZXQiOiJ4In0=",
        "{\"a_session_shop\":\"eyJpZCI6ImVtbWEiLCJzZWNyZXQiOiJ4In0=\"}",
        "eyJhbGciOiJIUzI1NiJ9.e30.x",
        "2026-01-02T03:04:05.678+00:00",
        "bytes=5-1",
    ]);
    let text = prop_oneof![3 => known.prop_map(str::to_owned), 1 => "[ -~]{0,60}"];
    prop::collection::vec((select(names), text), 0..2)
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![8 => any::<u64>().prop_map(Given::Fitting), 1 => value().prop_map(Given::Anything)]
}

/// Something that fits a parameter, or nearly.
fn fitting(shape: &Shape, choice: u64) -> Value {
    let pick = |of: usize| usize::try_from(choice % of as u64).unwrap_or_default();
    if let Some(value) = shape.allowed.get(pick(shape.allowed.len().max(1))) {
        return json!(value);
    }
    let bounds = [shape.min, shape.max, Some(0.0), Some(1.0), shape.max.map(|max| max + 1.0), Some(-1.0)];
    #[expect(clippy::cast_possible_truncation, reason = "a bound of a parameter is a small whole number")]
    let whole = |bound: f64| bound as i64;
    match shape.kind {
        ShapeKind::Text => match (shape.example, choice % 4) {
            (Some(example), 0..3) => json!(example),
            _ => json!(["emma", "shop", "c", "title", "unique()", "Emma", "text", "\u{1F600}"][pick(8)]),
        },
        ShapeKind::Integer => json!(bounds[pick(6)].map_or(5, whole)),
        ShapeKind::Number => json!(bounds[pick(6)].unwrap_or(0.5)),
        ShapeKind::Boolean => json!(choice.is_multiple_of(2)),
        ShapeKind::Object => {
            [json!({}), json!({ "title": "x" }), json!({ "a": { "b": [1, null] } })][pick(3)].clone()
        }
        ShapeKind::Array => {
            let item = shape.items.as_deref().map_or(json!("a"), |items| fitting(items, choice / 7));
            Value::Array(vec![item; pick(3)])
        }
    }
}

fn sent() -> impl Strategy<Value = Sent> {
    let values = prop::collection::vec(prop::option::weighted(0.95, given()), 12);
    let version = select(vec!["", "", "0.11.0", "1.0.0", "1.8.0", "1.9.5", "2.0.0", "x"]);
    // Ids of what is there, most of the time.
    let path = prop::collection::vec(prop_oneof![8 => Just(THERE.to_owned()), 1 => text()], 4);
    (any::<Index>(), any::<Index>(), path, values, body(), version, headers()).prop_map(
        |(route, actor, path, values, body, version, headers)| Sent {
            route,
            actor,
            path,
            values,
            body,
            version,
            headers,
        },
    )
}

/// The id of what is there, by the name of a path's parameter; nothing of it is ever deleted.
fn there(name: &str, method: &str) -> &'static str {
    match name {
        _ if method == "DELETE" => "other",
        "databaseId" => "new",
        "collectionId" | "tableId" => "c",
        "documentId" | "rowId" => "one",
        "key" => "title",
        "userId" => "emma",
        "projectId" => "shop",
        "sessionId" => "current",
        "teamId" => "team",
        _ => "text",
    }
}

async fn send(sent: &Sent, routes: &[&'static Route], actors: &[Client<'_>]) -> Answer {
    let route = sent.route.get(routes);
    let mut path = route.path.to_owned();
    let mut parts = sent.path.iter().cycle();
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        // A longer target is refused before it is anybody's request.
        let part = parts.next().map_or("", String::as_str);
        let known = || there(&path[start + 1..end], route.verb.name());
        let part = if part == THERE { known() } else { part };
        let part: String = part.chars().take(PART_CHARS_MAX).collect();
        path.replace_range(start..=end, &encoded(if part.is_empty() { "none" } else { &part }));
    }
    let values = sent.values.iter().cloned().chain(std::iter::repeat(Some(Given::Fitting(0))));
    let specs = (route.handler.specs)().into_iter().zip(values);
    let given: Map<String, Value> = specs
        .filter_map(|(spec, value)| {
            let value = match value? {
                Given::Fitting(choice) => fitting(&spec.shape, choice),
                Given::Anything(value) => value,
            };
            Some((spec.name.to_owned(), value))
        })
        .collect();
    let method: Method = route.verb.name().parse().expect("a verb is a method");
    let request = sent.actor.get(actors).request().to(method, &path);
    let request = request.header("x-appwrite-response-format", sent.version);
    let request = sent.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let pairs = || given.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(&plain(value))));
    let request = match &sent.body {
        Body::Json => request.json(&Value::Object(given)),
        Body::Form => {
            let form = pairs().collect::<Vec<_>>().join("&");
            request.body("application/x-www-form-urlencoded", form)
        }
        Body::Query => {
            let target = format!("{path}?{}", pairs().collect::<Vec<_>>().join("&"));
            if target.len() < 60_000 { request.at(&target) } else { request }
        }
        Body::Bytes(kind, bytes) => request.body(kind, bytes.clone()),
    };
    request.send().await
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Percent-encoded.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(byte).collect()
}

async fn anything_on(engine: Engine, cases: u32) {
    let mut options = TestOptions::default();
    options.account.verifies_devices = false;
    let app = TestApp::start_with(engine, options).await;
    let project = app.project().await;
    let user = project.user("emma").await;
    // Those who may do something more often than those who may not.
    let server = || project.server();
    let moderator = moderator(&project).await;
    let actors = [
        server(),
        server(),
        server(),
        project.console(),
        user.client,
        project.guest(),
        project.admin.console.clone(),
        moderator,
    ];
    let words = &Words::all(&project.server())[1];
    words.make(json!([{ "key": "title", "type": "string", "size": 20 }]), json!([])).await;
    words.document("one", json!({ "title": "x" })).await.expect(201);
    project.server().post("/v1/teams", json!({ "teamId": "team", "name": "Team" })).await.expect(201);
    let mut routes = routes();
    routes.retain(|route| !ENDS.contains(&route.name));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same requests every time: a red run must mean a change.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let through = Cell::new(0);
    let outcome = TestRunner::new_with_rng(config, rng).run(&sent(), |sent| {
        let answer =
            tokio::task::block_in_place(|| Handle::current().block_on(send(&sent, &routes, &actors)));
        through.set(through.get() + u32::from(answer.status < 400));
        // What is not there yet, and what is not configured, says so, honestly.
        let is_absent = answer.status == 501
            || ["general_smtp_disabled", "general_phone_disabled"]
                .iter()
                .any(|name| answer.json["type"] == *name)
            // What the account API and the oldest contract, which has no types, say of the same.
            || answer.json["code"] == "worker:connection_failed"
            || ["The server cannot send mail.", "The server cannot send text messages."]
                .iter()
                .any(|message| answer.json["message"] == *message);
        if answer.status >= 500 && !is_absent {
            return Err(TestCaseError::fail(format!(
                "{} got {} {}",
                answer.what,
                answer.status,
                answer.text()
            )));
        }
        Ok(())
    });
    if let Err(error) = outcome {
        let text = error.to_string();
        panic!("{}", text.chars().take(4_000).collect::<String>());
    }
    // A long run uses up what there is: it gets as many through as a short one, not as large a part.
    let least = cases.min(CASES) / THROUGH;
    assert!(through.get() >= least, "only {} of {cases} requests got through", through.get());
    // Whatever was asked of a server on which nothing is configured that calls somebody, it called nobody.
    assert_eq!(app.app.net.sent(), 0, "requests went out of the server");
}

/// Somebody of the account API who may do there what anybody may.
async fn moderator<'a>(project: &Project<'a>) -> Client<'a> {
    let maria = project.user("maria").await;
    let labels = json!({ "labels": ["admin"] });
    project.server().put("/v1/users/maria/labels", labels).await.expect(200);
    let proved = json!({ "emailVerification": true });
    project.server().patch("/v1/users/maria/verification", proved).await.expect(200);
    let login = json!({ "email": maria.email, "password": PASSWORD });
    let tokens = project.guest().post("/v0/app/auth/login", login).await.expect(200);
    project.guest().with("authorization", &format!("Bearer {}", tokens.text_of("token")))
}

/// How many requests to send to the embedded engine.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests may ask for more of them")]
fn cases() -> u32 {
    std::env::var("CAIRN_TEST_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(CASES)
}

#[test]
fn nothing_makes_the_embedded_engine_fail() {
    on_engine(Engine::Sqlite, async || anything_on(Engine::Sqlite, cases()).await);
}

#[test]
fn nothing_makes_postgresql_fail() {
    on_engine(Engine::Postgres, async || anything_on(Engine::Postgres, CASES_POSTGRES).await);
}
