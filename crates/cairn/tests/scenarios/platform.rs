//! Projects and what belongs to them, as the console, the node SDK and older clients see them.

use cairn_testkit::app::{Client, Project, TestApp, TestOptions};
use serde_json::{Value, json};

use crate::scenarios;

/// `limit(1)` and the like as the SDKs write them.
fn query(method: &str, attribute: &str, value: Value) -> String {
    json!({ "method": method, "attribute": attribute, "values": [value] }).to_string()
}

fn web(id: &str) -> Value {
    json!({ "platformId": id, "name": "Site", "hostname": "shop.example" })
}

/// The project's admin, as older consoles work: the console project, and the project's id in the path.
fn old_console<'a>(project: &Project<'a>) -> Client<'a> {
    project.admin.console.with("x-appwrite-response-format", "1.8.0")
}

async fn project(app: &TestApp) -> (Project<'_>, Client<'_>) {
    let project = app.project().await;
    let console = project.console().with("x-appwrite-response-format", "2.0.0");
    (project, console)
}

/// Put copies of the project's first test phone number beside it until there are as many as may be.
async fn fill_mock_phones(app: &TestApp, project: &str) {
    let place = cairn_core::auth::project(&app.app, project).await.expect("a project").place.clone();
    let filled: Result<(), cairn_store::StoreError> = app
        .app
        .store
        .write(&place, |tx| async move {
            let mut settings = tx.settings().await?;
            for number in 1..5_000 {
                let mut phone = settings.mock_phones[0].clone();
                phone.number = format!("+1555{number:07}");
                settings.mock_phones.push(phone);
            }
            tx.settings_update(&settings).await
        })
        .await;
    filled.expect("filled");
}

