//! Accounts and sessions of the people who use a project.

use cairn_core::app::ConsoleAccess;
use cairn_testkit::app::{TestApp, TestOptions, each_engine};
use serde_json::json;

use crate::ask::{configure, refused, refused_as};
use crate::scenarios;

const PASSWORD: &str = "correct horse battery";

fn account(name: &str) -> serde_json::Value {
    json!({ "userId": name, "email": format!("{name}@example.com"), "password": PASSWORD, "name": name })
}

fn credentials(name: &str) -> serde_json::Value {
    json!({ "email": format!("{name}@example.com"), "password": PASSWORD })
}

async fn with_console(app: &TestApp, console: ConsoleAccess) -> TestApp {
    TestApp::start_with(app.engine(), TestOptions { console, ..TestOptions::default() }).await
}

scenarios! {
    /// The id or the address is somebody's.
    user_already_exists proves [
        "appwrite-types.csv,user_already_exists", "appwrite-types-1.9.csv,user_already_exists",
        "appwrite-http.csv,201", "appwrite-http.csv,409",
    ] (app) {
        let guest = app.guest("console");
        guest.post("/v1/account", account("ada")).await.expect(201);
        refused(&guest, 409, "user_already_exists", async |c| c.post("/v1/account", account("ada")).await).await;
    }

    /// Nobody has this address, or the password is another one.
    user_invalid_credentials proves [
        "appwrite-types.csv,user_invalid_credentials", "appwrite-types-1.9.csv,user_invalid_credentials",
        "appwrite-http.csv,401",
    ] (app) {
        let guest = app.guest("console");
        refused(&guest, 401, "user_invalid_credentials",
            async |c| c.post("/v1/account/sessions/email", credentials("nobody")).await).await;
    }

    /// An administrator blocked the account; only the password tells.
    user_blocked proves [
        "appwrite-types.csv,user_blocked", "appwrite-types-1.9.csv,user_blocked", "appwrite-http.csv,403",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await;
        project.server().patch("/v1/users/emma/status", json!({ "status": false })).await.expect(200);
        refused_as(&emma.client, (401, "user_blocked"), (403, "user_blocked"),
            async |c| c.get("/v1/account").await).await;
        refused_as(&project.guest(), (401, "user_blocked"), (403, "user_blocked"),
            async |c| c.post("/v1/account/sessions/email", credentials("emma")).await).await;
    }

    /// Who is signed in signs out before signing in.
    user_session_already_exists proves [
        "appwrite-types.csv,user_session_already_exists", "appwrite-types-1.9.csv,user_session_already_exists",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await;
        refused(&emma.client, 401, "user_session_already_exists",
            async |c| c.post("/v1/account/sessions/anonymous", json!({})).await).await;
    }

    /// The person has no such session.
    user_session_not_found proves [
        "appwrite-types.csv,user_session_not_found", "appwrite-types-1.9.csv,user_session_not_found",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await;
        refused(&emma.client, 404, "user_session_not_found",
            async |c| c.get("/v1/account/sessions/none").await).await;
    }

    /// The project has as many users as its owners want.
    user_count_exceeded proves [
        "appwrite-types.csv,user_count_exceeded", "appwrite-types-1.9.csv,user_count_exceeded",
        "appwrite-http.csv,501",
    ] (app) {
        let project = app.project().await;
        project.user("emma").await;
        configure(&app, &project.id, |settings| settings.policies.users_max = Some(1)).await;
        refused_as(&project.guest(), (501, "user_count_exceeded"), (400, "user_count_exceeded"),
            async |c| c.post("/v1/account", account("bob")).await).await;
    }

    /// The console has its first person.
    user_console_count_exceeded proves ["appwrite-types-1.9.csv,user_console_count_exceeded"] (app) {
        let closed = with_console(&app, ConsoleAccess { is_root_only: true, ..ConsoleAccess::default() }).await;
        let guest = closed.guest("console");
        guest.post("/v1/account", account("ada")).await.expect(201);
        refused(&guest, 501, "user_console_count_exceeded",
            async |c| c.post("/v1/account", account("bob")).await).await;
    }

    /// The console's operator lists who may sign up, and the address is not there.
    user_email_not_whitelisted proves [
        "appwrite-types.csv,user_email_not_whitelisted", "appwrite-types-1.9.csv,user_email_not_whitelisted",
    ] (app) {
        let emails = vec!["*@example.org".to_owned()];
        let closed = with_console(&app, ConsoleAccess { emails, ..ConsoleAccess::default() }).await;
        refused(&closed.guest("console"), 401, "user_email_not_whitelisted",
            async |c| c.post("/v1/account", account("ada")).await).await;
    }

    /// The console's operator lists from where one may sign up.
    user_ip_not_whitelisted proves [
        "appwrite-types.csv,user_ip_not_whitelisted", "appwrite-types-1.9.csv,user_ip_not_whitelisted",
    ] (app) {
        let ips = vec!["192.0.2.1".to_owned()];
        let closed = with_console(&app, ConsoleAccess { ips, ..ConsoleAccess::default() }).await;
        refused(&closed.guest("console"), 401, "user_ip_not_whitelisted",
            async |c| c.post("/v1/account", account("ada")).await).await;
    }

    /// The console knows everybody who uses it.
    user_anonymous_console_prohibited proves [
        "appwrite-types.csv,user_anonymous_console_prohibited",
        "appwrite-types-1.9.csv,user_anonymous_console_prohibited",
    ] (app) {
        refused(&app.guest("console"), 401, "user_anonymous_console_prohibited",
            async |c| c.post("/v1/account/sessions/anonymous", json!({})).await).await;
    }

    /// The project's owners turned this way of signing in off.
    user_auth_method_unsupported proves [
        "appwrite-types.csv,user_auth_method_unsupported", "appwrite-types-1.9.csv,user_auth_method_unsupported",
    ] (app) {
        let project = app.project().await;
        let off = |settings: &mut cairn_model::projects::Settings| {
            settings.disabled_auth_methods.insert("anonymous".to_owned());
        };
        configure(&app, &project.id, off).await;
        refused(&project.guest(), 501, "user_auth_method_unsupported",
            async |c| c.post("/v1/account/sessions/anonymous", json!({})).await).await;
    }

    /// The project remembers passwords, and this is one of them.
    password_recently_used proves ["appwrite-types-1.9.csv,password_recently_used"] (app) {
        let project = app.project().await;
        configure(&app, &project.id, |settings| settings.policies.password_history = 3).await;
        let emma = project.user("emma").await;
        let same = json!({ "password": PASSWORD, "oldPassword": PASSWORD });
        refused(&emma.client, 400, "password_recently_used",
            async |c| c.patch("/v1/account/password", same.clone()).await).await;
    }

    /// The password has its user's name in it.
    password_personal_data proves ["appwrite-types-1.9.csv,password_personal_data"] (app) {
        let project = app.project().await;
        configure(&app, &project.id, |settings| settings.policies.refuses_personal_passwords = true).await;
        let telling = json!({ "userId": "emma", "email": "emma@example.com", "password": "iamEMMA!!" });
        refused(&project.guest(), 400, "password_personal_data",
            async |c| c.post("/v1/account", telling.clone()).await).await;
    }

    /// A token makes no other one, and does not go with a session.
    user_jwt_creation_denied proves [
        "appwrite-types-1.9.csv,user_jwt_creation_denied", "appwrite-types-1.9.csv,user_jwt_and_cookie_set",
        "appwrite-types.csv,user_jwt_invalid", "appwrite-types-1.9.csv,user_jwt_invalid",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await;
        let jwt = emma.client.post("/v1/account/jwts", json!({})).await.expect(201);
        let holder = project.guest().with("x-appwrite-jwt", jwt.text_of("jwt"));
        assert_eq!(holder.get("/v1/account").await.expect(200).text_of("$id"), "emma");
        refused(&holder, 403, "user_jwt_creation_denied",
            async |c| c.post("/v1/account/jwts", json!({})).await).await;
        let both = emma.client.with("x-appwrite-jwt", jwt.text_of("jwt"));
        refused(&both, 403, "user_jwt_and_cookie_set", async |c| c.get("/v1/account").await).await;
        refused(&project.guest().with("x-appwrite-jwt", "none"), 401, "user_jwt_invalid",
            async |c| c.get("/v1/account").await).await;
    }

    /// The address is somebody's target; where only the account has it, nobody learns of that.
    user_target_already_exists proves [
        "appwrite-types-1.9.csv,user_target_already_exists", "appwrite-types-1.9.csv,general_bad_request",
        "appwrite-http.csv,400",
    ] (app) {
        let project = app.project().await;
        project.user("bob").await;
        let emma = project.user("emma").await;
        let taken = json!({ "email": "bob@example.com", "password": PASSWORD });
        refused(&emma.client, 409, "user_target_already_exists",
            async |c| c.patch("/v1/account/email", taken.clone()).await).await;
        let server = project.server();
        let targets = server.get("/v1/users/bob/targets").await.expect(200);
        let target = targets.json["targets"][0]["$id"].as_str().expect("a target").to_owned();
        server.delete(&format!("/v1/users/bob/targets/{target}")).await.expect(204);
        emma.client.with("x-appwrite-response-format", crate::ask::NEW)
            .patch("/v1/account/email", taken).await.expect_fault(400, "general_bad_request");
    }
}

