//! Applications of others: the project as their OAuth2 server, consents, installations.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_testkit::app::{Answer, Client, Project, TestApp, each_engine};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::ask::refused_as;
use crate::scenarios;

const NEW: (&str, &str) = ("x-appwrite-response-format", "1.9.5");
const CALLBACK: &str = "https://planner.example/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123";
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// The same actor, as programs ask: in JSON and in the newest contract.
fn program<'a>(client: &Client<'a>) -> Client<'a> {
    client.with("accept", "application/json").with(NEW.0, NEW.1)
}

/// Make the project an OAuth2 server.
async fn serve(project: &Project<'_>) {
    let settings = json!({
        "enabled": true,
        "authorizationUrl": "https://shop.example/consent?theme=dark",
        "scopes": ["account", "rows.read", "rows.write", "teams.read", "teams.write", "users.read", "games.play"],
        "authorizationDetailsTypes": ["organization", "project"],
        "verificationUrl": "https://shop.example/device",
        "defaultScopes": ["openid"],
    });
    let shown = program(&project.server()).put("/v1/project/oauth2-server", settings).await.expect(200);
    assert_eq!(shown.json["oAuth2ServerEnabled"], true);
    let discovery = "http://localhost/v1/oauth2/shop/.well-known/openid-configuration";
    assert_eq!(shown.text_of("oAuth2ServerDiscoveryUrl"), discovery);
}

/// An application of the project's developer `dev`, with a client secret if it can keep one.
struct Planner<'a> {
    developer: Client<'a>,
    guest: Client<'a>,
    secret: String,
}

impl<'a> Planner<'a> {
    async fn register(project: &Project<'a>, kind: &str) -> Self {
        let developer = program(&project.user("dev").await.client);
        let app = json!({
            "appId": "planner",
            "name": "Planner",
            "redirectUris": [CALLBACK, "com.example.planner:/callback"],
            "type": kind,
            "deviceFlow": true,
        });
        developer.post("/v1/apps", app).await.expect(201);
        let made = developer.post("/v1/apps/planner/secrets", json!({})).await.expect(201);
        let secret = if kind == "public" { String::new() } else { made.text_of("secret").to_owned() };
        Self { developer, guest: program(&project.guest()), secret }
    }

    /// What is asked of a user, with more of it.
    async fn authorize(&self, user: &Client<'_>, scope: &str, more: Value) -> Answer {
        let mut ask = json!({
            "client_id": "planner",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": scope,
            "state": "x y",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            ask[name] = value.clone();
        }
        program(user).post("/v1/oauth2/shop/authorize", ask).await
    }

    /// The code of an authorization that the user allows.
    async fn code(&self, user: &Client<'_>, scope: &str, more: Value) -> String {
        let asked = self.authorize(user, scope, more).await.expect(200);
        let redirect = match asked.text_of("grantId") {
            "" => asked.text_of("redirectUrl").to_owned(),
            grant => approve(user, grant).await,
        };
        assert!(redirect.starts_with(CALLBACK), "{redirect}");
        assert_eq!(param(&redirect, "state"), "x y");
        assert_eq!(param(&redirect, "iss"), "http://localhost/v1/oauth2/shop");
        param(&redirect, "code")
    }

    async fn token(&self, ask: Value) -> Answer {
        let mut ask = ask;
        ask["client_id"] = "planner".into();
        if !self.secret.is_empty() {
            ask["client_secret"] = self.secret.as_str().into();
        }
        self.guest.post("/v1/oauth2/shop/token", ask).await
    }

    async fn spend(&self, code: &str) -> Answer {
        let ask = json!({
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        });
        self.token(ask).await
    }

    async fn refresh(&self, token: &str) -> Answer {
        self.token(json!({ "grant_type": "refresh_token", "refresh_token": token })).await
    }

    /// Tokens that the user allows, and who shows the access token.
    async fn tokens(&self, user: &Client<'_>, scope: &str) -> (Answer, Client<'a>) {
        let code = self.code(user, scope, json!({})).await;
        let tokens = self.spend(&code).await.expect(200);
        let bearer = self.bearer(&tokens);
        (tokens, bearer)
    }

    fn bearer(&self, tokens: &Answer) -> Client<'a> {
        self.guest.with("authorization", &format!("Bearer {}", tokens.text_of("access_token")))
    }
}

async fn approve(user: &Client<'_>, grant: &str) -> String {
    let decided = program(user).post("/v1/oauth2/shop/approve", json!({ "grant_id": grant })).await.expect(200);
    decided.text_of("redirectUrl").to_owned()
}

