//! Sign-in with what a provider's own library gave: Google's id tokens, GitHub's access tokens.

use cairn_net::{Allowed, Url};
use cairn_testkit::app::{Client, Project, TestApp};
use cairn_testkit::id_tokens;
use cairn_testkit::provider::Provider as Fake;
use serde_json::{Value, json};

use super::{Post, arrive, holder};
use crate::formats::expect_reason;
use crate::scenarios;

/// A server that takes the fake for Google's keys and for GitHub's API.
async fn open(app: &TestApp, fake: &Fake) -> Post {
    let url = |path: &str| Url::parse(&format!("{}{path}", fake.origin())).expect("an address");
    let (keys, api) = (url("/keys"), url("/api"));
    fake.answer("/keys", 200, id_tokens::keys());
    Post::open_with(app, |mut options| {
        options.outbound = Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]);
        options.account.google_keys_url = keys;
        options.account.github_api_url = api;
        options
    })
    .await
}

async fn enter(project: &Project<'_>) {
    for provider in ["google", "github"] {
        let entered = json!({ "clientId": "our-app", "clientSecret": "s3cret", "enabled": true });
        project.server().patch(&format!("/v1/project/oauth2/{provider}"), entered).await.expect(200);
    }
}

/// The claims of a good token.
fn claims(post: &Post, handle: &str) -> Value {
    let now = post.app.clock.now().epoch_seconds();
    json!({
        "iss": "https://accounts.google.com", "aud": "our-app", "sub": format!("google-{handle}"),
        "email": format!("{handle}@example.com"), "email_verified": true, "iat": now, "exp": now + 3_600,
    })
}

fn but(claims: &Value, name: &str, value: Value) -> Value {
    let mut claims = claims.clone();
    claims[name] = value;
    claims
}

async fn complete(client: &Client<'_>, path: &str, token: &str, handle: &str) -> cairn_testkit::app::Answer {
    let body = json!({ "pending_token": token, "handle": handle, "display_name": "Ada" });
    client.post(path, body).await
}