scenarios! {
    /// There is no such project.
    project_not_found proves ["appwrite-types.csv,project_unknown", "appwrite-types-1.9.csv,project_not_found"] (app) {
        app.guest("nowhere").get("/v1/ping").await.expect_fault(400, "project_unknown");
        app.guest("nowhere").with("x-appwrite-response-format", "1.9.0").get("/v1/ping").await
            .expect_fault(404, "project_not_found");
    }

    /// An organization that does not exist, a reserved id, a region that is none, and an id that is taken.
    project_already_exists proves [
        "appwrite-types-1.9.csv,project_already_exists",
        "appwrite-types-1.9.csv,project_reserved_project",
        "appwrite-types-1.9.csv,project_region_unsupported",
    ] (app) {
        let (project, _) = project(&app).await;
        let console = project.admin.console.with("x-appwrite-response-format", "2.0.0");
        let team = project.admin.organization.clone();
        let body = |id: &str, region: &str| json!({
            "projectId": id, "name": "Another", "teamId": team, "region": region,
        });
        console.post("/v1/projects", body("shop", "default")).await.expect_fault(409, "project_already_exists");
        console.post("/v1/projects", body("console", "default")).await.expect_fault(400, "project_reserved_project");
        console.post("/v1/projects", body("other", "mars")).await.expect_fault(400, "project_region_unsupported");
        let bad = console.post("/v1/projects", body("UPPER", "default")).await;
        bad.expect_fault(400, "general_argument_invalid");
    }

    /// A key is refused after its end, and cannot make another one.
    project_key_expired proves [
        "appwrite-types-1.9.csv,project_key_expired",
        "appwrite-types-1.9.csv,key_creation_denied",
        "appwrite-types-1.9.csv,key_already_exists",
        "appwrite-types-1.9.csv,key_not_found",
        "appwrite-types.csv,key_not_found",
    ] (app) {
        let (project, console) = project(&app).await;
        let new = json!({ "keyId": "one", "name": "One", "scopes": ["users.read"], "expire": "2026-01-02T04:00:00.000+00:00" });
        let key = console.post("/v1/project/keys", new.clone()).await.expect(201);
        assert_eq!(key.text_of("secret").len(), 265);
        console.post("/v1/project/keys", new.clone()).await.expect_fault(409, "key_already_exists");
        let server = project.server().with("x-appwrite-response-format", "2.0.0");
        server.post("/v1/project/keys", new).await.expect_fault(403, "key_creation_denied");
        let same = console.get("/v1/project/keys/one").await.expect(200);
        assert_eq!(same.text_of("secret"), key.text_of("secret"), "secrets are given back");
        console.get("/v1/project/keys/two").await.expect_fault(404, "key_not_found");
        project.console().get("/v1/project/keys/two").await.expect_fault(404, "key_not_found");
        let client = project.guest().with("x-appwrite-key", key.text_of("secret"));
        app.clock.advance_ms(3_600_000);
        client.with("x-appwrite-response-format", "1.9.0").get("/v1/ping").await
            .expect_fault(401, "project_key_expired");
    }

    /// Scopes are checked when a key is made; unknown ones are refused.
    general_argument_invalid proves [
        "appwrite-types.csv,general_argument_invalid",
        "appwrite-types-1.9.csv,general_argument_invalid",
    ] (app) {
        let (project, console) = project(&app).await;
        let bad = json!({ "keyId": "bad", "name": "Bad", "scopes": ["users.fly"] });
        console.post("/v1/project/keys", bad.clone()).await.expect_fault(400, "general_argument_invalid");
        project.console().post("/v1/project/keys", bad).await.expect_fault(400, "general_argument_invalid");
    }

    /// Dev keys cannot be made any more, except by clients of the formats that had them.
    dev_key_gone proves ["appwrite-types-1.9.csv,dev_key_gone"] (app) {
        let (project, _) = project(&app).await;
        let body = json!({ "name": "Laptop", "expire": "2027-01-01T00:00:00.000+00:00" });
        let console = project.admin.console.with("x-appwrite-response-format", "2.0.0");
        console.post("/v1/projects/shop/dev-keys", body.clone()).await.expect_fault(410, "dev_key_gone");
        let made = old_console(&project).post("/v1/projects/shop/dev-keys", body).await.expect(201);
        let path = format!("/v1/projects/shop/dev-keys/{}", made.text_of("$id"));
        assert_eq!(console.get(&path).await.expect(200).text_of("secret"), made.text_of("secret"));
        console.delete(&path).await.expect(204);
        assert_eq!(console.get("/v1/projects/shop/dev-keys").await.expect(200).json["total"], 0);
    }

    /// Platforms of every kind, by their own routes and by the one route of older clients.
    platform_not_found proves [
        "appwrite-types-1.9.csv,platform_already_exists",
        "appwrite-types-1.9.csv,platform_method_unsupported",
        "appwrite-types-1.9.csv,platform_not_found",
        "appwrite-types.csv,platform_not_found",
    ] (app) {
        let (project, console) = project(&app).await;
        console.post("/v1/project/platforms/web", web("site")).await.expect(201);
        console.post("/v1/project/platforms/web", web("site")).await.expect_fault(409, "platform_already_exists");
        let no_host = json!({ "platformId": "none", "name": "None" });
        console.post("/v1/project/platforms/web", no_host).await.expect_fault(400, "general_argument_invalid");
        for (kind, key) in [
            ("apple", "bundleIdentifier"),
            ("android", "applicationId"),
            ("windows", "packageIdentifierName"),
            ("linux", "packageName"),
        ] {
            let body = json!({ "platformId": kind, "name": kind, key: "com.example.app" });
            let made = console.post(&format!("/v1/project/platforms/{kind}"), body.clone()).await.expect(201);
            assert_eq!((made.text_of("type"), made.text_of(key)), (kind, "com.example.app"));
            console.put(&format!("/v1/project/platforms/{kind}/{kind}"), body.clone()).await.expect(200);
            console.put(&format!("/v1/project/platforms/{kind}/site"), body).await
                .expect_fault(400, "platform_method_unsupported");
        }
        let old = json!({ "type": "flutter-ios", "name": "Old", "key": "com.example.old", "store": "" });
        let made = old_console(&project).post("/v1/projects/shop/platforms", old).await.expect(201);
        assert_eq!((made.text_of("key"), made.text_of("type"), made.text_of("hostname")), ("com.example.old", "apple", ""));
        let only_web = query("equal", "type", json!("web"));
        let page = console.list("/v1/project/platforms", &[&only_web]).await.expect(200);
        assert_eq!(page.json["total"], 1);
        assert_eq!(console.get("/v1/project/platforms").await.expect(200).json["total"], 6);
        console.delete("/v1/project/platforms/site").await.expect(204);
        console.get("/v1/project/platforms/site").await.expect_fault(404, "platform_not_found");
        project.console().get("/v1/project/platforms/site").await.expect_fault(404, "platform_not_found");
    }

    /// Only origins of the project's platforms may call it from a page.
    general_unknown_origin proves [
        "appwrite-types.csv,general_unknown_origin",
        "appwrite-types-1.9.csv,general_unknown_origin",
    ] (app) {
        let (project, console) = project(&app).await;
        let page = project.guest().with("origin", "https://shop.example");
        page.get("/v1/ping").await.expect_fault(403, "general_unknown_origin");
        console.post("/v1/project/platforms/web", web("site")).await.expect(201);
        let answer = page.get("/v1/ping").await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), "https://shop.example");
        console.delete("/v1/project/platforms/site").await.expect(204);
        page.with("x-appwrite-response-format", "1.9.0").get("/v1/ping").await
            .expect_fault(403, "general_unknown_origin");
    }

    /// A signing secret is shown on creation and rotation only.
    webhook_not_found proves [
        "appwrite-types-1.9.csv,webhook_already_exists",
        "appwrite-types-1.9.csv,webhook_not_found",
        "appwrite-types.csv,webhook_not_found",
    ] (app) {
        let (project, console) = project(&app).await;
        let body = json!({
            "webhookId": "hook", "name": "Hook", "url": "https://example.com/hook", "events": ["users.*.create"],
            "tls": true, "authUsername": "user", "authPassword": "pass",
        });
        let made = console.post("/v1/webhooks", body.clone()).await.expect(201);
        assert_eq!(made.text_of("secret").len(), 128);
        console.post("/v1/webhooks", body.clone()).await.expect_fault(409, "webhook_already_exists");
        let mut bad = body.clone();
        bad["events"] = json!(["users.*.fly"]);
        console.post("/v1/webhooks", bad).await.expect_fault(400, "general_argument_invalid");
        assert_eq!(console.get("/v1/webhooks/hook").await.expect(200).text_of("secret"), "");
        assert_eq!(console.put("/v1/webhooks/hook", body).await.expect(200).text_of("secret"), "");
        let rotated = console.patch("/v1/webhooks/hook/secret", json!({})).await.expect(200);
        assert_ne!(rotated.text_of("secret"), made.text_of("secret"));
        let old = old_console(&project).get("/v1/projects/shop/webhooks/hook").await.expect(200);
        assert_eq!((old.json["security"].clone(), old.text_of("httpUser")), (json!(true), "user"));
        console.delete("/v1/webhooks/hook").await.expect(204);
        console.get("/v1/webhooks/hook").await.expect_fault(404, "webhook_not_found");
        project.console().get("/v1/webhooks/hook").await.expect_fault(404, "webhook_not_found");
    }

    /// Variables; a secret one shows its value to nobody and stays secret.
    variable_not_found proves [
        "appwrite-types-1.9.csv,variable_already_exists",
        "appwrite-types-1.9.csv,variable_cannot_unset_secret",
        "appwrite-types-1.9.csv,variable_not_found",
    ] (app) {
        let (_project, console) = project(&app).await;
        let body = json!({ "variableId": "one", "key": "API", "value": "x" });
        let made = console.post("/v1/project/variables", body.clone()).await.expect(201);
        assert_eq!((made.json["secret"].clone(), made.text_of("value")), (json!(true), ""));
        console.post("/v1/project/variables", body).await.expect_fault(409, "variable_already_exists");
        console.put("/v1/project/variables/one", json!({ "secret": false })).await
            .expect_fault(400, "variable_cannot_unset_secret");
        console.delete("/v1/project/variables/one").await.expect(204);
        console.get("/v1/project/variables/one").await.expect_fault(404, "variable_not_found");
    }

    /// Test phone numbers.
    mock_number_not_found proves [
        "appwrite-types-1.9.csv,mock_number_already_exists",
        "appwrite-types-1.9.csv,mock_number_not_found",
    ] (app) {
        let (_project, console) = project(&app).await;
        let body = json!({ "number": "+15551234567", "otp": "123456" });
        console.post("/v1/project/mock-phones", body.clone()).await.expect(201);
        console.post("/v1/project/mock-phones", body).await.expect_fault(409, "mock_number_already_exists");
        let path = "/v1/project/mock-phones/%2B15551234567";
        assert_eq!(console.put(path, json!({ "otp": "654321" })).await.expect(200).text_of("otp"), "654321");
        console.delete(path).await.expect(204);
        console.get(path).await.expect_fault(404, "mock_number_not_found");
    }

    /// A service that is off refuses users, not applications and admins.
    general_service_disabled proves [
        "appwrite-types.csv,general_service_disabled",
        "appwrite-types-1.9.csv,general_service_disabled",
        "appwrite-types-1.9.csv,general_api_disabled",
    ] (app) {
        let (project, console) = project(&app).await;
        let user = project.user("ada").await;
        console.patch("/v1/project/services/teams", json!({ "enabled": false })).await.expect(200);
        user.client.get("/v1/teams").await.expect_fault(503, "general_service_disabled");
        user.client.with("x-appwrite-response-format", "2.0.0").get("/v1/teams").await
            .expect_fault(403, "general_service_disabled");
        project.server().get("/v1/teams").await.expect(200);
        console.patch("/v1/project/services/teams", json!({ "enabled": true })).await.expect(200);
        user.client.get("/v1/teams").await.expect(200);
        let off = old_console(&project).patch("/v1/projects/shop/api", json!({ "api": "rest", "status": false })).await;
        assert_eq!(off.expect(200).json["authLimit"], 0);
        user.client.with("x-appwrite-response-format", "2.0.0").get("/v1/teams").await
            .expect_fault(403, "general_api_disabled");
    }

    /// Lists refuse what they cannot answer.
    general_query_invalid proves [
        "appwrite-types.csv,general_query_invalid",
        "appwrite-types-1.9.csv,general_query_invalid",
        "appwrite-types.csv,general_cursor_not_found",
        "appwrite-types-1.9.csv,general_cursor_not_found",
    ] (app) {
        let (project, console) = project(&app).await;
        let (bad, lost) = (query("equal", "colour", json!("red")), query("cursorAfter", "", json!("nobody")));
        for (client, path) in [(&console, "/v1/project/keys"), (&project.console(), "/v1/project/keys")] {
            client.list(path, &[&bad]).await.expect_fault(400, "general_query_invalid");
            client.list(path, &[&lost]).await.expect_fault(400, "general_cursor_not_found");
        }
    }

    /// A request about an organization names one that exists.
    team_not_found proves ["appwrite-types.csv,team_not_found", "appwrite-types-1.9.csv,team_not_found"] (app) {
        let (project, _) = project(&app).await;
        let console = &project.admin.console;
        console.get("/v1/organization/projects").await.expect_fault(404, "team_not_found");
        console.with("x-appwrite-response-format", "2.0.0").get("/v1/organization/projects").await
            .expect_fault(404, "team_not_found");
    }

    /// A project has only so many test phone numbers.
    mock_number_limit_exceeded proves ["appwrite-types-1.9.csv,mock_number_limit_exceeded"] (app) {
        let (project, console) = project(&app).await;
        let first = json!({ "number": "+15550000000", "otp": "123456" });
        console.post("/v1/project/mock-phones", first).await.expect(201);
        fill_mock_phones(&app, &project.id).await;
        let body = json!({ "number": "+15551234567", "otp": "123456" });
        console.post("/v1/project/mock-phones", body).await.expect_fault(400, "mock_number_limit_exceeded");
    }

    /// The make-believe OAuth2 provider of development mode.
    general_mock proves ["appwrite-types.csv,general_mock", "appwrite-types-1.9.csv,general_mock"] (app) {
        let options = TestOptions { is_development: true, ..TestOptions::default() };
        let app = TestApp::start_with(app.engine(), options).await;
        let (project, _) = project(&app).await;
        let guest = app.guest("console");
        let path = "/v1/mock/tests/general/oauth2";
        guest.get(&format!("{path}/user?token=wrong")).await.expect_fault(400, "general_mock");
        guest.with("x-appwrite-response-format", "2.0.0").get(&format!("{path}/user?token=wrong")).await
            .expect_fault(400, "general_mock");
        assert_eq!(guest.get(&format!("{path}/user?token=123456")).await.expect(200).json["id"], 1);
        let token = format!("{path}/token?client_id=1&client_secret=123456&code=abcdef");
        assert_eq!(guest.get(&token).await.expect(200).text_of("access_token"), "123456");
        let start = format!("{path}?client_id=1&redirect_uri=http%3A%2F%2Flocalhost%2Fback&scope=email&state=s");
        let answer = guest.get(&start).await.expect(301);
        assert_eq!(answer.header("location"), "http://localhost/back?code=abcdef&state=s");
        guest.get(&format!("{path}/failure")).await.expect(400);
        let old = guest.post("/v1/mock/api-key-unprefixed", json!({ "projectId": "shop" })).await.expect(201);
        let server = project.guest().with("x-appwrite-key", old.text_of("secret"));
        server.get("/v1/project/keys").await.expect(200);
    }

    /// Projects are made and listed in the console alone.
    general_access_forbidden proves [
        "appwrite-types.csv,general_access_forbidden",
        "appwrite-types-1.9.csv,general_access_forbidden",
    ] (app) {
        let (project, console) = project(&app).await;
        project.console().get("/v1/projects").await.expect_fault(401, "general_access_forbidden");
        console.get("/v1/projects").await.expect_fault(401, "general_access_forbidden");
    }
}