/// A value of an address, decoded; empty where it has none.
fn param(address: &str, name: &str) -> String {
    let query = address.split_once(['?', '#']).map(|(_, query)| query).unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The claims of a signed token; whether it is signed is checked by the SDK's suite.
fn claims(token: &str) -> Value {
    let body = token.split('.').nth(1).expect("a token has three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).expect("Base64")).expect("JSON")
}

/// A refusal as libraries of OAuth2 read it.
#[track_caller]
fn refused_by(answer: &Answer, status: u16, error: &str, name: &str) {
    let came = format!("{}: {} {}", answer.what, answer.status, answer.text());
    assert_eq!((answer.status, &answer.json["error"], &answer.json["type"]), (status, &json!(error), &json!(name)), "{came}");
    assert!(answer.json["error_description"].is_string(), "{came}");
}

/// A table that its readers may read and its writers write, and a row of it.
async fn table(project: &Project<'_>) {
    let server = program(&project.server());
    server.post("/v1/tablesdb", json!({ "databaseId": "db", "name": "DB" })).await.expect(201);
    let table = json!({
        "tableId": "plans",
        "name": "Plans",
        "permissions": ["read(\"users\")", "create(\"users\")"],
        "columns": [{ "key": "title", "type": "string", "size": 50, "required": false }],
    });
    server.post("/v1/tablesdb/db/tables", table).await.expect(201);
    let row = json!({ "rowId": "first", "data": { "title": "First" } });
    server.post("/v1/tablesdb/db/tables/plans/rows", row).await.expect(201);
}

const ROWS: &str = "/v1/tablesdb/db/tables/plans/rows";

/// A code, its tokens, what they open and what not, and their end: from the first redirect to the last refusal.
#[test]
fn an_application_acts_as_its_user_and_no_more() {
    each_engine(async |app| {
        let project = app.project().await;
        table(&project).await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;

        let (tokens, bearer) = planner.tokens(&emma, "openid email rows.read users.read games.play").await;
        assert_eq!((tokens.text_of("token_type"), &tokens.json["expires_in"]), ("Bearer", &json!(3_600)));
        assert_eq!(tokens.text_of("scope"), "openid email rows.read users.read games.play");
        assert_eq!(tokens.header("cache-control"), "no-store");
        let told = claims(tokens.text_of("id_token"));
        assert_eq!((&told["sub"], &told["aud"], &told["email"]), (&json!("emma"), &json!("planner"), &json!("emma@example.com")));
        assert_eq!((&told["iss"], &told["name"]), (&json!("http://localhost/v1/oauth2/shop"), &Value::Null));

        assert_eq!(bearer.get(ROWS).await.expect(200).json["total"], 1, "as emma, with rows.read");
        let row = json!({ "rowId": "second", "data": { "title": "Second" } });
        assert_eq!(bearer.post(ROWS, row).await.status, 401, "rows.write was not allowed");
        assert_eq!(bearer.get("/v1/users").await.status, 401, "users.read is nobody's who is a user");
        assert_eq!(bearer.get("/v1/account").await.status, 401, "account was not asked for");
        assert_eq!(bearer.get("/v1/teams").await.status, 401, "teams.read was not asked for");
        let info = bearer.get("/v1/oauth2/shop/userinfo").await.expect(200);
        assert_eq!(info.json, json!({ "sub": "emma", "email": "emma@example.com", "email_verified": false }));

        let guest = planner.guest.with("authorization", "Bearer nonsense");
        refused_by(&guest.get(ROWS).await, 401, "invalid_token", "oauth2_invalid_token");
    });
}

/// With the scope `account` an application reads the account; it changes nothing and gets no other credential out of it.
#[test]
fn no_credential_comes_of_a_token() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;
        let (_, bearer) = planner.tokens(&emma, "account teams.read teams.write").await;
        assert_eq!(bearer.get("/v1/account").await.expect(200).text_of("$id"), "emma");
        for (what, status) in [
            (bearer.post("/v1/account/jwts", json!({})).await, 401),
            (bearer.patch("/v1/account/name", json!({ "name": "Mallory" })).await, 401),
            (bearer.delete("/v1/account/sessions").await, 401),
            (bearer.post("/v1/account/mfa/authenticators/totp", json!({})).await, 401),
            (bearer.get("/v1/account/consents").await, 401),
            (bearer.get("/v1/apps").await, 401),
            (bearer.post("/v1/apps", json!({ "appId": "other", "name": "O", "redirectUris": [] })).await, 401),
            (bearer.post("/v1/oauth2/shop/approve", json!({ "grant_id": "any" })).await, 401),
            (bearer.post("/v1/oauth2/shop/grants", json!({ "user_code": "ABCD2345" })).await, 401),
        ] {
            assert_eq!(what.status, status, "{} {}", what.what, what.text());
        }
        bearer.post("/v1/teams", json!({ "teamId": "club", "name": "Club" })).await.expect(201);
        let install = json!({ "appId": "planner" });
        assert_eq!(bearer.post("/v1/teams/club/installations", install.clone()).await.status, 401);
        program(&emma).post("/v1/teams/club/installations", install).await.expect(201);
        // Asked through the token, the authorization sees nobody who is signed in.
        let asked = planner.authorize(&bearer, "account", json!({})).await.expect(200);
        assert_eq!(asked.text_of("grantId"), "");
        assert!(asked.text_of("redirectUrl").starts_with("https://shop.example/consent?theme=dark&client_id=planner"));
    });
}

