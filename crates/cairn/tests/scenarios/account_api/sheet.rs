//! Every endpoint that this API promises, with its route and the scenarios that ask it.

use cairn_http::Route;
use serde_json::json;

use super::community::{MULTIPART, PNG, upload};
use super::factors::{next_code, set_up};
use super::{PASSWORD, Post, arrive};
use crate::formats::expect_reason;
use crate::scenarios;

/// The scenarios' own text.
const SCENARIO_TEXTS: &[&str] = &[
    include_str!("mod.rs"),
    include_str!("community.rs"),
    include_str!("connections.rs"),
    include_str!("entrance.rs"),
    include_str!("factors.rs"),
    include_str!("natives.rs"),
    include_str!("recovery.rs"),
    include_str!("sheet.rs"),
];

/// Method, path, and what a scenario that asks it writes where that is not the path itself.
///
/// Boards are a demo domain and left out, as is the stream of actions, which comes with events.
const ENDPOINTS: &[(&str, &str, &str)] = &[
    ("POST", "/v0/auth/signup", ""),
    ("POST", "/v0/auth/verify-email", ""),
    ("POST", "/v0/auth/resend-verification-email", ""),
    ("POST", "/v0/auth/login", ""),
    ("POST", "/v0/auth/device/verify", ""),
    ("POST", "/v0/auth/totp/verify", ""),
    ("POST", "/v0/auth/logout", ""),
    ("GET", "/v0/auth/sessions", ""),
    ("DELETE", "/v0/auth/sessions/{management_id}", "/v0/auth/sessions/{}"),
    ("POST", "/v0/auth/forgot-password", ""),
    ("POST", "/v0/auth/reset-password", ""),
    ("POST", "/v0/auth/change-password", ""),
    ("POST", "/v0/auth/set-initial-password", ""),
    ("POST", "/v0/auth/change-email", ""),
    ("POST", "/v0/auth/confirm-email-change", ""),
    ("GET", "/v0/auth/totp/status", ""),
    ("POST", "/v0/auth/totp/setup", ""),
    ("POST", "/v0/auth/totp/enable", ""),
    ("POST", "/v0/auth/totp/disable", ""),
    ("POST", "/v0/auth/totp/backup-codes/regenerate", ""),
    ("GET", "/v0/auth/oauth/{provider}/authorize", "/v0/auth/oauth/oidc/authorize"),
    ("POST", "/v0/auth/oauth/{provider}/login", "/v0/auth/oauth/oidc/{end}"),
    ("GET", "/v0/auth/oauth/google/one-tap/nonce", ""),
    ("POST", "/v0/auth/oauth/google/one-tap/login", ""),
    ("POST", "/v0/auth/complete-signup", ""),
    ("POST", "/v0/auth/oauth/{provider}/link", "back(&own, \"link\""),
    ("GET", "/v0/auth/oauth/connections", ""),
    ("POST", "/v0/auth/oauth/connections/unlink", ""),
    ("POST", "/v0/app/auth/login", ""),
    ("POST", "/v0/app/auth/totp/verify", ""),
    ("POST", "/v0/app/auth/verify-email", ""),
    ("POST", "/v0/app/auth/complete-signup", ""),
    ("POST", "/v0/app/auth/device/verify", ""),
    ("POST", "/v0/app/auth/oauth/google/token", ""),
    ("POST", "/v0/app/auth/oauth/github/token", ""),
    ("GET", "/v0/user/me", ""),
    ("PATCH", "/v0/user/me", "patch(\"/v0/user/me\""),
    ("DELETE", "/v0/user/me", "Method::DELETE, \"/v0/user/me\""),
    ("POST", "/v0/user/me/deletion/confirm", ""),
    ("POST", "/v0/user/me/profile-image", ""),
    ("POST", "/v0/user/me/banner-image", ""),
    ("DELETE", "/v0/user/me/profile-image", ""),
    ("DELETE", "/v0/user/me/banner-image", ""),
    ("GET", "/v0/users/profile", "/v0/users/profile?handle="),
    ("GET", "/v0/users/profile/id", ""),
    ("GET", "/v0/users/handle/{handle}/available", "/v0/users/handle/{handle}/available"),
    ("POST", "/v0/users/ban", ""),
    ("POST", "/v0/users/unban", ""),
    ("POST", "/v0/users/roles/grant", ""),
    ("POST", "/v0/users/roles/revoke", ""),
    ("GET", "/v0/search/users", ""),
    ("GET", "/v0/action-logs", ""),
    ("GET", "/v0/moderation/logs", ""),
    ("GET", "/v0/groups", ""),
    ("POST", "/v0/groups", ""),
    ("POST", "/v0/groups/delete", ""),
    ("GET", "/v0/permissions", ""),
    ("GET", "/v0/groups/permissions", ""),
    ("POST", "/v0/groups/permissions/replace", ""),
    ("GET", "/v0/groups/members", ""),
    ("POST", "/v0/groups/members", ""),
    ("POST", "/v0/groups/members/remove", ""),
    ("GET", "/v0/notifications/list", ""),
    ("GET", "/v0/notifications/unread/count", ""),
    ("POST", "/v0/notifications/mark-as-read", ""),
    ("POST", "/v0/notifications/delete", ""),
    ("POST", "/v0/notifications/mark-all-as-read", ""),
    ("GET", "/v0/notifications/preferences", ""),
    ("POST", "/v0/notifications/preferences/update", ""),
    ("GET", "/v0/notifications/preferences/actions", ""),
    ("POST", "/v0/notifications/preferences/actions/update", ""),
];

