//! Signing in through providers of identity: a fake one on loopback, the routes as a browser walks them.

use cairn_net::Allowed;
use cairn_testkit::app::{Answer, Client, Project, TestApp, TestOptions};
use cairn_testkit::provider::Provider as Fake;
use serde_json::{Value, json};

use crate::ask::{NEW, refused, refused_as};
use crate::scenarios;

const SUCCESS: &str = "http://localhost/in";
const FAILURE: &str = "http://localhost/out";
/// Minutes that a browser may take, and one more.
const TOO_LATE_MS: i64 = 11 * 60 * 1_000;

/// A server on the same engine that may call this machine, and plays providers itself.
async fn open(app: &TestApp) -> TestApp {
    let loopback = "127.0.0.0/8".parse().expect("a network");
    let outbound = Allowed::new(vec![loopback]);
    let options = TestOptions { outbound, is_development: true, ..TestOptions::default() };
    TestApp::start_with(app.engine(), options).await
}

/// The project's OpenID Connect is the fake provider, which tells of Ada.
async fn enter(project: &Project<'_>, fake: &Fake) {
    let origin = fake.origin();
    let entered = json!({
        "clientId": "app",
        "clientSecret": "s3cret",
        "authorizationURL": format!("{origin}/authorize"),
        "tokenURL": format!("{origin}/token"),
        "userInfoURL": format!("{origin}/user"),
        "enabled": true,
    });
    project.server().patch("/v1/project/oauth2/oidc", entered).await.expect(200);
    fake.answer("/token", 200, json!({ "access_token": "at", "refresh_token": "rt", "expires_in": 60 }));
    fake.answer(
        "/user",
        200,
        json!({ "sub": "ada", "email": "ada@example.com", "email_verified": true, "name": "Ada" }),
    );
}

/// The parameter of the address that an answer leads to.
fn parameter(answer: &Answer, name: &str) -> String {
    let query = answer.header("location").split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value);
    let decoded = found.map(|value| value.replace('+', " ")).unwrap_or_default();
    percent_decoded(&decoded)
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            let hex = str::from_utf8(&hex).expect("hex");
            bytes.push(u8::from_str_radix(hex, 16).expect("hex"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("text")
}

/// A browser that was sent to the provider.
struct Sent {
    state: String,
    cookie: String,
}

async fn send(client: &Client<'_>, provider: &str, what: &str) -> Sent {
    let path = format!("/v1/account/{what}/oauth2/{provider}?success={SUCCESS}&failure={FAILURE}");
    let answer = client.get(&path).await.expect(301);
    let cookie = answer.cookie("a_oauth_browser").expect("the browser is recognized by it").to_owned();
    Sent { state: parameter(&answer, "state"), cookie: format!("a_oauth_browser={cookie}") }
}

/// The browser comes back as the provider sends it.
async fn come_back(client: &Client<'_>, provider: &str, sent: &Sent, more: &str) -> Answer {
    let path = format!("/v1/account/sessions/oauth2/{provider}/redirect?state={}{more}", sent.state);
    client.with("cookie", &sent.cookie).get(&path).await
}

/// There and back again; where the browser is sent in the end.
async fn through(client: &Client<'_>, what: &str) -> Answer {
    let sent = send(client, "oidc", what).await;
    come_back(client, "oidc", &sent, "&code=good").await.expect(301)
}

/// The trip ends at the failure address, which tells this.
async fn fails(client: &Client<'_>, more: &str, code: u16, kind: &str) {
    for client in [client.clone(), client.with("x-appwrite-response-format", NEW)] {
        let sent = send(&client, "oidc", "sessions").await;
        let answer = come_back(&client, "oidc", &sent, more).await.expect(301);
        assert!(answer.header("location").starts_with(FAILURE), "{}", answer.header("location"));
        let told: Value = serde_json::from_str(&parameter(&answer, "error")).expect("JSON");
        assert_eq!((told["code"].as_u64(), told["type"].as_str()), (Some(code.into()), Some(kind)), "{told}");
        assert!(told["message"].as_str().is_some_and(|text| !text.is_empty()), "{told}");
    }
}

/// The same in the format of reasons.
async fn fails_for(client: &Client<'_>, status: u16, code: &str) {
    let client = client.with("x-error-format", "reason");
    let sent = send(&client, "oidc", "sessions").await;
    let answer = come_back(&client, "oidc", &sent, "&code=good").await.expect(301);
    let told: Value = serde_json::from_str(&parameter(&answer, "error")).expect("JSON");
    assert_eq!((told["status"].as_u64(), told["code"].as_str()), (Some(status.into()), Some(code)), "{told}");
}

/// An error in the format of reasons.
fn expect_reason(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status, answer.json["code"].as_str()), (status, Some(code)), "{}", answer.text());
}