/// A project in the words of three versions.
#[test]
fn a_project_in_three_versions() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, console) = project(&app).await;
        let native = console.get("/v1/project").await.expect(200);
        assert_eq!(native.text_of("$id"), "shop");
        assert_eq!(native.json["services"].as_array().map(Vec::len), Some(18));
        assert_eq!(native.json["authMethods"][0], json!({ "$id": "email-password", "enabled": true }));
        assert!(
            native.json.get("$more").is_none() && native.json.get("platforms").is_none(),
            "{}",
            native.text()
        );
        let middle = project
            .console()
            .with("x-appwrite-response-format", "1.9.5")
            .get("/v1/project")
            .await
            .expect(200);
        assert_eq!(middle.json, native.json);
        console.post("/v1/project/platforms/web", web("site")).await.expect(201);
        let old = old_console(&project).get("/v1/projects/shop").await.expect(200);
        assert_eq!(old.json["authEmailPassword"], true);
        assert_eq!(old.json["serviceStatusForTeams"], true);
        for nothing in ["key", "store", "httpUser", "httpPass"] {
            assert_eq!(old.json["platforms"][0][nothing], "", "{nothing}");
        }
        assert_eq!(old.json["keys"].as_array().map(Vec::len), Some(1));
        assert!(old.json.get("services").is_none() && old.json.get("$more").is_none(), "{}", old.text());
        let list = old_console(&project).get("/v1/projects").await.expect(200);
        assert_eq!(
            (list.json["total"].clone(), list.json["projects"][0]["$id"].clone()),
            (json!(1), json!("shop"))
        );
        assert!(list.json["projects"][0].get("platforms").is_some(), "{}", list.text());
    });
}

