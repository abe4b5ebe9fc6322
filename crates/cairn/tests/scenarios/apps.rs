//! Applications of others: the project as their OAuth2 server, consents, installations.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_testkit::app::{Answer, Client, Project, TestApp, each_engine};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::ask::refused_as;
use crate::scenarios;

mod flows;
mod owners;
mod revocation;

const NEW: (&str, &str) = ("x-appwrite-response-format", "1.9.5");
const CALLBACK: &str = "https://planner.example/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-0123";

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
    let decided =
        program(user).post("/v1/oauth2/shop/approve", json!({ "grant_id": grant })).await.expect(200);
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
    assert_eq!(
        (answer.status, &answer.json["error"], &answer.json["type"]),
        (status, &json!(error), &json!(name)),
        "{came}"
    );
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
        assert_eq!(
            (&told["sub"], &told["aud"], &told["email"]),
            (&json!("emma"), &json!("planner"), &json!("emma@example.com"))
        );
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
        let refused = guest.get(ROWS).await;
        refused_by(&refused, 401, "invalid_token", "oauth2_invalid_token");
        assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"");
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
            (
                bearer.post("/v1/apps", json!({ "appId": "other", "name": "O", "redirectUris": [] })).await,
                401,
            ),
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
        assert!(
            asked
                .text_of("redirectUrl")
                .starts_with("https://shop.example/consent?theme=dark&client_id=planner")
        );
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
        refused_by(
            &planner.refresh(tokens.text_of("refresh_token")).await,
            400,
            "invalid_grant",
            "oauth2_invalid_grant",
        );

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
