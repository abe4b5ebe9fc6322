//! Safe by construction: revocation reaches every way in, a token is what it says, nothing secret is told.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_core::mfa::totp;
use cairn_core::secrets::{SecretKey, Secrets};
use cairn_core::tokens::sign;
use cairn_std::{Rng, Timestamp};
use cairn_testkit::app::{Client, Project, TestApp, each_engine};
use serde_json::{Map, Value, json};

const PASSWORD: &str = "correct horse battery";
const NEW: (&str, &str) = ("x-appwrite-response-format", "1.9.5");

/// The ways in of one user: a session, another one, and a token of each.
struct Ways<'a> {
    first: Client<'a>,
    second: Client<'a>,
    first_jwt: Client<'a>,
    second_jwt: Client<'a>,
}

async fn session<'a>(project: &Project<'a>, name: &str) -> Client<'a> {
    let credentials = json!({ "email": format!("{name}@example.com"), "password": PASSWORD });
    let made = project.guest().post("/v1/account/sessions/email", credentials).await.expect(201);
    project.guest().with("x-appwrite-session", made.cookie("a_session_shop").expect("a session"))
}

async fn token<'a>(project: &Project<'a>, of: &Client<'a>) -> Client<'a> {
    let jwt = of.post("/v1/account/jwts", json!({})).await.expect(201);
    project.guest().with("x-appwrite-jwt", jwt.text_of("jwt"))
}

async fn ways<'a>(project: &Project<'a>, name: &str) -> Ways<'a> {
    let first = project.user(name).await.client;
    let second = session(project, name).await;
    let (first_jwt, second_jwt) = (token(project, &first).await, token(project, &second).await);
    for way in [&first, &second, &first_jwt, &second_jwt] {
        // Asked once, so that every cache knows the user.
        way.get("/v1/account").await.expect(200);
    }
    Ways { first, second, first_jwt, second_jwt }
}

async fn status(way: &Client<'_>, path: &str) -> u16 {
    way.with(NEW.0, NEW.1).get(path).await.status
}

async fn told(ways: &Ways<'_>) -> [u16; 4] {
    let path = "/v1/account";
    [
        status(&ways.first, path).await,
        status(&ways.second, path).await,
        status(&ways.first_jwt, path).await,
        status(&ways.second_jwt, path).await,
    ]
}

/// The next request of every way in knows: the clock stands still throughout.
#[test]
fn revocation_reaches_every_way_in_at_once() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();

        let out = ways(&project, "logout").await;
        out.first.delete("/v1/account/sessions/current").await.expect(204);
        assert_eq!(told(&out).await, [401, 200, 401, 200], "signing out");

        let ended = ways(&project, "ended").await;
        server.delete("/v1/users/ended/sessions").await.expect(204);
        assert_eq!(told(&ended).await, [401; 4], "an administrator ended all sessions");

        let blocked = ways(&project, "blocked").await;
        server.patch("/v1/users/blocked/status", json!({ "status": false })).await.expect(200);
        assert_eq!(told(&blocked).await, [403; 4], "an administrator blocked the user");

        let changed = ways(&project, "changed").await;
        let password = json!({ "password": "another long password", "oldPassword": PASSWORD });
        changed.first.patch("/v1/account/password", password).await.expect(200);
        assert_eq!(told(&changed).await, [200, 401, 200, 401], "the user changed the password");

        let reset = ways(&project, "reset").await;
        let password = json!({ "password": "another long password" });
        server.patch("/v1/users/reset/password", password).await.expect(200);
        assert_eq!(told(&reset).await, [401; 4], "an administrator set the password");

        let asked = ways(&project, "asked").await;
        server.patch("/v1/users/asked/reset", json!({ "reset": true })).await.expect(200);
        assert_eq!(told(&asked).await, [412; 4], "an administrator asked for a new password");

        let enrolled = ways(&project, "enrolled").await;
        enrol(&app, &enrolled.first).await;
        assert_eq!(told(&enrolled).await, [200; 4]);
        enrolled.first.patch("/v1/account/mfa", json!({ "mfa": true })).await.expect(200);
        assert_eq!(told(&enrolled).await, [200, 401, 200, 401], "the user turned a second factor on");

        let gone = ways(&project, "gone").await;
        server.delete("/v1/users/gone").await.expect(204);
        assert_eq!(told(&gone).await, [401; 4], "the user is gone");
    });
}

