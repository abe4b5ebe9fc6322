//! Keys of console users and of organizations: what they open, and when they do not.

use cairn_testkit::app::{Admin, Answer, Client, TestApp};
use serde_json::{Value, json};

use crate::ask::NEW;
use crate::scenarios;

fn new_key(id: &str, scopes: &[&str]) -> Value {
    json!({ "keyId": id, "name": id, "scopes": scopes, "expire": "2026-01-02T04:00:00.000+00:00" })
}

/// A key of the admin's own, and a client that shows it.
async fn of_account<'a>(app: &'a TestApp, admin: &Admin<'a>, scopes: &[&str]) -> (String, Client<'a>) {
    let made = admin.console.post("/v1/account/keys", new_key("own", scopes)).await.expect(201);
    let shown = app.guest("console").with("x-appwrite-key", made.text_of("secret"));
    (
        made.text_of("secret").to_owned(),
        shown.with("x-appwrite-user", "admin").with("x-appwrite-response-format", NEW),
    )
}

/// The admin at work on the organization, and a client that shows a key of it.
async fn of_organization<'a>(
    app: &'a TestApp,
    admin: &Admin<'a>,
    scopes: &[&str],
) -> (Client<'a>, Client<'a>) {
    let console = admin.console.with("x-appwrite-organization", &admin.organization);
    let made = console.post("/v1/organization/keys", new_key("server", scopes)).await.expect(201);
    assert!(made.text_of("secret").starts_with("organization_"), "{}", made.text());
    let shown = app.guest("console").with("x-appwrite-key", made.text_of("secret"));
    let shown = shown.with("x-appwrite-organization", &admin.organization);
    (console.with("x-appwrite-response-format", NEW), shown.with("x-appwrite-response-format", NEW))
}

fn ids<'a>(answer: &'a Answer, list: &str) -> Vec<&'a str> {
    answer.json[list].as_array().into_iter().flatten().filter_map(|item| item["$id"].as_str()).collect()
}

scenarios! {
    /// A key of a user is not told whose it is.
    user_id_missing proves ["appwrite-types-1.9.csv,user_id_missing"] (app) {
        let admin = app.admin("admin").await;
        let (secret, _) = of_account(&app, &admin, &["account"]).await;
        let bare = app.guest("console").with("x-appwrite-key", &secret).with("x-appwrite-response-format", NEW);
        bare.get("/v1/account").await.expect_fault(403, "user_id_missing");
        bare.with("x-appwrite-user", "somebody").get("/v1/account").await.expect_fault(403, "user_id_missing");
        let wrong = app.guest("console").with("x-appwrite-key", "account_0123").with("x-appwrite-user", "admin");
        wrong.get("/v1/account").await.expect_fault(401, "general_unauthorized_scope");
    }

    /// A key of a user after its end.
    account_key_expired proves ["appwrite-types-1.9.csv,account_key_expired"] (app) {
        let admin = app.admin("admin").await;
        let (_, client) = of_account(&app, &admin, &["account"]).await;
        assert_eq!(client.get("/v1/account").await.expect(200).text_of("$id"), "admin");
        app.clock.advance_ms(3_600_000);
        client.get("/v1/account").await.expect_fault(401, "account_key_expired");
    }

    /// An ephemeral key after its end; one that was never made here is a guest.
    api_key_expired proves ["appwrite-types-1.9.csv,api_key_expired"] (app) {
        let project = app.project().await;
        let body = json!({ "scopes": ["users.read"], "duration": 60 });
        let key = project.console().post("/v1/project/keys/ephemeral", body).await.expect(201);
        let server = project.guest().with("x-appwrite-key", key.text_of("secret")).with("x-appwrite-response-format", NEW);
        server.get("/v1/users").await.expect(200);
        app.clock.advance_ms(61_000);
        server.get("/v1/users").await.expect_fault(401, "api_key_expired");
        let made_up = project.guest().with("x-appwrite-key", "ephemeral_a.b.c");
        made_up.get("/v1/users").await.expect_fault(401, "general_unauthorized_scope");
    }

    /// A key of an organization is not told which one it is.
    organization_id_missing proves ["appwrite-types-1.9.csv,organization_id_missing"] (app) {
        let project = app.project().await;
        let (console, _) = of_organization(&app, &project.admin, &["keys.read"]).await;
        let made = console.get("/v1/organization/keys/server").await.expect(200);
        let bare = project.guest().with("x-appwrite-key", made.text_of("secret")).with("x-appwrite-response-format", NEW);
        bare.get("/v1/project/keys").await.expect_fault(403, "organization_id_missing");
        let named = bare.with("x-appwrite-organization", &project.admin.organization);
        named.get("/v1/project/keys").await.expect(200);
        app.clock.advance_ms(3_600_000);
        named.get("/v1/project/keys").await.expect_fault(401, "project_key_expired");
    }
}

