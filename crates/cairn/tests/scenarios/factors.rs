//! Second factors through the API, with real codes: of an authenticator, by mail, by phone, of the paper in the drawer.

use cairn_core::mail::{MailOptions, MailServer};
use cairn_core::mfa::totp;
use cairn_core::sms::{SmsOptions, SmsProvider};
use cairn_testkit::app::{Answer, Client, TestApp, TestOptions, each_engine};
use cairn_testkit::smtp::Sink;
use serde_json::{Value, json};

use crate::ask::refused;
use crate::scenarios;

const AUTHENTICATOR: &str = "/v1/account/mfa/authenticators/totp";
const CHALLENGES: &str = "/v1/account/mfa/challenges";
const CODES: &str = "/v1/account/mfa/recovery-codes";

/// The code that an authenticator shows now; the next one is of the next step.
fn code(app: &TestApp, secret: &str) -> String {
    let code = totp::code_at(secret, app.clock.now()).expect("a secret");
    app.clock.advance_ms(totp::STEP_SECONDS * 1_000);
    code
}

/// Enrol an authenticator; its secret.
async fn enrol(app: &TestApp, client: &Client<'_>) -> String {
    let made = client.post(AUTHENTICATOR, json!({})).await.expect(200);
    let secret = made.text_of("secret").to_owned();
    assert!(made.text_of("uri").contains(&secret));
    client.put(AUTHENTICATOR, json!({ "otp": code(app, &secret) })).await.expect(200);
    secret
}

async fn ask(client: &Client<'_>, factor: &str) -> String {
    client.post(CHALLENGES, json!({ "factor": factor })).await.expect(201).text_of("$id").to_owned()
}

async fn answer(client: &Client<'_>, factor: &str, otp: &str) -> Answer {
    let id = ask(client, factor).await;
    client.put(CHALLENGES, json!({ "challengeId": id, "otp": otp })).await
}

async fn with(app: &TestApp, options: TestOptions) -> TestApp {
    TestApp::start_with(app.engine(), options).await
}

fn by_mail(sink: &Sink) -> TestOptions {
    let server = MailServer { host: "127.0.0.1".to_owned(), port: sink.port(), ..MailServer::default() };
    TestOptions {
        mail: MailOptions { server: Some(server), ..MailOptions::default() },
        ..TestOptions::default()
    }
}

fn by_phone() -> TestOptions {
    TestOptions { sms: SmsOptions { provider: Some(SmsProvider::Mock) }, ..TestOptions::default() }
}