/// Names, labels, owners, and the end of a project.
#[test]
fn a_project_from_beginning_to_end() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, console) = project(&app).await;
        let admin = &project.admin;
        let of_team = admin.console.with("x-appwrite-organization", &admin.organization);
        let body = json!({ "projectId": "unique()", "name": "Second" });
        let second = of_team.post("/v1/organization/projects", body).await.expect(201);
        let path = format!("/v1/organization/projects/{}", second.text_of("$id"));
        let named = of_team.patch(&path, json!({ "name": "Renamed" })).await.expect(200);
        assert_eq!(named.text_of("name"), "Renamed");
        assert_eq!(of_team.get("/v1/organization/projects").await.expect(200).json["total"], 2);
        of_team.delete(&path).await.expect(204);
        of_team.get(&path).await.expect_fault(404, "project_not_found");
        admin.console.get("/v1/organization/projects").await.expect_fault(404, "team_not_found");
        let labels = json!({ "labels": ["vip", "vip", "beta"] });
        assert_eq!(
            console.put("/v1/project/labels", labels).await.expect(200).json["labels"],
            json!(["vip", "beta"])
        );
        let about = json!({ "name": "Shop two", "url": "https://shop.example", "legalName": "Shop Ltd" });
        admin.console.patch("/v1/projects/shop", about).await.expect(200);
        let old = old_console(&project).get("/v1/projects/shop").await.expect(200);
        assert_eq!((old.text_of("name"), old.text_of("legalName")), ("Shop two", "Shop Ltd"));
        project.guest().get("/v1/ping").await.expect(200);
        project.guest().get("/v1/ping").await.expect(200);
        assert_eq!(console.get("/v1/project").await.expect(200).json["pingCount"], 1);
        let other = json!({ "teamId": "second-org", "name": "Second" });
        admin.console.post("/v1/teams", other).await.expect(201);
        admin.console.patch("/v1/projects/shop/team", json!({ "teamId": "second-org" })).await.expect(200);
        assert_eq!(console.get("/v1/project").await.expect(200).text_of("teamId"), "second-org");
        console.delete("/v1/project").await.expect(204);
        project.server().get("/v1/ping").await.expect_fault(400, "project_unknown");
    });
}

