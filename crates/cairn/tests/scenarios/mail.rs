//! What proves a person by a message: links, codes, invitations, and which addresses are taken.

use cairn_core::mail::{MailOptions, MailServer};
use cairn_core::sms::{SmsOptions, SmsProvider};
use cairn_net::Allowed;
use cairn_testkit::app::{Client, Project, TestApp, TestOptions, each_engine};
use cairn_testkit::smtp::Sink;
use serde_json::{Value, json};

use crate::ask::{NEW, configure, refused, refused_as};
use crate::scenarios;

/// A page of the console, which every project may send people to.
const PAGE: &str = "http://localhost/go";
const PHONE: &str = "+4915112345678";

/// A server like this one that sends mail to a sink, and text messages to memory.
async fn with_mail(app: &TestApp) -> (TestApp, Sink) {
    let sink = Sink::start();
    let options = TestOptions::default().with_sms().with_mail(&sink);
    (TestApp::start_with(app.engine(), options).await, sink)
}

fn code_for(email: &str) -> Value {
    json!({ "userId": "unique()", "email": email })
}

/// A key's token for a user.
async fn token(project: &Project<'_>, user: &str) -> Value {
    let made = project.server().post(&format!("/v1/users/{user}/tokens"), json!({})).await.expect(201);
    json!({ "userId": user, "secret": made.text_of("secret") })
}

async fn invite(owner: &Client<'_>, sink: &Sink, email: &str) -> (String, Value) {
    let team = json!({ "teamId": "climbers", "name": "Climbers" });
    owner.post("/v1/teams", team).await;
    let member = json!({ "email": email, "roles": ["guide"], "url": PAGE });
    owner.post("/v1/teams/climbers/memberships", member).await.expect(201);
    let mail = sink.last_to(email);
    let path = format!("/v1/teams/climbers/memberships/{}/status", mail.link_param("membershipId"));
    (path, json!({ "userId": mail.link_param("userId"), "secret": mail.link_param("secret") }))
}

