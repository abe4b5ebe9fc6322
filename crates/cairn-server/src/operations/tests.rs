//! The pages as operators and people get them.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use cairn_core::App;
use cairn_core::passwords::HashCost;
use cairn_core::secrets::SecretKey;
use cairn_std::{Clock, Rng, Tasks, Timestamp};
use cairn_testkit::store::{self, Home};
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;

use crate::config::{Config, Sources};
use crate::connections::Answers as _;
use crate::site::Site;
use crate::start;

const LOCAL: &str = "127.0.0.1";
const ELSEWHERE: &str = "192.0.2.7";

struct Bed {
    site: Arc<Site>,
    _home: Home,
}

struct Page {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Page {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Bed {
    fn new(environment: &[(&str, &str)]) -> Self {
        let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let config: Config = Sources { environment, ..Sources::default() }.read().unwrap();
        let clock = Clock::mock(Timestamp(1_767_322_800_000));
        let (store, home) = store::embedded(clock.clone(), None);
        let options = start::options(&config, None, HashCost::LEAST).expect("usable settings");
        let key = SecretKey::new(*b"key");
        let app = App::new(store, clock, Rng::seeded(1), Tasks::new(), key, options).unwrap();
        Self { site: Site::new(app, config).unwrap(), _home: home }
    }

    async fn send(&self, peer: &str, method: &str, path: &str, headers: &[(&str, &str)]) -> Page {
        let request = Request::builder().method(method).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let peer: IpAddr = peer.parse().unwrap();
        let answer = Arc::clone(&self.site).handle(request.body(Body::empty()).unwrap(), peer).await.unwrap();
        let (parts, body) = answer.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        Page { status: parts.status.as_u16(), headers: parts.headers, text }
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Page {
        self.send(LOCAL, "GET", path, headers).await
    }
}

#[tokio::test]
async fn health_and_readiness() {
    let bed = Bed::new(&[]);
    let page = bed.get("/health-check", &[]).await;
    assert_eq!((page.status, page.text.as_str()), (204, ""));
    let page = bed.get("/healthz", &[]).await;
    assert_eq!((page.status, page.text.as_str()), (200, r#"{"status":"ok"}"#));
    let page = bed.get("/readyz", &[]).await;
    assert_eq!((page.status, page.text.as_str()), (200, r#"{"status":"ready","store":"sqlite"}"#));
    let page = bed.send(LOCAL, "HEAD", "/healthz", &[]).await;
    assert_eq!((page.status, page.text.as_str()), (200, ""));
    bed.site.app.tasks.shutdown().await;
    assert_eq!(bed.get("/readyz", &[]).await.status, 503, "a server that stops wants no new requests");
    assert_eq!(bed.get("/healthz", &[]).await.status, 200, "and is alive until it has");
}

#[tokio::test]
async fn counts_are_for_this_machine_or_a_token() {
    let (open, tokened) = (Bed::new(&[]), Bed::new(&[("CAIRN_METRICS_TOKEN", "geheim")]));
    for (bed, peer, headers, status) in [
        (&open, LOCAL, &[][..], 200),
        (&open, "::1", &[], 200),
        (&open, "::ffff:127.0.0.1", &[], 200),
        (&open, ELSEWHERE, &[], 403),
        (&open, LOCAL, &[("x-forwarded-for", ELSEWHERE)], 403),
        (&open, ELSEWHERE, &[("authorization", "Bearer ")], 403),
        (&tokened, ELSEWHERE, &[], 403),
        (&tokened, ELSEWHERE, &[("authorization", "Bearer geheim")], 200),
        (&tokened, ELSEWHERE, &[("authorization", "Bearer geheimer")], 403),
    ] {
        let page = bed.send(peer, "GET", "/metrics", headers).await;
        assert_eq!(page.status, status, "{peer} {headers:?}: {}", page.text);
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
    let bed = Bed::new(&[]);
    for path in ["/v1/health/version", "/v1/health/version", "/v1/nowhere", "/errors/nothing"] {
        bed.get(path, &[]).await;
    }
    let page = bed.get("/metrics", &[]).await;
    for line in [
        r#"cairn_http_requests_total{route="health.getVersion",status="200"} 2"#,
        r#"cairn_http_requests_total{route="unmatched",status="404"} 1"#,
        r#"cairn_http_requests_total{route="errors.get",status="404"} 1"#,
        r#"cairn_http_request_duration_seconds_count{route="health.getVersion"} 2"#,
        "cairn_store_group_transactions_count 0",
        "cairn_store_open_projects 1",
        "cairn_store_waiting_transactions 0",
        "cairn_hash_waiting 0",
        "cairn_mail_waiting 0",
        r#"cairn_cache_misses_total{cache="projects"} 1"#,
        "cairn_outbound_requests_total 0",
    ] {
        assert!(page.text.lines().any(|have| have == line), "{line} is not in\n{}", page.text);
    }
}

#[tokio::test]
async fn errors_have_pages_for_people_and_programs() {
    let bed = Bed::new(&[]);
    let browser = [("accept", "text/html,application/xhtml+xml")];
    for path in ["/errors", "/errors/user_blocked"] {
        let page = bed.get(path, &browser).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
        assert!(page.text.contains("user_blocked"));
        let page = bed.get(path, &[]).await;
        assert_eq!((page.status, page.header("content-type")), (200, "application/json; charset=UTF-8"));
        let again = bed.get(path, &[("if-none-match", page.header("etag"))]).await;
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }
}

#[tokio::test]
async fn the_server_describes_its_api() {
    let bed = Bed::new(&[("_APP_VERSION", "1.9.99")]);
    let page = bed.get("/openapi.json", &[]).await;
    assert_eq!((page.status, page.header("content-type")), (200, "application/json; charset=UTF-8"));
    let document: serde_json::Value = serde_json::from_str(&page.text).expect("JSON");
    assert_eq!(document["info"]["version"], "1.9.99", "the version that its clients are told");
    let route = &document["paths"]["/v1/health/version"]["get"];
    assert_eq!(route["operationId"], "healthGetVersion");
    let again = bed.get("/openapi.json", &[("if-none-match", page.header("etag"))]).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
}

#[tokio::test]
async fn refusals_are_problems_unless_asked_otherwise() {
    let bed = Bed::new(&[]);
    let page = bed.get("/errors/nothing", &[]).await;
    assert_eq!((page.status, page.header("content-type")), (404, "application/problem+json"));
    let page = bed.get("/errors/nothing", &[("x-error-format", "appwrite"), ("x-request-id", "mine")]).await;
    assert!(page.text.contains(r#""type":"general_route_not_found""#), "{}", page.text);
    assert_eq!(page.header("x-request-id"), "mine");
    assert_eq!(bed.send(LOCAL, "POST", "/healthz", &[]).await.status, 405);
}