/// Every policy by its route and its older alias, and what of it is shown.
#[test]
fn policies_are_set_and_shown() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, console) = project(&app).await;
        let old = old_console(&project);
        for (name, body, shown) in [
            ("password-dictionary", json!({ "enabled": true }), json!({ "enabled": true })),
            ("password-history", json!({ "total": 5 }), json!({ "total": 5 })),
            ("password-history", json!({ "total": null }), json!({ "total": 0 })),
            ("password-personal-data", json!({ "enabled": true }), json!({ "enabled": true })),
            ("session-alert", json!({ "enabled": true }), json!({ "enabled": true })),
            ("session-duration", json!({ "duration": 60 }), json!({ "duration": 60 })),
            ("session-invalidation", json!({ "enabled": false }), json!({ "enabled": false })),
            ("session-limit", json!({ "total": 3 }), json!({ "total": 3 })),
            ("user-limit", json!({ "total": 100 }), json!({ "total": 100 })),
        ] {
            let path = format!("/v1/project/policies/{name}");
            console.patch(&path, body).await.expect(200);
            let mut shown = shown;
            shown["$id"] = json!(name);
            assert_eq!(console.get(&path).await.expect(200).json, shown);
        }
        let strength = json!({ "min": 12, "number": true });
        let shown = console.patch("/v1/project/policies/password-strength", strength).await.expect(200);
        assert_eq!((shown.json["min"].clone(), shown.json["symbols"].clone()), (json!(12), json!(false)));
        console.patch("/v1/project/policies/mfa-factors", json!({ "phone": false })).await.expect(200);
        for (path, body, member, value) in [
            ("auth/limit", json!({ "limit": 7 }), "authLimit", json!(7)),
            ("auth/max-sessions", json!({ "limit": 4 }), "authSessionsLimit", json!(4)),
            ("auth/password-history", json!({ "limit": 0 }), "authPasswordHistory", json!(0)),
            ("auth/session-alerts", json!({ "alerts": false }), "authSessionAlerts", json!(false)),
            (
                "auth/memberships-privacy",
                json!({ "userName": true, "userEmail": false, "mfa": true }),
                "authMembershipsMfa",
                json!(true),
            ),
            ("auth/jwt", json!({ "status": false }), "authJWT", json!(false)),
            (
                "service",
                json!({ "service": "teams", "status": false }),
                "serviceStatusForTeams",
                json!(false),
            ),
            (
                "smtp",
                json!({ "enabled": false, "replyTo": "a@example.com" }),
                "smtpReplyTo",
                json!("a@example.com"),
            ),
        ] {
            let answer = old.patch(&format!("/v1/projects/shop/{path}"), body).await.expect(200);
            assert_eq!(answer.json[member], value, "{path}: {}", answer.text());
        }
        let few = console.list("/v1/project/policies", &[&query("limit", "", json!(2))]).await.expect(200);
        assert_eq!(
            (few.json["total"].clone(), few.json["policies"].as_array().map(Vec::len)),
            (json!(15), Some(2))
        );
        console
            .patch("/v1/project/policies/session-duration", json!({ "duration": 59 }))
            .await
            .expect_fault(400, "general_argument_invalid");
    });
}