/// The end of a token, by every way, holds for the next request: the clock stands still throughout.
#[test]
fn tokens_end_at_once() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "confidential").await;
        let server = program(&project.server());
        let emma = project.user("emma").await.client;
        let account = program(&emma);
        let alive = async |bearer: &Client<'_>| bearer.get("/v1/oauth2/shop/userinfo").await.status;
        let revoke = async |token: &str| {
            let ask = json!({ "token": token, "client_id": "planner", "client_secret": planner.secret });
            planner.guest.post("/v1/oauth2/shop/revoke", ask).await.expect(200);
        };

        let (tokens, bearer) = planner.tokens(&emma, "openid").await;
        assert_eq!(alive(&bearer).await, 200);
        revoke(tokens.text_of("access_token")).await;
        assert_eq!(alive(&bearer).await, 401, "the access token was revoked");
        let fresh = planner.refresh(tokens.text_of("refresh_token")).await.expect(200);
        let bearer = planner.bearer(&fresh);
        assert_eq!(alive(&bearer).await, 200, "its refresh token was not");
        revoke(fresh.text_of("refresh_token")).await;
        assert_eq!(alive(&bearer).await, 401, "the refresh token was revoked");

        let (tokens, bearer) = planner.tokens(&emma, "openid").await;
        let consents = account.get("/v1/account/consents").await.expect(200);
        let consent = consents.json["consents"][0]["$id"].as_str().expect("a consent").to_owned();
        let path = format!("/v1/account/consents/{consent}/tokens");
        let listed = account.get(&path).await.expect(200);
        assert_eq!(listed.json["total"], 1);
        let family = listed.json["tokens"][0]["$id"].as_str().expect("tokens").to_owned();
        account.delete(&format!("{path}/{family}")).await.expect(204);
        assert_eq!(alive(&bearer).await, 401, "the user ended them");
        refused_by(&planner.refresh(tokens.text_of("refresh_token")).await, 400, "invalid_grant", "oauth2_invalid_grant");

        let (_, bearer) = planner.tokens(&emma, "openid").await;
        let code = planner.code(&emma, "openid", json!({})).await;
        account.delete(&format!("/v1/account/consents/{consent}")).await.expect(204);
        assert_eq!(alive(&bearer).await, 401, "the user withdrew the consent");
        assert_eq!(planner.spend(&code).await.status, 400, "and with it the code");

        let (tokens, bearer) = planner.tokens(&emma, "openid").await;
        server.patch("/v1/users/emma/status", json!({ "status": false })).await.expect(200);
        assert_eq!(alive(&bearer).await, 403, "the user is blocked");
        assert_eq!(planner.refresh(tokens.text_of("refresh_token")).await.status, 400);
        server.patch("/v1/users/emma/status", json!({ "status": true })).await.expect(200);
        assert_eq!(alive(&bearer).await, 200);

        let switch = async |is_on: bool| {
            let patch = json!({ "name": "Planner", "enabled": is_on });
            planner.developer.put("/v1/apps/planner", patch).await.expect(200);
        };
        switch(false).await;
        assert_eq!(alive(&bearer).await, 401, "the application is disabled");
        switch(true).await;
        assert_eq!(alive(&bearer).await, 200);
        planner.developer.delete("/v1/apps/planner/tokens").await.expect(204);
        assert_eq!(alive(&bearer).await, 401, "its owner ended all");

        let (_, bearer) = planner.tokens(&emma, "openid").await;
        app.clock.advance_ms(28_800_000);
        assert_eq!(alive(&bearer).await, 401, "it has ended");
        let (_, bearer) = planner.tokens(&emma, "openid").await;
        planner.developer.delete("/v1/apps/planner").await.expect(204);
        assert_eq!(alive(&bearer).await, 401, "the application is gone");
        assert_eq!(account.get("/v1/account/consents").await.expect(200).json["total"], 0);
    });
}

