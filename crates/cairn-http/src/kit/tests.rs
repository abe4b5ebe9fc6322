//! The order of checks and the forms of refusals, over a route table of this file.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use cairn_core::passwords::HashCost;
use cairn_core::secrets::SecretKey;
use cairn_core::{App, Options};
use cairn_faults::{ContractAge, Format};
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_store::{SqliteOptions, Store};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};

use super::{HttpOptions, Kit};
use crate::client_addr::TrustedProxies;
use crate::limits::RateLimit;
use crate::rules::{Rule as _, integer};
use crate::wire_version::WireSteps;
use crate::{Answer, Call, Reply, Route, Surface, handler};

crate::params! {
    /// One number.
    pub(super) struct Count {
        /// How many.
        count: i64 = "count" => integer(1, 9).or(1, json!(1)),
    }
}

const ROUTES: &[Route] = &[
    Route::get("/v1/echo", "test.echo", handler!(echo)).scopes(&["public"]),
    Route::post("/v1/echo", "test.createEcho", handler!(echo))
        .scopes(&["public"])
        .limit(RateLimit::per_hour(2)),
    Route::get("/v1/secret", "test.secret", handler!(echo)).scopes(&["users.read"]),
    Route::get("/v1/broken", "test.broken", handler!(broken)),
];

static SURFACES: &[Surface] = &[Surface {
    routes: &[ROUTES],
    steps: WireSteps { requests: &[], responses: &[] },
    format: Format::Appwrite(ContractAge::V1_0),
}];

async fn echo(call: Call<Count>) -> Reply {
    Ok(Answer::ok("echo", Map::from_iter([("count".to_owned(), json!(call.params.count))])))
}

async fn broken(_: Call<()>) -> Reply {
    panic!("a defect")
}

struct Bed {
    kit: Arc<Kit>,
    _dir: tempfile::TempDir,
}

impl Bed {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let clock = Clock::mock(Timestamp(1_767_322_800_000));
        let store = Store::open_sqlite(SqliteOptions::new(dir.path()), clock.clone()).expect("opens");
        let options = Options { hash_cost: HashCost::LEAST, ..Options::default() };
        let key = SecretKey::new(*b"key");
        let app = App::new(store, clock, Rng::seeded(1), Tasks::new(), key, options).expect("starts");
        let http = HttpOptions {
            console_hosts: vec!["localhost".to_owned()],
            is_https_forced: false,
            response_format: None,
            version: "1.9.6".to_owned(),
            body_bytes_max: 1_000,
            proxies: TrustedProxies::parse("", "").expect("no proxies"),
        };
        Self { kit: Kit::new(app, SURFACES, http), _dir: dir }
    }

    async fn send(&self, request: Request<Body>) -> Response<Body> {
        self.kit.handle(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
    }

    async fn json(&self, request: Request<Body>) -> (u16, Value) {
        let response = self.send(request).await;
        let status = response.status().as_u16();
        let bytes = response.into_body().collect().await.expect("a body").to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header("host", "localhost:80").body(Body::empty()).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_answers_with_its_parameters() {
    let bed = Bed::new();
    assert_eq!(bed.json(get("/v1/echo?count=3")).await, (200, json!({"count": 3})));
    let head = Request::head("/v1/echo").body(Body::empty()).expect("a request");
    let head = bed.send(head).await;
    assert_eq!(head.status(), 200);
    assert!(head.headers().contains_key("x-request-id"));
    assert_eq!(head.headers()["server"], "Cairn");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_their_type_and_status() {
    let bed = Bed::new();
    let cases = [
        (get("/v1/nothing"), 404, "general_route_not_found"),
        (get("/v1/echo?count=77"), 400, "general_argument_invalid"),
        (get("/v1/secret"), 401, "general_unauthorized_scope"),
        (get("/v1/broken"), 500, "general_server_error"),
        (
            Request::get("/v1/echo")
                .header("x-appwrite-project", "nowhere")
                .body(Body::empty())
                .expect("one"),
            400,
            "project_unknown",
        ),
        (
            Request::get("/v1/echo")
                .header("origin", "https://evil.example")
                .body(Body::empty())
                .expect("one"),
            403,
            "general_unknown_origin",
        ),
    ];
    for (request, status, kind) in cases {
        let uri = request.uri().clone();
        let (found, body) = bed.json(request).await;
        assert_eq!((found, body["type"].as_str()), (status, Some(kind)), "{uri}: {body}");
    }
    let wrong_verb = Request::delete("/v1/echo").body(Body::empty()).expect("a request");
    assert_eq!(bed.json(wrong_verb).await.0, 405);
    let large = Request::post("/v1/echo").body(Body::from(vec![b'x'; 2_000])).expect("a request");
    assert_eq!(bed.json(large).await.0, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_route_tells_and_enforces_its_limit() {
    let bed = Bed::new();
    let post = || Request::post("/v1/echo").body(Body::empty()).expect("a request");
    let first = bed.send(post()).await;
    assert_eq!(first.headers()["x-ratelimit-limit"], "2");
    assert_eq!(first.headers()["x-ratelimit-remaining"], "1");
    bed.send(post()).await;
    let refused = bed.send(post()).await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preflight_is_always_answered() {
    let bed = Bed::new();
    let asked = Request::options("/v1/echo").header("origin", "https://app.example").body(Body::empty());
    let answer = bed.send(asked.expect("a request")).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example");
}
