//! The order of checks and the forms of refusals, over a route table of this file.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use cairn_core::passwords::HashCost;
use cairn_core::secrets::SecretKey;
use cairn_core::{App, Options};
use cairn_faults::{ContractAge, Format};
use cairn_model::ids::{ProjectId, TeamId};
use cairn_model::projects::{About, Project};
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_store::{ProjectRef, StoreError};
use cairn_testkit::store::{self, Home};
use http::{Method, Request, Response};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value, json};

use super::matching::Matcher;
use super::{HttpOptions, Kit};
use crate::client_addr::TrustedProxies;
use crate::limits::RateLimit;
use crate::rules::{Rule as _, integer, text};
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
    Route::put("/v1/broken", "test.break", handler!(broken)),
    Route::get("/v1/project/things/{thingId}", "test.getThing", handler!(thing))
        .aliases(&["/v1/projects/{projectId}/things/{thingId}"]),
    Route::post("/v1/project/things/special", "test.createSpecial", handler!(echo)),
    Route::get("/v1/organization/projects/{projectId}", "test.getOfOrganization", handler!(echo)),
    Route::patch("/v1/projects/{projectId}/parts", "test.updateParts", handler!(echo)),
    Route::get("/v1/unreadable", "test.unreadable", handler!(unreadable)),
];

static SURFACES: &[Surface] = &[Surface {
    routes: &[ROUTES],
    steps: WireSteps { requests: &[], responses: &[] },
    format: Format::Appwrite(ContractAge::V1_0),
    style: crate::route::RequestStyle::Appwrite,
    unreadable_upload: None,
}];

async fn echo(call: Call<Count>) -> Reply {
    Ok(Answer::ok("echo", Map::from_iter([("count".to_owned(), json!(call.params.count))])))
}

crate::params! {
    /// One thing.
    pub(super) struct Thing {
        /// Which.
        thing_id: String = "thingId" => text(1, 64),
    }
}

crate::params! {
    /// A parameter whose rule has a defect.
    pub(super) struct Unreadable {
        /// How many.
        count: i64 = "count" => defective(integer(1, 9).or(1, json!(1))),
    }
}

fn defective<R>(rule: R) -> R {
    assert!(std::hint::black_box(false), "a defect of a rule");
    rule
}

async fn thing(call: Call<Thing>) -> Reply {
    let mut told = Map::from_iter([("thing".to_owned(), json!(call.params.thing_id))]);
    told.insert("project".to_owned(), json!(call.exchange.project));
    Ok(Answer::ok("thing", told))
}

async fn unreadable(call: Call<Unreadable>) -> Reply {
    Ok(Answer::ok("echo", Map::from_iter([("count".to_owned(), json!(call.params.count))])))
}

async fn broken(_: Call<()>) -> Reply {
    panic!("a defect")
}

struct Bed {
    kit: Arc<Kit>,
    _home: Home,
}

impl Bed {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut HttpOptions)) -> Self {
        let clock = Clock::mock(Timestamp(1_767_322_800_000));
        let (store, home) = store::embedded(clock.clone(), None);
        let options = Options { hash_cost: HashCost::LEAST, ..Options::default() };
        let key = SecretKey::new(*b"key");
        let app = App::new(store, clock, Rng::seeded(1), Tasks::new(), key, options).expect("starts");
        let mut http = HttpOptions {
            console_hosts: vec!["localhost".to_owned()],
            is_https_forced: false,
            response_format: None,
            version: "1.9.6".to_owned(),
            body_bytes_max: 1_000,
            account_project: None,
            proxies: TrustedProxies::parse("", "").expect("no proxies"),
        };
        change(&mut http);
        Self { kit: Kit::new(app, SURFACES, http), _home: home }
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

fn sent(method: &str, path: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::empty()).expect("a request")
}