scenarios! {
    /// The account has no authenticator, or has one already.
    user_authenticator_not_found proves [
        "appwrite-types-1.9.csv,user_authenticator_not_found",
        "appwrite-types-1.9.csv,user_authenticator_already_verified",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let otp = json!({ "otp": "123456" });
        refused(&emma, 404, "user_authenticator_not_found",
            async |c| c.put(AUTHENTICATOR, otp.clone()).await).await;
        refused(&project.server(), 404, "user_authenticator_not_found",
            async |c| c.delete("/v1/users/emma/mfa/authenticators/totp").await).await;
        enrol(&app, &emma).await;
        refused(&emma, 409, "user_authenticator_already_verified",
            async |c| c.post(AUTHENTICATOR, json!({})).await).await;
        project.server().delete("/v1/users/emma/mfa/authenticators/totp").await.expect(204);
        enrol(&app, &emma).await;
        refused(&emma, 400, "general_argument_invalid",
            async |c| c.post("/v1/account/mfa/authenticators/sms", json!({})).await).await;
    }

    /// The code is wrong, or the challenge is nobody's.
    user_invalid_token_of_a_challenge proves [
        "appwrite-types.csv,user_invalid_token", "appwrite-types-1.9.csv,user_invalid_token",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let nobodys = json!({ "challengeId": "none", "otp": "123456" });
        refused(&emma, 401, "user_invalid_token", async |c| c.put(CHALLENGES, nobodys.clone()).await).await;
        enrol(&app, &emma).await;
        answer(&emma, "totp", "none").await.expect_fault(401, "user_invalid_token");
    }

    /// Recovery codes are shown to who proved a second factor a short time ago.
    user_challenge_required proves [
        "appwrite-types-1.9.csv,user_challenge_required",
        "appwrite-types-1.9.csv,user_recovery_codes_not_found",
        "appwrite-types-1.9.csv,user_recovery_codes_already_exists",
    ] (app) {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let secret = enrol(&app, &emma).await;
        refused(&emma, 401, "user_challenge_required", async |c| c.get(CODES).await).await;
        refused(&emma, 401, "user_challenge_required", async |c| c.delete(AUTHENTICATOR).await).await;
        let session = answer(&emma, "totp", &code(&app, &secret)).await.expect(200);
        assert_eq!(session.json["factors"], json!(["password", "totp"]));
        assert_ne!(session.text_of("mfaUpdatedAt"), "");
        refused(&emma, 404, "user_recovery_codes_not_found", async |c| c.get(CODES).await).await;
        refused(&emma, 404, "user_recovery_codes_not_found",
            async |c| c.patch(CODES, json!({})).await).await;
        let made = emma.post(CODES, json!({})).await.expect(201);
        assert_eq!(emma.get(CODES).await.expect(200).json, made.json);
        refused(&emma, 409, "user_recovery_codes_already_exists",
            async |c| c.post(CODES, json!({})).await).await;
        let anew = emma.patch(CODES, json!({})).await.expect(200);
        assert_ne!(anew.json, made.json);
        emma.delete(AUTHENTICATOR).await.expect(204);
    }

    /// A code by mail needs an address, and one that was proved.
    user_email_not_verified proves [
        "appwrite-types-1.9.csv,user_email_not_verified", "appwrite-types-1.9.csv,user_email_not_found",
    ] (app) {
        let sink = Sink::start();
        let app = with(&app, by_mail(&sink)).await;
        let project = app.project().await;
        let emma = project.user("emma").await;
        let by_mail = json!({ "factor": "email" });
        refused(&emma.client, 400, "user_email_not_verified",
            async |c| c.post(CHALLENGES, by_mail.clone()).await).await;
        project.server().patch("/v1/users/emma/email", json!({ "email": "" })).await.expect(200);
        refused(&emma.client, 400, "user_email_not_found",
            async |c| c.post(CHALLENGES, by_mail.clone()).await).await;
    }

    /// A code by phone needs a number, and one that was proved.
    user_phone_not_verified proves [
        "appwrite-types-1.9.csv,user_phone_not_verified", "appwrite-types-1.9.csv,user_phone_not_found",
    ] (app) {
        let app = with(&app, by_phone()).await;
        let project = app.project().await;
        let emma = project.user("emma").await;
        let by_phone = json!({ "factor": "phone" });
        refused(&emma.client, 400, "user_phone_not_found",
            async |c| c.post(CHALLENGES, by_phone.clone()).await).await;
        let number = json!({ "number": "+4915112345678" });
        project.server().patch("/v1/users/emma/phone", number).await.expect(200);
        refused(&emma.client, 400, "user_phone_not_verified",
            async |c| c.post(CHALLENGES, by_phone.clone()).await).await;
    }
}

/// What somebody may do whose session lacks the second factor: look which there are, prove one, sign out.
#[test]
fn a_session_without_its_second_factor_proves_one_or_ends() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await;
        let secret = enrol(&app, &emma.client).await;
        let late = sign_in(&project.guest(), "emma").await;
        emma.client.patch("/v1/account/mfa", json!({ "mfa": true })).await.expect(200);
        emma.client.get("/v1/account").await.expect(200);
        let new = late.with("x-appwrite-response-format", "1.9.5");
        for path in ["/v1/account", "/v1/account/sessions", "/v1/account/logs", "/v1/teams", CODES] {
            new.get(path).await.expect_fault(401, "user_more_factors_required");
        }
        let jwt = project.server().post("/v1/users/emma/jwts", json!({})).await.expect(201);
        let holder = project.guest().with("x-appwrite-jwt", jwt.text_of("jwt"));
        let refused = holder.with("x-appwrite-response-format", "1.9.5").get("/v1/account").await;
        refused.expect_fault(401, "user_more_factors_required");
        new.post(AUTHENTICATOR, json!({})).await.expect_fault(401, "user_more_factors_required");
        new.patch("/v1/account/mfa", json!({ "mfa": false }))
            .await
            .expect_fault(401, "user_more_factors_required");
        let factors = late.get("/v1/account/mfa/factors").await.expect(200);
        let expected =
            json!({ "totp": true, "phone": false, "email": false, "recoveryCode": false, "custom": false });
        assert_eq!(factors.json, expected);
        answer(&late, "totp", &code(&app, &secret)).await.expect(200);
        assert_eq!(late.get("/v1/account").await.expect(200).json["mfa"], true);
        holder.get("/v1/account").await.expect(200);
        let another = sign_in(&project.guest(), "emma").await;
        another.delete("/v1/account/sessions/current").await.expect(204);
        another.get("/v1/account/mfa/factors").await.expect(401);
    });
}

