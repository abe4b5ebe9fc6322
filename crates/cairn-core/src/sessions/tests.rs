//! Signing in and out.

use cairn_faults::Fault;
use cairn_model::ids::SessionId;
use cairn_testkit::smtp::Sink;

use super::{
    EmailSession, Ended, Which, create_anonymous, create_jwt, create_with_password, delete, extend, get, list,
};
use crate::accounts;
use crate::auth::Credentials;
use crate::fixture::{Fixture, PASSWORD, PROJECT, on_both, on_both_with};
use crate::tokens::SessionValue;
use crate::users::{Standing, update_standing};

async fn fault_of(fixture: &Fixture, email: &str, password: &str) -> Option<Fault> {
    let credentials = EmailSession { email: email.to_owned(), password: password.to_owned() };
    create_with_password(&fixture.guest().await, credentials).await.err().map(|error| error.fault())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_password_opens_and_only_it_tells_of_a_block() {
    on_both("password_session", |fixture| async move {
        let ada = fixture.sign_up("ada").await.user;
        let wrong = Some(Fault::UserInvalidCredentials);
        assert_eq!(fault_of(&fixture, "nobody@example.com", PASSWORD).await, wrong);
        assert_eq!(fault_of(&fixture, "ada@example.com", "wrong horse").await, wrong);
        assert_eq!(fault_of(&fixture, "ADA@example.com", PASSWORD).await, None);
        update_standing(&fixture.key().await, &ada.id, Standing::Blocked).await.unwrap();
        assert_eq!(fault_of(&fixture, "ada@example.com", "wrong horse").await, wrong);
        assert_eq!(fault_of(&fixture, "ada@example.com", PASSWORD).await, Some(Fault::UserBlocked));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_signs_out_first() {
    on_both("second_session", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let error = create_anonymous(&ada).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserSessionAlreadyExists);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_session_makes_room() {
    on_both("session_limit", |fixture| async move {
        fixture.configure(|settings| settings.policies.sessions_per_user_max = Some(2)).await;
        fixture.sign_up("ada").await;
        let first = fixture.sign_in("ada").await;
        let second = fixture.sign_in("ada").await;
        assert!(fixture.holder(&first).await.user().is_ok());
        let third = fixture.sign_in("ada").await;
        assert!(fixture.holder(&first).await.user().is_err());
        assert!(fixture.holder(&second).await.user().is_ok());
        assert_eq!(list(&fixture.holder(&third).await).await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_refused_at_once() {
    on_both("revocation", |fixture| async move {
        fixture.sign_up("ada").await;
        let (one, two) = (fixture.sign_in("ada").await, fixture.sign_in("ada").await);
        let (first, second) = (fixture.holder(&one).await, fixture.holder(&two).await);
        let own = get(&first, &Which::Current).await.unwrap();
        let other = Which::ById(second.session().unwrap().id.clone());
        assert_eq!(delete(&first, &other).await.unwrap(), Ended::Others);
        assert!(fixture.holder(&two).await.user().is_err());
        assert_eq!(delete(&first, &Which::ById(own.id)).await.unwrap(), Ended::Current);
        assert!(fixture.holder(&one).await.user().is_err());
        let unknown = Which::ById(SessionId::from("unknown"));
        assert_eq!(delete(&first, &unknown).await.unwrap_err().fault(), Fault::UserSessionNotFound);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_and_a_lapse_end_access() {
    on_both("lapse", |fixture| async move {
        fixture.configure(|settings| settings.policies.session_seconds = Some(60)).await;
        fixture.sign_up("ada").await;
        let value = fixture.sign_in("ada").await;
        fixture.clock.advance_ms(50_000);
        extend(&fixture.holder(&value).await, &Which::Current).await.unwrap();
        fixture.clock.advance_ms(50_000);
        let ada = fixture.holder(&value).await;
        assert!(ada.user().is_ok(), "it was extended");
        accounts::block(&ada).await.unwrap();
        let credentials = Credentials { session: SessionValue::parse(&value), ..Credentials::default() };
        let refused = fixture.caller(PROJECT, credentials).await.err().expect("refused");
        assert_eq!(refused.fault(), Fault::UserBlocked);
        fixture.clock.advance_ms(20_000);
        assert!(fixture.holder(&value).await.user().is_err(), "it has ended by itself");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_acts_as_the_user_but_makes_no_other() {
    on_both("jwt", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let jwt = create_jwt(&ada, 900).unwrap();
        let credentials = Credentials { jwt: Some(jwt), ..Credentials::default() };
        let by_token = fixture.caller(PROJECT, credentials.clone()).await.unwrap();
        assert_eq!(by_token.user_id(), ada.user_id());
        assert_eq!(create_jwt(&by_token, 900).unwrap_err().fault(), Fault::UserJwtCreationDenied);
        delete(&ada, &Which::Current).await.unwrap();
        let over = fixture.caller(PROJECT, credentials).await.unwrap();
        assert!(over.user().is_err(), "the token's session is over");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ways_of_signing_in_can_be_turned_off() {
    on_both("methods", |fixture| async move {
        fixture.sign_up("ada").await;
        let methods = ["email-password", "anonymous"].map(str::to_owned);
        fixture.configure(|settings| settings.disabled_auth_methods.extend(methods)).await;
        let off = Some(Fault::UserAuthMethodUnsupported);
        assert_eq!(fault_of(&fixture, "ada@example.com", PASSWORD).await, off);
        let error = create_anonymous(&fixture.guest().await).await.unwrap_err();
        assert_eq!(Some(error.fault()), off);
        let console = fixture.console_guest().await;
        let error = create_anonymous(&console).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserAnonymousConsoleProhibited);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lasts_as_long_as_the_project_says() {
    on_both("session_duration", |fixture| async move {
        fixture.configure(|settings| settings.policies.session_seconds = Some(600)).await;
        fixture.sign_up("ada").await;
        let value = fixture.sign_in("ada").await;
        fixture.clock.advance_ms(599_000);
        assert!(fixture.holder(&value).await.user().is_ok());
        fixture.clock.advance_ms(1_000);
        assert!(fixture.holder(&value).await.user().is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_ends_other_sessions_where_the_project_says_so() {
    on_both("session_invalidation", |fixture| async move {
        for (name, ends) in [("ada", true), ("bob", false)] {
            fixture.configure(|settings| settings.policies.ends_sessions_on_password_change = ends).await;
            fixture.sign_up(name).await;
            let (own, other) = (fixture.sign_in(name).await, fixture.sign_in(name).await);
            accounts::update_password(&fixture.holder(&own).await, "another long one", PASSWORD)
                .await
                .unwrap();
            assert!(fixture.holder(&own).await.user().is_ok(), "{name}");
            assert_eq!(fixture.holder(&other).await.user().is_err(), ends, "{name}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_of_further_sessions_where_the_project_wants_that() {
    let sink = Sink::start();
    let options = crate::mail::tests::options(&sink);
    on_both_with("session_alert", options, |fixture| async move {
        fixture.sign_up("ada").await;
        fixture.sign_in("ada").await;
        fixture.configure(|settings| settings.policies.alerts_on_session = true).await;
        fixture.sign_up("bob").await;
        fixture.sign_in("bob").await;
        fixture.sign_in("ada").await;
    })
    .await;
    let mails = sink.wait_for("ada@example.com", 2);
    assert!(mails.iter().all(|mail| mail.header("subject") == "A new sign-in to Shop"), "{mails:?}");
    let all = sink.mails();
    assert_eq!(all.len(), 2, "a first session is no news");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_does_not_wait_for_mail_that_cannot_be_sent() {
    on_both("session_alert_none", |fixture| async move {
        fixture.configure(|settings| settings.policies.alerts_on_session = true).await;
        fixture.sign_up("ada").await;
        fixture.sign_in("ada").await;
        fixture.sign_in("ada").await;
    })
    .await;
}
