//! What every route shares: paths that do not exist, methods, bodies, projects, formats.

use cairn_testkit::app::{TestApp, TestOptions};
use serde_json::json;

use crate::scenarios;

/// The header of a client that speaks the newer contract; one without it is told in the older one.
const NEW: (&str, &str) = ("x-appwrite-response-format", "1.9.5");

scenarios! {
    /// Nothing is at this path.
    general_route_not_found proves [
        "appwrite-types.csv,general_route_not_found",
        "appwrite-types-1.9.csv,general_route_not_found",
        "appwrite-http.csv,404",
    ] (app) {
        let guest = app.guest("console");
        guest.get("/v1/nowhere").await.expect_fault(404, "general_route_not_found");
        guest.with("x-appwrite-response-format", "1.9.0").get("/v1/nowhere").await
            .expect_fault(404, "general_route_not_found");
    }

    /// The server is reached over https alone.
    general_protocol_unsupported proves [
        "appwrite-types.csv,general_protocol_unsupported",
        "appwrite-types-1.9.csv,general_protocol_unsupported",
        "appwrite-http.csv,500",
    ] (app) {
        let options = TestOptions { is_https_forced: true, ..TestOptions::default() };
        let app = TestApp::start_with(app.engine(), options).await;
        let guest = app.guest("console");
        guest.post("/v1/account", json!({})).await.expect_fault(500, "general_protocol_unsupported");
        guest.with(NEW.0, NEW.1).post("/v1/account", json!({})).await
            .expect_fault(426, "general_protocol_unsupported");
    }

    /// What the server can do has not changed since the caller read it.
    not_modified proves ["appwrite-http.csv,304"] (app) {
        let console = app.admin("admin").await.console;
        for (path, keeping) in [
            ("/v1/console/scopes/project", "no-cache"),
            ("/v1/console/variables", "private, no-cache"),
            ("/humans.txt", "no-cache"),
        ] {
            let first = console.get(path).await.expect(200);
            assert_eq!(first.header("cache-control"), keeping, "{path}");
            let tag = first.header("etag");
            let again = console.with("if-none-match", tag).get(path).await.expect(304);
            assert!(again.body.is_empty() && again.header("etag") == tag, "{path}: {again:?}");
            let other = console.with("if-none-match", "\"other\"").get(path).await.expect(200);
            assert_eq!(other.body, first.body, "{path}");
        }
        // Who may not ask is told so, whatever it has.
        let guest = app.guest("console").with("if-none-match", "*");
        guest.get("/v1/console/variables").await.expect_fault(401, "general_unauthorized_scope");
        let account = console.with("if-none-match", "*").get("/v1/account").await.expect(200);
        assert_eq!(account.header("etag"), "", "what is somebody's own is not kept by others");
    }

    /// A guest asks for an account.
    general_unauthorized_scope proves [
        "appwrite-types.csv,general_unauthorized_scope",
        "appwrite-types-1.9.csv,general_unauthorized_scope",
    ] (app) {
        let project = app.project().await;
        for client in [project.guest(), project.guest().with(NEW.0, NEW.1)] {
            client.get("/v1/account").await.expect_fault(401, "general_unauthorized_scope");
        }
    }

    /// More sign-ins than the limit allows, until its window ends.
    general_rate_limit_exceeded proves [
        "appwrite-types.csv,general_rate_limit_exceeded",
        "appwrite-types-1.9.csv,general_rate_limit_exceeded",
        "appwrite-http.csv,429",
    ] (app) {
        let options = TestOptions { has_rate_limits: true, ..TestOptions::default() };
        let app = TestApp::start_with(app.engine(), options).await;
        let project = app.project().await;
        let wrong = json!({ "email": "nobody@example.com", "password": "incorrect horse" });
        for _ in 0..10 {
            project.guest().post("/v1/account/sessions/email", wrong.clone()).await
                .expect_fault(401, "user_invalid_credentials");
        }
        for client in [project.guest(), project.guest().with(NEW.0, NEW.1)] {
            let answer = client.post("/v1/account/sessions/email", wrong.clone()).await;
            answer.expect_fault(429, "general_rate_limit_exceeded");
            assert_eq!(answer.header("x-ratelimit-remaining"), "0");
        }
        app.clock.advance_ms(3_600_000);
        project.guest().post("/v1/account/sessions/email", wrong).await
            .expect_fault(401, "user_invalid_credentials");
    }
}

/// The oldest contract has no types.
#[test]
fn the_oldest_contract_has_no_types() {
    cairn_testkit::app::each_engine(async |app| {
        let answer =
            app.guest("console").with("x-appwrite-response-format", "0.11.0").get("/v1/nowhere").await;
        let answer = answer.expect(404);
        assert!(answer.json.get("type").is_none(), "{}", answer.text());
    });
}
