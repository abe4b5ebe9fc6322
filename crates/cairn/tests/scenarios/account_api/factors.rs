//! The second factor, and the proof that a person asks.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use cairn_core::mfa::totp::code_at;
use cairn_core::turnstile::Turnstile;
use cairn_testkit::app::{Client, TestApp, TestOptions, Trouble};
use serde_json::{Value, json};

use super::{PASSWORD, Person, Post, arrive};
use crate::formats::expect_reason;
use crate::scenarios;

/// The secret in the address that a QR code shows.
fn secret_of(setup: &Value) -> String {
    let uri = setup["qr_code_uri"].as_str().expect("an address");
    let (_, rest) = uri.split_once("secret=").expect("a secret");
    rest.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// The code that the authenticator shows; the next step's from call to call.
pub(super) fn next_code(app: &TestApp, secret: &str) -> String {
    app.clock.advance_ms(31_000);
    code_at(secret, app.clock.now()).expect("a secret")
}

pub(super) async fn set_up(post: &Post, person: &Person<'_>) -> (String, Vec<String>) {
    let setup = person.client.post("/v0/auth/totp/setup", json!({})).await.expect(200);
    let secret = secret_of(&setup.json);
    let code = json!({ "code": next_code(&post.app, &secret) });
    let enabled = person.client.post("/v0/auth/totp/enable", code).await.expect(200);
    let codes = enabled.json["backup_codes"].as_array().expect("codes").iter();
    (secret, codes.map(|code| code.as_str().expect("a code").to_owned()).collect())
}

/// The token between the two factors.
async fn temp_token(guest: &Client<'_>, person: &Person<'_>) -> String {
    let login = json!({ "email": person.email, "password": PASSWORD });
    guest.post("/v0/app/auth/login", login).await.expect(202).text_of("temp_token").to_owned()
}

/// A service on loopback that answers every request with this.
fn service(status: &'static str, body: &'static str) -> u16 {
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
    listen(move |mut stream| {
        let _ = stream.read(&mut [0; 4_096]);
        let _ = stream.write_all(answer.as_bytes());
    })
}

/// A listener on loopback that does this with who comes.
fn listen(answer: impl Fn(TcpStream) + Send + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback can be listened on");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        listener.incoming().take(8).flatten().for_each(answer);
    });
    port
}

async fn with_turnstile(app: &TestApp, port: u16) -> TestApp {
    let mut options = TestOptions::default();
    options.account.turnstile = Some(Turnstile {
        endpoint: format!("http://127.0.0.1:{port}/siteverify").parse().expect("an address"),
        secret: "known to the service".to_owned(),
        routes: vec!["auth.login".to_owned()],
    });
    TestApp::start_with(app.engine(), options).await
}

