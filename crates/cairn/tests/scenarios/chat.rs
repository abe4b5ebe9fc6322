//! The statuses of the Discord-style format, whatever route meets the condition.

use cairn_model::schema::Status;
use http::Method;
use serde_json::json;

use crate::account_api::Post;
use crate::account_api::entrance::signup;
use crate::databases::{Words, set_status};
use crate::formats::{expect_chat, in_format};
use crate::reasons::TOO_MUCH;
use crate::refusals::{too_many, with_limits};
use crate::scenarios;

scenarios! {
    /// Something is made, read and removed.
    success proves ["chat-http.csv,200", "chat-http.csv,201", "chat-http.csv,204"] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        server.post("/v1/teams", json!({ "teamId": "sea", "name": "Sea" })).await.expect(201);
        assert_eq!(server.get("/v1/teams/sea").await.expect(200).text_of("name"), "Sea");
        assert!(server.delete("/v1/teams/sea").await.expect(204).body.is_empty());
    }

    /// The attribute is on its way; the answer says when to ask again.
    not_ready proves ["chat-http.csv,202"] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        let words = &Words::all(&server)[1];
        words.make(json!([{ "key": "late", "type": "integer" }]), json!([])).await;
        set_status(&app, words, "late", Status::Processing).await;
        let index = json!({ "key": "i", "type": "key", "attributes": ["late"] });
        let answer = words.post(&words.at("indexes"), index).await;
        expect_chat(&answer, 202, 110_000);
        assert!(answer.json["retry_after"].is_number(), "{}", answer.text());
    }

    /// Nothing is new since the caller asked last.
    not_modified proves ["chat-http.csv,304"] (app) {
        let guest = in_format(&app.guest("console"), "discord");
        let first = guest.get("/v1/console/scopes/project").await.expect(200);
        let known = guest.with("if-none-match", first.header("etag"));
        assert!(known.get("/v1/console/scopes/project").await.expect(304).body.is_empty());
    }

    /// A document that is well written and does not fit its collection.
    not_valid proves ["chat-http.csv,422"] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        let words = &Words::all(&server)[1];
        words.make(json!([{ "key": "count", "type": "integer" }]), json!([])).await;
        expect_chat(&words.document("a", json!({ "count": "many" })).await, 422, 50_035);
        expect_chat(&words.client.get(&words.at("documents/a")).await, 404, 10_008);
    }

    /// A body of a type that nobody reads.
    unsupported_media proves ["chat-http.csv,415"] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        let user = "<user id=\"emma\"/>";
        let sent = server.request().post("/v1/users").body("application/xml", user).send().await;
        expect_chat(&sent, 415, 50_035);
    }

    /// The mail server through which the request must go is not at its service.
    no_gateway proves ["chat-http.csv,502"] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let guest = in_format(&post.app.guest(&project.id), "discord");
        post.sink.answer("maria@example.com", 421);
        expect_chat(&guest.post("/v0/auth/signup", signup("maria")).await, 502, 0);
    }

    /// A parameter is missing: the tree of errors mirrors the request.
    bad_request proves ["chat-http.csv,400"] (app) {
        let answer = in_format(&app.project().await.server(), "discord").post("/v1/users", json!({})).await;
        expect_chat(&answer, 400, 50_035);
        let told = &answer.json["errors"]["userId"]["_errors"][0];
        assert!(told["code"].is_string() && told["message"].is_string(), "{}", answer.text());
    }

    /// A guest, and a user who is blocked.
    who_asks proves ["chat-http.csv,401", "chat-http.csv,403"] (app) {
        let project = app.project().await;
        expect_chat(&in_format(&project.guest(), "discord").get("/v1/account").await, 401, 40_001);
        let emma = in_format(&project.user("emma").await.client, "discord");
        project.server().patch("/v1/users/emma/status", json!({ "status": false })).await.expect(200);
        expect_chat(&emma.get("/v1/account").await, 403, 20_013);
    }

    /// A user that is none, a method that the path lacks, one that nobody knows, an id that is taken.
    what_is_asked proves [
        "chat-http.csv,404", "chat-http.csv,405", "chat-http.csv,409", "chat-http.csv,501",
    ] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        expect_chat(&server.get("/v1/users/none").await, 404, 10_013);
        expect_chat(&server.put("/v1/users", json!({})).await, 405, 0);
        let unknown = Method::from_bytes(b"PROPFIND").expect("a method");
        expect_chat(&server.request().to(unknown, "/v1/users").send().await, 501, 0);
        let team = json!({ "teamId": "sea", "name": "Sea" });
        server.post("/v1/teams", team.clone()).await.expect(201);
        expect_chat(&server.post("/v1/teams", team).await, 409, 40_041);
    }

    /// Dev keys are no more.
    gone proves ["chat-http.csv,410"] (app) {
        let project = app.project().await;
        let console = in_format(&project.admin.console, "discord").with("x-appwrite-response-format", "2.0.0");
        let key = json!({ "name": "Laptop", "expire": "2027-01-01T00:00:00.000+00:00" });
        expect_chat(&console.post("/v1/projects/shop/dev-keys", key).await, 410, 0);
    }

    /// The body is larger than one may be.
    too_large proves ["chat-http.csv,413"] (app) {
        let server = in_format(&app.project().await.server(), "discord");
        let large = server.request().post("/v1/users").body("application/json", vec![b' '; TOO_MUCH]);
        expect_chat(&large.send().await, 413, 40_005);
    }

    /// One address signs up more often than it may.
    too_many_requests proves ["chat-http.csv,429"] (app) {
        let app = with_limits(&app).await;
        let answer = in_format(&too_many(&app).await, "discord").post("/v1/account", json!({})).await;
        expect_chat(&answer, 429, 31_001);
        assert!(answer.json["retry_after"].is_number() && answer.json["global"] == false, "{}", answer.text());
    }
}