scenarios! {
    /// A stranger comes through a provider and is known from then on, with a session in cookies.
    sign_in_through_a_provider proves ["appwrite-http.csv,301"] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let guest = project.guest();
        let answer = through(&guest, "sessions").await;
        assert_eq!(answer.header("location"), SUCCESS);
        assert!(answer.header("cache-control").contains("no-store"));
        let value = answer.cookie(&format!("a_session_{}", project.id)).expect("a session").to_owned();
        let own = guest.with("x-appwrite-session", &value);
        let account = own.get("/v1/account").await.expect(200);
        assert_eq!(account.json["email"], "ada@example.com");
        assert_eq!((&account.json["emailVerification"], &account.json["name"]), (&json!(true), &json!("Ada")));
        let session = own.get("/v1/account/sessions/current").await.expect(200);
        assert_eq!((&session.json["provider"], &session.json["providerUid"]), (&json!("oidc"), &json!("ada")));
        assert_eq!(session.json["providerAccessToken"], "at");
        assert_eq!(session.json["providerRefreshToken"], "rt");
        assert_eq!(session.json["factors"], json!(["email", "oauth2"]));
        let identities = own.get("/v1/account/identities").await.expect(200);
        assert_eq!(identities.json["identities"][0]["providerEmail"], "ada@example.com");
        let id = identities.json["identities"][0]["$id"].as_str().expect("an id").to_owned();
        let all = project.server().get("/v1/users/identities?search=ADA").await.expect(200);
        assert_eq!((&all.json["total"], &all.json["identities"][0]["$id"]), (&json!(1), &json!(id)));
        own.delete(&format!("/v1/account/identities/{id}")).await.expect(204);
    }

    /// The application makes a session of the secret that the browser carries.
    token_through_a_provider proves [] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let answer = through(&project.guest(), "tokens").await;
        assert!(answer.header("location").starts_with(SUCCESS));
        assert!(answer.cookie(&format!("a_session_{}", project.id)).is_none(), "the application makes it");
        let body = json!({ "userId": parameter(&answer, "userId"), "secret": parameter(&answer, "secret") });
        let made = project.server().post("/v1/account/sessions/token", body.clone()).await.expect(201);
        assert_eq!((&made.json["provider"], &made.json["userId"]), (&json!("oidc"), &body["userId"]));
        assert_eq!((&made.json["providerAccessToken"], &made.json["factors"]), (&json!("at"), &json!(["email", "oauth2"])));
        refused(&project.server(), 401, "user_invalid_token",
            async |c| c.post("/v1/account/sessions/token", body.clone()).await).await;
    }

    /// A server with a key begins; the browser, which the server knows, comes back without our cookie.
    server_begins_for_a_browser proves [] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let sent = send(&project.server(), "oidc", "tokens").await;
        let nobody = Sent { cookie: String::new(), ..sent };
        let answer = come_back(&project.guest(), "oidc", &nobody, "&code=good").await.expect(301);
        assert!(!parameter(&answer, "secret").is_empty(), "{}", answer.header("location"));
    }

    /// The provider's callback and a form that it makes the browser post lead to the redirect, with a parameter for the
    /// project.
    callbacks proves [] (app) {
        let app = open(&app).await;
        let project = app.project().await;
        let path = format!("/v1/account/sessions/oauth2/callback/apple/{}", project.id);
        let expected = format!(
            "http://localhost/v1/account/sessions/oauth2/apple/redirect?project={}&code=a+b&state=s", project.id
        );
        let answer = app.request().get(&format!("{path}?code=a%20b&state=s")).send().await.expect(301);
        assert_eq!(answer.header("location"), expected);
        let posted = app.request().post(&path).header("origin", "https://appleid.apple.com");
        let answer = posted.body("application/x-www-form-urlencoded", "code=a+b&state=s").send().await.expect(301);
        assert_eq!(answer.header("location"), expected);
    }

    /// Nothing leads out of the project: neither at the start nor in the end.
    project_invalid_success_url proves [
        "appwrite-types.csv,project_invalid_success_url", "appwrite-types-1.9.csv,project_invalid_success_url",
        "appwrite-types.csv,project_invalid_failure_url", "appwrite-types-1.9.csv,project_invalid_failure_url",
    ] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let guest = project.guest();
        for hostile in ["https://evil.example/", "javascript:alert(1)", "//evil.example", "https://localhost@evil.example"] {
            for name in ["success", "failure"] {
                let path = format!("/v1/account/sessions/oauth2/oidc?{name}={hostile}");
                refused(&guest, 400, "general_argument_invalid", async |c| c.get(&path).await).await;
            }
        }
        // A platform that goes while somebody is at the provider takes its addresses along.
        let platform = json!({ "platformId": "web", "name": "Web", "hostname": "shop.example" });
        for (name, kind) in [("success", "project_invalid_success_url"), ("failure", "project_invalid_failure_url")] {
            for format in ["", NEW] {
                project.server().post("/v1/project/platforms/web", platform.clone()).await.expect(201);
                let guest = if format.is_empty() { guest.clone() } else { guest.with("x-appwrite-response-format", format) };
                let path = format!("/v1/account/sessions/oauth2/oidc?{name}=https://shop.example/");
                let answer = guest.get(&path).await.expect(301);
                let cookie = answer.cookie("a_oauth_browser").expect("a cookie").to_owned();
                let sent = Sent { state: parameter(&answer, "state"), cookie: format!("a_oauth_browser={cookie}") };
                project.server().delete("/v1/project/platforms/web").await.expect(204);
                come_back(&guest, "oidc", &sent, "&code=good").await.expect_fault(400, kind);
            }
        }
    }

    /// The provider is switched off, or lacks something.
    project_provider_disabled proves [
        "appwrite-types.csv,project_provider_disabled", "appwrite-types-1.9.csv,project_provider_disabled",
    ] (app) {
        let project = app.project().await;
        for what in ["sessions", "tokens"] {
            refused(&project.guest(), 412, "project_provider_disabled",
                async |c| c.get(&format!("/v1/account/{what}/oauth2/github")).await).await;
        }
    }

    /// The mock providers are for development alone; some have no form.
    project_provider_unsupported proves [
        "appwrite-types.csv,project_provider_unsupported", "appwrite-types-1.9.csv,project_provider_unsupported",
    ] (app) {
        let project = app.project().await;
        refused_as(&project.guest(), (501, "project_provider_unsupported"), (400, "project_provider_unsupported"),
            async |c| c.get("/v1/account/sessions/oauth2/mock").await).await;
        refused_as(&project.server(), (501, "project_provider_unsupported"), (400, "project_provider_unsupported"),
            async |c| c.get("/v1/project/oauth2/yammer").await).await;
    }

    /// The provider tells nobody.
    project_missing_user_id proves [
        "appwrite-types.csv,project_missing_user_id", "appwrite-types-1.9.csv,user_missing_id",
        "reason-codes.csv,oauth:user_info_parse_failed",
    ] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        fake.answer("/user", 200, json!({ "email": "ada@example.com" }));
        let guest = project.guest();
        for (format, kind) in [("", "project_missing_user_id"), (NEW, "user_missing_id")] {
            let guest = if format.is_empty() { guest.clone() } else { guest.with("x-appwrite-response-format", format) };
            let sent = send(&guest, "oidc", "sessions").await;
            let answer = come_back(&guest, "oidc", &sent, "&code=good").await.expect(301);
            let told: Value = serde_json::from_str(&parameter(&answer, "error")).expect("JSON");
            assert_eq!((&told["type"], &told["code"]), (&json!(kind), &json!(400)));
        }
        fake.answer("/user", 200, "<html>");
        fails_for(&guest, 500, "oauth:user_info_parse_failed").await;
    }

    /// The provider does not exchange the code.
    user_oauth2_provider_failure proves [
        "appwrite-types-1.9.csv,user_oauth2_provider_failure", "reason-codes.csv,oauth:token_exchange_failed",
    ] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        fake.answer("/token", 400, json!({ "error": "invalid_grant" }));
        fails(&project.guest(), "&code=bad", 424, "user_oauth2_provider_failure").await;
        fails_for(&project.guest(), 400, "oauth:token_exchange_failed").await;
    }

    /// The provider says no, or does not tell who it is.
    user_oauth2_provider_error proves [
        "appwrite-types-1.9.csv,user_oauth2_provider_error", "reason-codes.csv,oauth:user_info_fetch_failed",
    ] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        fails(&project.guest(), "&error=access_denied&error_description=no", 424, "user_oauth2_provider_error").await;
        fails(&project.guest(), "", 424, "user_oauth2_provider_error").await;
        fake.answer("/user", 503, "");
        fails(&project.guest(), "&code=good", 424, "user_oauth2_provider_error").await;
        fails_for(&project.guest(), 400, "oauth:user_info_fetch_failed").await;
    }

    /// A session's update renews the provider's tokens, and tells what the provider thinks of that.
    user_oauth2_bad_request proves [
        "appwrite-types-1.9.csv,user_oauth2_bad_request", "appwrite-types-1.9.csv,user_oauth2_unauthorized",
    ] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let answer = through(&project.guest(), "sessions").await;
        let value = answer.cookie(&format!("a_session_{}", project.id)).expect("a session").to_owned();
        let own = project.guest().with("x-appwrite-session", &value);
        fake.answer("/token", 200, json!({ "access_token": "at2", "refresh_token": "rt2", "expires_in": 60 }));
        let renewed = own.patch("/v1/account/sessions/current", json!({})).await.expect(200);
        assert_eq!((&renewed.json["providerAccessToken"], &renewed.json["providerRefreshToken"]), (&json!("at2"), &json!("rt2")));
        for (status, code, kind) in [
            (400, 400, "user_oauth2_bad_request"), (401, 401, "user_oauth2_unauthorized"), (500, 424, "user_oauth2_provider_error"),
        ] {
            fake.answer("/token", status, "{}");
            refused(&own, code, kind, async |c| c.patch("/v1/account/sessions/current", json!({})).await).await;
        }
    }

    /// There is no such identity, or it is somebody else's.
    user_identity_not_found proves ["appwrite-types-1.9.csv,user_identity_not_found"] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        through(&project.guest(), "sessions").await;
        let all = project.server().get("/v1/users/identities").await.expect(200);
        let id = all.json["identities"][0]["$id"].as_str().expect("an id").to_owned();
        let zoe = project.user("zoe").await;
        for id in [id.as_str(), "nobody"] {
            refused(&zoe.client, 404, "user_identity_not_found",
                async |c| c.delete(&format!("/v1/account/identities/{id}")).await).await;
        }
        refused(&project.server(), 404, "user_identity_not_found",
            async |c| c.delete("/v1/users/identities/nobody").await).await;
        project.server().delete(&format!("/v1/users/identities/{id}")).await.expect(204);
    }

    /// What travels through the provider works once, in time, in the browser that began.
    oauth_states proves ["reason-codes.csv,oauth:invalid_state", "reason-codes.csv,oauth:state_expired"] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let guest = project.guest().with("x-error-format", "reason");
        let sent = send(&guest, "oidc", "sessions").await;
        let stranger = Sent { cookie: "a_oauth_browser=0".to_owned(), state: sent.state.clone() };
        expect_reason(&come_back(&guest, "oidc", &stranger, "&code=good").await, 400, "oauth:invalid_state");
        come_back(&guest, "oidc", &sent, "&code=good").await.expect(301);
        expect_reason(&come_back(&guest, "oidc", &sent, "&code=good").await, 400, "oauth:invalid_state");
        let late = send(&guest, "oidc", "sessions").await;
        app.clock.advance_ms(TOO_LATE_MS);
        expect_reason(&come_back(&guest, "oidc", &late, "&code=good").await, 400, "oauth:state_expired");
    }

    /// What was entered leads nowhere.
    oauth_addresses proves ["reason-codes.csv,oauth:invalid_auth_url", "reason-codes.csv,oauth:invalid_token_url"] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        let known = format!("{}/known", fake.origin());
        let entered = json!({ "clientId": "app", "clientSecret": "s", "wellKnownURL": known, "enabled": true });
        project.server().patch("/v1/project/oauth2/oidc", entered).await.expect(200);
        let guest = project.guest().with("x-error-format", "reason");
        let start = "/v1/account/sessions/oauth2/oidc";
        expect_reason(&guest.get(start).await, 400, "oauth:invalid_auth_url");
        fake.answer("/known", 200, json!({ "authorization_endpoint": format!("{}/authorize", fake.origin()) }));
        fails_for(&project.guest(), 400, "oauth:invalid_token_url").await;
    }

    /// The provider that the server plays itself, from end to end.
    mock_provider proves [] (app) {
        let app = open(&app).await;
        let project = app.project().await;
        let entered = json!({ "provider": "mock", "appId": "1", "secret": "123456", "enabled": true });
        let old = format!("/v1/projects/{}/oauth2", project.id);
        project.admin.console.patch(&old, entered).await.expect(200);
        let guest = project.guest();
        let sent = send(&guest, "mock", "sessions").await;
        let path = format!(
            "/v1/mock/tests/general/oauth2?client_id=1&scope=email&state={}&redirect_uri=http://localhost/back", sent.state
        );
        let authorized = app.request().get(&path).send().await.expect(301);
        let more = format!("&code={}", parameter(&authorized, "code"));
        let answer = come_back(&guest, "mock", &sent, &more).await.expect(301);
        let value = answer.cookie(&format!("a_session_{}", project.id)).expect("a session").to_owned();
        let own = guest.with("x-appwrite-session", &value);
        assert_eq!(own.get("/v1/account").await.expect(200).json["email"], "useroauth@localhost.test");
        let renewed = own.patch("/v1/account/sessions/current", json!({})).await.expect(200);
        assert_eq!(renewed.json["providerRefreshToken"], "tuvwxyz");
        assert_eq!(app.app.net.sent(), 0, "the server plays it without calling itself");
    }

    /// What owners enter: each provider its own fields, the secret never shown, older clients served.
    provider_settings proves [] (app) {
        let project = app.project().await;
        let server = project.server();
        let all = server.get("/v1/project/oauth2").await.expect(200);
        assert_eq!(all.json["total"], 44);
        for provider in all.json["providers"].as_array().expect("a list") {
            assert_eq!(provider["enabled"], false, "{provider}");
        }
        let page = server.list("/v1/project/oauth2", &[r#"{"method":"limit","values":[2]}"#, r#"{"method":"offset","values":[1]}"#]).await.expect(200);
        assert_eq!(page.json["providers"][0]["$id"], "apple");
        let key = "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----";
        let apple = json!({ "serviceId": "com.example", "keyId": "K", "teamId": "T", "p8File": key });
        let saved = server.patch("/v1/project/oauth2/apple", apple).await.expect(200);
        let expected = json!({
            "$id": "apple", "enabled": true, "serviceId": "com.example", "keyId": "K", "teamId": "T", "p8File": "",
        });
        assert_eq!(saved.json, expected);
        assert_eq!(server.get("/v1/project/oauth2/apple").await.expect(200).json, expected);
        // Switching on asks for all, switching off for nothing; a wrong field of another provider is none.
        server.patch("/v1/project/oauth2/auth0", json!({ "clientId": "a", "clientSecret": "b", "enabled": true }))
            .await.expect_fault(400, "general_argument_invalid");
        server.patch("/v1/project/oauth2/google", json!({ "prompt": ["none", "login"] }))
            .await.expect_fault(400, "general_argument_invalid");
        server.patch("/v1/project/oauth2/nobody", json!({})).await.expect_fault(400, "general_argument_invalid");
        let google = server.get("/v1/project/oauth2/google").await.expect(200);
        assert_eq!(google.json["prompt"], json!(["consent"]));
        // The older way: one text for all that is secret.
        let secret = json!({ "clientSecret": "s", "auth0Domain": "example.auth0.com" }).to_string();
        let old = format!("/v1/projects/{}/oauth2", project.id);
        let entered = json!({ "provider": "auth0", "appId": "a", "secret": secret, "enabled": true });
        let shown = project.admin.console.with("x-appwrite-response-format", "1.8.0").patch(&old, entered).await.expect(200);
        let listed = shown.json["oAuthProviders"].as_array().expect("a list");
        let auth0 = listed.iter().find(|one| one["key"] == "auth0").expect("is there");
        assert_eq!(auth0, &json!({ "key": "auth0", "name": "Auth0", "appId": "a", "secret": "", "enabled": true }));
        let now = server.get("/v1/project/oauth2/auth0").await.expect(200);
        assert_eq!(now.json["endpoint"], "example.auth0.com");
        let known = json!({ "clientId": "a", "clientSecret": "b", "tokenUrl": "https://id.example.com/t" });
        let older = server.with("x-appwrite-response-format", "1.9.3");
        let saved = older.patch("/v1/project/oauth2/oidc", known).await.expect(200);
        assert_eq!((&saved.json["tokenUrl"], &saved.json["tokenURL"]), (&json!("https://id.example.com/t"), &Value::Null));
        let forms = project.admin.console.get("/v1/console/oauth2-providers").await.expect(200);
        assert_eq!(forms.json["total"], 44);
    }

    /// An app that named no place of its own finds its way back from the server's page.
    pages_of_apps proves [] (app) {
        let (app, fake) = (open(&app).await, Fake::start());
        let project = app.project().await;
        enter(&project, &fake).await;
        let guest = project.guest();
        let answer = guest.get("/v1/account/sessions/oauth2/oidc").await.expect(301);
        let cookie = format!("a_oauth_browser={}", answer.cookie("a_oauth_browser").expect("a cookie"));
        let sent = Sent { state: parameter(&answer, "state"), cookie };
        let answer = come_back(&guest, "oidc", &sent, "&code=good").await.expect(301);
        let location = answer.header("location").to_owned();
        assert!(location.starts_with("http://localhost/console/auth/oauth2/success?"), "{location}");
        assert_eq!(parameter(&answer, "key"), format!("a_session_{}", project.id));
        let page = app.request().get(location.trim_start_matches("http://localhost")).send().await.expect(200);
        let text = page.text();
        assert!(text.contains(&format!("appwrite-callback-{}://localhost/?", project.id)), "{text}");
        let hostile = format!("/console/auth/oauth2/failure?project={}&error=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", project.id);
        let page = app.request().get(&hostile).send().await.expect(200).text();
        assert!(!page.contains("<script"), "{page}");
    }
}