/// An account and a session as their owner sees them: every member of the SDK's types.
#[test]
fn an_account_has_every_member() {
    each_engine(async |app| {
        let guest = app.guest("console");
        let made = guest.post("/v1/account", account("ada")).await.expect(201);
        insta::allow_duplicates! { insta::assert_snapshot!(members(&made.json), @"$id $createdAt $updatedAt name registration status labels passwordUpdate email phone emailVerification emailCanonical emailIsFree emailIsDisposable emailIsCorporate emailIsCanonical phoneVerification mfa prefs targets accessedAt impersonator impersonatorUserId"); }
        assert_eq!(made.json["targets"][0]["identifier"], "ada@example.com");
        assert_eq!(made.json["prefs"], json!({}));
        let session = guest.post("/v1/account/sessions/email", credentials("ada")).await.expect(201);
        insta::allow_duplicates! { insta::assert_snapshot!(members(&session.json), @"$id $createdAt $updatedAt userId expire provider providerUid providerAccessToken providerAccessTokenExpiry providerRefreshToken ip osCode osName osVersion clientType clientCode clientName clientVersion clientEngine clientEngineVersion deviceName deviceBrand deviceModel countryCode countryName current factors secret mfaUpdatedAt"); }
        assert_eq!(session.json["secret"], "", "a guest's secret is in the cookie only");
        assert_eq!(session.json["current"], true);
        assert!(
            session.cookie("a_session_console").is_some()
                && session.cookie("a_session_console_legacy").is_some()
        );
        assert!(session.header("x-fallback-cookies").contains("a_session_console"));
    });
}

/// Preferences come back as they were sent; older clients do not hear of impersonation.
#[test]
fn what_people_change_of_themselves() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let prefs = json!({ "prefs": { "theme": "dark", "nested": { "b": 1, "a": [true, null] } } });
        let changed = emma.patch("/v1/account/prefs", prefs.clone()).await.expect(200);
        assert_eq!(changed.json["prefs"], prefs["prefs"]);
        assert_eq!(emma.get("/v1/account/prefs").await.expect(200).json, prefs["prefs"]);
        emma.patch("/v1/account/name", json!({ "name": "Emma" })).await.expect(200);
        let old = emma.with("x-appwrite-response-format", "1.8.0").get("/v1/account").await.expect(200);
        assert_eq!(old.text_of("name"), "Emma");
        assert!(old.json.get("impersonator").is_none() && old.json.get("mfa").is_some());
        let over = emma.delete("/v1/account/sessions/current").await.expect(204);
        assert_eq!(over.header("x-fallback-cookies"), "[]");
        emma.get("/v1/account").await.expect(401);
    });
}

fn members(object: &serde_json::Value) -> String {
    let names: Vec<&str> =
        object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str)).collect();
    names.join(" ")
}