async fn enrol(app: &TestApp, client: &Client<'_>) -> String {
    let path = "/v1/account/mfa/authenticators/totp";
    let secret = client.post(path, json!({})).await.expect(200).text_of("secret").to_owned();
    let otp = totp::code_at(&secret, app.clock.now()).expect("a secret");
    client.put(path, json!({ "otp": otp })).await.expect(200);
    secret
}

/// Who is put out of a team holds none of its roles with the next request, by session and by token.
#[test]
fn leaving_a_team_ends_its_roles_at_once() {
    each_engine(async |app| {
        let project = app.project().await;
        let (server, bob) = (project.server(), ways(&project, "bob").await);
        let team = json!({ "teamId": "climbers", "name": "Climbers" });
        server.post("/v1/teams", team).await.expect(201);
        let member = json!({ "userId": "bob", "roles": ["guide"] });
        let member = server.post("/v1/teams/climbers/memberships", member).await.expect(201);
        for way in [&bob.first, &bob.second, &bob.first_jwt, &bob.second_jwt] {
            assert_eq!(status(way, "/v1/teams/climbers").await, 200);
        }
        let path = format!("/v1/teams/climbers/memberships/{}", member.text_of("$id"));
        server.delete(&path).await.expect(204);
        for way in [&bob.first, &bob.second, &bob.first_jwt, &bob.second_jwt] {
            assert_eq!(status(way, "/v1/teams/climbers").await, 404);
        }
    });
}

fn claims(changes: Value) -> Map<String, Value> {
    let mut claims = json!({ "userId": "emma", "sessionId": "", "projectId": "shop" });
    let claims = claims.as_object_mut().expect("an object");
    claims.extend(changes.as_object().expect("an object").clone());
    claims.clone()
}

/// A token of another key, project, algorithm or time, or of another kind, is nobody's.
#[test]
fn a_jwt_is_what_it_says_or_nothing() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let (ours, now) = (&app.app.secrets, app.clock.now());
        let theirs = Secrets::new(&SecretKey::new(*b"another key"), Rng::seeded(1));
        let valid = sign(ours, claims(json!({})), now, 900);
        let accepted = project.guest().with("x-appwrite-jwt", &valid);
        accepted.get("/v1/account").await.expect(200);

        let parts: Vec<&str> = valid.split('.').collect();
        let header = |alg: &str| URL_SAFE_NO_PAD.encode(json!({ "typ": "JWT", "alg": alg }).to_string());
        let later = Timestamp(now.0 + 3_600_000);
        let cases = [
            ("another key", sign(&theirs, claims(json!({})), now, 900)),
            ("another project", sign(ours, claims(json!({ "projectId": "console" })), now, 900)),
            ("no project", sign(ours, claims(json!({ "projectId": null })), now, 900)),
            ("expired", sign(ours, claims(json!({})), Timestamp(now.0 - 3_600_000), 900)),
            ("from the future", sign(ours, claims(json!({})), later, 900)),
            ("no algorithm", format!("{}.{}.", header("none"), parts[1])),
            ("another algorithm", format!("{}.{}.{}", header("HS512"), parts[1], parts[2])),
            ("truncated signature", valid[..valid.len() - 4].to_owned()),
            ("truncated claims", format!("{}.{}.{}", parts[0], &parts[1][..parts[1].len() - 4], parts[2])),
            ("no signature", format!("{}.{}", parts[0], parts[1])),
            ("a key's", sign(ours, claims(json!({ "scopes": ["users.read"] })), now, 900)),
            ("nobody's", sign(ours, claims(json!({ "userId": "" })), now, 900)),
        ];
        for (what, jwt) in cases {
            let holder = project.guest().with("x-appwrite-jwt", &jwt);
            let answer = holder.get("/v1/account").await;
            assert_eq!(answer.status, 401, "{what}: {}", answer.text());
            assert_eq!(answer.text_of("type"), "user_jwt_invalid", "{what}");
        }

        // A token makes no further one, and is no key.
        let jwt = token(&project, &emma).await;
        jwt.post("/v1/account/jwts", json!({})).await.expect_fault(403, "user_jwt_creation_denied");
        for prefix in ["standard_", "ephemeral_", "dynamic_"] {
            let key = project.guest().with("x-appwrite-key", &format!("{prefix}{valid}"));
            key.get("/v1/users").await.expect(401);
        }
        let admin = project.guest().with("x-appwrite-jwt", &valid).with("x-appwrite-mode", "admin");
        admin.get("/v1/users").await.expect(401);
        jwt.post("/v1/project/keys", json!({ "keyId": "x", "name": "x", "scopes": [] })).await.expect(401);
    });
}