/// What was spent and is shown again ends everything that came of it.
#[test]
fn a_stolen_code_or_refresh_token_ends_what_came_of_it() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;

        let code = planner.code(&emma, "openid", json!({})).await;
        let ask = json!({ "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK });
        refused_by(&planner.token(ask.clone()).await, 400, "invalid_grant", "oauth2_invalid_grant");
        let mut wrong = ask.clone();
        wrong["code_verifier"] = "another-verifier-of-forty-three-characters-012".into();
        refused_by(&planner.token(wrong).await, 400, "invalid_grant", "oauth2_invalid_grant");
        let mut elsewhere = ask;
        elsewhere["code_verifier"] = VERIFIER.into();
        elsewhere["redirect_uri"] = "com.example.planner:/callback".into();
        refused_by(&planner.token(elsewhere).await, 400, "invalid_grant", "oauth2_invalid_grant");

        let first = planner.spend(&code).await.expect(200);
        let second = planner.refresh(first.text_of("refresh_token")).await.expect(200);
        let old = planner.bearer(&first).get("/v1/oauth2/shop/userinfo").await;
        refused_by(&old, 401, "invalid_token", "oauth2_invalid_token");
        planner.bearer(&second).get("/v1/oauth2/shop/userinfo").await.expect(200);
        let reused = planner.refresh(first.text_of("refresh_token")).await;
        refused_by(&reused, 400, "invalid_grant", "oauth2_invalid_grant");
        assert_eq!(planner.bearer(&second).get("/v1/oauth2/shop/userinfo").await.status, 401, "all have ended");
        assert_eq!(planner.refresh(second.text_of("refresh_token")).await.status, 400);

        let code = planner.code(&emma, "openid", json!({})).await;
        let tokens = planner.spend(&code).await.expect(200);
        assert_eq!(planner.spend(&code).await.status, 400);
        assert_eq!(planner.bearer(&tokens).get("/v1/oauth2/shop/userinfo").await.status, 401);

        let code = planner.code(&emma, "openid", json!({})).await;
        app.clock.advance_ms(121_000);
        assert_eq!(planner.spend(&code).await.status, 400, "codes end soon");
    });
}

/// Nobody is sent to an address that was not registered, and what is wrong is told to the application.
#[test]
fn an_authorization_is_checked_before_anybody_is_sent_anywhere() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let off = program(&emma).get("/v1/oauth2/shop/authorize").await;
        refused_by(&off, 403, "temporarily_unavailable", "oauth2_server_disabled");
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let ask = async |more: Value| planner.authorize(&emma, "openid", more).await;

        refused_by(&ask(json!({ "client_id": "none" })).await, 401, "invalid_client", "oauth2_invalid_client");
        for uri in ["", "https://planner.example/callback/", "https://evil.example/callback"] {
            let refused = ask(json!({ "redirect_uri": uri })).await;
            refused_by(&refused, 400, "invalid_request", "oauth2_invalid_redirect_uri");
        }
        refused_by(&ask(json!({ "code_challenge": "" })).await, 400, "invalid_request", "oauth2_invalid_request");
        let plain = json!({ "code_challenge": VERIFIER, "code_challenge_method": "plain" });
        refused_by(&ask(plain).await, 400, "invalid_request", "oauth2_invalid_request");
        refused_by(&ask(json!({ "scope": "openid files.write" })).await, 400, "invalid_scope", "oauth2_invalid_scope");
        refused_by(&ask(json!({ "resource": "not/absolute" })).await, 400, "invalid_target", "oauth2_invalid_target");
        let details = json!({ "authorization_details": r#"[{"type":"payment"}]"# });
        refused_by(&ask(details).await, 400, "invalid_authorization_details", "oauth2_invalid_authorization_details");
        let kind = json!({ "response_type": "token" });
        refused_by(&ask(kind).await, 400, "unsupported_response_type", "oauth2_unsupported_response_type");
        refused_by(&ask(json!({ "prompt": "none" })).await, 403, "consent_required", "oauth2_consent_required");
        let guest = planner.authorize(&project.guest(), "openid", json!({ "prompt": "none" })).await;
        refused_by(&guest, 401, "login_required", "oauth2_login_required");

        // A browser takes the error to the application.
        let browser = emma.request().get("/v1/oauth2/shop/authorize").query(&[
            ("client_id", "planner"), ("redirect_uri", CALLBACK), ("response_type", "token"), ("state", "s"),
        ]);
        let sent = browser.send().await.expect(301);
        let to = sent.header("location");
        assert!(to.starts_with(CALLBACK), "{to}");
        assert_eq!((param(to, "error"), param(to, "state")), ("unsupported_response_type".to_owned(), "s".to_owned()));
        let stranger = emma.request().get("/v1/oauth2/shop/authorize").query(&[
            ("client_id", "planner"), ("redirect_uri", "https://evil.example/"), ("response_type", "code"),
        ]);
        assert_eq!(stranger.send().await.status, 400, "a stranger's address gets no browser");

        // Another user's grant is nobody's; refused, it takes the refusal to the application.
        let asked = ask(json!({})).await.expect(200);
        let grant = asked.text_of("grantId").to_owned();
        assert_eq!(asked.text_of("redirectUrl"), "");
        let path = format!("/v1/oauth2/shop/grants/{grant}");
        let shown = program(&emma).get(&path).await.expect(200);
        assert_eq!((&shown.json["scopes"], shown.text_of("redirectUri")), (&json!(["openid"]), CALLBACK));
        program(&project.server()).get(&path).await.expect(200);
        let bob = program(&project.user("bob").await.client);
        for refused in [bob.get(&path).await, bob.post("/v1/oauth2/shop/approve", json!({ "grant_id": grant })).await] {
            assert_eq!((refused.status, &refused.json["type"]), (404, &json!("oauth2_grant_not_found")));
        }
        let more = json!({ "grant_id": grant, "scope": "openid account" });
        refused_by(&program(&emma).post("/v1/oauth2/shop/approve", more).await, 400, "invalid_scope", "oauth2_invalid_scope");
        let rejected = program(&emma).post("/v1/oauth2/shop/reject", json!({ "grant_id": grant })).await.expect(200);
        assert_eq!(param(rejected.text_of("redirectUrl"), "error"), "access_denied");
        assert_eq!(program(&emma).get(&path).await.status, 404, "it is decided");
    });
}