/// Ephemeral keys open what they say, also in the words of older clients.
#[test]
fn ephemeral_keys() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, console) = project(&app).await;
        let body = json!({ "scopes": ["keys.read"], "duration": 60 });
        let key = console.post("/v1/project/keys/ephemeral", body.clone()).await.expect(201);
        let server = project.guest().with("x-appwrite-key", key.text_of("secret"));
        server.get("/v1/project/keys").await.expect(200);
        let old = old_console(&project).post("/v1/projects/shop/jwts", body).await.expect(201);
        assert_eq!(old.text_of("projectId"), "shop");
        project.guest().with("x-appwrite-key", old.text_of("jwt")).get("/v1/project/keys").await.expect(200);
        let listed = old_console(&project).get("/v1/projects/shop/keys").await.expect(200);
        assert_eq!(listed.json["total"], 1, "nobody keeps an ephemeral key");
    });
}

/// What the server says of itself.
#[test]
fn the_server_itself() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, _) = project(&app).await;
        let guest = app.guest("console");
        assert_eq!(guest.get("/versions").await.expect(200).text_of("server"), "1.9.6");
        assert!(guest.get("/robots.txt").await.expect(200).text().contains("User-agent"));
        guest.get("/humans.txt").await.expect(200);
        let scopes = guest.get("/v1/console/scopes/project").await.expect(200);
        assert_eq!(scopes.json["total"], 91);
        guest.get("/v1/console/variables").await.expect(401);
        let variables = project.admin.console.get("/v1/console/variables").await.expect(200);
        assert_eq!(variables.json["_APP_USAGE_STATS"], "enabled");
        assert_eq!(variables.json["_APP_STORAGE_LIMIT"], 30_000_000);
        assert_eq!(variables.text_of("_APP_DOMAIN_TARGET_CNAME"), "localhost");
        assert_eq!(variables.text_of("_APP_OPTIONS_FORCE_HTTPS"), "disabled");
        assert_eq!(project.server().get("/v1/health").await.expect(200).text_of("status"), "pass");
        assert_eq!(project.server().get("/v1/health/db").await.expect(200).json["total"], 1);
        guest.get("/v1/mock/tests/general/oauth2/success").await.expect_fault(404, "general_route_not_found");
    });
}