scenarios! {
    /// The token was used, is another's, or never was.
    user_invalid_token proves [
        "appwrite-types.csv,user_invalid_token", "appwrite-types-1.9.csv,user_invalid_token",
    ] (app) {
        let project = app.project().await;
        project.user("emma").await;
        let shown = token(&project, "emma").await;
        let guest = project.guest();
        let session = guest.post("/v1/account/sessions/token", shown.clone()).await.expect(201);
        assert_eq!(session.text_of("secret"), "", "a guest's secret is in the cookie only");
        assert!(session.cookie("a_session_shop").is_some());
        refused(&guest, 401, "user_invalid_token",
            async |c| c.post("/v1/account/sessions/token", shown.clone()).await).await;
        for path in ["/v1/account/sessions/magic-url", "/v1/account/sessions/phone", "/v1/account/verification",
            "/v1/account/verifications/phone"] {
            refused(&guest, 401, "user_invalid_token", async |c| c.put(path, shown.clone()).await).await;
        }
    }

    /// The two passwords of a recovery differ.
    user_password_mismatch proves [
        "appwrite-types.csv,user_password_mismatch", "appwrite-types-1.9.csv,user_password_mismatch",
    ] (app) {
        let project = app.project().await;
        project.user("emma").await;
        let typed = json!({ "userId": "emma", "secret": "x", "password": "battery staple", "passwordAgain": "battery maple" });
        refused(&project.guest(), 400, "user_password_mismatch",
            async |c| c.put("/v1/account/recovery", typed.clone()).await).await;
    }

    /// Nothing is left to prove, or nothing is there that could be proved.
    user_email_already_verified proves [
        "appwrite-types-1.9.csv,user_email_already_verified", "appwrite-types-1.9.csv,user_email_not_found",
    ] (app) {
        let (app, _sink) = with_mail(&app).await;
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        project.server().patch("/v1/users/emma/verification", json!({ "emailVerification": true })).await.expect(200);
        refused(&emma, 409, "user_email_already_verified",
            async |c| c.post("/v1/account/verifications/email", json!({ "url": PAGE })).await).await;
        let nobody = project.guest().post("/v1/account/sessions/anonymous", json!({})).await.expect(201);
        let nobody = project.guest().with("x-appwrite-session", nobody.cookie("a_session_shop").expect("a cookie"));
        refused(&nobody, 400, "user_email_not_found",
            async |c| c.post("/v1/account/verifications/email", json!({ "url": PAGE })).await).await;
    }

    /// As with addresses, so with numbers.
    user_phone_already_verified proves [
        "appwrite-types-1.9.csv,user_phone_already_verified", "appwrite-types-1.9.csv,user_phone_not_found",
    ] (app) {
        let (app, _sink) = with_mail(&app).await;
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        refused(&emma, 400, "user_phone_not_found",
            async |c| c.post("/v1/account/verifications/phone", json!({})).await).await;
        project.server().patch("/v1/users/emma/phone", json!({ "number": PHONE })).await.expect(200);
        project.server().patch("/v1/users/emma/verification/phone", json!({ "phoneVerification": true })).await.expect(200);
        refused(&emma, 409, "user_phone_already_verified",
            async |c| c.post("/v1/account/verifications/phone", json!({})).await).await;
    }

    /// Nobody delivers text messages.
    general_phone_disabled proves ["appwrite-types-1.9.csv,general_phone_disabled"] (app) {
        let project = app.project().await;
        refused(&project.guest(), 503, "general_phone_disabled",
            async |c| c.post("/v1/account/tokens/phone", json!({ "userId": "unique()", "phone": PHONE })).await).await;
    }

    /// The project takes some addresses only.
    user_email_policies proves [
        "appwrite-types-1.9.csv,user_email_disposable", "appwrite-types-1.9.csv,user_email_free",
        "appwrite-types-1.9.csv,user_email_not_canonical", "appwrite-types-1.9.csv,user_email_not_corporate",
    ] (app) {
        let (app, sink) = with_mail(&app).await;
        let project = app.project().await;
        let cases = [
            ("deny-disposable-email", "a@mailinator.com", "user_email_disposable"),
            ("deny-aliased-email", "a+b@gmail.com", "user_email_not_canonical"),
            ("deny-free-email", "ab@gmail.com", "user_email_free"),
            ("deny-corporate-email", "ab@outlook.com", "user_email_not_corporate"),
        ];
        for (policy, email, fault) in cases {
            let path = format!("/v1/project/policies/{policy}");
            project.server().patch(&path, json!({ "enabled": true })).await.expect(200);
            let shown = project.server().get(&path).await.expect(200);
            assert_eq!((&shown.json["$id"], &shown.json["enabled"]), (&json!(policy), &json!(true)));
            let account = json!({ "userId": "unique()", "email": email, "password": "correct horse battery" });
            refused(&project.guest(), 400, fault, async |c| c.post("/v1/account", account.clone()).await).await;
            refused(&project.guest(), 400, fault, async |c| c.post("/v1/account/tokens/email", code_for(email)).await).await;
            refused(&project.guest(), 400, fault, async |c| c.post("/v1/account/tokens/magic-url", code_for(email)).await).await;
            project.server().patch(&path, json!({ "enabled": false })).await.expect(200);
        }
        assert!(sink.mails().is_empty());
    }

    /// The project's own mail server does not answer; its own words are not there to be deleted.
    project_smtp_config_invalid proves [
        "appwrite-types-1.9.csv,project_smtp_config_invalid", "appwrite-types-1.9.csv,project_template_default_deletion",
    ] (app) {
        let outbound = Allowed::new(vec!["127.0.0.0/8".parse().expect("a network")]);
        let app = TestApp::start_with(app.engine(), TestOptions { outbound, ..TestOptions::default() }).await;
        let project = app.project().await;
        let gone = Sink::start().port();
        let smtp = |port| json!({ "host": "127.0.0.1", "port": port, "senderEmail": "shop@example.com", "enabled": true });
        refused(&project.server(), 400, "project_smtp_config_invalid",
            async |c| c.patch("/v1/project/smtp", smtp(gone)).await).await;
        let sink = Sink::start();
        let shown = project.server().patch("/v1/project/smtp", smtp(sink.port())).await.expect(200);
        assert_eq!(shown.json["smtpEnabled"], true);
        let own = "/v1/projects/shop/templates/email/recovery/en";
        refused(&project.admin.console, 401, "project_template_default_deletion", async |c| c.delete(own).await).await;
        let words = json!({ "subject": "{{project}}: recover", "message": "<a href='{{redirect}}'>Go, {{user}}</a>", "replyTo": "help@example.com" });
        let older = project.admin.console.with("x-appwrite-response-format", "1.8.0");
        let kept = older.patch(own, words).await.expect(200);
        assert_eq!((kept.text_of("type"), kept.text_of("replyTo")), ("recovery", "help@example.com"));
        let listed = project.server().get("/v1/project/templates/email").await.expect(200);
        assert_eq!((&listed.json["total"], &listed.json["templates"][0]["templateId"]), (&json!(1), &json!("recovery")));
        project.user("emma").await;
        project.guest().post("/v1/account/recovery", json!({ "email": "emma@example.com", "url": PAGE })).await.expect(201);
        let mail = sink.last_to("emma@example.com");
        assert_eq!((mail.header("subject").as_str(), mail.header("reply-to").as_str()), ("shop: recover", "help@example.com"));
        assert!(mail.text().contains("Go, emma: http://localhost/go?userId=emma&secret="), "{}", mail.text());
        project.server().post("/v1/project/smtp/tests", json!({ "emails": ["ada@example.com"] })).await.expect(204);
        sink.last_to("ada@example.com");
        project.admin.console.delete(own).await.expect(204);
        let ours = project.server().get("/v1/project/templates/email/recovery").await.expect(200);
        assert!(ours.text_of("message").contains("{{redirect}}"));
    }

    /// The link of an invitation is wrong, or for somebody else.
    team_invalid_secret proves [
        "appwrite-types.csv,team_invalid_secret", "appwrite-types-1.9.csv,team_invalid_secret",
        "appwrite-types.csv,team_invite_mismatch", "appwrite-types-1.9.csv,team_invite_mismatch",
    ] (app) {
        let (app, sink) = with_mail(&app).await;
        let project = app.project().await;
        let emma = project.user("emma").await.client;
        let (path, good) = invite(&emma, &sink, "bob@example.com").await;
        let mut wrong = good.clone();
        wrong["secret"] = json!("wrong");
        refused(&project.guest(), 401, "team_invalid_secret", async |c| c.patch(&path, wrong.clone()).await).await;
        refused(&emma, 401, "team_invite_mismatch", async |c| c.patch(&path, good.clone()).await).await;
        let joined = project.guest().patch(&path, good.clone()).await.expect(200);
        assert_eq!((&joined.json["confirm"], joined.cookie("a_session_shop").is_some()), (&json!(true), true));
        refused_as(&project.guest(), (409, "team_invite_already_exists"), (409, "membership_already_confirmed"),
            async |c| c.patch(&path, good.clone()).await).await;
    }
}

