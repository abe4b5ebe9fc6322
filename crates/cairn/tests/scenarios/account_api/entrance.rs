//! Sign-up, sign-in, sessions and their tokens.

use cairn_core::mail::{MailOptions, MailServer};
use cairn_testkit::app::{TestApp, TestOptions};
use serde_json::{Value, json};

use super::{PASSWORD, Post, arrive, holder, sign_in};
use crate::formats::expect_reason;
use crate::refusals::with_limits;
use crate::scenarios;

pub(crate) fn signup(handle: &str) -> Value {
    json!({ "email": format!("{handle}@example.com"), "handle": handle, "display_name": handle, "password": PASSWORD })
}

scenarios! {
    /// An account is there once its address is proved, and a browser has its cookies then.
    a_sign_up_ends_with_a_session proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let guest = post.app.guest(&project.id);
        let answer = guest.post("/v0/auth/signup", signup("emma")).await.expect(202);
        assert!(answer.cookie("__Host-anonymous_user_id").is_some(), "every browser gets a name");
        let nobody = guest.get("/v0/users/profile?handle=emma").await;
        expect_reason(&nobody, 404, "user:not_found");
        let mail = post.sink.last_to("emma@example.com");
        assert!(mail.text().contains("http://localhost:3000/verify-email?token="), "{}", mail.text());
        let answer = guest.post("/v0/auth/verify-email", json!({ "token": super::token_of(&mail) })).await.expect(204);
        let session = answer.cookie("__Host-session_id").expect("a session").to_owned();
        assert!(answer.cookie("__Host-device_id").is_some());
        let browser = guest.with("cookie", &format!("__Host-session_id={session}"));
        let own = browser.get("/v0/user/me").await.expect(200);
        assert_eq!(
            (own.text_of("handle"), own.text_of("email"), &own.json["has_password"], &own.json["is_banned"]),
            ("emma", "emma@example.com", &json!(true), &json!(false))
        );
        let seen = guest.get("/v0/users/profile?handle=emma").await.expect(200);
        assert_eq!(seen.json.get("email"), None, "addresses are nobody else's business");
        let out = browser.post("/v0/auth/logout", json!({})).await.expect(204);
        assert_eq!(out.cookie("__Host-session_id"), Some(""));
        expect_reason(&browser.get("/v0/user/me").await, 401, "user:invalid_session");
    }

    /// One account, whatever surface its owner comes by.
    one_account_signs_in_through_either_surface proves [] (app) {
        let post = Post::open_with(&app, |mut options| {
            options.account.verifies_devices = false;
            options
        }).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let session = json!({ "email": emma.email, "password": PASSWORD });
        let there = project.guest().post("/v1/account/sessions/email", session).await.expect(201);
        assert_eq!(there.text_of("userId"), emma.id);
        let maria = project.user("maria").await;
        let login = json!({ "email": maria.email, "password": PASSWORD });
        let here = project.guest().post("/v0/app/auth/login", login).await.expect(200);
        let own = holder(&post, &project, here.text_of("token")).get("/v0/user/me").await.expect(200);
        assert_eq!(own.text_of("id"), maria.id);
        project.server().delete(&format!("/v1/users/{}/sessions", maria.id)).await.expect(204);
        let ended = holder(&post, &project, here.text_of("token")).get("/v0/user/me").await;
        expect_reason(&ended, 401, "user:invalid_session");
    }

    /// The answer of a sign-up is the same for every address; only the mail tells.
    sign_up_does_not_tell_who_has_an_account proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        let again = json!({
            "email": "emma@example.com", "handle": "emma2", "display_name": "Emma", "password": PASSWORD,
        });
        let known = guest.post("/v0/auth/signup", again).await.expect(202);
        let unknown = guest.post("/v0/auth/signup", signup("maria")).await.expect(202);
        assert_eq!(known.json, unknown.json);
        let mails = post.sink.wait_for("emma@example.com", 2);
        assert!(!mails[1].text().contains("token="), "no link for whoever has an account: {}", mails[1].text());
        post.sink.wait_for("maria@example.com", 1);
    }

    /// Handles are one's own for ever, those that wait too.
    user_handle_already_exists proves ["reason-codes.csv,user:handle_already_exists"] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        guest.post("/v0/auth/signup", signup("maria")).await.expect(202);
        for taken in ["emma", "maria"] {
            let other = json!({
                "email": "other@example.com", "handle": taken, "display_name": "O", "password": PASSWORD,
            });
            expect_reason(&guest.post("/v0/auth/signup", other).await, 409, "user:handle_already_exists");
        }
        let available = |handle: &str| format!("/v0/users/handle/{handle}/available");
        assert_eq!(guest.get(&available("emma")).await.expect(200).json["available"], false);
        assert_eq!(guest.get(&available("nobody")).await.expect(200).json["available"], true);
        expect_reason(&guest.get(&available("a")).await, 400, "general:validation_error");
    }

    /// Links are spent once, replaced by newer ones, and over after a while.
    token_invalid_and_expired_verification proves [
        "reason-codes.csv,token:invalid_verification", "reason-codes.csv,token:expired_verification",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let guest = post.app.guest(&project.id);
        let verify = async |token: &str| guest.post("/v0/auth/verify-email", json!({ "token": token })).await;
        expect_reason(&verify("nothing").await, 400, "token:invalid_verification");
        guest.post("/v0/auth/signup", signup("emma")).await.expect(202);
        let first = post.token("emma@example.com", 1);
        guest.post("/v0/auth/resend-verification-email", json!({ "email": "emma@example.com" })).await.expect(204);
        let second = post.token("emma@example.com", 2);
        expect_reason(&verify(&first).await, 400, "token:invalid_verification");
        post.app.clock.advance_ms(1_000 * 901);
        expect_reason(&verify(&second).await, 400, "token:expired_verification");
        guest.post("/v0/auth/signup", signup("emma")).await.expect(202);
        let third = post.token("emma@example.com", 3);
        verify(&third).await.expect(204);
        expect_reason(&verify(&third).await, 400, "token:invalid_verification");
    }

    /// An account of another surface proves its address here; one that did needs no link.
    email_already_verified proves [
        "reason-codes.csv,email:already_verified", "reason-codes.csv,token:email_mismatch",
    ] (app) {
        let post = Post::open_with(&app, |mut options| {
            options.account.verifies_devices = false;
            options
        }).await;
        let project = post.app.project().await;
        let maria = project.user("maria").await;
        let login = json!({ "email": maria.email, "password": PASSWORD });
        let token = project.guest().post("/v0/app/auth/login", login).await.expect(200).text_of("token").to_owned();
        let client = holder(&post, &project, &token);
        let resend = async || client.post("/v0/auth/resend-verification-email", json!({ "email": maria.email })).await;
        resend().await.expect(204);
        let old = post.token(&maria.email, 1);
        let server = project.server();
        let moved = json!({ "email": "moved@example.com" });
        server.patch(&format!("/v1/users/{}/email", maria.id), moved).await.expect(200);
        let mismatch = client.post("/v0/auth/verify-email", json!({ "token": old })).await;
        expect_reason(&mismatch, 400, "token:email_mismatch");
        let back = json!({ "email": maria.email });
        server.patch(&format!("/v1/users/{}/email", maria.id), back).await.expect(200);
        resend().await.expect(204);
        let fresh = post.token(&maria.email, 2);
        client.post("/v0/auth/verify-email", json!({ "token": fresh })).await.expect(204);
        expect_reason(&resend().await, 400, "email:already_verified");
    }

    /// An unknown device takes a link; a known one does not.
    an_unknown_device_takes_a_link proves ["reason-codes-more.csv,token:invalid_device_verify"] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        let login = json!({ "email": emma.email, "password": PASSWORD, "remember_me": true });
        let answer = guest.post("/v0/auth/login", login.clone()).await.expect(202);
        assert_eq!(answer.text_of("status"), "device_verification_required");
        let token = post.token(&emma.email, 2);
        let answer = guest.post("/v0/auth/device/verify", json!({ "token": token })).await.expect(204);
        let device = answer.cookie("__Host-device_id").expect("a device").to_owned();
        let set: Vec<_> = answer.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()).collect();
        assert!(set.iter().any(|line| line.starts_with("__Host-session_id=") && line.contains("Max-Age=2592000")), "{set:?}");
        let again = guest.post("/v0/auth/device/verify", json!({ "token": token })).await;
        expect_reason(&again, 400, "token:invalid_device_verify");
        let known = guest.with("cookie", &format!("__Host-device_id={device}"));
        let answer = known.post("/v0/auth/login", login).await.expect(204);
        assert!(answer.cookie("__Host-session_id").is_some());
        let wrong = json!({ "email": emma.email, "password": "wrong horse battery" });
        expect_reason(&known.post("/v0/auth/login", wrong).await, 401, "auth:invalid_credentials");
    }

    /// Sessions are listed and ended one by one; nobody ends those of others.
    sessions_are_ones_own proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let (emma, maria) = (arrive(&post, &project, "emma").await, arrive(&post, &project, "maria").await);
        let second = sign_in(&post, &project, &emma, PASSWORD).await;
        let listed = emma.client.get("/v0/auth/sessions").await.expect(200);
        let sessions = listed.json["sessions"].as_array().expect("a list").clone();
        assert_eq!((sessions.len(), &sessions[0]["is_current"], &sessions[1]["is_current"]), (2, &json!(false), &json!(true)));
        let one = format!("/v0/auth/sessions/{}", sessions[0]["management_id"].as_str().expect("an id"));
        expect_reason(&maria.client.delete(&one).await, 404, "system:not_found");
        emma.client.delete(&one).await.expect(204);
        let ended = holder(&post, &project, &second).get("/v0/user/me").await;
        expect_reason(&ended, 401, "user:invalid_session");
        emma.client.get("/v0/user/me").await.expect(200);
    }

    /// A revoked session, one that has lived its time, and one whose user has gone are told apart.
    what_became_of_a_session proves [
        "reason-codes.csv,user:invalid_session", "reason-codes.csv,session:expired",
        "reason-codes.csv,session:invalid_user_id",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let own = async || emma.client.get("/v0/user/me").await;
        let revoked = sign_in(&post, &project, &emma, PASSWORD).await;
        holder(&post, &project, &revoked).post("/v0/auth/logout", json!({})).await.expect(204);
        expect_reason(&holder(&post, &project, &revoked).get("/v0/user/me").await, 401, "user:invalid_session");
        // Used every few days it goes on, but not for ever.
        for _ in 0..6 {
            own().await.expect(200);
            post.app.clock.advance_ms(1_000 * 5 * 86_400);
            cairn_core::accesses::write(&post.app.app).await;
        }
        expect_reason(&own().await, 401, "session:expired");
        let maria = arrive(&post, &project, "maria").await;
        project.server().delete(&format!("/v1/users/{}", maria.id)).await.expect(204);
        expect_reason(&maria.client.get("/v0/user/me").await, 401, "session:invalid_user_id");
        let nobody = holder(&post, &project, &"x".repeat(43));
        expect_reason(&nobody.get("/v0/user/me").await, 401, "user:unauthorized");
    }

    /// Applications renew their tokens; whoever shows one a second time has stolen it, or was robbed.
    refresh_tokens_are_spent_once proves [
        "reason-codes.csv,user:no_refresh_token", "reason-codes.csv,user:token_expired",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let app = post.app.guest(&project.id).with("x-device-token", &emma.device);
        let login = json!({ "email": emma.email, "password": PASSWORD });
        let first = app.post("/v0/app/auth/login", login.clone()).await.expect(200);
        let refresh = async |token: Value| app.post("/v0/app/auth/refresh", json!({ "refresh_token": token })).await;
        let second = refresh(first.json["refresh_token"].clone()).await.expect(200);
        let newest = holder(&post, &project, second.text_of("token"));
        newest.get("/v0/user/me").await.expect(200);
        let old = holder(&post, &project, first.text_of("token")).get("/v0/user/me").await;
        expect_reason(&old, 401, "user:unauthorized");
        let reused = refresh(first.json["refresh_token"].clone()).await;
        expect_reason(&reused, 401, "user:invalid_token");
        expect_reason(&newest.get("/v0/user/me").await, 401, "user:invalid_session");
        expect_reason(&app.post("/v0/app/auth/refresh", json!({})).await, 401, "user:no_refresh_token");
        expect_reason(&refresh(json!("never seen")).await, 401, "user:invalid_token");
        let third = app.post("/v0/app/auth/login", login).await.expect(200);
        post.app.clock.advance_ms(1_000 * 91 * 86_400);
        expect_reason(&refresh(third.json["refresh_token"].clone()).await, 401, "user:token_expired");
    }

    /// Nothing listens where the mail server should be: nothing is lost, and the link can be asked for again.
    worker_connection_failed proves ["reason-codes.csv,worker:connection_failed"] (app) {
        let server = MailServer { host: "127.0.0.1".to_owned(), port: 1, ..MailServer::default() };
        let mail = MailOptions { server: Some(server), ..MailOptions::default() };
        let app = TestApp::start_with(app.engine(), TestOptions { mail, ..TestOptions::default() }).await;
        let project = app.project().await;
        let guest = app.guest(&project.id);
        expect_reason(&guest.post("/v0/auth/signup", signup("emma")).await, 503, "worker:connection_failed");
        let again = guest.post("/v0/auth/resend-verification-email", json!({ "email": "emma@example.com" })).await;
        expect_reason(&again, 503, "worker:connection_failed");
    }

    /// The mail server does not take the mail.
    worker_send_failed proves [
        "reason-codes.csv,worker:verification_email_send_failed",
        "reason-codes.csv,worker:password_reset_email_send_failed",
    ] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        post.sink.answer("maria@example.com", 550);
        let refused = guest.post("/v0/auth/signup", signup("maria")).await;
        expect_reason(&refused, 502, "worker:verification_email_send_failed");
        post.sink.answer(&emma.email, 550);
        let refused = guest.post("/v0/auth/forgot-password", json!({ "email": emma.email })).await;
        expect_reason(&refused, 502, "worker:password_reset_email_send_failed");
    }

    /// Whether an address has an account is told by no answer, and by no work: as many hashes, statements and mails are done
    /// for one that has as for one that has not.
    an_unknown_address_costs_what_a_known_one_does proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id);
        let work = || {
            let (hashes, statements) = (post.app.app.passwords.count(), post.app.app.store.statement_count());
            (hashes, statements, post.sink.mails().len())
        };
        let cost = async |path: &str, body: Value| {
            let before = work();
            let answer = guest.post(path, body).await;
            let after = work();
            ((answer.status, answer.json), (after.0 - before.0, after.1 - before.1, after.2 - before.2))
        };
        let sign_in = |handle: &str| json!({ "email": format!("{handle}@example.com"), "password": "wrong horse battery" });
        let forgot = |handle: &str| json!({ "email": format!("{handle}@example.com") });
        let sign_up = |handle: &str, chosen: &str| {
            let email = format!("{handle}@example.com");
            json!({ "email": email, "handle": chosen, "display_name": "E", "password": PASSWORD })
        };
        // What the first request of a kind reads into caches is nobody's address.
        cost("/v0/auth/login", sign_in("nobody")).await;
        cost("/v0/auth/signup", sign_up("waiting", "waiting")).await;
        for (path, [known, unknown], hashes, mails) in [
            ("/v0/auth/login", [sign_in("emma"), sign_in("nobody")], 1, 0),
            ("/v0/app/auth/login", [sign_in("emma"), sign_in("nobody")], 1, 0),
            ("/v0/auth/forgot-password", [forgot("emma"), forgot("nobody")], 0, 1),
            ("/v0/auth/signup", [sign_up("emma", "emma2"), sign_up("maria", "maria")], 1, 1),
            ("/v0/auth/signup", [sign_up("waiting", "waiting2"), sign_up("clara", "clara")], 1, 1),
            ("/v0/auth/resend-verification-email", [forgot("waiting"), forgot("nobody")], 0, 1),
        ] {
            let (one, other) = (cost(path, known).await, cost(path, unknown).await);
            assert_eq!(one, other, "{path}: (answer, (hashes, statements, mails)) for a known and for an unknown address");
            let (_, (hashed, statements, mailed)) = one;
            assert_eq!((hashed, mailed), (hashes, mails), "{path}");
            assert!(statements > 0, "{path}: statements are counted");
        }
        // The link that a sign-up waits for is still the one that counts.
        let token = post.token("waiting@example.com", 3);
        guest.post("/v0/auth/verify-email", json!({ "token": token })).await.expect(204);
    }

    /// Sign-in is limited by address.
    sign_in_is_limited proves [] (app) {
        let app = with_limits(&app).await;
        let project = app.project().await;
        let guest = app.guest(&project.id);
        let wrong = json!({ "email": "nobody@example.com", "password": PASSWORD });
        for _ in 0..30 {
            expect_reason(&guest.post("/v0/auth/login", wrong.clone()).await, 401, "auth:invalid_credentials");
        }
        expect_reason(&guest.post("/v0/auth/login", wrong).await, 429, "rate_limit:exceeded");
    }

    /// A trusted proxy says something about the client's address that is none.
    general_invalid_ip_address proves ["reason-codes.csv,general:invalid_ip_address"] (app) {
        let options = TestOptions { trusted_headers: "x-forwarded-for", ..TestOptions::default() };
        let app = TestApp::start_with(app.engine(), options).await;
        let project = app.project().await;
        let guest = app.guest(&project.id);
        let lost = guest.with("x-forwarded-for", "not an address").get("/v0/action-logs?limit=1").await;
        expect_reason(&lost, 400, "general:invalid_ip_address");
        guest.with("x-forwarded-for", "192.0.2.7").get("/v0/action-logs?limit=1").await.expect(200);
        guest.get("/v0/action-logs?limit=1").await.expect(200);
    }

    /// A request that names no project is told so; the console is not a project of this surface.
    a_project_is_needed proves [] (app) {
        let nameless = app.request().get("/v0/action-logs?limit=1").send().await;
        expect_reason(&nameless, 403, "FORBIDDEN");
        expect_reason(&app.guest("console").get("/v0/action-logs?limit=1").await, 404, "system:not_found");
    }

    /// Two hundred clients follow one link: one account, one session.
    one_link_is_followed_once proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let guest = post.app.guest(&project.id);
        guest.post("/v0/auth/signup", signup("emma")).await.expect(202);
        let token = post.token("emma@example.com", 1);
        let tries = (0..200).map(|_| guest.post("/v0/app/auth/verify-email", json!({ "token": &token })));
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 400));
        let winner = answers.iter().find(|answer| answer.status == 200).expect("one");
        let client = holder(&post, &project, winner.text_of("token"));
        let sessions = client.get("/v0/auth/sessions").await.expect(200);
        assert_eq!(sessions.json["sessions"].as_array().map(Vec::len), Some(1));
    }

    /// Two hundred requests spend one refresh token: one gets the next.
    one_refresh_token_is_spent_once proves [] (app) {
        let post = Post::open(&app).await;
        let project = post.app.project().await;
        let emma = arrive(&post, &project, "emma").await;
        let guest = post.app.guest(&project.id).with("x-device-token", &emma.device);
        let login = json!({ "email": emma.email, "password": PASSWORD });
        let first = guest.post("/v0/app/auth/login", login).await.expect(200);
        let spent = json!({ "refresh_token": first.json["refresh_token"] });
        let tries = (0..200).map(|_| guest.post("/v0/app/auth/refresh", spent.clone()));
        let answers = futures_util::future::join_all(tries).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 1);
        assert!(answers.iter().all(|answer| answer.status == 200 || answer.status == 401));
    }
}
