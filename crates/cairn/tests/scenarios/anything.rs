//! Whatever is sent to whatever route by whomever: an answer of the catalogue, never a 5xx, never a panic.
//!
//! Parameters have the names that the route declares, so that most requests get past "is not optional", and values from
//! a pool of what breaks servers, so that few get much further. What got through changes the store, and the next request
//! meets it.

use cairn_http::Route;
use cairn_testkit::app::{Answer, Client, Engine, TestApp, on_engine};
use http::Method;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;

/// Requests sent to the embedded engine.
const CASES: u32 = 1_500;
/// Requests sent to PostgreSQL, which takes longer over each.
const CASES_POSTGRES: u32 = 400;
/// Characters of one part of a path at most.
const PART_CHARS_MAX: usize = 500;
/// Deeper than any parser should follow.
const DEPTH: usize = 300;

/// A request to be made of a route's own names.
#[derive(Clone, Debug)]
struct Sent {
    route: Index,
    actor: Index,
    path: Vec<String>,
    values: Vec<Option<Value>>,
    body: Body,
    version: &'static str,
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

fn sent() -> impl Strategy<Value = Sent> {
    let values = prop::collection::vec(prop::option::weighted(0.8, value()), 12);
    let version = select(vec!["", "", "0.11.0", "1.0.0", "1.8.0", "1.9.5", "2.0.0", "x"]);
    (any::<Index>(), any::<Index>(), prop::collection::vec(text(), 4), values, body(), version).prop_map(
        |(route, actor, path, values, body, version)| Sent { route, actor, path, values, body, version },
    )
}

async fn send(sent: &Sent, routes: &[&'static Route], actors: &[Client<'_>]) -> Answer {
    let route = sent.route.get(routes);
    let mut path = route.path.to_owned();
    let mut parts = sent.path.iter().cycle();
    while let Some((start, end)) = path.find('{').zip(path.find('}')) {
        // A longer target is refused before it is anybody's request.
        let part: String =
            parts.next().into_iter().flat_map(|part| part.chars()).take(PART_CHARS_MAX).collect();
        path.replace_range(start..=end, &encoded(if part.is_empty() { "none" } else { &part }));
    }
    let names = (route.handler.specs)().into_iter().map(|spec| spec.name);
    let values = sent.values.iter().cloned().chain(std::iter::repeat(Some(json!("none"))));
    let given: Map<String, Value> =
        names.zip(values).filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let method: Method = route.verb.name().parse().expect("a verb is a method");
    let request = sent.actor.get(actors).request().to(method, &path);
    let request = request.header("x-appwrite-response-format", sent.version);
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
    let app = TestApp::start(engine).await;
    let project = app.project().await;
    let user = project.user("emma").await;
    let actors =
        [project.server(), project.guest(), user.client, project.console(), project.admin.console.clone()];
    let routes = routes();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    // The same requests every time: a red run must mean a change.
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let outcome = TestRunner::new_with_rng(config, rng).run(&sent(), |sent| {
        let answer =
            tokio::task::block_in_place(|| Handle::current().block_on(send(&sent, &routes, &actors)));
        // What is not there yet says so, honestly.
        if answer.status >= 500 && answer.status != 501 {
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
}

#[test]
fn nothing_makes_the_embedded_engine_fail() {
    on_engine(Engine::Sqlite, async || anything_on(Engine::Sqlite, CASES).await);
}

#[test]
fn nothing_makes_postgresql_fail() {
    on_engine(Engine::Postgres, async || anything_on(Engine::Postgres, CASES_POSTGRES).await);
}