/// What a browser does: ask for a link, read the mail, follow it; and what others may see of it on the way.
#[test]
fn secrets_are_seen_by_their_receiver_and_by_keys_alone() {
    each_engine(async |app| {
        let (app, sink) = with_mail(&app).await;
        let project = app.project().await;
        let ask = json!({ "userId": "bob", "email": "Bob@example.com", "url": PAGE, "phrase": true });
        let made = project.guest().post("/v1/account/tokens/magic-url", ask.clone()).await.expect(201);
        insta::allow_duplicates! { insta::assert_snapshot!(members(&made.json), @"$id $createdAt userId secret expire phrase"); }
        assert_eq!((made.text_of("userId"), made.text_of("secret")), ("bob", ""));
        let mail = sink.last_to("bob@example.com");
        assert!(!made.text_of("phrase").is_empty() && mail.text().contains(made.text_of("phrase")));
        let shown = json!({ "userId": "bob", "secret": mail.link_param("secret") });
        let session = project.guest().put("/v1/account/sessions/magic-url", shown).await.expect(201);
        let bob =
            project.guest().with("x-appwrite-session", session.cookie("a_session_shop").expect("a cookie"));
        let account = bob.get("/v1/account").await.expect(200);
        assert_eq!(
            (&account.json["emailVerification"], account.text_of("email")),
            (&json!(true), "bob@example.com")
        );

        let by_key = project.server().post("/v1/account/tokens/magic-url", ask).await.expect(201);
        assert_eq!(by_key.text_of("secret").len(), 64, "keys see it");
        // Nothing that lists or tells of the account shows a secret or its hash.
        for path in ["/v1/users", "/v1/users/bob", "/v1/users/bob/sessions", "/v1/users/bob/targets"] {
            let told = project.server().get(path).await.expect(200).text();
            assert!(!told.contains(by_key.text_of("secret")), "{path}");
        }
        let old = project
            .guest()
            .with("x-appwrite-response-format", "1.4.0")
            .post("/v1/account/tokens/email", code_for("bob@example.com"))
            .await
            .expect(201);
        assert_eq!(old.json.get("phrase"), None);
    });
}