/// What was allowed before is not asked again; what is new is, and so is everything where anybody can pass for the application.
#[test]
fn a_consent_is_remembered() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;
        planner.tokens(&emma, "openid rows.read").await;
        let asks = async |scope: &str, more: Value| {
            let asked = planner.authorize(&emma, scope, more).await.expect(200);
            !asked.text_of("grantId").is_empty()
        };
        assert!(!asks("openid", json!({})).await);
        assert!(!asks("rows.read", json!({ "prompt": "none" })).await);
        assert!(asks("openid rows.write", json!({})).await, "another scope");
        assert!(asks("openid", json!({ "prompt": "consent" })).await, "asked for");
        assert!(asks("openid", json!({ "redirect_uri": "com.example.planner:/callback" })).await, "no secret and no https");
        app.clock.advance_ms(60_000);
        let stale = planner.authorize(&emma, "openid", json!({ "max_age": 30 })).await.expect(200);
        assert!(stale.text_of("redirectUrl").starts_with("https://shop.example/consent"), "signed in too long ago");

        // Less than was asked is what the tokens have.
        let asked = planner.authorize(&emma, "openid rows.write", json!({})).await.expect(200);
        let less = json!({ "grant_id": asked.text_of("grantId"), "scope": "" });
        let allowed = program(&emma).post("/v1/oauth2/shop/approve", less).await.expect(200);
        let tokens = planner.spend(&param(allowed.text_of("redirectUrl"), "code")).await.expect(200);
        assert_eq!(tokens.text_of("scope"), "openid");
    });
}

/// A screen without a browser: a code that its user types elsewhere, asked for until it is answered, and not too often.
#[test]
fn a_device_waits_for_its_user() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = program(&project.user("emma").await.client);
        let path = "/v1/oauth2/shop/device_authorization";
        let begin = async || planner.guest.post(path, json!({ "client_id": "planner", "scope": "openid" })).await;
        let poll = async |codes: &Answer| {
            planner.token(json!({ "grant_type": DEVICE, "device_code": codes.text_of("device_code") })).await
        };
        let codes = begin().await.expect(200);
        assert_eq!((&codes.json["expires_in"], &codes.json["interval"]), (&json!(600), &json!(5)));
        let typed = codes.text_of("user_code").to_lowercase();
        refused_by(&poll(&codes).await, 400, "authorization_pending", "oauth2_authorization_pending");
        refused_by(&poll(&codes).await, 400, "slow_down", "oauth2_slow_down");
        app.clock.advance_ms(6_000);
        refused_by(&poll(&codes).await, 400, "slow_down", "oauth2_slow_down");
        app.clock.advance_ms(15_000);
        refused_by(&poll(&codes).await, 400, "authorization_pending", "oauth2_authorization_pending");

        let claimed = emma.post("/v1/oauth2/shop/grants", json!({ "user_code": typed })).await.expect(201);
        let bob = program(&project.user("bob").await.client);
        let taken = bob.post("/v1/oauth2/shop/grants", json!({ "user_code": typed })).await;
        assert_eq!((taken.status, &taken.json["type"]), (404, &json!("oauth2_grant_not_found")));
        assert_eq!(approve(&emma, claimed.text_of("$id")).await, "", "the user goes nowhere");
        let tokens = poll(&codes).await.expect(200);
        planner.bearer(&tokens).get("/v1/oauth2/shop/userinfo").await.expect(200);
        refused_by(&poll(&codes).await, 400, "invalid_grant", "oauth2_invalid_grant");
        assert_eq!(planner.bearer(&tokens).get("/v1/oauth2/shop/userinfo").await.status, 401, "shown twice");

        let codes = begin().await.expect(200);
        let typed = json!({ "user_code": codes.text_of("user_code") });
        let claimed = emma.post("/v1/oauth2/shop/grants", typed).await.expect(201);
        let decided = json!({ "grant_id": claimed.text_of("$id") });
        emma.post("/v1/oauth2/shop/reject", decided).await.expect(200);
        refused_by(&poll(&codes).await, 400, "access_denied", "oauth2_access_denied");

        let codes = begin().await.expect(200);
        app.clock.advance_ms(601_000);
        refused_by(&poll(&codes).await, 400, "expired_token", "oauth2_expired_token");
        let off = json!({ "name": "Planner", "deviceFlow": false });
        planner.developer.put("/v1/apps/planner", off).await.expect(200);
        refused_by(&begin().await, 400, "unauthorized_client", "oauth2_unauthorized_client");
    });
}