async fn make_project(bed: &Bed, id: &'static str) {
    let now = Timestamp(1_767_322_800_000);
    let row = Project {
        id: ProjectId::from(id),
        number: i64::try_from(id.len()).expect("short"),
        seq: 1,
        team_id: TeamId::from("acme"),
        name: id.to_owned(),
        region: "default".to_owned(),
        labels: Vec::new(),
        is_going: false,
        about: About::default(),
        pinged_at: None,
        accessed_at: None,
        created: now,
        updated: now,
    };
    let store = &bed.kit.app.store;
    store.project_prepare(id).await.expect("prepares");
    let made: Result<(), StoreError> =
        store.write(&ProjectRef::console(), move |tx| async move { tx.project_insert(&row).await }).await;
    made.expect("writes");
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
        (get("/v1/broken"), 500, "general_unknown"),
        (sent("PUT", "/v1/broken", &[]), 500, "general_unknown"),
        (get("/v1/unreadable"), 500, "general_unknown"),
        (sent("GET", "/v1/echo", &[("x-appwrite-timestamp", "yesterday")]), 400, "general_argument_invalid"),
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

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_lacks_the_method_tells_those_it_has() {
    let bed = Bed::new();
    let cases = [
        ("DELETE", "/v1/echo", 405, Some("GET, HEAD, POST, OPTIONS")),
        ("GET", "/v1/projects/shop/parts", 405, Some("PATCH, OPTIONS")),
        ("TRACE", "/v1/secret", 501, Some("GET, HEAD, OPTIONS")),
        ("GET", "/v1/nothing", 404, None),
        ("TRACE", "/v1/nothing", 404, None),
    ];
    for (method, path, status, allow) in cases {
        for format in ["appwrite", "problem", "discord", "reason", "everlive"] {
            let headers = [("x-error-format", format), ("origin", "http://localhost:3000")];
            let answer = bed.send(sent(method, path, &headers)).await;
            let told = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
            assert_eq!(told("allow"), allow, "{method} {path} {format}");
            // The other contracts have statuses of their own.
            if ["appwrite", "problem"].contains(&format) && status != 501 {
                assert_eq!(answer.status().as_u16(), status, "{method} {path} {format}");
            }
            assert_eq!(told("access-control-allow-origin"), Some("http://localhost:3000"), "{path} {format}");
            assert!(told("x-request-id").is_some() && told("server") == Some("Cairn"), "{path} {format}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_are_read_as_they_were_meant() {
    let bed = Bed::new();
    make_project(&bed, "shop").await;
    let cases = [
        ("/v1/project/things/a%2Fb%20c", "a/b c", "console"),
        ("/v1/project/things/a/", "a", "console"),
        ("/v1/project/things/special", "special", "console"),
        ("/v1/projects/shop/things/a+b", "a+b", "shop"),
    ];
    for (path, thing, project) in cases {
        assert_eq!(bed.json(get(path)).await, (200, json!({"thing": thing, "project": project})), "{path}");
    }
    let (status, _) = bed.json(get("/v1/project/things/a%00b")).await;
    assert_eq!(status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn head_tells_the_length_that_get_would_send() {
    let bed = Bed::new();
    let answer = bed.send(sent("HEAD", "/v1/echo?count=3", &[])).await;
    assert_eq!(answer.headers()["content-length"], r#"{"count":3}"#.len().to_string().as_str());
    assert!(answer.into_body().collect().await.expect("a body").to_bytes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn path_header_and_key_are_about_one_project() {
    let bed = Bed::new();
    make_project(&bed, "shop").await;
    make_project(&bed, "journal").await;
    let (alias, parts) = ("/v1/projects/shop/things/a", "/v1/projects/shop/parts");
    let key = ("x-appwrite-key", "standard_abc");
    let project = |id: &'static str| ("x-appwrite-project", id);
    let cases = [
        ("GET", alias, vec![project("journal")], 401, Some("user_unauthorized")),
        ("PATCH", parts, vec![project("journal")], 401, Some("user_unauthorized")),
        ("PATCH", "/v1/projects/shop/parts?project=journal", vec![], 401, Some("user_unauthorized")),
        (
            "GET",
            "/v1/projects/shop/things/a?project=journal",
            vec![project("journal")],
            401,
            Some("user_unauthorized"),
        ),
        ("GET", alias, vec![project("console")], 200, None),
        ("GET", alias, vec![project("shop")], 200, None),
        ("GET", alias, vec![project("shop"), key], 200, None),
        ("GET", alias, vec![project("console"), key], 403, Some("project_id_missing")),
        ("GET", "/v1/echo?project=shop", vec![key], 403, Some("project_id_missing")),
        ("GET", "/v1/echo", vec![project("shop"), key], 200, None),
        ("GET", "/v1/echo?project=shop", vec![("x-appwrite-key", "organization_abc")], 200, None),
    ];
    for (method, path, mut headers, status, kind) in cases {
        headers.push(("x-appwrite-response-format", "1.9.0"));
        let (found, body) = bed.json(sent(method, path, &headers)).await;
        assert_eq!((found, body["type"].as_str()), (status, kind), "{method} {path} {headers:?}: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_request_is_its_origin_and_not_its_referer() {
    let bed = Bed::new();
    let linked = bed.send(sent("GET", "/v1/echo", &[("referer", "https://mail.example/inbox")])).await;
    assert_eq!(linked.status(), 200);
    assert!(!linked.headers().contains_key("access-control-allow-origin"));
    for origin in
        ["null", "https://localhost.evil.example", "https://evil.example@", "https://evil.example#localhost"]
    {
        let refused = bed.send(sent("GET", "/v1/echo", &[("origin", origin)])).await;
        assert_eq!(refused.status(), 403, "{origin}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fallback_is_told_as_the_source_of_the_session() {
    let bed = Bed::new();
    let value = cairn_core::tokens::session_value("ada", "s");
    let fallback = json!({ "a_session_console": value }).to_string();
    let cookie = format!("a_session_console={value}");
    let cases: [(&[(&str, &str)], &str); 5] = [
        (&[], "true"),
        (&[("x-appwrite-session", &value)], "false"),
        (&[("cookie", &cookie)], "false"),
        (&[("x-fallback-cookies", &fallback)], "true"),
        (&[("x-appwrite-session", "made up"), ("x-fallback-cookies", &fallback)], "true"),
    ];
    for (headers, expected) in cases {
        let answer = bed.send(sent("GET", "/v1/echo", headers)).await;
        assert_eq!(answer.headers()["x-debug-fallback"], expected, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn https_alone_is_refused_where_the_page_can_read_why() {
    let bed = Bed::with(|http| http.is_https_forced = true);
    let headers = [("origin", "http://localhost"), ("x-error-format", "problem")];
    let refused = bed.send(sent("GET", "/v1/echo", &headers)).await;
    assert!(refused.status().is_client_error(), "{}", refused.status());
    assert_eq!(refused.headers()["access-control-allow-origin"], "http://localhost");
}

#[test]
fn management_paths_name_the_project_on_which_rights_are_needed() {
    let matcher = Matcher::new(SURFACES);
    let cases = [
        (Method::GET, "/v1/projects/shop/things/a", Some("shop"), true),
        (Method::PATCH, "/v1/projects/sh%6fp/parts", Some("shop"), false),
        (Method::GET, "/v1/organization/projects/shop", Some("shop"), false),
        (Method::GET, "/v1/project/things/a", None, false),
    ];
    for (method, path, project, is_alias) in cases {
        let matched = matcher.find(&method, path).ok().expect("a route");
        assert_eq!((matched.path_project.as_deref(), matched.is_alias()), (project, is_alias), "{path}");
    }
}