scenarios! {
    /// The second factor is set up, asked for, and turned off.
    totp_invalid_code proves [
        "reason-codes.csv,totp:not_enabled", "reason-codes.csv,totp:already_enabled", "reason-codes.csv,totp:invalid_code",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let enable = async |code: &str| emma.client.post("/v0/auth/totp/enable", json!({ "code": code })).await;
        expect_reason(&enable("123456").await, 400, "totp:not_enabled");
        let setup = emma.client.post("/v0/auth/totp/setup", json!({})).await.expect(200);
        assert!(setup.text_of("qr_code_base64").starts_with("iVBORw0KGgo"), "a PNG");
        expect_reason(&enable("000000").await, 400, "totp:invalid_code");
        let (secret, codes) = set_up(&post, &emma).await;
        assert!(codes.len() == 10 && codes.iter().all(|code| code.len() == 8), "{codes:?}");
        expect_reason(&emma.client.post("/v0/auth/totp/setup", json!({})).await, 409, "totp:already_enabled");
        let status = emma.client.get("/v0/auth/totp/status").await.expect(200);
        assert_eq!((&status.json["enabled"], &status.json["backup_codes_remaining"]), (&json!(true), &json!(10)));
        // The same account on the other surface asks for it, too.
        let there = json!({ "email": emma.email, "password": PASSWORD });
        let session = project.guest().post("/v1/account/sessions/email", there).await.expect(201);
        let held = project.guest().with("x-appwrite-session", session.cookie(&format!("a_session_{}", project.id)).expect("a session"));
        held.get("/v1/account").await.expect_fault(401, "user_more_factors_required");
        let disable = async |code: &str| emma.client.post("/v0/auth/totp/disable", json!({ "code": code })).await;
        expect_reason(&disable("0000000").await, 400, "totp:invalid_code");
        let fresh = json!({ "code": next_code(&post.app, &secret) });
        let renewed = emma.client.post("/v0/auth/totp/backup-codes/regenerate", fresh).await.expect(200);
        expect_reason(&disable(&codes[0]).await, 400, "totp:invalid_code");
        disable(renewed.json["backup_codes"][0].as_str().expect("a code")).await.expect(204);
        expect_reason(&disable("123456").await, 400, "totp:not_enabled");
    }

    /// Any attempt spends the token between the factors; codes count once.
    totp_temp_token_invalid_and_expired proves [
        "reason-codes.csv,totp:temp_token_invalid", "reason-codes.csv,totp:temp_token_expired",
        "reason-codes.csv,totp:backup_code_exhausted",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let (secret, codes) = set_up(&post, &emma).await;
        let guest = post.app.guest(&project.id).with("x-device-token", &emma.device);
        let verify = async |token: &str, code: &str| {
            guest.post("/v0/app/auth/totp/verify", json!({ "temp_token": token, "code": code })).await
        };
        expect_reason(&verify("nothing", "123456").await, 400, "totp:temp_token_invalid");
        let token = temp_token(&guest, &emma).await;
        expect_reason(&verify(&token, "000000").await, 400, "totp:invalid_code");
        let code = next_code(&post.app, &secret);
        expect_reason(&verify(&token, &code).await, 400, "totp:temp_token_invalid");
        let token = temp_token(&guest, &emma).await;
        verify(&token, &code).await.expect(200);
        let token = temp_token(&guest, &emma).await;
        expect_reason(&verify(&token, &code).await, 400, "totp:invalid_code");
        let token = temp_token(&guest, &emma).await;
        post.app.clock.advance_ms(121_000);
        expect_reason(&verify(&token, &codes[0]).await, 400, "totp:temp_token_expired");
        for code in &codes {
            let token = temp_token(&guest, &emma).await;
            verify(&token, code).await.expect(200);
        }
        let token = temp_token(&guest, &emma).await;
        expect_reason(&verify(&token, &codes[0]).await, 401, "totp:backup_code_exhausted");
    }

    /// Two hundred clients show one backup code: one gets in.
    one_backup_code_counts_once proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let (_, codes) = set_up(&post, &emma).await;
        let guest = post.app.guest(&project.id).with("x-device-token", &emma.device);
        let mut tokens = Vec::new();
        for _ in 0..50 {
            tokens.push(temp_token(&guest, &emma).await);
        }
        let tries = tokens.iter().map(|token| {
            guest.post("/v0/app/auth/totp/verify", json!({ "temp_token": token, "code": codes[0] }))
        });
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
    }

    /// No QR code holds an address as long as this project's name makes it.
    totp_qr_generation_failed proves ["reason-codes.csv,totp:qr_generation_failed"] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let name = json!({ "name": "\u{1f4d6}".repeat(128) });
        project.admin.console.patch(&format!("/v1/projects/{}", project.id), name).await.expect(200);
        let refused = emma.client.post("/v0/auth/totp/setup", json!({})).await;
        expect_reason(&refused, 500, "totp:qr_generation_failed");
    }

    /// The proof that a person asks is missing, not accepted, or cannot be checked.
    turnstile proves [
        "reason-codes.csv,turnstile:token_missing", "reason-codes.csv,turnstile:verification_failed",
        "reason-codes.csv,turnstile:service_error",
    ] (app) {
        let login = json!({ "email": "nobody@example.com", "password": PASSWORD });
        for (status, body, shows, expected) in [
            ("200 OK", r#"{"success":true}"#, true, (401, "auth:invalid_credentials")),
            ("200 OK", r#"{"success":true}"#, false, (400, "turnstile:token_missing")),
            ("200 OK", r#"{"success":false,"error-codes":["invalid-input-response"]}"#, true, (403, "turnstile:verification_failed")),
            ("200 OK", "no JSON", true, (503, "turnstile:service_error")),
            ("500 Oh", r#"{"success":true}"#, true, (503, "turnstile:service_error")),
        ] {
            let app = with_turnstile(&app, service(status, body)).await;
            let project = app.project().await;
            let mut guest = app.guest(&project.id);
            if shows {
                guest = guest.with("x-turnstile-token", "from the page");
            }
            expect_reason(&guest.post("/v0/auth/login", login.clone()).await, expected.0, expected.1);
            // The other routes do not ask.
            guest.get("/v0/action-logs?limit=1").await.expect(200);
        }
    }

    /// What answers at the mail server's address is none.
    worker_response_invalid proves ["reason-codes.csv,worker:response_invalid"] (app) {
        let port = listen(|mut stream| {
            let _ = stream.write_all(b"HELLO this is no mail server\r\n");
        });
        let server = cairn_core::mail::MailServer { host: "127.0.0.1".to_owned(), port, ..Default::default() };
        let mail = cairn_core::mail::MailOptions { server: Some(server), ..Default::default() };
        let app = TestApp::start_with(app.engine(), TestOptions { mail, ..TestOptions::default() }).await;
        let project = app.project().await;
        let new = json!({ "email": "emma@example.com", "handle": "emma", "display_name": "E", "password": PASSWORD });
        let refused = app.guest(&project.id).post("/v0/auth/signup", new).await;
        expect_reason(&refused, 502, "worker:response_invalid");
    }

    /// The store takes nothing: secrets and tokens that cannot be kept are not made.
    what_cannot_be_kept_is_not_made proves [
        "reason-codes.csv,totp:secret_generation_failed", "reason-codes.csv,system:token_creation_error",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id).with("x-device-token", &emma.device);
        let login = json!({ "email": emma.email, "password": PASSWORD });
        let tokens = guest.post("/v0/app/auth/login", login).await.expect(200);
        emma.client.get("/v0/auth/totp/status").await.expect(200);
        post.app.break_store(Trouble::Unreachable).await;
        let setup = emma.client.post("/v0/auth/totp/setup", json!({})).await;
        let renewed = guest.post("/v0/app/auth/refresh", json!({ "refresh_token": tokens.json["refresh_token"] })).await;
        post.app.heal_store().await;
        expect_reason(&setup, 500, "totp:secret_generation_failed");
        expect_reason(&renewed, 500, "system:token_creation_error");
    }
}
