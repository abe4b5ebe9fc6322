//! Users as an administrator sees them.

use cairn_testkit::app::each_engine;
use serde_json::json;

use crate::ask::refused;
use crate::scenarios;

scenarios! {
    /// Nobody has this id.
    user_not_found proves [
        "appwrite-types.csv,user_not_found", "appwrite-types-1.9.csv,user_not_found",
    ] (app) {
        let server = app.project().await.server();
        refused(&server, 404, "user_not_found", async |c| c.get("/v1/users/nobody").await).await;
    }

    /// The address or the number is another account's.
    user_email_already_exists proves [
        "appwrite-types.csv,user_email_already_exists", "appwrite-types-1.9.csv,user_email_already_exists",
        "appwrite-types-1.9.csv,user_phone_already_exists",
    ] (app) {
        let server = app.project().await.server();
        let bob = json!({ "userId": "bob", "email": "bob@example.com", "phone": "+4915112345678" });
        let bob = server.post("/v1/users", bob).await.expect(201);
        for target in bob.json["targets"].as_array().expect("targets") {
            let id = target["$id"].as_str().expect("an id");
            server.delete(&format!("/v1/users/bob/targets/{id}")).await.expect(204);
        }
        server.post("/v1/users", json!({ "userId": "eve" })).await.expect(201);
        refused(&server, 409, "user_email_already_exists", async |c| {
            c.patch("/v1/users/eve/email", json!({ "email": "bob@example.com" })).await
        }).await;
        refused(&server, 409, "user_phone_already_exists", async |c| {
            c.patch("/v1/users/eve/phone", json!({ "number": "+4915112345678" })).await
        }).await;
    }

    /// A target that is not there, and addresses that are none.
    user_target_not_found proves [
        "appwrite-types-1.9.csv,user_target_not_found", "appwrite-types-1.9.csv,general_invalid_email",
        "appwrite-types-1.9.csv,general_invalid_phone", "appwrite-http.csv,204",
    ] (app) {
        let server = app.project().await.server();
        server.post("/v1/users", json!({ "userId": "eve" })).await.expect(201);
        refused(&server, 404, "user_target_not_found", async |c| c.get("/v1/users/eve/targets/none").await).await;
        let new = server.with("x-appwrite-response-format", crate::ask::NEW);
        for (kind, fault) in [("email", "general_invalid_email"), ("sms", "general_invalid_phone")] {
            let target = json!({ "targetId": "t", "providerType": kind, "identifier": "none" });
            new.post("/v1/users/eve/targets", target).await.expect_fault(400, fault);
        }
        server.delete("/v1/users/eve").await.expect(204);
    }

    /// What is no query, names no field, or begins behind nobody.
    general_query_invalid proves [
        "appwrite-types.csv,general_query_invalid", "appwrite-types-1.9.csv,general_query_invalid",
        "appwrite-types.csv,general_cursor_not_found", "appwrite-types-1.9.csv,general_cursor_not_found",
        "appwrite-types-1.9.csv,database_query_order_null",
        "appwrite-types.csv,general_argument_invalid", "appwrite-types-1.9.csv,general_argument_invalid",
        "appwrite-http.csv,200",
    ] (app) {
        let server = app.project().await.server();
        server.post("/v1/users", json!({ "userId": "eve" })).await.expect(201);
        for bad in ["none", r#"{"method":"equal","attribute":"password","values":["x"]}"#] {
            refused(&server, 400, "general_query_invalid", async |c| c.list("/v1/users", &[bad]).await).await;
        }
        let after = |id: &str| format!(r#"{{"method":"cursorAfter","values":["{id}"]}}"#);
        refused(&server, 400, "general_cursor_not_found",
            async |c| c.list("/v1/users", &[&after("nobody")]).await).await;
        let by_email = r#"{"method":"orderAsc","attribute":"email"}"#;
        server.with("x-appwrite-response-format", crate::ask::NEW)
            .list("/v1/users", &[by_email, &after("eve")]).await.expect_fault(400, "database_query_order_null");
        refused(&server, 400, "general_argument_invalid",
            async |c| c.post("/v1/users", json!({ "userId": "!" })).await).await;
        assert_eq!(server.list("/v1/users", &[by_email]).await.expect(200).json["total"], 1);
    }
}

/// A user with every member of the SDK's type; the password's hash is for administrators alone.
#[test]
fn a_user_has_every_member() {
    each_engine(async |app| {
        let server = app.project().await.server();
        let new = json!({ "userId": "ada", "email": "Ada@example.com", "password": "correct horse", "name": "Ada" });
        let made = server.post("/v1/users", new).await.expect(201);
        assert!(made.text_of("password").starts_with("$argon2id$"));
        assert_eq!(made.text_of("hash"), "argon2");
        assert_eq!(made.text_of("email"), "ada@example.com");
        let session = server.post("/v1/users/ada/sessions", json!({})).await.expect(201);
        let secret = session.text_of("secret").to_owned();
        let holder = app.guest("shop").with("x-appwrite-session", &secret);
        let seen = holder.get("/v1/account").await.expect(200);
        assert!(seen.json.get("password").is_none());
        let taken = server.patch("/v1/users/ada/password", json!({ "password": "" })).await.expect(200);
        assert_eq!(taken.text_of("password"), "");
        let labels = server.put("/v1/users/ada/labels", json!({ "labels": ["vip"] })).await.expect(200);
        assert_eq!(labels.json["labels"], json!(["vip"]));
        let search =
            server.request().get("/v1/users").query(&[("search", "ada"), ("total", "false")]).send().await;
        let search = search.expect(200);
        assert_eq!(
            (&search.json["total"], search.json["users"].as_array().map(Vec::len)),
            (&json!(0), Some(1))
        );
    });
}