/// Organizations under the names of newer SDKs; one that goes takes its projects along.
#[test]
fn organizations() {
    cairn_testkit::app::each_engine(async |app| {
        let (project, _) = project(&app).await;
        let console = &project.admin.console;
        let made =
            console.post("/v1/organizations", json!({ "organizationId": "second", "name": "Second" })).await;
        assert_eq!(made.expect(201).text_of("name"), "Second");
        assert_eq!(console.get("/v1/organizations").await.expect(200).json["total"], 2);
        let second = console.with("x-appwrite-organization", "second");
        let named = second.put("/v1/organization", json!({ "name": "Renamed" })).await.expect(200);
        assert_eq!(named.text_of("name"), "Renamed");
        assert_eq!(second.get("/v1/organization").await.expect(200).text_of("$id"), "second");
        let body = json!({ "projectId": "doomed", "name": "Doomed" });
        second.post("/v1/organization/projects", body.clone()).await.expect(201);
        app.guest("doomed").get("/v1/ping").await.expect(200);
        second.delete("/v1/organization").await.expect(204);
        app.guest("doomed").get("/v1/ping").await.expect_fault(400, "project_unknown");
        let first = console.with("x-appwrite-organization", &project.admin.organization);
        first.post("/v1/organization/projects", body).await.expect(201);
        project.console().get("/v1/organizations").await.expect_fault(401, "general_access_forbidden");
        console.delete(&format!("/v1/organizations/{}", project.admin.organization)).await.expect(204);
        project.server().get("/v1/ping").await.expect_fault(400, "project_unknown");
    });
}