/// Links begin with what the project allows or the operator configured, whatever the headers say.
#[test]
fn links_come_from_configuration_and_never_from_headers() {
    each_engine(async |app| {
        let (app, sink) = with_mail(&app).await;
        let project = app.project().await;
        let evil = project
            .guest()
            .with("host", "evil.example")
            .with("x-forwarded-host", "evil.example")
            .with("forwarded", "host=evil.example")
            .with("x-forwarded-proto", "https");
        let ask = json!({ "userId": "unique()", "email": "bob@example.com" });
        evil.post("/v1/account/tokens/magic-url", ask).await.expect(201);
        let mail = sink.last_to("bob@example.com");
        assert!(mail.link().starts_with("http://localhost/console/auth/magic-url?"), "{}", mail.link());
        assert!(!mail.source.contains("evil"), "{}", mail.source);
        let emma = project.user("emma").await.client.with("host", "evil.example");
        for url in [
            "https://evil.example/",
            "https://localhost@evil.example/",
            "javascript:alert(1)//x",
            "http://localhost.evil.example/",
        ] {
            let refusals = [
                emma.post("/v1/account/verifications/email", json!({ "url": url })).await,
                emma.post("/v1/account/recovery", json!({ "email": "emma@example.com", "url": url })).await,
                emma.post(
                    "/v1/account/tokens/magic-url",
                    json!({ "userId": "unique()", "email": "c@example.com", "url": url }),
                )
                .await,
            ];
            for refusal in refusals {
                refusal.expect_fault(400, "general_argument_invalid");
            }
        }
        let platform = json!({ "platformId": "unique()", "name": "Shop", "hostname": "shop.example" });
        project.server().post("/v1/project/platforms/web", platform).await.expect(201);
        emma.post("/v1/account/verifications/email", json!({ "url": "https://shop.example/verify" }))
            .await
            .expect(201);
        assert!(
            sink.last_to("emma@example.com")
                .link()
                .starts_with("https://shop.example/verify?userId=emma&secret=")
        );
    });
}

/// A mail server that is away makes nobody wait and nothing fail.
#[test]
fn a_mail_server_that_is_away_fails_no_request() {
    each_engine(async |app| {
        let gone = Sink::start().port();
        let server = Some(MailServer { host: "127.0.0.1".to_owned(), port: gone, ..MailServer::default() });
        let mail = MailOptions { server, retries: Vec::new(), ..MailOptions::default() };
        let sms = SmsOptions { provider: Some(SmsProvider::Mock) };
        let app =
            TestApp::start_with(app.engine(), TestOptions { mail, sms, ..TestOptions::default() }).await;
        let project = app.project().await;
        project.guest().post("/v1/account/tokens/email", code_for("bob@example.com")).await.expect(201);
        configure(&app, &project.id, |settings| settings.policies.users_max = Some(1)).await;
        let more = project.guest().with("x-appwrite-response-format", NEW);
        more.post("/v1/account/tokens/email", code_for("cem@example.com"))
            .await
            .expect_fault(400, "user_count_exceeded");
    });
}

fn members(object: &Value) -> String {
    let names: Vec<&str> =
        object.as_object().into_iter().flat_map(|object| object.keys().map(String::as_str)).collect();
    names.join(" ")
}