/// Whoever owns the account handles its keys, by session; a key opens what it lists and makes no other.
#[test]
fn keys_of_an_account() {
    cairn_testkit::app::each_engine(async |app| {
        let project = app.project().await;
        let console = &project.admin.console;
        let (secret, client) = of_account(&app, &project.admin, &["account"]).await;
        assert!(secret.starts_with("account_") && secret.len() == 264, "{secret}");
        client.get("/v1/teams").await.expect_fault(401, "general_unauthorized_scope");
        client
            .post("/v1/account/keys", new_key("more", &["account"]))
            .await
            .expect_fault(403, "key_creation_denied");
        client.post("/v1/account/jwts", json!({})).await.expect_fault(403, "user_jwt_creation_denied");
        client.with("x-appwrite-project", "shop").get("/v1/account").await.expect(401);
        let both = console.with("x-appwrite-key", &secret).with("x-appwrite-user", "admin");
        both.with("x-appwrite-response-format", NEW)
            .get("/v1/account")
            .await
            .expect_fault(403, "user_api_key_and_session_set");
        let wider = json!({ "name": "Wider", "scopes": ["account", "teams.read"] });
        let changed = console.put("/v1/account/keys/own", wider).await.expect(200);
        assert_eq!((changed.text_of("expire"), changed.text_of("secret")), ("", &*secret));
        assert_eq!(ids(&client.get("/v1/teams").await.expect(200), "teams"), ["admin-org"]);
        assert_eq!(ids(&console.get("/v1/account/keys").await.expect(200), "keys"), ["own"]);
        let bad = json!({ "name": "Bad", "scopes": ["users.read"] });
        console.post("/v1/account/keys", bad).await.expect_fault(400, "general_argument_invalid");
        let other = app.admin("other").await;
        other.console.get("/v1/account/keys/own").await.expect_fault(404, "key_not_found");
        other.console.post("/v1/account/keys", new_key("own", &["account"])).await.expect(201);
        project
            .user("emma")
            .await
            .client
            .get("/v1/account/keys")
            .await
            .expect_fault(401, "general_access_forbidden");
        app.guest("console").get("/v1/account/keys").await.expect(401);
        console.delete("/v1/account/keys/own").await.expect(204);
        client.get("/v1/account").await.expect_fault(401, "general_unauthorized_scope");
        let ended = of_account(&app, &project.admin, &["account"]).await.1;
        let gone = project.admin.console.clone();
        gone.delete(&format!("/v1/organizations/{}", project.admin.organization)).await.expect(204);
        gone.delete("/v1/account").await.expect(204);
        ended.get("/v1/account").await.expect_fault(401, "general_unauthorized_scope");
    });
}

