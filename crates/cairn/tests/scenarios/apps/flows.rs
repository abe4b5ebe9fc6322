//! From the question to the tokens: codes, devices, pushed requests, id tokens, and what is refused on the way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_testkit::app::{Answer, Client, each_engine};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{CALLBACK, Planner, VERIFIER, approve, challenge, claims, param, program, refused_by, serve};

const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

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
        assert_eq!(
            planner.bearer(&second).get("/v1/oauth2/shop/userinfo").await.status,
            401,
            "all have ended"
        );
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

        let details = r#"[{"type":"payment"}]"#;
        let plain = json!({ "code_challenge": VERIFIER, "code_challenge_method": "plain" });
        for (changed, status, error, kind) in [
            (json!({ "client_id": "none" }), 401, "invalid_client", "oauth2_invalid_client"),
            (json!({ "redirect_uri": "" }), 400, "invalid_request", "oauth2_invalid_redirect_uri"),
            (
                json!({ "redirect_uri": format!("{CALLBACK}/") }),
                400,
                "invalid_request",
                "oauth2_invalid_redirect_uri",
            ),
            (
                json!({ "redirect_uri": "https://evil.example/callback" }),
                400,
                "invalid_request",
                "oauth2_invalid_redirect_uri",
            ),
            (json!({ "code_challenge": "" }), 400, "invalid_request", "oauth2_invalid_request"),
            (plain, 400, "invalid_request", "oauth2_invalid_request"),
            (json!({ "scope": "openid files.write" }), 400, "invalid_scope", "oauth2_invalid_scope"),
            (json!({ "resource": "not/absolute" }), 400, "invalid_target", "oauth2_invalid_target"),
            (
                json!({ "authorization_details": details }),
                400,
                "invalid_authorization_details",
                "oauth2_invalid_authorization_details",
            ),
            (
                json!({ "response_type": "token" }),
                400,
                "unsupported_response_type",
                "oauth2_unsupported_response_type",
            ),
            (json!({ "prompt": "none" }), 403, "consent_required", "oauth2_consent_required"),
        ] {
            refused_by(&ask(changed).await, status, error, kind);
        }
        let guest = planner.authorize(&project.guest(), "openid", json!({ "prompt": "none" })).await;
        refused_by(&guest, 401, "login_required", "oauth2_login_required");

        // A browser takes the error to the application.
        let browser = emma.request().get("/v1/oauth2/shop/authorize").query(&[
            ("client_id", "planner"),
            ("redirect_uri", CALLBACK),
            ("response_type", "token"),
            ("state", "s"),
        ]);
        let sent = browser.send().await.expect(301);
        let to = sent.header("location");
        assert!(to.starts_with(CALLBACK), "{to}");
        assert_eq!(
            (param(to, "error"), param(to, "state")),
            ("unsupported_response_type".to_owned(), "s".to_owned())
        );
        let stranger = emma.request().get("/v1/oauth2/shop/authorize").query(&[
            ("client_id", "planner"),
            ("redirect_uri", "https://evil.example/"),
            ("response_type", "code"),
        ]);
        assert_eq!(stranger.send().await.status, 400, "a stranger's address gets no browser");
    });
}

/// Another user's grant is nobody's; refused, it takes the refusal to the application.
#[test]
fn a_grant_is_decided_by_its_user_alone() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        serve(&project).await;
        let planner = Planner::register(&project, "public").await;
        let asked = planner.authorize(&emma, "openid", json!({})).await.expect(200);
        let grant = asked.text_of("grantId").to_owned();
        assert_eq!(asked.text_of("redirectUrl"), "");
        let path = format!("/v1/oauth2/shop/grants/{grant}");
        let shown = program(&emma).get(&path).await.expect(200);
        assert_eq!((&shown.json["scopes"], shown.text_of("redirectUri")), (&json!(["openid"]), CALLBACK));
        program(&project.server()).get(&path).await.expect(200);
        let bob = program(&project.user("bob").await.client);
        for refused in
            [bob.get(&path).await, bob.post("/v1/oauth2/shop/approve", json!({ "grant_id": grant })).await]
        {
            assert_eq!((refused.status, &refused.json["type"]), (404, &json!("oauth2_grant_not_found")));
        }
        let jwt = emma.post("/v1/account/jwts", json!({})).await.expect(201);
        let by_jwt = program(&project.guest()).with("x-appwrite-jwt", jwt.text_of("jwt"));
        let short = by_jwt.post("/v1/oauth2/shop/approve", json!({ "grant_id": grant })).await;
        short.expect_fault(401, "user_unauthorized");
        let more = json!({ "grant_id": grant, "scope": "openid account" });
        refused_by(
            &program(&emma).post("/v1/oauth2/shop/approve", more).await,
            400,
            "invalid_scope",
            "oauth2_invalid_scope",
        );
        let rejected =
            program(&emma).post("/v1/oauth2/shop/reject", json!({ "grant_id": grant })).await.expect(200);
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
        assert!(
            asks("openid", json!({ "redirect_uri": "com.example.planner:/callback" })).await,
            "no secret and no https"
        );
        app.clock.advance_ms(60_000);
        let stale = planner.authorize(&emma, "openid", json!({ "max_age": 30 })).await.expect(200);
        assert!(
            stale.text_of("redirectUrl").starts_with("https://shop.example/consent"),
            "signed in too long ago"
        );

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
        let begin =
            async || planner.guest.post(path, json!({ "client_id": "planner", "scope": "openid" })).await;
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
        assert!(
            param(signed_out.text_of("redirectUrl"), "request_uri")
                .starts_with("urn:ietf:params:oauth:request_uri:")
        );
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
        assert_eq!(
            (&front["nonce"], &front["c_hash"], &front["name"]),
            (&json!("n-1"), &json!(half), &json!("emma"))
        );
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
        let header: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).expect("Base64")).expect("JSON");
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
        assert_eq!(
            all.json,
            json!({ "total": 2, "organizations": [{ "$id": "climbers" }, { "$id": "divers" }] })
        );
        let some = bearer.get("/v1/oauth2/shop/organizations?search=div&limit=1").await.expect(200);
        assert_eq!(some.json, json!({ "total": 1, "organizations": [{ "$id": "divers" }] }));
        let own = bearer.get("/v1/oauth2/shop/projects").await.expect(200);
        let endpoint = "http://localhost/v1";
        assert_eq!(
            own.json,
            json!({ "total": 1, "projects": [{ "$id": "shop", "region": "default", "endpoint": endpoint }] })
        );
        refused_by(
            &program(&emma).get("/v1/oauth2/shop/projects").await,
            401,
            "invalid_token",
            "oauth2_invalid_token",
        );
    });
}
