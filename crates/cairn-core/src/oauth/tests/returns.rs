//! Coming back: once, in time, in the right browser, as the one who went; and linking, blocking, renewing.

use cairn_faults::Fault;
use cairn_model::ids::UserId;
use cairn_testkit::provider::Provider as Fake;
use serde_json::json;

use super::{BROWSER, back, begun, enter_both, options, session_of, tell, through, wanted};
use crate::fixture::on_both_with;
use crate::oauth::STATE_SECONDS;
use crate::oauth_sign_ins::{Flow, Outcome, Returned, TOKEN_SECONDS, finish, redeem, start};
use crate::sessions::{self, Which};

fn ada() -> serde_json::Value {
    json!({ "sub": "ada", "email": "Ada@Example.com", "email_verified": true, "name": "Ada" })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_counts_once_in_time_in_its_browser() {
    on_both_with("oauth_state", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        let state = begun(&cx, "oidc", Flow::Session).await;
        let wrong: [(&str, Returned<'_>); 5] = [
            ("made up", back("oidc", "made up")),
            ("none", back("oidc", "")),
            ("another provider", back("keycloak", &state)),
            ("another browser", Returned { browser: Some("another"), ..back("oidc", &state) }),
            ("no browser", Returned { browser: None, ..back("oidc", &state) }),
        ];
        for (what, returned) in wrong {
            let error = finish(&cx, returned, |_| true).await.expect_err(what);
            assert_eq!(error.fault(), Fault::OauthStateInvalid, "{what}");
        }
        assert!(fake.asked().is_empty(), "nobody asks the provider for a state that is none");
        // None of that took the state away from the right browser; coming back does.
        finish(&cx, back("oidc", &state), |_| true).await.expect("comes back").outcome.expect("signs in");
        let again = finish(&cx, back("oidc", &state), |_| true).await.expect_err("used");
        assert_eq!(again.fault(), Fault::OauthStateInvalid);
        let late = begun(&cx, "oidc", Flow::Session).await;
        f.clock.advance_ms(STATE_SECONDS * 1_000);
        let error = finish(&cx, back("oidc", &late), |_| true).await.expect_err("late");
        assert_eq!(error.fault(), Fault::OauthStateExpired);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_come_back_with_one_state_one_goes_on() {
    on_both_with("oauth_state_race", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        let state = begun(&cx, "oidc", Flow::Session).await;
        let all = (0..50).map(|_| finish(&cx, back("oidc", &state), |_| true));
        let outcomes = futures_util::future::join_all(all).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(fake.asked().iter().filter(|asked| asked.target == "/token").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_asked_again_on_coming_back() {
    on_both_with("oauth_targets", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        for (gone, fault) in [
            ("https://shop.example/in", Fault::ProjectInvalidSuccessUrl),
            ("https://shop.example/out", Fault::ProjectInvalidFailureUrl),
        ] {
            let state = begun(&cx, "oidc", Flow::Session).await;
            let error = finish(&cx, back("oidc", &state), |url| url != gone).await.expect_err(gone);
            assert_eq!(error.fault(), fault);
        }
        assert!(fake.asked().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_gets_the_identity() {
    on_both_with("oauth_link", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        let zoe = f.signed_up("zoe").await;
        tell(&fake, &json!({ "sub": "z", "email": "zoe.elsewhere@example.com", "email_verified": true }));
        let Ok(Outcome::Session(issued)) = through(&zoe, "oidc", Flow::Session).await else {
            panic!("links");
        };
        assert_eq!(issued.session.user_id.as_str(), "zoe");
        assert_eq!(issued.session.factors, ["email", "oauth2"]);
        assert_eq!(session_of(&f, "oidc").await.expect("signs in"), "zoe");
        // The same person of the provider is nobody else's from now on.
        let max = f.signed_up("max").await;
        let error = through(&max, "oidc", Flow::Session).await.expect_err("taken");
        assert_eq!(error.fault(), Fault::UserAlreadyExists);
        // Nor does anybody get an identity with the address of somebody else's account.
        tell(&fake, &json!({ "sub": "m", "email": "zoe@example.com", "email_verified": true }));
        let error = through(&max, "oidc", Flow::Session).await.expect_err("another's address");
        assert_eq!(error.fault(), Fault::UserAlreadyExists);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_went_is_who_comes_back() {
    on_both_with("oauth_same", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        tell(&fake, &ada());
        let (zoe, max) = (f.signed_up("zoe").await, f.signed_up("max").await);
        let state = begun(&zoe, "oidc", Flow::Session).await;
        let finished = finish(&max, back("oidc", &state), |_| true).await.expect("tells");
        assert_eq!(finished.outcome.expect_err("another one").fault(), Fault::OauthStateInvalid);
        // Who signed in meanwhile is not linked to what a guest began.
        let state = begun(&f.guest().await, "oidc", Flow::Session).await;
        let finished = finish(&max, back("oidc", &state), |_| true).await.expect("tells");
        let Ok(Outcome::Session(issued)) = finished.outcome else { panic!("signs in") };
        assert_ne!(issued.session.user_id.as_str(), "max");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_of_the_provider_are_told_apart() {
    on_both_with("oauth_refusals", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        let cases: [(u16, &str, Fault); 5] = [
            (400, r#"{"error":"invalid_grant"}"#, Fault::UserOauth2ProviderFailure),
            (200, r#"{"error":"bad_verification_code"}"#, Fault::UserOauth2ProviderFailure),
            (200, "{}", Fault::UserOauth2ProviderFailure),
            (503, "busy", Fault::UserOauth2ProviderFailure),
            (200, "access_token=at&scope=x", Fault::UserOauth2ProviderError),
        ];
        fake.answer("/user", 500, "");
        for (status, body, fault) in cases {
            fake.answer("/token", status, body);
            let error = through(&cx, "oidc", Flow::Session).await.expect_err(body);
            assert_eq!(error.fault(), fault, "{status} {body}");
        }
        let profiles: [(u16, &str, Fault); 6] = [
            (400, "", Fault::UserOauth2BadRequest),
            (401, "", Fault::UserOauth2Unauthorized),
            (403, "", Fault::UserOauth2ProviderError),
            (200, "not json", Fault::UserMissingId),
            (200, "{}", Fault::UserMissingId),
            (200, r#"{"sub":"x"}"#, Fault::UserUnauthorized),
        ];
        for (status, body, fault) in profiles {
            fake.answer("/user", status, body);
            let error = through(&cx, "oidc", Flow::Session).await.expect_err(body);
            assert_eq!(error.fault(), fault, "{status} {body}");
        }
        let state = begun(&cx, "oidc", Flow::Session).await;
        let returned = Returned { error: "access_denied", code: "", ..back("oidc", &state) };
        let finished = finish(&cx, returned, |_| true).await.expect("tells");
        assert_eq!(finished.outcome.expect_err("denied").fault(), Fault::UserOauth2ProviderError);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_blocked_stay_out() {
    on_both_with("oauth_blocked", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        tell(&fake, &ada());
        let id = session_of(&f, "oidc").await.expect("makes an account");
        let (cx, user_id) = (f.guest().await, UserId::from(id.as_str()));
        let blocked = cx.store().write(cx.project_ref(), move |tx| async move {
            let mut user = crate::users::load(&tx, &user_id).await?;
            user.is_active = false;
            tx.user_update(&user).await.map_err(cairn_faults::Error::from)
        });
        blocked.await.expect("blocks");
        assert_eq!(session_of(&f, "oidc").await.expect_err("blocked").fault(), Fault::UserBlocked);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_makes_one_session() {
    on_both_with("oauth_token", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        let Ok(Outcome::Token { user_id, secret }) = through(&cx, "oidc", Flow::Token).await else {
            panic!("a token");
        };
        assert!(redeem(&cx, &user_id, "something else").await.expect("no secret of ours").is_none());
        let stranger = redeem(&cx, &UserId::from("max"), &secret).await.expect_err("another user");
        assert_eq!(stranger.fault(), Fault::UserInvalidToken);
        let all = (0..20).map(|_| redeem(&cx, &user_id, &secret));
        let outcomes = futures_util::future::join_all(all).await;
        let made: Vec<_> = outcomes.into_iter().filter_map(Result::ok).flatten().collect();
        assert_eq!(made.len(), 1);
        assert_eq!(made[0].session.provider, "oidc");
        assert_eq!(crate::oauth::Tokens::open(&cx, &made[0].session.tokens).expect("opens").refresh, "rt");
        let Ok(Outcome::Token { user_id, secret }) = through(&cx, "oidc", Flow::Token).await else {
            panic!("a token");
        };
        f.clock.advance_ms(TOKEN_SECONDS * 1_000);
        assert_eq!(redeem(&cx, &user_id, &secret).await.expect_err("late").fault(), Fault::UserInvalidToken);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn updating_a_session_renews_the_providers_tokens() {
    on_both_with("oauth_refresh", options(), |f| async move {
        let fake = Fake::start();
        let cx = f.guest().await;
        enter_both(&cx, &fake).await;
        tell(&fake, &ada());
        let Ok(Outcome::Session(issued)) = through(&cx, "oidc", Flow::Session).await else {
            panic!("a session")
        };
        let own = f.holder(&issued.value).await;
        fake.asked();
        fake.answer("/token", 200, json!({ "access_token": "at2", "expires_in": "120" }));
        let renewed = sessions::extend(&own, &Which::Current).await.expect("renews");
        let tokens = crate::oauth::Tokens::open(&cx, &renewed.tokens).expect("opens");
        assert_eq!((tokens.access.as_str(), tokens.refresh.as_str()), ("at2", "rt"));
        assert_eq!(tokens.expires, Some(cx.now().plus_seconds(120)));
        let asked = fake.asked();
        assert!(asked[0].body.contains("grant_type=refresh_token&refresh_token=rt"), "{asked:?}");
        for (status, fault) in [
            (400, Fault::UserOauth2BadRequest),
            (401, Fault::UserOauth2Unauthorized),
            (500, Fault::UserOauth2ProviderError),
        ] {
            fake.answer("/token", status, "{}");
            let error = sessions::extend(&own, &Which::Current).await.expect_err("refused");
            assert_eq!(error.fault(), fault, "{status}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_is_off_begins_nothing() {
    on_both_with("oauth_off", options(), |f| async move {
        let cx = f.guest().await;
        for (id, fault) in [
            ("github", Fault::ProjectProviderDisabled),
            ("mock", Fault::ProjectProviderDisabled),
            ("nobody", Fault::ProjectProviderUnsupported),
        ] {
            let error = start(&cx, wanted(id, Flow::Session)).await.expect_err(id);
            assert_eq!(error.fault(), fault, "{id}");
        }
        assert_eq!(BROWSER, wanted("github", Flow::Session).browser);
    })
    .await;
}
