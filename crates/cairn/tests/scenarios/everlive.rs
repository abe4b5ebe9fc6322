//! Everlive's numbers and texts for the conditions that exist, whatever route meets them.

use serde_json::json;

use crate::ask::configure;
use crate::databases::Words;
use crate::formats::{expect_everlive, in_format};
use crate::scenarios;

scenarios! {
    /// Items and their types: a duplicate, a type that is none, an item that is none.
    items proves ["everlive-codes.csv,107", "everlive-codes.csv,611", "everlive-codes.csv,801"] (app) {
        let server = in_format(&app.project().await.server(), "everlive");
        let words = &Words::all(&server)[1];
        let title = json!([{ "key": "title", "type": "string", "size": 20 }]);
        words.make(title, json!([{ "key": "one", "type": "unique", "attributes": ["title"] }])).await;
        words.document("a", json!({ "title": "x" })).await.expect(201);
        let again = words.document("b", json!({ "title": "x" })).await;
        expect_everlive(&again, 400, 107, "The operation results in a duplicate key for a unique index");
        let path = words.at("documents").replace("/c/", "/none/");
        expect_everlive(&words.client.get(&path).await, 400, 611, "The specified content type was not found.");
        expect_everlive(&words.client.get(&words.at("documents/none")).await, 404, 801, "Item not found.");
    }

    /// A wrong password, an address that is somebody's, a token that nobody signed, a guest, a blocked user.
    people proves [
        "everlive-codes.csv,205", "everlive-codes.csv,211", "everlive-codes.csv,301",
        "everlive-codes.csv,603", "everlive-codes.csv,604",
    ] (app) {
        let project = app.project().await;
        let guest = in_format(&project.guest(), "everlive");
        let emma = in_format(&project.user("emma").await.client, "everlive");
        let wrong = json!({ "email": "emma@example.com", "password": "something else" });
        let answer = guest.post("/v1/account/sessions/email", wrong).await;
        expect_everlive(&answer, 403, 205, "Invalid username or password.");
        let same = json!({ "userId": "other", "email": "emma@example.com" });
        let answer = in_format(&project.server(), "everlive").post("/v1/users", same).await;
        expect_everlive(&answer, 400, 211, "A user with the specified email already exists.");
        let forged = guest.with("x-appwrite-jwt", "no.such.token").get("/v1/account").await;
        expect_everlive(&forged, 403, 301, "Invalid access token.");
        expect_everlive(&guest.get("/v1/account").await, 401, 604, "Unauthorized");
        project.server().patch("/v1/users/emma/status", json!({ "status": false })).await.expect(200);
        expect_everlive(&emma.get("/v1/account").await, 403, 603, "Access Denied");
    }

    /// The project's owners switched the service off.
    feature_disabled proves ["everlive-codes.csv,224"] (app) {
        let project = app.project().await;
        configure(&app, &project.id, |settings| { settings.disabled_services.insert("teams".to_owned()); }).await;
        let answer = in_format(&project.guest(), "everlive").get("/v1/teams").await;
        expect_everlive(&answer, 403, 224, "The feature is not enabled for this account.");
    }

    /// A path that is none, a method that it lacks, a query string that is no text, a filter that is none, a body that
    /// is not what it says, one that says nothing, one of a type that nobody reads.
    requests proves [
        "everlive-codes.csv,600", "everlive-codes.csv,601", "everlive-codes.csv,602", "everlive-codes.csv,608",
        "everlive-codes.csv,610", "everlive-codes.csv,613", "everlive-codes.csv,615",
    ] (app) {
        let server = in_format(&app.project().await.server(), "everlive");
        expect_everlive(&server.get("/v1/nowhere").await, 404, 600, "Not found.");
        expect_everlive(&server.get("/v1/users?search=%FF").await, 400, 601, "Invalid request.");
        expect_everlive(&server.put("/v1/users", json!({})).await, 405, 602, "Method not supported");
        expect_everlive(&server.list("/v1/users", &["equal()"]).await, 400, 608, "Invalid filter expression.");
        let broken = server.request().post("/v1/users").body("application/json", "{\"userId\":");
        expect_everlive(&broken.send().await, 400, 615, "Invalid request body.");
        let untold = server.request().post("/v1/users").body("json", "{\"userId\":\"a\"}");
        let text = "Missing or invalid content type. Please specify a valid Content-Type";
        expect_everlive(&untold.send().await, 400, 610, text);
        let other = server.request().post("/v1/users").body("text/csv", "userId\na\n");
        expect_everlive(&other.send().await, 400, 613, "Unsupported Content-Type.");
    }
}
