//! Signing in through providers: a fake one on loopback, and a browser that is walked through by hand.

use cairn_net::Allowed;
use cairn_testkit::app::{Answer, Client, Project};
use cairn_testkit::provider::Provider as Fake;
use serde_json::{Value, json};

use super::{PASSWORD, Post, arrive};
use crate::formats::expect_reason;
use crate::scenarios;

async fn open(app: &cairn_testkit::app::TestApp) -> Post {
    Post::open_with(app, |mut options| {
        options.outbound = Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]);
        options
    })
    .await
}

/// The project's OpenID Connect is the fake provider.
async fn enter(project: &Project<'_>, fake: &Fake) {
    let origin = fake.origin();
    let entered = json!({
        "clientId": "app",
        "clientSecret": "s3cret",
        "authorizationURL": format!("{origin}/authorize"),
        "tokenURL": format!("{origin}/token"),
        "userInfoURL": format!("{origin}/user"),
        "enabled": true,
    });
    project.server().patch("/v1/project/oauth2/oidc", entered).await.expect(200);
    fake.answer("/token", 200, json!({ "access_token": "at" }));
}

fn tells(fake: &Fake, handle: &str, more: Value) {
    let mut told = json!({ "sub": handle, "email": format!("{handle}@example.com"), "email_verified": true });
    for (name, value) in more.as_object().expect("an object") {
        told[name] = value.clone();
    }
    fake.answer("/user", 200, told);
}

/// A browser with a name of its own.
fn browser<'a>(post: &'a Post, project: &Project<'_>, name: &str) -> Client<'a> {
    post.app.guest(&project.id).with("cookie", &format!("__Host-anonymous_user_id={name}"))
}

/// Send the browser to the provider; what travels through it.
async fn state(client: &Client<'_>, flow: &str) -> String {
    let answer = client.get(&format!("/v0/auth/oauth/oidc/authorize?flow={flow}")).await.expect(200);
    let (_, rest) = answer.text_of("auth_url").split_once("state=").expect("a state");
    rest.split('&').next().unwrap_or_default().to_owned()
}

/// Let it come back, to this end.
async fn back(client: &Client<'_>, end: &str, state: &str) -> Answer {
    client.post(&format!("/v0/auth/oauth/oidc/{end}"), json!({ "code": "c", "state": state })).await
}

async fn login(client: &Client<'_>) -> Answer {
    let state = state(client, "login").await;
    back(client, "login", &state).await
}

async fn complete(client: &Client<'_>, token: &str, handle: Value) -> Answer {
    let body = json!({ "pending_token": token, "handle": handle, "display_name": "Ada" });
    client.post("/v0/auth/complete-signup", body).await
}

