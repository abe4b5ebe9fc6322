//! `domain:reason` codes for the conditions that exist, whatever route meets them.

use serde_json::json;

use crate::formats::{expect_reason, in_format};
use crate::refusals::{too_many, with_limits};
use crate::scenarios;

/// More than the body of a request may hold.
pub(crate) const TOO_MUCH: usize = 10_000_000;

const PASSWORD: &str = "correct horse battery";

scenarios! {
    /// Nobody has this address.
    auth_invalid_credentials proves ["reason-codes.csv,auth:invalid_credentials"] (app) {
        let guest = in_format(&app.guest("console"), "reason");
        let nobody = json!({ "email": "nobody@example.com", "password": PASSWORD });
        expect_reason(&guest.post("/v1/account/sessions/email", nobody).await, 401, "auth:invalid_credentials");
    }

    /// The id is nobody's, the session is nobody's, the path is nobody's.
    not_found proves [
        "reason-codes.csv,user:not_found", "reason-codes.csv,session:not_found", "reason-codes.csv,system:not_found",
    ] (app) {
        let project = app.project().await;
        let server = in_format(&project.server(), "reason");
        expect_reason(&server.get("/v1/users/nobody").await, 404, "user:not_found");
        let emma = in_format(&project.user("emma").await.client, "reason");
        expect_reason(&emma.get("/v1/account/sessions/none").await, 401, "session:not_found");
        expect_reason(&emma.get("/v1/nowhere").await, 404, "system:not_found");
    }

    /// A guest, a blocked user, a user without the right, and a token that nobody signed.
    who_asks proves [
        "reason-codes.csv,user:unauthorized", "reason-codes.csv,user:banned",
        "reason-codes.csv,user:permission_insufficient", "reason-codes.csv,user:invalid_token",
    ] (app) {
        let project = app.project().await;
        let guest = in_format(&project.guest(), "reason");
        expect_reason(&guest.get("/v1/account").await, 401, "user:unauthorized");
        expect_reason(&guest.with("x-appwrite-jwt", "no.such.token").get("/v1/account").await, 401, "user:invalid_token");
        let emma = in_format(&project.user("emma").await.client, "reason");
        let maria = in_format(&project.user("maria").await.client, "reason");
        emma.post("/v1/teams", json!({ "teamId": "sea", "name": "Sea" })).await.expect(201);
        let joined = json!({ "userId": "maria", "roles": ["diver"] });
        project.server().post("/v1/teams/sea/memberships", joined).await.expect(201);
        let renamed = maria.put("/v1/teams/sea", json!({ "name": "Lake" })).await;
        expect_reason(&renamed, 403, "user:permission_insufficient");
        project.server().patch("/v1/users/emma/status", json!({ "status": false })).await.expect(200);
        expect_reason(&emma.get("/v1/account").await, 403, "user:banned");
    }

    /// The address is somebody's.
    user_email_already_exists proves ["reason-codes.csv,user:email_already_exists"] (app) {
        let project = app.project().await;
        project.user("emma").await;
        let same = json!({ "userId": "other", "email": "emma@example.com" });
        let answer = in_format(&project.server(), "reason").post("/v1/users", same).await;
        expect_reason(&answer, 409, "user:email_already_exists");
    }

    /// A query string that is no text, a parameter that is missing, a body that is too large.
    what_is_sent proves [
        "reason-codes.csv,general:bad_request", "reason-codes.csv,general:validation_error",
        "reason-codes.csv,FILE_TOO_LARGE",
    ] (app) {
        let server = in_format(&app.project().await.server(), "reason");
        expect_reason(&server.get("/v1/users?search=%FF").await, 400, "general:bad_request");
        expect_reason(&server.post("/v1/users", json!({})).await, 400, "general:validation_error");
        let large = server.request().post("/v1/users").body("application/json", vec![b' '; TOO_MUCH]);
        expect_reason(&large.send().await, 413, "FILE_TOO_LARGE");
    }

    /// The console's lists are not for a project's admins in the project.
    forbidden proves ["reason-codes.csv,FORBIDDEN"] (app) {
        let console = in_format(&app.project().await.console(), "reason");
        expect_reason(&console.get("/v1/projects").await, 403, "FORBIDDEN");
    }

    /// One address signs up more often than it may.
    rate_limit_exceeded proves ["reason-codes.csv,rate_limit:exceeded"] (app) {
        let app = with_limits(&app).await;
        let guest = in_format(&too_many(&app).await, "reason");
        expect_reason(&guest.post("/v1/account", json!({})).await, 429, "rate_limit:exceeded");
    }
}