/// What only its owner knows stands in no error, list, log of what people did, nor line of the server's log.
#[test]
fn nothing_secret_is_told() {
    each_engine(async |app| {
        let project = app.project().await;
        let (server, emma) = (project.server(), project.user("emma").await);
        let secret = enrol(&app, &emma.client).await;
        let codes = emma.client.post("/v1/account/mfa/recovery-codes", json!({})).await.expect(201);
        let jwt = emma.client.post("/v1/account/jwts", json!({})).await.expect(201).text_of("jwt").to_owned();
        let mut canaries = vec![PASSWORD.to_owned(), secret, jwt, emma.secret.clone()];
        let codes = codes.json["recoveryCodes"].as_array().expect("codes");
        canaries.extend(codes.iter().filter_map(Value::as_str).map(str::to_owned));

        let mut told = Vec::new();
        for (client, path) in [
            (&emma.client, "/v1/account"),
            (&emma.client, "/v1/account/sessions"),
            (&emma.client, "/v1/account/sessions/current"),
            (&emma.client, "/v1/account/logs"),
            (&emma.client, "/v1/account/mfa/factors"),
            (&server, "/v1/users"),
            (&server, "/v1/users/emma/sessions"),
            (&server, "/v1/users/emma/logs"),
            (&server, "/v1/users/emma/targets"),
            (&server, "/v1/users/emma/mfa/factors"),
        ] {
            told.push(client.get(path).await.expect(200).text());
        }
        let credentials = json!({ "email": "emma@example.com", "password": format!("{PASSWORD}!") });
        told.push(project.guest().post("/v1/account/sessions/email", credentials).await.expect(401).text());
        let again = json!({ "userId": "emma", "email": "emma@example.com", "password": PASSWORD });
        told.push(project.guest().post("/v1/account", again).await.expect(409).text());
        let wrong = json!({ "password": PASSWORD, "oldPassword": "a wrong old password" });
        told.push(emma.client.patch("/v1/account/password", wrong).await.expect(401).text());
        let unreadable = json!({ "userId": "x", "email": PASSWORD, "password": "short" });
        told.push(server.post("/v1/users", unreadable).await.expect(400).text());
        let broken = project.guest().with("x-appwrite-session", &format!("{}x", emma.secret));
        told.push(broken.get("/v1/account").await.expect(401).text());
        for text in &told {
            for canary in &canaries {
                assert!(!text.contains(canary.as_str()), "{canary} stands in {text}");
            }
        }
        let own = [&told[0], &told[1], &told[2], &told[3], &told[4]];
        assert!(own.iter().all(|text| !text.contains("$argon2")), "a hash is for administrators alone");
    });
}