scenarios! {
    /// Whom a provider proves chooses a handle, and is known from then on.
    oauth_handle_required proves ["reason-codes.csv,oauth:handle_required"] (app) {
        let (post, fake) = (open(&app).await, Fake::start());
        let project = post.app.project().await;
        enter(&project, &fake).await;
        tells(&fake, "adalove", json!({}));
        let ada = browser(&post, &project, "one");
        let pending = login(&ada).await.expect(200);
        assert_eq!(pending.text_of("email"), "adalove@example.com");
        let token = pending.text_of("pending_token");
        expect_reason(&complete(&ada, token, Value::Null).await, 400, "oauth:handle_required");
        let stranger = browser(&post, &project, "two");
        expect_reason(&complete(&stranger, token, json!("adalove")).await, 401, "user:invalid_token");
        let done = complete(&ada, token, json!("adalove")).await.expect(204);
        let session = done.cookie("__Host-session_id").expect("a session").to_owned();
        let own = post.app.guest(&project.id).with("authorization", &format!("Bearer {session}"));
        let profile = own.get("/v0/user/me").await.expect(200);
        assert_eq!((profile.text_of("handle"), &profile.json["has_password"]), ("adalove", &json!(false)));
        let again = login(&ada).await.expect(204);
        assert!(again.cookie("__Host-session_id").is_some());
        let listed = own.get("/v0/auth/oauth/connections").await.expect(200);
        assert_eq!(listed.json["connections"][0]["provider"], "Oidc");
        let unlink = own.post("/v0/auth/oauth/connections/unlink", json!({ "provider": "oidc" })).await;
        expect_reason(&unlink, 400, "oauth:cannot_unlink_last_connection");
        let late = login(&browser(&post, &project, "three")).await.expect(204);
        assert!(late.cookie("__Host-session_id").is_some());
    }

    /// An address that has an account is never joined; its owner links the provider.
    oauth_email_already_exists proves [
        "reason-codes.csv,oauth:email_already_exists", "reason-codes.csv,oauth:account_already_linked",
        "reason-codes.csv,oauth:connection_not_found", "reason-codes.csv,oauth:cannot_unlink_last_connection",
    ] (app) {
        let (post, fake) = (open(&app).await, Fake::start());
        let project = post.app.project().await;
        enter(&project, &fake).await;
        let emma = arrive(&post, &project, "emma").await;
        tells(&fake, "emma", json!({}));
        let ways = browser(&post, &project, "one");
        expect_reason(&login(&ways).await, 409, "oauth:email_already_exists");
        let own = emma.client.with("cookie", "__Host-anonymous_user_id=one");
        let unlink = async || own.post("/v0/auth/oauth/connections/unlink", json!({ "provider": "Oidc" })).await;
        expect_reason(&unlink().await, 404, "oauth:connection_not_found");
        let begun = state(&own, "link").await;
        expect_reason(&back(&own, "login", &begun).await, 400, "oauth:invalid_state");
        let begun = state(&own, "link").await;
        back(&own, "link", &begun).await.expect(204);
        login(&ways).await.expect(204);
        let begun = state(&own, "link").await;
        expect_reason(&back(&own, "link", &begun).await, 409, "oauth:account_already_linked");
        let none = json!({ "password": "" });
        project.server().patch(&format!("/v1/users/{}/password", emma.id), none).await.expect(200);
        expect_reason(&unlink().await, 400, "oauth:cannot_unlink_last_connection");
        let first = json!({ "new_password": PASSWORD });
        own.post("/v0/auth/set-initial-password", first).await.expect(204);
        unlink().await.expect(204);
        expect_reason(&login(&ways).await, 409, "oauth:email_already_exists");
    }

    /// What the provider has not proved, or tells wrongly, makes no account.
    oauth_email_not_verified proves [
        "reason-codes.csv,oauth:email_not_verified", "reason-codes.csv,oauth:invalid_image_url",
    ] (app) {
        let (post, fake) = (open(&app).await, Fake::start());
        let project = post.app.project().await;
        enter(&project, &fake).await;
        let ways = browser(&post, &project, "one");
        for unproved in [json!({ "email_verified": false }), json!({ "email_verified": null })] {
            tells(&fake, "adalove", unproved);
            expect_reason(&login(&ways).await, 400, "oauth:email_not_verified");
        }
        tells(&fake, "adalove", json!({ "picture": "javascript:alert(1)" }));
        expect_reason(&login(&ways).await, 400, "oauth:invalid_image_url");
        tells(&fake, "adalove", json!({ "picture": format!("{}/face", fake.origin()) }));
        fake.answer("/face", 200, "GIF89a and more");
        let pending = login(&ways).await.expect(200);
        let done = complete(&ways, pending.text_of("pending_token"), json!("adalove")).await.expect(204);
        assert!(done.cookie("__Host-session_id").is_some());
        let seen = project.guest().get("/v0/users/profile?handle=adalove").await.expect(200);
        assert!(seen.text_of("profile_image").contains(".gif"), "the provider's picture is taken over");
    }

    /// The configured address of the application is none.
    oauth_invalid_redirect_url proves ["reason-codes.csv,oauth:invalid_redirect_url"] (app) {
        let fake = Fake::start();
        let post = Post::open_with(&app, |mut options| {
            options.account.url = "app.example.com".to_owned();
            options
        }).await;
        let project = post.app.project().await;
        enter(&project, &fake).await;
        let refused = browser(&post, &project, "one").get("/v0/auth/oauth/oidc/authorize?flow=login").await;
        expect_reason(&refused, 400, "oauth:invalid_redirect_url");
    }
}