/// A request that was pushed is used once, by the application that pushed it, and soon.
#[test]
fn a_pushed_request_is_used_once() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;
        let ask = json!({
            "client_id": "planner",
            "redirect_uri": CALLBACK,
            "response_type": "code",
            "scope": "openid",
            "state": "x y",
            "code_challenge": challenge(VERIFIER),
            "code_challenge_method": "S256",
        });
        let push = async || planner.guest.post("/v1/oauth2/shop/par", ask.clone()).await.expect(201);
        let begin = async |user: &Client<'_>, pushed: &Answer| {
            let handle = json!({ "client_id": "planner", "request_uri": pushed.text_of("request_uri") });
            program(user).post("/v1/oauth2/shop/authorize", handle).await
        };
        let pushed = push().await;
        let signed_out = begin(&project.guest(), &pushed).await.expect(200);
        assert!(param(signed_out.text_of("redirectUrl"), "request_uri").starts_with("urn:ietf:params:oauth:request_uri:"));
        let asked = begin(&emma, &pushed).await.expect(200);
        let redirect = approve(&emma, asked.text_of("grantId")).await;
        planner.spend(&param(&redirect, "code")).await.expect(200);
        refused_by(&begin(&emma, &pushed).await, 400, "invalid_request", "oauth2_invalid_request");
        let late = push().await;
        app.clock.advance_ms(91_000);
        refused_by(&begin(&emma, &late).await, 400, "invalid_request", "oauth2_invalid_request");
    });
}

/// An id token that comes with the user is bound to the code, carries the nonce, and its key is published.
#[test]
fn an_id_token_says_who_the_user_is() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "confidential").await;
        let emma = project.user("emma").await.client;
        let hybrid = json!({ "response_type": "id_token code", "nonce": "n-1" });
        let asked = planner.authorize(&emma, "openid profile", hybrid).await.expect(200);
        let redirect = approve(&emma, asked.text_of("grantId")).await;
        assert!(redirect.starts_with(&format!("{CALLBACK}#")), "{redirect}");
        let front = claims(&param(&redirect, "id_token"));
        let code = param(&redirect, "code");
        let half = URL_SAFE_NO_PAD.encode(&Sha256::digest(code.as_bytes())[..16]);
        assert_eq!((&front["nonce"], &front["c_hash"], &front["name"]), (&json!("n-1"), &json!(half), &json!("emma")));
        let tokens = planner.spend(&code).await.expect(200);
        assert_eq!(claims(tokens.text_of("id_token"))["nonce"], "n-1");

        let nonceless = planner.authorize(&emma, "openid", json!({ "response_type": "id_token" })).await;
        refused_by(&nonceless, 400, "invalid_request", "oauth2_invalid_request");
        for name in ["openid-configuration", "oauth-authorization-server"] {
            let told = planner.guest.get(&format!("/v1/oauth2/shop/.well-known/{name}")).await.expect(200);
            assert_eq!(told.text_of("token_endpoint"), "http://localhost/v1/oauth2/shop/token");
        }
        let keys = planner.guest.get("/v1/oauth2/shop/.well-known/jwks.json").await.expect(200);
        let header = param(&redirect, "id_token").split('.').next().expect("a header").to_owned();
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("Base64")).expect("JSON");
        assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &keys.json["keys"][0]["kid"]));
    });
}