async fn sign_in<'a>(guest: &Client<'a>, name: &str) -> Client<'a> {
    let credentials = json!({ "email": format!("{name}@example.com"), "password": "correct horse battery" });
    let session = guest.post("/v1/account/sessions/email", credentials).await.expect(201);
    let secret = session.cookie("a_session_shop").expect("a session").to_owned();
    guest.with("x-appwrite-session", &secret)
}

/// A mail and a text message carry a code that counts once.
#[test]
fn codes_come_by_mail_and_by_phone() {
    each_engine(async |app| {
        let sink = Sink::start();
        let mut options = by_mail(&sink);
        options.sms = by_phone().sms;
        let app = with(&app, options).await;
        let project = app.project().await;
        let (emma, server) = (project.user("emma").await, project.server());
        server.patch("/v1/users/emma/phone", json!({ "number": "+4915112345678" })).await.expect(200);
        for (path, proved) in
            [("verification", "emailVerification"), ("verification/phone", "phoneVerification")]
        {
            server.patch(&format!("/v1/users/emma/{path}"), json!({ proved: true })).await.expect(200);
        }
        let id = ask(&emma.client, "email").await;
        let otp = sink.wait_for("emma@example.com", 1)[0].code(6);
        let right = json!({ "challengeId": id, "otp": otp });
        emma.client.put(CHALLENGES, right.clone()).await.expect(200);
        emma.client.put(CHALLENGES, right).await.expect_fault(401, "user_invalid_token");
        let id = ask(&emma.client, "phone").await;
        let text = app.app.phones.sent().pop().expect("a message").text;
        let otp: String = text.chars().take_while(char::is_ascii_digit).collect();
        let session = emma.client.put(CHALLENGES, json!({ "challengeId": id, "otp": otp })).await.expect(200);
        assert_eq!(session.json["factors"], json!(["password", "email", "phone"]));

        // A number that the project keeps for tests gets no message: its code is fixed.
        let number = json!({ "number": "+4915112345678", "otp": "424242" });
        server.post("/v1/project/mock-phones", number).await.expect(201);
        let sent = app.app.phones.sent().len();
        answer(&emma.client, "phone", "424242").await.expect(200);
        assert_eq!(app.app.phones.sent().len(), sent);
    });
}

/// The project's own servers hand a code over, where its owners let them.
#[test]
fn a_code_of_the_projects_own_counts() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        emma.post(CHALLENGES, json!({ "factor": "custom" }))
            .await
            .expect_fault(501, "user_auth_method_unsupported");
        crate::ask::configure(&app, "shop", |settings| settings.policies.mfa_factors.custom = true).await;
        let id = ask(&emma, "custom").await;
        let path = format!("/v1/users/emma/mfa/challenges/{id}");
        let shown = project.server().get(&path).await.expect(200);
        let otp = shown.text_of("code").to_owned();
        let session = emma.put(CHALLENGES, json!({ "challengeId": id, "otp": otp })).await.expect(200);
        assert_eq!(session.json["factors"], json!(["password", "custom"]));
        project.server().get(&path).await.expect_fault(401, "user_invalid_token");
    });
}

/// Administrators see, give and take second factors.
#[test]
fn administrators_reset_second_factors() {
    each_engine(async |app| {
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        enrol(&app, &emma).await;
        let server = project.server();
        let factors = server.get("/v1/users/emma/mfa/factors").await.expect(200);
        assert_eq!(factors.json["totp"], true);
        let codes = "/v1/users/emma/mfa/recovery-codes";
        let made = server.patch(codes, json!({})).await.expect(201);
        assert_eq!(made.json["recoveryCodes"].as_array().map(Vec::len), Some(6));
        assert_eq!(server.get(codes).await.expect(200).json, made.json);
        let anew = server.put(codes, json!({})).await.expect(200);
        let first = anew.json["recoveryCodes"][0].as_str().expect("a code").to_owned();
        answer(&emma, "recoveryCode", &first).await.expect(200);
        let left = server.get(codes).await.expect(200).json["recoveryCodes"].as_array().map(Vec::len);
        assert_eq!(left, Some(5));
        let changed = server.patch("/v1/users/emma/mfa", json!({ "mfa": true })).await.expect(200);
        assert_eq!(changed.json["mfa"], Value::Bool(true));
        emma.get("/v1/users/emma/mfa/factors").await.expect(401);
        server
            .patch("/v1/users/nobody/mfa", json!({ "mfa": true }))
            .await
            .expect_fault(404, "user_not_found");
    });
}
