//! What administrators do with accounts: hashes from elsewhere, acting as others, new passwords, the log, figures.

use cairn_core::app::ConsoleAccess;
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::teams::Membership;
use cairn_store::{ProjectRef, StoreError};
use cairn_testkit::app::{TestApp, TestOptions, each_engine};
use serde_json::{Value, json};

use crate::ask::refused;
use crate::scenarios;

const PASSWORD: &str = "correct horse battery";

async fn with_codes(app: &TestApp, codes: &[&str]) -> TestApp {
    let codes = codes.iter().map(|code| (*code).to_owned()).collect();
    let console = ConsoleAccess { codes, is_root_only: true, ..ConsoleAccess::default() };
    TestApp::start_with(app.engine(), TestOptions { console, ..TestOptions::default() }).await
}

fn invited(name: &str, code: &str) -> Value {
    json!({ "userId": name, "email": format!("{name}@example.com"), "password": PASSWORD, "code": code })
}

/// Put somebody into an organization of the console, as an accepted invitation does.
async fn join(app: &TestApp, team: &str, user: &str) {
    let now = app.clock.now();
    let membership = Membership {
        id: MembershipId::from(format!("{user}-in-{team}")),
        seq: app.app.ids.sequence(),
        team_id: TeamId::from(team),
        user_id: UserId::from(user),
        roles: vec!["developer".to_owned()],
        invited: now,
        joined: Some(now),
        is_confirmed: true,
        secret_hash: String::new(),
        created: now,
        updated: now,
    };
    let joined: Result<(), StoreError> = app
        .app
        .store
        .write(&ProjectRef::console(), move |tx| async move {
            tx.membership_insert(&membership).await?;
            tx.team_count_members(&membership.team_id, 1, now).await
        })
        .await;
    joined.expect("a membership");
}

scenarios! {
    /// An administrator asked for a new password: nothing goes before it is set.
    user_password_reset_required proves [
        "appwrite-types.csv,user_password_reset_required", "appwrite-types-1.9.csv,user_password_reset_required",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let asked = json!({ "reset": true });
        project.server().patch("/v1/users/emma/reset", asked).await.expect(200);
        refused(&emma, 412, "user_password_reset_required", async |c| c.get("/v1/account").await).await;
        refused(&emma, 412, "user_password_reset_required",
            async |c| c.post("/v1/account/mfa/challenges", json!({ "factor": "totp" })).await).await;
        let fresh = json!({ "password": "another long password", "oldPassword": PASSWORD });
        emma.patch("/v1/account/password", fresh).await.expect(200);
        emma.get("/v1/account").await.expect(200);
    }

    /// Others are members of an organization that would be left without an owner.
    user_deletion_prohibited proves ["appwrite-types-1.9.csv,user_deletion_prohibited"] (app) {
        let ada = app.admin("ada").await;
        let bob = app.admin("bob").await;
        join(&app, "ada-org", "bob").await;
        refused(&ada.console, 400, "user_deletion_prohibited", async |c| c.delete("/v1/account").await).await;
        bob.console.delete("/v1/account").await.expect(204);
        ada.console.delete("/v1/account").await.expect(204);
    }

    /// The operator gave out codes, and this is none of them; or gave none out.
    user_invalid_code proves [
        "appwrite-types-1.9.csv,user_invalid_code", "appwrite-types-1.9.csv,general_codes_disabled",
    ] (app) {
        refused(&app.guest("console"), 500, "general_codes_disabled",
            async |c| c.post("/v1/account/invite", invited("ada", "open sesame")).await).await;
        let app = with_codes(&app, &["open sesame", "please"]).await;
        let guest = app.guest("console");
        guest.post("/v1/account", invited("root", "")).await.expect(201);
        refused(&guest, 401, "user_invalid_code",
            async |c| c.post("/v1/account/invite", invited("ada", "open")).await).await;
        guest.post("/v1/account", invited("ada", "")).await.expect(501);
        guest.post("/v1/account/invite", invited("ada", "please")).await.expect(201);
    }

    /// The operator switched the figures off.
    general_usage_disabled proves ["appwrite-types-1.9.csv,general_usage_disabled"] (app) {
        let app = TestApp::start_with(app.engine(), TestOptions { has_usage: false, ..TestOptions::default() }).await;
        let project = app.project().await;
        refused(&project.server(), 501, "general_usage_disabled",
            async |c| c.get("/v1/users/usage?range=24h").await).await;
    }
}

