//! Whose applications are, and where they are installed.

use cairn_testkit::app::each_engine;
use serde_json::{Value, json};

use super::{CALLBACK, Planner, ROWS, program, serve, table};

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
        assert_eq!(
            (&made.json["scopes"], &made.json["authorizationDetails"][0]["id"]),
            (&json!(["rows.read"]), &json!(7))
        );
        let id = made.text_of("$id").to_owned();
        let again = emma.post("/v1/teams/club/installations", install.clone()).await;
        again.expect_fault(409, "installation_already_exists");
        let server = program(&project.server());
        server
            .post("/v1/teams/club/memberships", json!({ "userId": "dev", "roles": ["guide"] }))
            .await
            .expect(201);
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
        assert_eq!(
            bearer.post(ROWS, json!({ "rowId": "x", "data": {} })).await.status,
            401,
            "rows.write is not seen"
        );

        planner
            .developer
            .put("/v1/apps/planner", wants(json!(["rows.read", "rows.write"])))
            .await
            .expect(200);
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
        assert_eq!(
            (own.text_of("userId"), own.text_of("teamId"), own.text_of("type")),
            ("emma", "", "confidential")
        );
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
        emma.put("/v1/apps/own/labels", json!({ "labels": ["checked"] }))
            .await
            .expect_fault(401, "general_unauthorized_scope");
        server.put("/v1/apps/own/labels", json!({ "labels": ["checked"] })).await.expect(200);

        bob.post("/v1/teams", json!({ "teamId": "club", "name": "Club" })).await.expect(201);
        emma.patch("/v1/apps/own/team", json!({ "teamId": "club" }))
            .await
            .expect_fault(404, "team_not_found");
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