#[test]
fn every_promised_endpoint_has_its_route_and_is_asked() {
    let surface = &cairn_server::SURFACES[1];
    let routes: Vec<&Route> = surface.routes.iter().copied().flatten().collect();
    for (method, path, asked) in ENDPOINTS {
        let is_there = routes.iter().any(|route| route.verb.name() == *method && route.path == *path);
        assert!(is_there, "{method} {path} has no route");
        // The table above holds every path once itself.
        let own = if asked.is_empty() { *path } else { *asked };
        let count: usize = SCENARIO_TEXTS.iter().map(|text| text.matches(own).count()).sum();
        let in_table =
            include_str!("sheet.rs").split("#[test]").next().unwrap_or_default().matches(own).count();
        assert!(count > in_table, "{method} {path}: no scenario asks it");
    }
}

scenarios! {
    /// What is asked in one form elsewhere is asked in its other one here: a browser's second factor, an application's device, a
    /// banner, and what the caller wants to hear.
    the_other_form_of_what_is_asked_elsewhere proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = project.guest();
        let login = json!({ "email": emma.email, "password": PASSWORD });

        let step = guest.post("/v0/app/auth/login", login.clone()).await.expect(202);
        assert_eq!(step.text_of("status"), "device_verification_required");
        let token = post.token(&emma.email, 2);
        let tokens = guest.post("/v0/app/auth/device/verify", json!({ "token": token })).await.expect(200);
        let device = tokens.text_of("device_token").to_owned();
        guest.with("x-device-token", &device).post("/v0/app/auth/login", login.clone()).await.expect(200);

        let banner = "/v0/user/me/banner-image";
        let set = emma.client.request().post(banner).body(MULTIPART, upload(PNG)).send().await.expect(201);
        let url = set.text_of("image_url").to_owned();
        assert_eq!(emma.client.get("/v0/user/me").await.expect(200).text_of("banner_image"), url);
        emma.client.delete(banner).await.expect(204);
        expect_reason(&emma.client.delete(banner).await, 404, "system:not_found");

        let preferences = emma.client.get("/v0/notifications/preferences").await.expect(200);
        assert_eq!((&preferences.json["email_enabled"], &preferences.json["push_enabled"]), (&json!(false), &json!(false)));
        let actions = emma.client.get("/v0/notifications/preferences/actions").await.expect(200);
        let wanted = actions.json["preferences"].as_array().expect("a list");
        assert!(!wanted.is_empty() && wanted.iter().all(|one| one["enabled"] == true), "what nobody switched off is on");

        let (secret, _) = set_up(&post, &emma).await;
        let browser = guest.with("cookie", &format!("__Host-device_id={}", emma.device));
        let begun = json!({ "email": emma.email, "password": PASSWORD, "remember_me": true });
        let step = browser.post("/v0/auth/login", begun).await.expect(202);
        let second = json!({ "temp_token": step.text_of("temp_token"), "code": next_code(&post.app, &secret) });
        let done = browser.post("/v0/auth/totp/verify", second).await.expect(204);
        let set: Vec<_> = done.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()).collect();
        assert!(set.iter().any(|line| line.starts_with("__Host-session_id=") && line.contains("Max-Age=")), "remembered: {set:?}");
    }
}