scenarios! {
    /// An application shows Google's id token: its owner chooses a handle, and is known from then on.
    google_invalid_id_token proves ["reason-codes-more.csv,google:invalid_id_token"] (app) {
        let fake = Fake::start();
        let post = open(&app, &fake).await;
        let project = post.app.project().await;
        enter(&project).await;
        let guest = project.guest();
        let show = async |token: &str| guest.post("/v0/app/auth/oauth/google/token", json!({ "id_token": token })).await;
        let good = claims(&post, "adalove");
        let now = post.app.clock.now().epoch_seconds();
        let header = |alg: &str, kid: &str| json!({ "alg": alg, "kid": kid });
        let token = id_tokens::signed(&good);
        let (signed, _) = token.rsplit_once('.').expect("three parts");
        let other = id_tokens::signed(&but(&good, "sub", json!("somebody")));
        for bad in [
            "nothing".to_owned(),
            "a.b.c".to_owned(),
            format!("{signed}."),
            format!("{signed}.{}", other.rsplit('.').next().expect("a part")),
            id_tokens::signed_with(&header("none", "key-of-tests"), &good),
            id_tokens::signed_with(&header("HS256", "key-of-tests"), &good),
            id_tokens::signed_with(&header("RS256", "another-key"), &good),
            id_tokens::signed(&but(&good, "iss", json!("https://example.com"))),
            id_tokens::signed(&but(&good, "aud", json!("another-app"))),
            id_tokens::signed(&but(&good, "exp", json!(now))),
            id_tokens::signed(&but(&good, "exp", Value::Null)),
            id_tokens::signed(&but(&good, "iat", json!(now + 3_600))),
        ] {
            expect_reason(&show(&bad).await, 400, "google:invalid_id_token");
        }
        let asked = fake.asked().len();
        assert!(asked <= 2, "keys are kept, and an unknown one is not asked for each time: {asked}");
        let unproved = show(&id_tokens::signed(&but(&good, "email_verified", json!(false)))).await;
        expect_reason(&unproved, 400, "oauth:email_not_verified");
        let pending = show(&token).await.expect(200);
        // What began in an application goes on there.
        let elsewhere = complete(&guest, "/v0/auth/complete-signup", pending.text_of("pending_token"), "adalove").await;
        expect_reason(&elsewhere, 401, "user:invalid_token");
        let here = "/v0/app/auth/complete-signup";
        complete(&guest, here, pending.text_of("pending_token"), "adalove").await.expect(200);
        let known = show(&token).await.expect(200);
        let own = holder(&post, &project, known.text_of("token")).get("/v0/user/me").await.expect(200);
        assert_eq!((own.text_of("handle"), own.text_of("email")), ("adalove", "adalove@example.com"));
        // Nobody's account is joined on the strength of an address.
        let emma = arrive(&post, &project, "emma").await;
        let taken = show(&id_tokens::signed(&claims(&post, "emma"))).await;
        expect_reason(&taken, 409, "oauth:email_already_exists");
        emma.client.get("/v0/user/me").await.expect(200);
    }

    /// A browser shows what Google One Tap gave it for a nonce of ours, which counts once, in that browser.
    google_one_tap_nonce_invalid proves ["reason-codes-more.csv,google:one_tap_nonce_invalid"] (app) {
        let fake = Fake::start();
        let post = open(&app, &fake).await;
        let project = post.app.project().await;
        enter(&project).await;
        let browser = |name: &str| post.app.guest(&project.id).with("cookie", &format!("__Host-anonymous_user_id={name}"));
        let (ada, stranger) = (browser("one"), browser("two"));
        let nonce = async || {
            let answer = ada.get("/v0/auth/oauth/google/one-tap/nonce").await.expect(200);
            answer.text_of("nonce").to_owned()
        };
        let show = async |client: &Client<'_>, claims: &Value| {
            let body = json!({ "credential": id_tokens::signed(claims) });
            client.post("/v0/auth/oauth/google/one-tap/login", body).await
        };
        let good = claims(&post, "adalove");
        expect_reason(&show(&ada, &good).await, 400, "google:one_tap_nonce_invalid");
        let first = but(&good, "nonce", json!(nonce().await));
        expect_reason(&show(&ada, &but(&first, "aud", json!("x"))).await, 400, "google:invalid_id_token");
        expect_reason(&show(&stranger, &first).await, 400, "google:one_tap_nonce_invalid");
        let pending = show(&ada, &first).await.expect(200);
        expect_reason(&show(&ada, &first).await, 400, "google:one_tap_nonce_invalid");
        let done = complete(&ada, "/v0/auth/complete-signup", pending.text_of("pending_token"), "adalove").await;
        assert!(done.expect(204).cookie("__Host-session_id").is_some());
        let second = but(&good, "nonce", json!(nonce().await));
        assert!(show(&ada, &second).await.expect(204).cookie("__Host-session_id").is_some());
        let late = but(&good, "nonce", json!(nonce().await));
        post.app.clock.advance_ms(1_000 * 301);
        expect_reason(&show(&ada, &late).await, 400, "google:one_tap_nonce_invalid");
    }

    /// Google's keys cannot be had, or are none.
    google_jwks_fails proves [
        "reason-codes-more.csv,google:jwks_fetch_failed", "reason-codes-more.csv,google:jwks_parse_failed",
    ] (app) {
        let fake = Fake::start();
        let post = open(&app, &fake).await;
        let project = post.app.project().await;
        enter(&project).await;
        let guest = project.guest();
        let show = async || {
            let token = id_tokens::signed(&claims(&post, "adalove"));
            guest.post("/v0/app/auth/oauth/google/token", json!({ "id_token": token })).await
        };
        fake.answer("/keys", 503, "away");
        expect_reason(&show().await, 500, "google:jwks_fetch_failed");
        for nonsense in ["<html>", "{}", "[]"] {
            fake.answer("/keys", 200, nonsense);
            expect_reason(&show().await, 500, "google:jwks_parse_failed");
        }
        fake.answer("/keys", 200, json!({ "keys": [{ "kty": "EC" }, { "kty": "RSA", "kid": "key-of-tests", "n": "!", "e": "" }] }));
        expect_reason(&show().await, 400, "google:invalid_id_token");
        post.app.clock.advance_ms(1_000 * 61);
        fake.answer("/keys", 200, id_tokens::keys());
        show().await.expect(200);
    }

    /// An application shows GitHub's access token, which GitHub says is this application's.
    github_invalid_token proves ["reason-codes-more.csv,github:invalid_token"] (app) {
        let fake = Fake::start();
        let post = open(&app, &fake).await;
        let project = post.app.project().await;
        enter(&project).await;
        let guest = project.guest();
        let show = async || guest.post("/v0/app/auth/oauth/github/token", json!({ "access_token": "gho_1" })).await;
        let check = "/api/applications/our-app/token";
        expect_reason(&show().await, 400, "github:invalid_token");
        fake.answer(check, 401, "{}");
        expect_reason(&show().await, 400, "oauth:user_info_fetch_failed");
        fake.answer(check, 200, json!({ "id": 1 }));
        fake.answer("/api/user", 500, "{}");
        expect_reason(&show().await, 400, "oauth:user_info_fetch_failed");
        fake.answer("/api/user", 200, "no JSON");
        expect_reason(&show().await, 500, "oauth:user_info_parse_failed");
        fake.answer("/api/user", 200, json!({ "id": 7, "name": "Ada", "email": "public@example.com" }));
        let addresses = |is_verified: bool| json!([{ "email": "adalove@example.com", "primary": true, "verified": is_verified }]);
        fake.answer("/api/user/emails", 200, addresses(false));
        expect_reason(&show().await, 400, "oauth:email_not_verified");
        fake.answer("/api/user/emails", 200, addresses(true));
        fake.asked();
        let pending = show().await.expect(200);
        assert_eq!(pending.text_of("email"), "adalove@example.com");
        let asked = fake.asked();
        let first = &asked[0];
        assert!(first.headers.contains("authorization: basic"), "only the application itself may ask: {first:?}");
        assert!(first.body.contains("gho_1") && !first.target.contains("gho_1"), "{first:?}");
        let done = complete(&guest, "/v0/app/auth/complete-signup", pending.text_of("pending_token"), "adalove").await;
        let own = holder(&post, &project, done.expect(200).text_of("token")).get("/v0/user/me").await.expect(200);
        assert_eq!(own.text_of("handle"), "adalove");
        assert!(show().await.expect(200).json["refresh_token"].is_string());
    }
}