/// An organization's key sees its own organization and no other.
#[test]
fn keys_of_an_organization() {
    cairn_testkit::app::each_engine(async |app| {
        let project = app.project().await;
        let scopes = [
            "projects.read",
            "projects.write",
            "organization.read",
            "organization.write",
            "organization.memberships.read",
            "organization.memberships.write",
            "keys.write",
        ];
        let (console, server) = of_organization(&app, &project.admin, &scopes).await;
        let other = app.admin("other").await;
        let organization = project.admin.organization.clone();

        assert_eq!(server.get("/v1/organization").await.expect(200).text_of("$id"), organization);
        let renamed = server.put("/v1/organization", json!({ "name": "Renamed" })).await.expect(200);
        assert_eq!(renamed.text_of("name"), "Renamed");
        server
            .post("/v1/organization/projects", json!({ "projectId": "second", "name": "Second" }))
            .await
            .expect(201);
        assert_eq!(
            ids(&server.get("/v1/organization/projects").await.expect(200), "projects"),
            ["shop", "second"]
        );
        assert_eq!(ids(&server.get("/v1/projects").await.expect(200), "projects"), ["shop", "second"]);
        let another = server.with("x-appwrite-organization", &other.organization);
        another.get("/v1/organization").await.expect_fault(403, "organization_id_missing");
        let elsewhere = json!({ "projectId": "third", "name": "Third", "teamId": other.organization });
        server.post("/v1/projects", elsewhere).await.expect_fault(401, "general_unauthorized_scope");
        let given = server.patch("/v1/projects/second/team", json!({ "teamId": other.organization })).await;
        // What the key's organization has no part in is not there.
        given.expect_fault(404, "team_not_found");

        // Its projects' keys are its to make, its own are not; what it does not list it may not.
        let in_project = server.with("x-appwrite-project", "second");
        in_project
            .post("/v1/project/keys", json!({ "keyId": "one", "name": "One", "scopes": ["users.read"] }))
            .await
            .expect(201);
        server
            .post("/v1/organization/keys", new_key("more", &[]))
            .await
            .expect_fault(401, "general_unauthorized_scope");
        in_project.get("/v1/users").await.expect_fault(401, "general_unauthorized_scope");

        // Members are put in at once.
        let body = json!({ "userId": "other", "roles": ["developer"] });
        let member = server.post("/v1/organization/memberships", body).await.expect(201);
        assert_eq!(member.json["confirm"], true);
        let path = format!("/v1/organization/memberships/{}", member.text_of("$id"));
        assert_eq!(server.get(&path).await.expect(200).text_of("userId"), "other");
        assert_eq!(server.get("/v1/organization/memberships").await.expect(200).json["total"], 2);
        let developer = other.console.with("x-appwrite-organization", &organization);
        let developer = developer.with("x-appwrite-response-format", NEW);
        developer.get("/v1/organization/keys").await.expect_fault(401, "general_unauthorized_scope");
        developer.patch(&path, json!({ "roles": ["owner"] })).await.expect_fault(401, "user_unauthorized");
        assert_eq!(
            server.patch(&path, json!({ "roles": ["owner"] })).await.expect(200).json["roles"],
            json!(["owner"])
        );
        assert_eq!(
            ids(&developer.get("/v1/organization/keys").await.expect(200), "keys"),
            ["server"],
            "an owner now"
        );
        server.delete(&path).await.expect(204);
        developer.get("/v1/organization/keys").await.expect_fault(401, "user_unauthorized");

        console.delete("/v1/organization/keys/server").await.expect(204);
        server.get("/v1/organization").await.expect_fault(401, "general_unauthorized_scope");
    });
}

/// The older paths of an organization's keys name the organization themselves.
#[test]
fn keys_of_an_organization_by_its_path() {
    cairn_testkit::app::each_engine(async |app| {
        let admin = app.admin("admin").await;
        let other = app.admin("other").await;
        let old = format!("/v1/organizations/{}/keys", admin.organization);
        let by_path = &admin.console;
        let made =
            by_path.post(&old, json!({ "name": "Made", "scopes": ["projects.read"] })).await.expect(201);
        assert_eq!(by_path.get(&old).await.expect(200).json["total"], 1);
        let one = format!("{old}/{}", made.text_of("$id"));
        by_path.get(&one).await.expect(200);
        by_path.put(&one, json!({ "name": "Changed", "scopes": [] })).await.expect(200);
        by_path.delete(&one).await.expect(204);
        by_path.get(&one).await.expect_fault(404, "key_not_found");
        other.console.get(&old).await.expect_fault(401, "user_unauthorized");
    });
}