/// Hashes of `appwrite` that other systems made: the route, the name of the kind, the hash, and what else it needs.
fn foreign_hashes() -> [(&'static str, &'static str, &'static str, Value); 7] {
    let sha512 = "4243da0a694e8a2f727c8060fe0507c8fa01ca68146c76d2c190805b638c20c6bf6ba04e21f11ae138785d0bff63c416e6f87badbffad37f6dee50094cc38c70";
    let scrypt = "3fdef49701bc4cfaacd551fe017283513284b4731e6945c263246ef948d3cf63b5d269c31fd697246085111a428245e24a4ddc6b64c687bc60a8910dbafc1d5b";
    let modified = "UlM7JiXRcQhzAGlaonpSqNSLIz475WMddOgLjej5De9vxTy48K6WtqlEzrRFeK4t0COfMhWCb8wuMHgxOFCHFQ==";
    let signer = "XyEKE9RcTDeLEsL/RjwPDBv/RqDl8fb3gpYEOQaPihbxf1ZAtSOHCjuAAa7Q3oHpCYhXSN9tizHgVOwn6krflQ==";
    [
        ("md5", "md5", "144fa7eaa4904e8ee120651997f70dcc", json!({})),
        ("bcrypt", "bcrypt", "$2y$05$abcdefghijklmnopqrstuuOToP16KV78Z9oaRd7Vc5jOMmcZVx.cS", json!({})),
        (
            "argon2",
            "argon2",
            "$argon2i$v=19$m=20,t=3,p=2$YXBwd3JpdGU$A/54i238ed09ZR4NwlACU5XnkjNBZU9QeOEuhjLiexI",
            json!({}),
        ),
        ("phpass", "phpass", "$P$Br387rwferoKN7uwHZqNMu98q3U8RO.", json!({})),
        ("sha", "sha", sha512, json!({ "passwordVersion": "sha512" })),
        (
            "scrypt",
            "scrypt",
            scrypt,
            json!({
                "passwordSalt": "appwrite",
                "passwordCpu": 16384,
                "passwordMemory": 13,
                "passwordParallel": 2,
                "passwordLength": 64,
            }),
        ),
        (
            "scrypt-modified",
            "scryptMod",
            modified,
            json!({
                "passwordSalt": "UxLMreBr6tYyjQ==",
                "passwordSaltSeparator": "Bw==",
                "passwordSignerKey": signer,
            }),
        ),
    ]
}

/// Users come with hashes of other systems, sign in with their passwords, and have a hash of our own from then on.
#[test]
fn imported_hashes_open_and_are_upgraded() {
    each_engine(async |app| {
        let project = app.project().await;
        let server = project.server();
        for (path, kind, hash, more) in foreign_hashes() {
            let email = format!("{path}@example.com");
            let mut body = json!({ "userId": path, "email": email, "password": hash, "name": path });
            body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            let made = server.post(&format!("/v1/users/{path}"), body.clone()).await.expect(201);
            assert_eq!((made.text_of("password"), made.text_of("hash")), (hash, kind));
            assert_eq!(made.json["hashOptions"]["type"], kind);
            let again = server.post(&format!("/v1/users/{path}"), body.clone()).await;
            again.expect_fault(409, "user_already_exists");
            let wrong = json!({ "email": email, "password": "Appwrite" });
            let guest = project.guest();
            guest
                .post("/v1/account/sessions/email", wrong)
                .await
                .expect_fault(401, "user_invalid_credentials");
            for _ in 0..2 {
                let right = json!({ "email": email, "password": "appwrite" });
                guest.post("/v1/account/sessions/email", right).await.expect(201);
                let now = server.get(&format!("/v1/users/{path}")).await.expect(200);
                assert!(
                    now.text_of("password").starts_with("$argon2id$"),
                    "{path}: {}",
                    now.text_of("password")
                );
                assert_eq!(now.text_of("hash"), "argon2");
            }
            body["password"] = json!("no hash of that kind");
            body["userId"] = json!("other");
            server
                .post(&format!("/v1/users/{path}"), body)
                .await
                .expect_fault(400, "general_argument_invalid");
        }
    });
}

/// Who is trusted with it acts as another: with that one's rights, without that one's sessions, and never for longer
/// than the own session lasts.
#[test]
fn a_trusted_user_acts_as_another() {
    each_engine(async |app| {
        let project = app.project().await;
        let (ada, server) = (project.user("ada").await, project.server());
        project.user("bob").await;
        server.patch("/v1/users/bob/phone", json!({ "number": "+4915112345678" })).await.expect(200);
        let as_bob = ada.client.with("x-appwrite-impersonate-user-id", "bob");
        assert_eq!(as_bob.get("/v1/account").await.expect(200).text_of("$id"), "ada", "not trusted");
        ada.client.get("/v1/users").await.expect(401);
        let changed =
            server.patch("/v1/users/ada/impersonator", json!({ "impersonator": true })).await.expect(200);
        assert_eq!(changed.json["impersonator"], true);

        let found = ada.client.get("/v1/users").await.expect(200);
        assert_eq!(found.json["total"], 2);
        for user in found.json["users"].as_array().expect("users") {
            assert!(user["password"].is_null() && user["hash"].is_null(), "{user}");
        }
        ada.client.get("/v1/users/bob").await.expect(200);
        for path in ["/v1/users/bob/mfa/recovery-codes", "/v1/users/bob/sessions", "/v1/users/bob/logs"] {
            ada.client.get(path).await.expect_fault(401, "user_unauthorized");
        }
        for (header, name) in [
            ("x-appwrite-impersonate-user-id", "bob"),
            ("x-appwrite-impersonate-user-email", "Bob@example.com"),
            ("x-appwrite-impersonate-user-phone", "+4915112345678"),
        ] {
            let account = ada.client.with(header, name).get("/v1/account").await.expect(200);
            assert_eq!(
                (account.text_of("$id"), account.text_of("impersonatorUserId")),
                ("bob", "ada"),
                "{header}"
            );
        }
        let by_parameter = ada.client.get("/v1/account?impersonateUserId=bob").await.expect(200);
        assert_eq!(by_parameter.text_of("$id"), "bob");
        let nobody = ada.client.with("x-appwrite-impersonate-user-id", "nobody");
        assert_eq!(nobody.get("/v1/account").await.expect(200).text_of("$id"), "ada");

        as_bob.patch("/v1/account/name", json!({ "name": "Bobby" })).await.expect(200);
        as_bob.post("/v1/account/jwts", json!({})).await.expect_fault(404, "user_session_not_found");
        let logs = server.get("/v1/users/bob/logs").await.expect(200);
        assert_eq!(logs.json["logs"][0]["userId"], "ada", "{}", logs.text());
        server.patch("/v1/users/bob/status", json!({ "status": false })).await.expect(200);
        as_bob.get("/v1/account").await.expect_fault(401, "user_blocked");
        server.patch("/v1/users/ada/impersonator", json!({ "impersonator": false })).await.expect(200);
        assert_eq!(as_bob.get("/v1/account").await.expect(200).text_of("$id"), "ada", "no longer trusted");
    });
}

/// The log tells what happened, with client and place, the newest first; a guest's sign-in is the user's own.
#[test]
fn the_log_tells_what_people_did() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
        let name = json!({ "name": "Emma" });
        emma.with("user-agent", firefox).patch("/v1/account/name", name).await.expect(200);
        project.server().patch("/v1/users/emma/labels", json!({ "labels": ["vip"] })).await.expect(405);
        project.server().put("/v1/users/emma/labels", json!({ "labels": ["vip"] })).await.expect(200);
        emma.patch("/v1/account/name", json!({})).await.expect(400);
        let logs = emma.get("/v1/account/logs").await.expect(200);
        let told = |field: &str| -> Vec<String> {
            let all = logs.json["logs"].as_array().expect("entries");
            all.iter().map(|log| log[field].as_str().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(told("event"), ["user.update", "user.update", "session.create", "user.create"]);
        assert_eq!(told("userType"), ["keyProject", "user", "guest", "guest"]);
        assert_eq!(told("userId"), ["", "emma", "", ""]);
        assert_eq!(told("clientName")[1], "Firefox");
        assert_eq!((told("ip")[1].as_str(), told("countryCode")[1].as_str()), ("127.0.0.1", "--"));
        assert_eq!(project.server().get("/v1/users/emma/logs").await.expect(200).json, logs.json);
        assert!(!logs.text().contains(PASSWORD));

        let team = json!({ "teamId": "climbers", "name": "Climbers" });
        emma.post("/v1/teams", team).await.expect(201);
        let of_team = emma.get("/v1/teams/climbers/logs").await.expect(200);
        assert_eq!(of_team.json["logs"][0]["event"], "team.create");
        project.user("eve").await.client.get("/v1/teams/climbers/logs").await.expect(404);
    });
}

/// Figures of users and sessions, by hour or by day.
#[test]
fn usage_counts_users_and_sessions() {
    each_engine(async |app| {
        let project = app.project().await;
        project.user("ada").await;
        app.clock.advance_ms(24 * 3_600_000);
        project.user("bob").await;
        let month = project.console().get("/v1/users/usage").await.expect(200);
        assert_eq!((&month.json["usersTotal"], &month.json["sessionsTotal"]), (&json!(2), &json!(2)));
        let days = month.json["users"].as_array().expect("steps");
        assert_eq!((days.len(), &days[28]["value"], &days[29]["value"]), (30, &json!(1), &json!(1)));
        let day = project.console().get("/v1/users/usage?range=24h").await.expect(200);
        assert_eq!(day.json["users"].as_array().map(Vec::len), Some(24));
        assert_eq!(day.json["sessions"][23]["value"], 1);
        project.guest().get("/v1/users/usage").await.expect(401);
    });
}
