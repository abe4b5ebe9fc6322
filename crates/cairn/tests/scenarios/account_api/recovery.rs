//! Passwords, addresses and the end of an account.

use serde_json::json;

use super::{PASSWORD, Post, arrive, holder, sign_in};
use crate::formats::expect_reason;
use crate::scenarios;

const OTHER: &str = "battery staple horse";

scenarios! {
    /// A forgotten password is set with a link, once; all sessions end.
    token_invalid_and_expired_reset proves [
        "reason-codes.csv,token:invalid_reset", "reason-codes.csv,token:expired_reset",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        let forgot = async |email: &str| guest.post("/v0/auth/forgot-password", json!({ "email": email })).await.expect(204);
        let reset = async |token: &str, password: &str| {
            guest.post("/v0/auth/reset-password", json!({ "token": token, "new_password": password })).await
        };
        forgot(&emma.email).await;
        forgot("nobody@example.com").await;
        let told = post.sink.last_to("nobody@example.com");
        assert!(!told.text().contains("token="), "{}", told.text());
        let token = post.token(&emma.email, 2);
        expect_reason(&reset(&token, "short").await, 400, "general:validation_error");
        reset(&token, OTHER).await.expect(204);
        expect_reason(&emma.client.get("/v0/user/me").await, 401, "user:invalid_session");
        expect_reason(&reset(&token, PASSWORD).await, 400, "token:invalid_reset");
        sign_in(&post, &project, &emma, OTHER).await;
        let alert = post.sink.wait_for(&emma.email, 3);
        assert!(alert[2].text().contains("set anew"), "{}", alert[2].text());
        forgot(&emma.email).await;
        let late = post.token(&emma.email, 4);
        post.app.clock.advance_ms(1_000 * 901);
        expect_reason(&reset(&late, PASSWORD).await, 400, "token:expired_reset");
    }

    /// A password is changed with the present one.
    user_invalid_password proves [
        "reason-codes.csv,user:invalid_password", "reason-codes.csv,password:new_password_missing",
        "reason-codes.csv,password:required_for_update", "reason-codes.csv,password:already_set", "reason-codes.csv,password:incorrect",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let other = sign_in(&post, &project, &emma, PASSWORD).await;
        let change = async |body| emma.client.post("/v0/auth/change-password", body).await;
        let wrong = json!({ "current_password": OTHER, "new_password": OTHER });
        expect_reason(&change(wrong).await, 400, "password:incorrect");
        let email = json!({ "password": OTHER, "new_email": "other@example.com" });
        expect_reason(&emma.client.post("/v0/auth/change-email", email).await, 401, "user:invalid_password");
        expect_reason(&change(json!({ "current_password": PASSWORD })).await, 400, "password:new_password_missing");
        expect_reason(&change(json!({ "new_password": OTHER })).await, 400, "password:required_for_update");
        let same = json!({ "current_password": PASSWORD, "new_password": PASSWORD });
        expect_reason(&change(same).await, 400, "general:bad_request");
        change(json!({ "current_password": PASSWORD, "new_password": OTHER })).await.expect(204);
        emma.client.get("/v0/user/me").await.expect(200);
        expect_reason(&holder(&post, &project, &other).get("/v0/user/me").await, 401, "user:invalid_session");
        let first = emma.client.post("/v0/auth/set-initial-password", json!({ "new_password": PASSWORD })).await;
        expect_reason(&first, 400, "password:already_set");
    }

    /// An account without a password has none to change, and sets its first one.
    user_password_not_set proves [
        "reason-codes.csv,user:password_not_set", "reason-codes.csv,password:cannot_update_oauth_only",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        // As a provider's sign-up leaves it.
        project.server().patch(&format!("/v1/users/{}/password", emma.id), json!({ "password": "" })).await.expect(200);
        let change = async |body| emma.client.post("/v0/auth/change-password", body).await;
        let both = json!({ "current_password": PASSWORD, "new_password": OTHER });
        expect_reason(&change(both).await, 401, "user:password_not_set");
        expect_reason(&change(json!({ "new_password": OTHER })).await, 400, "password:cannot_update_oauth_only");
        let email = json!({ "password": PASSWORD, "new_email": "other@example.com" });
        expect_reason(&emma.client.post("/v0/auth/change-email", email).await, 401, "user:password_not_set");
        let first = json!({ "new_password": OTHER });
        emma.client.post("/v0/auth/set-initial-password", first).await.expect(204);
        sign_in(&post, &project, &emma, OTHER).await;
    }

    /// An account moves with a link to its new address.
    token_invalid_email_change proves ["reason-codes.csv,token:invalid_email_change"] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let (emma, maria) = (arrive(&post, &project, "emma").await, arrive(&post, &project, "maria").await);
        let change = async |email: &str| {
            emma.client.post("/v0/auth/change-email", json!({ "password": PASSWORD, "new_email": email })).await
        };
        expect_reason(&change(&emma.email).await, 400, "general:bad_request");
        expect_reason(&change(&maria.email).await, 409, "user:email_already_exists");
        change("moved@example.com").await.expect(204);
        let token = post.token("moved@example.com", 1);
        let confirm = async || {
            post.app.guest(&project.id).post("/v0/auth/confirm-email-change", json!({ "token": token })).await
        };
        confirm().await.expect(204);
        expect_reason(&confirm().await, 400, "token:invalid_email_change");
        expect_reason(&emma.client.get("/v0/user/me").await, 401, "user:invalid_session");
        let login = json!({ "email": "moved@example.com", "password": PASSWORD });
        let app = post.app.guest(&project.id).with("x-device-token", &emma.device);
        app.post("/v0/app/auth/login", login).await.expect(200);
        // The old address is told when it is asked for and when it is done.
        post.sink.wait_for(&emma.email, 3);
    }

    /// An account goes with the password, or by mail where there is none; the handle stays taken.
    an_account_is_deleted_by_its_owner proves [
        "reason-codes-more.csv,user:reauthentication_required", "reason-codes-more.csv,token:invalid_account_deletion",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let delete = async |client: &cairn_testkit::app::Client<'_>, body: serde_json::Value| {
            client.request().to(http::Method::DELETE, "/v0/user/me").json(&body).send().await
        };
        expect_reason(&delete(&emma.client, json!({})).await, 401, "user:reauthentication_required");
        let wrong = delete(&emma.client, json!({ "password": OTHER })).await;
        expect_reason(&wrong, 401, "user:invalid_password");
        delete(&emma.client, json!({ "password": PASSWORD })).await.expect(204);
        let gone = project.guest().get("/v0/users/profile?handle=emma").await.expect(200);
        assert_eq!((&gone.json["deactivated"], gone.text_of("display_name")), (&json!(true), "emma"));
        let free = project.guest().get("/v0/users/handle/emma/available").await.expect(200);
        assert_eq!(free.json["available"], false, "the handle stays taken");
        let again = json!({ "email": emma.email, "handle": "emma2", "display_name": "E", "password": PASSWORD });
        project.guest().post("/v0/auth/signup", again).await.expect(202);
        let maria = arrive(&post, &project, "maria").await;
        let none = json!({ "password": "" });
        project.server().patch(&format!("/v1/users/{}/password", maria.id), none).await.expect(200);
        delete(&maria.client, json!({})).await.expect(202);
        let token = post.token(&maria.email, 2);
        let confirm = async || {
            project.guest().post("/v0/user/me/deletion/confirm", json!({ "token": token })).await
        };
        confirm().await.expect(204);
        expect_reason(&confirm().await, 400, "token:invalid_account_deletion");
        project.server().get(&format!("/v1/users/{}", maria.id)).await.expect(404);
    }
}