/// What a token names of teams and projects, with a star for all that its user is in.
#[test]
fn a_token_names_teams_and_projects() {
    each_engine(async |app| {
        let project = app.project().await;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let emma = project.user("emma").await.client;
        for id in ["climbers", "divers"] {
            program(&emma).post("/v1/teams", json!({ "teamId": id, "name": id })).await.expect(201);
        }
        let details = json!({ "authorization_details":
            r#"[{"type":"organization","identifiers":["*"]},{"type":"project","identifiers":["shop","other"]}]"# });
        let code = planner.code(&emma, "openid", details).await;
        let tokens = planner.spend(&code).await.expect(200);
        let bearer = planner.bearer(&tokens);
        let all = bearer.get("/v1/oauth2/shop/organizations").await.expect(200);
        assert_eq!(all.json, json!({ "total": 2, "organizations": [{ "$id": "climbers" }, { "$id": "divers" }] }));
        let some = bearer.get("/v1/oauth2/shop/organizations?search=div&limit=1").await.expect(200);
        assert_eq!(some.json, json!({ "total": 1, "organizations": [{ "$id": "divers" }] }));
        let own = bearer.get("/v1/oauth2/shop/projects").await.expect(200);
        let endpoint = "http://localhost/v1";
        assert_eq!(own.json, json!({ "total": 1, "projects": [{ "$id": "shop", "region": "default", "endpoint": endpoint }] }));
        refused_by(&program(&emma).get("/v1/oauth2/shop/projects").await, 401, "invalid_token", "oauth2_invalid_token");
    });
}

/// An application in a team acts for the team with the scopes that an owner has seen, and its tokens end with them.
#[test]
fn an_installation_acts_for_its_team() {
    each_engine(async |app| {
        let project = app.project().await;
        table(&project).await;
        serve(&project).await;
        let planner = Planner::register(&project, "confidential").await;
        let emma = program(&project.user("emma").await.client);
        emma.post("/v1/teams", json!({ "teamId": "club", "name": "Club" })).await.expect(201);
        let wants = |scopes: Value| json!({ "name": "Planner", "installationScopes": scopes });
        planner.developer.put("/v1/apps/planner", wants(json!(["rows.read"]))).await.expect(200);
        let refused = planner.developer.put("/v1/apps/planner", wants(json!(["users.read"]))).await;
        assert_eq!(refused.status, 400, "no installation reads users");

        let install = json!({ "appId": "planner", "authorizationDetails": r#"[{"type":"board","id":7}]"# });
        let made = emma.post("/v1/teams/club/installations", install.clone()).await.expect(201);
        assert_eq!((&made.json["scopes"], &made.json["authorizationDetails"][0]["id"]), (&json!(["rows.read"]), &json!(7)));
        let id = made.text_of("$id").to_owned();
        let again = emma.post("/v1/teams/club/installations", install.clone()).await;
        again.expect_fault(409, "installation_already_exists");
        let server = program(&project.server());
        server.post("/v1/teams/club/memberships", json!({ "userId": "dev", "roles": ["guide"] })).await.expect(201);
        let path = format!("/v1/teams/club/installations/{id}");
        planner.developer.get(&path).await.expect(200);
        planner.developer.put(&path, json!({})).await.expect_fault(401, "user_unauthorized");
        program(&project.user("bob").await.client).get(&path).await.expect_fault(404, "team_not_found");

        let key = planner.developer.post("/v1/apps/planner/keys", json!({})).await.expect(201);
        let own = planner.guest.with("x-appwrite-key", key.text_of("secret"));
        let own = own.with("x-appwrite-app", "planner");
        let tokens = format!("/v1/apps/planner/installations/{id}/tokens");
        planner.developer.post(&tokens, json!({})).await.expect_fault(401, "app_key_required");
        server.post(&tokens, json!({})).await.expect_fault(401, "general_unauthorized_scope");
        assert_eq!(own.get("/v1/apps/planner/installations").await.expect(200).json["total"], 1);
        own.get(&format!("/v1/apps/planner/installations/{id}")).await.expect(200);
        assert_eq!(own.get("/v1/users").await.status, 401, "a key of an application opens nothing else");
        assert_eq!(own.get(ROWS).await.status, 401);

        let issued = own.post(&tokens, json!({})).await.expect(201);
        let bearer = planner.bearer(&issued);
        assert_eq!(bearer.get(ROWS).await.status, 401, "the table is for users");
        let table = json!({ "name": "Plans", "permissions": ["read(\"team:club\")"] });
        server.put("/v1/tablesdb/db/tables/plans", table).await.expect(200);
        assert_eq!(bearer.get(ROWS).await.expect(200).json["total"], 1, "and now for the team");
        assert_eq!(bearer.post(ROWS, json!({ "rowId": "x", "data": {} })).await.status, 401, "rows.write is not seen");

        planner.developer.put("/v1/apps/planner", wants(json!(["rows.read", "rows.write"]))).await.expect(200);
        let changed = emma.put(&path, json!({})).await.expect(200);
        assert_eq!(changed.json["scopes"], json!(["rows.read", "rows.write"]));
        assert_eq!(bearer.get(ROWS).await.status, 401, "its tokens ended");
        let bearer = planner.bearer(&own.post(&tokens, json!({})).await.expect(201));
        bearer.get(ROWS).await.expect(200);
        emma.delete("/v1/teams/club").await.expect(204);
        assert_eq!(bearer.get(ROWS).await.status, 401, "the team is gone");
        assert_eq!(own.get("/v1/apps/planner/installations").await.expect(200).json["total"], 0);
    });
}

/// Who may see and change applications, and what is shown of them.
#[test]
fn applications_are_their_owners() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = program(&project.server());
        let new = |id: &str| json!({ "appId": id, "name": "App", "redirectUris": [CALLBACK] });
        let emma = program(&project.user("emma").await.client);
        let early = emma.post("/v1/apps", new("early")).await;
        assert_eq!((early.status, &early.json["type"]), (403, &json!("oauth2_server_disabled")));
        server.post("/v1/apps", new("servers")).await.expect(201);
        serve(&project).await;
        let own = emma.post("/v1/apps", new("own")).await.expect(201);
        assert_eq!((own.text_of("userId"), own.text_of("teamId"), own.text_of("type")), ("emma", "", "confidential"));
        emma.post("/v1/apps", new("own")).await.expect_fault(409, "app_already_exists");
        let mut evil = new("evil");
        evil["redirectUris"] = json!(["javascript:alert(1)"]);
        emma.post("/v1/apps", evil).await.expect_fault(400, "general_argument_invalid");
        let secret = emma.post("/v1/apps/own/secrets", json!({})).await.expect(201);
        let plain = secret.text_of("secret");
        assert_eq!((plain.len(), secret.text_of("createdByName")), (64, "emma"));
        assert!(plain.ends_with(secret.text_of("hint")));
        let listed = emma.get("/v1/apps/own/secrets").await.expect(200);
        assert_eq!((&listed.json["total"], &listed.json["secrets"][0]["secret"]), (&json!(1), &json!("")));

        let bob = program(&project.user("bob").await.client);
        let seen = bob.get("/v1/apps/own").await.expect(200);
        assert_eq!((seen.text_of("name"), &seen.json["secrets"]), ("App", &json!([])));
        program(&project.guest()).get("/v1/apps/own").await.expect(200);
        bob.get("/v1/apps/none").await.expect_fault(404, "app_not_found");
        bob.put("/v1/apps/own", json!({ "name": "Bob's" })).await.expect_fault(401, "user_unauthorized");
        bob.get("/v1/apps/own/secrets").await.expect_fault(401, "user_unauthorized");
        bob.delete("/v1/apps/own").await.expect_fault(401, "user_unauthorized");
        assert_eq!(bob.get("/v1/apps").await.expect(200).json["total"], 0);
        assert_eq!(emma.get("/v1/apps").await.expect(200).json["total"], 1);
        assert_eq!(server.get("/v1/apps").await.expect(200).json["total"], 2);
        let filter = r#"{"method":"equal","attribute":"userId","values":["emma"]}"#;
        assert_eq!(server.list("/v1/apps", &[filter]).await.expect(200).json["total"], 1);
        emma.put("/v1/apps/own/labels", json!({ "labels": ["checked"] })).await.expect_fault(401, "general_unauthorized_scope");
        server.put("/v1/apps/own/labels", json!({ "labels": ["checked"] })).await.expect(200);

        bob.post("/v1/teams", json!({ "teamId": "club", "name": "Club" })).await.expect(201);
        emma.patch("/v1/apps/own/team", json!({ "teamId": "club" })).await.expect_fault(404, "team_not_found");
        let member = json!({ "userId": "emma", "roles": ["owner"] });
        server.post("/v1/teams/club/memberships", member).await.expect(201);
        let moved = emma.patch("/v1/apps/own/team", json!({ "teamId": "club" })).await.expect(200);
        assert_eq!((moved.text_of("userId"), moved.text_of("teamId")), ("", "club"));
        bob.put("/v1/apps/own", json!({ "name": "Ours" })).await.expect(200);
        assert_eq!(bob.get("/v1/apps").await.expect(200).json["apps"][0]["name"], "Ours");
        server.delete("/v1/teams/club").await.expect(204);
        bob.get("/v1/apps/own").await.expect_fault(404, "app_not_found");

        emma.post("/v1/apps", new("hers")).await.expect(201);
        server.delete("/v1/users/emma").await.expect(204);
        bob.get("/v1/apps/hers").await.expect_fault(404, "app_not_found");
        program(&project.admin.console).get("/v1/apps").await.expect_fault(401, "general_access_forbidden");
    });
}

scenarios! {
    /// The application is not installed there, or not any more.
    installation_not_found proves ["appwrite-types-1.9.csv,installation_not_found"] (app) {
        let project = app.project().await;
        let server = project.server();
        server.post("/v1/teams", json!({ "teamId": "club", "name": "Club" })).await.expect(201);
        let gone = gone_installation(&app, &server).await;
        refused_as(&server, (404, "installation_not_found"), (404, "installation_not_found"),
            async |c| c.get(&gone).await).await;
    }
}

async fn gone_installation(_: &TestApp, server: &Client<'_>) -> String {
    let app = json!({ "appId": "planner", "name": "Planner", "redirectUris": [CALLBACK] });
    server.post("/v1/apps", app).await.expect(201);
    let made = server.post("/v1/teams/club/installations", json!({ "appId": "planner" })).await.expect(201);
    let path = format!("/v1/teams/club/installations/{}", made.text_of("$id"));
    server.delete(&path).await.expect(204);
    path
}
