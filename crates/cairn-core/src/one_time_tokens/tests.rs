//! One use, one address, one purpose, and a time when it ends.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::projects::MockPhone;
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_testkit::smtp::Sink;

use super::{
    NewCustomToken, NewMagicUrl, NewSignIn, Typed, complete_email_verification, complete_phone_verification,
    complete_recovery, create_custom, create_email_code, create_email_verification, create_magic_url,
    create_phone_code, create_phone_verification, create_recovery, create_session,
};
use crate::fixture::{Fixture, PASSWORD, fault, on_both_with};
use crate::sessions::{EmailSession, create_with_password};
use crate::sms::{SmsOptions, SmsProvider};
use crate::{Options, accounts, mail, users};

const PAGE: &str = "https://shop.example.com/go?theme=dark&secret=mine#top";

fn options(sink: &Sink) -> Options {
    Options { sms: SmsOptions { provider: Some(SmsProvider::Mock) }, ..mail::tests::options(sink) }
}

fn sign_in(name: &str) -> NewSignIn {
    NewSignIn { user_id: "unique()".to_owned(), address: format!("{name}@example.com"), has_phrase: false }
}

fn typed(password: &str) -> Typed {
    Typed { password: password.to_owned(), again: None }
}

/// Nobody doubts this user's address.
async fn prove(fixture: &Fixture, id: &str) {
    change(fixture, id, |user| user.is_email_verified = true).await;
}

async fn change(fixture: &Fixture, id: &str, change: impl Fn(&mut User) + Clone + Send + 'static) {
    let (cx, id) = (fixture.guest().await, UserId::from(id));
    let written = cx.store().write(cx.project_ref(), move |tx| async move {
        let mut user = users::load(&tx, &id).await?;
        change(&mut user);
        tx.user_update(&user).await.map_err(Error::from)
    });
    written.await.expect("writes");
}

async fn custom(fixture: &Fixture, id: &str) -> String {
    let new = NewCustomToken { chars: 6, seconds: 900 };
    create_custom(&fixture.key().await, &id.into(), new).await.expect("a token").secret
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_uses_of_one_code_exactly_one_wins() {
    let sink = Sink::start();
    on_both_with("code_races", options(&sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let secret = custom(&fixture, "ada").await;
        let guest = fixture.guest().await;
        let mut uses = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let (guest, secret) = (guest.clone(), secret.clone());
            uses.spawn(async move { create_session(&guest, &"ada".into(), &secret).await });
        }
        let outcomes = uses.join_all().await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(won, 1);
        for error in outcomes.into_iter().filter_map(Result::err) {
            assert_eq!(error.fault(), Fault::UserInvalidToken);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_200_uses_of_one_magic_url_and_of_one_recovery_exactly_one_wins() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("link_races", options(sink), |fixture| async move {
        fixture.sign_up("ada").await;
        prove(&fixture, "ada").await;
        let guest = fixture.guest().await;
        let new = NewMagicUrl { sign_in: sign_in("ada"), url: Some(PAGE.to_owned()) };
        let magic = create_magic_url(&guest, new).await.expect("sent").secret;
        let recovery = create_recovery(&guest, "ada@example.com", PAGE).await.expect("sent").secret;
        let (mut signs, mut resets) = (tokio::task::JoinSet::new(), tokio::task::JoinSet::new());
        for number in 0..200 {
            let (own, secret) = (guest.clone(), magic.clone());
            signs.spawn(async move { create_session(&own, &"ada".into(), &secret).await.is_ok() });
            let (own, secret, password) = (guest.clone(), recovery.clone(), format!("new password {number}"));
            resets.spawn(async move {
                complete_recovery(&own, &"ada".into(), &secret, &typed(&password)).await.is_ok()
            });
        }
        for (what, outcomes) in [("magic URL", signs.join_all().await), ("recovery", resets.join_all().await)]
        {
            assert_eq!(outcomes.into_iter().filter(|won| *won).count(), 1, "{what}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magic_url_signs_in_whoever_reads_the_mail() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("magic_url", options(sink), |fixture| async move {
        let guest = fixture.guest().await;
        let new = NewMagicUrl {
            sign_in: NewSignIn { user_id: "bob".to_owned(), has_phrase: true, ..sign_in("Bob") },
            url: Some(PAGE.to_owned()),
        };
        let issued = create_magic_url(&guest, new).await.expect("sent");
        assert_eq!(issued.token.user_id.as_str(), "bob");
        let mail = sink.wait_for("bob@example.com", 1).pop().expect("a mail");
        assert!(mail.text().contains(issued.phrase.as_deref().expect("a phrase")), "{}", mail.text());
        let link = mail.link();
        assert!(link.starts_with("https://shop.example.com/go?theme=dark&userId=bob&secret="), "{link}");
        assert!(link.ends_with("&project=shop#top") && !link.contains("mine"), "{link}");
        let issued =
            create_session(&guest, &"bob".into(), &mail.link_param("secret")).await.expect("signed in");
        assert_eq!(
            (issued.session.provider.as_str(), &issued.session.factors[..]),
            ("magic-url", &["email".to_owned()][..])
        );
        let bob = fixture.holder(&issued.value).await;
        assert!(bob.user().expect("signed in").is_email_verified);
        let targets = accounts::get(&bob).await.expect("found").targets;
        assert_eq!(targets.len(), 1, "an address that can be written to");
        assert_eq!(fault(create_session(&bob, &"bob".into(), "any").await), Fault::UserSessionAlreadyExists);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_without_a_page_begins_with_the_configured_address() {
    let sink = Sink::start();
    let options = Options { public_url: "https://console.example.com".to_owned(), ..options(&sink) };
    let sink = &sink;
    on_both_with("magic_default", options, |fixture| async move {
        create_magic_url(&fixture.guest().await, NewMagicUrl { sign_in: sign_in("cem"), url: None })
            .await
            .expect("sent");
        let link = sink.last_to("cem@example.com").link();
        assert!(link.starts_with("https://console.example.com/console/auth/magic-url?userId="), "{link}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_mail_signs_in_within_its_time() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("email_code", options(sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let guest = fixture.guest().await;
        let issued = create_email_code(&guest, sign_in("ada")).await.expect("sent");
        assert_eq!(issued.token.expires.0 - issued.token.created.0, 900_000);
        assert_eq!((issued.token.user_id.as_str(), issued.secret.len()), ("ada", 6));
        assert_eq!(fault(create_session(&guest, &"ada".into(), "wrong").await), Fault::UserInvalidToken);
        assert_eq!(
            fault(create_session(&guest, &"bob".into(), &issued.secret).await),
            Fault::UserInvalidToken
        );
        fixture.clock.advance_ms(900_000);
        assert_eq!(
            fault(create_session(&guest, &"ada".into(), &issued.secret).await),
            Fault::UserInvalidToken
        );
        let again = create_email_code(&guest, sign_in("ada")).await.expect("sent");
        let session = create_session(&guest, &"ada".into(), &again.secret).await.expect("signed in").session;
        assert_eq!((session.provider.as_str(), session.factors[0].as_str()), ("token", "email"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_by_phone_signs_in_and_test_numbers_have_their_own() {
    let sink = Sink::start();
    on_both_with("phone_code", options(&sink), |fixture| async move {
        let (known, test) = ("+4915112345678", "+15551234567");
        let otp = "424242".to_owned();
        let phone = MockPhone { number: test.to_owned(), otp, created: Timestamp(0), updated: Timestamp(0) };
        fixture.configure(|settings| settings.mock_phones.push(phone)).await;
        let guest = fixture.guest().await;
        let new = |address: &str, id: &str| NewSignIn {
            user_id: id.to_owned(),
            address: address.to_owned(),
            has_phrase: false,
        };
        create_phone_code(&guest, new(test, "tess")).await.expect("made");
        assert!(guest.app.phones.sent().is_empty(), "a test number gets no message");
        let tess = create_session(&guest, &"tess".into(), "424242").await.expect("signed in");
        assert_eq!((tess.session.provider.as_str(), tess.session.factors[0].as_str()), ("phone", "phone"));
        create_phone_code(&guest, new(known, "ada")).await.expect("sent");
        let sms = guest.app.phones.sent().pop().expect("a message");
        assert_eq!(sms.number, known);
        let ada = create_session(&guest, &"ada".into(), &sms.text).await.expect("signed in");
        assert!(fixture.holder(&ada.value).await.user().expect("signed in").is_phone_verified);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_proved_by_what_was_sent_to_it() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("verify", options(sink), |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let first = create_email_verification(&ada, PAGE).await.expect("sent");
        let link = sink.wait_for("ada@example.com", 1).pop().expect("a mail").link();
        assert!(link.contains(&format!("userId=ada&secret={}&expire=", first.secret)), "{link}");
        assert_eq!(first.secret.len(), 256);
        let guest = fixture.guest().await;
        let complete = async |secret: &str| complete_email_verification(&guest, &"ada".into(), secret).await;
        assert_eq!(
            fault(create_session(&guest, &"ada".into(), &first.secret).await),
            Fault::UserInvalidToken,
            "it does not sign in"
        );
        accounts::update_email(&ada, "ada@example.org", PASSWORD).await.expect("changed");
        assert_eq!(
            fault(complete(&first.secret).await),
            Fault::UserInvalidToken,
            "it was sent to another address"
        );
        let second = create_email_verification(&ada, PAGE).await.expect("sent");
        complete(&second.secret).await.expect("proved");
        assert_eq!(fault(complete(&second.secret).await), Fault::UserInvalidToken, "it was used");
        assert_eq!(fault(create_email_verification(&ada, PAGE).await), Fault::UserEmailAlreadyVerified);
        let nobody = complete_email_verification(&guest, &"nobody".into(), "x").await;
        assert_eq!(fault(nobody), Fault::UserNotFound);
        let anonymous = crate::sessions::create_anonymous(&guest).await.expect("signed in");
        let anonymous = fixture.holder(&anonymous.value).await;
        assert_eq!(fault(create_email_verification(&anonymous, PAGE).await), Fault::UserEmailNotFound);
        assert_eq!(fault(create_email_verification(&ada, "mailto:x").await), Fault::GeneralArgumentInvalid);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_proved_by_the_code_that_was_sent_to_it() {
    let sink = Sink::start();
    on_both_with("verify_phone", options(&sink), |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        assert_eq!(fault(create_phone_verification(&ada).await), Fault::UserPhoneNotFound);
        accounts::update_phone(&ada, "+4915112345678", PASSWORD).await.expect("changed");
        let ada = fixture.holder(&fixture.sign_in("ada").await).await;
        let issued = create_phone_verification(&ada).await.expect("sent");
        assert_eq!(issued.token.expires.0 - issued.token.created.0, 3_600_000);
        let sms = ada.app.phones.sent().pop().expect("a message");
        let guest = fixture.guest().await;
        complete_phone_verification(&guest, &"ada".into(), &sms.text).await.expect("proved");
        assert_eq!(fault(create_phone_verification(&ada).await), Fault::UserPhoneAlreadyVerified);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_sets_the_password_and_ends_sessions() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("recovery", options(sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let old = fixture.sign_in("ada").await;
        let guest = fixture.guest().await;
        assert_eq!(fault(create_recovery(&guest, "none@example.com", PAGE).await), Fault::UserNotFound);
        let first = create_recovery(&guest, "ADA@example.com", PAGE).await.expect("sent");
        let second = create_recovery(&guest, "ada@example.com", PAGE).await.expect("sent");
        assert_eq!(first.secret.len(), 256);
        let complete = async |secret: &str, password: &str| {
            complete_recovery(&guest, &"ada".into(), secret, &typed(password)).await
        };
        assert_eq!(fault(complete(&first.secret, "short").await), Fault::GeneralArgumentInvalid);
        assert_eq!(fault(complete("wrong", "battery staple").await), Fault::UserInvalidToken);
        let differs = Typed { again: Some("other".to_owned()), ..typed("battery staple") };
        let differs = complete_recovery(&guest, &"ada".into(), &first.secret, &differs).await;
        assert_eq!(fault(differs), Fault::UserPasswordMismatch);
        complete(&first.secret, "battery staple").await.expect("set");
        assert_eq!(
            fault(complete(&second.secret, "staple battery").await),
            Fault::UserInvalidToken,
            "the password is another one"
        );
        assert!(fixture.holder(&old).await.user().is_err(), "sessions end");
        let credentials = crate::sessions::EmailSession {
            email: "ada@example.com".to_owned(),
            password: "battery staple".to_owned(),
        };
        let ada = crate::sessions::create_with_password(&guest, credentials).await.expect("signed in");
        assert!(fixture.holder(&ada.value).await.user().expect("signed in").is_email_verified);
        users::update_standing(&fixture.key().await, &"ada".into(), users::Standing::Blocked)
            .await
            .expect("blocked");
        assert_eq!(fault(create_recovery(&guest, "ada@example.com", PAGE).await), Fault::UserBlocked);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_blocked_get_no_session_and_switched_off_ways_no_token() {
    let sink = Sink::start();
    on_both_with("blocked", options(&sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let secret = custom(&fixture, "ada").await;
        users::update_standing(&fixture.key().await, &"ada".into(), users::Standing::Blocked)
            .await
            .expect("blocked");
        let guest = fixture.guest().await;
        assert_eq!(fault(create_session(&guest, &"ada".into(), &secret).await), Fault::UserBlocked);
        for method in ["magic-url", "email-otp", "phone"] {
            fixture
                .configure(|settings| {
                    settings.disabled_auth_methods.insert(method.to_owned());
                })
                .await;
        }
        let guest = fixture.guest().await;
        let refused = [
            fault(create_magic_url(&guest, NewMagicUrl { sign_in: sign_in("ada"), url: None }).await),
            fault(create_email_code(&guest, sign_in("ada")).await),
            fault(create_phone_code(&guest, sign_in("ada")).await),
        ];
        assert_eq!(refused, [Fault::UserAuthMethodUnsupported; 3]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_project_makes_nobody_for_a_code() {
    let sink = Sink::start();
    on_both_with("full_codes", options(&sink), |fixture| async move {
        fixture.sign_up("ada").await;
        fixture
            .configure(|settings| {
                settings.policies.users_max = Some(1);
                settings.policies.emails.denies_disposable = true;
            })
            .await;
        let guest = fixture.guest().await;
        assert_eq!(fault(create_email_code(&guest, sign_in("new")).await), Fault::UserCountExceeded);
        create_email_code(&guest, sign_in("ada")).await.expect("a known address is let in");
        fixture.configure(|settings| settings.policies.users_max = None).await;
        let disposable = NewSignIn { address: "x@mailinator.com".to_owned(), ..sign_in("x") };
        assert_eq!(
            fault(create_email_code(&fixture.guest().await, disposable).await),
            Fault::UserEmailDisposable
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_has_a_bounded_number_of_tokens() {
    let sink = Sink::start();
    on_both_with("many_tokens", options(&sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let first = custom(&fixture, "ada").await;
        for _ in 0..50 {
            custom(&fixture, "ada").await;
        }
        let guest = fixture.guest().await;
        let count = guest
            .store()
            .read(guest.project_ref(), |tx| async move { tx.one_time_token_list(&"ada".into()).await });
        let count: Result<Vec<_>, cairn_store::StoreError> = count.await;
        assert_eq!(count.expect("read").len(), 50);
        assert_eq!(
            fault(create_session(&guest, &"ada".into(), &first).await),
            Fault::UserInvalidToken,
            "the oldest went"
        );
    })
    .await;
}

/// Neither what debug output shows nor what the store keeps holds a secret.
#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_in_the_message_only() {
    let sink = Sink::start();
    on_both_with("canary", options(&sink), |fixture| async move {
        fixture.sign_up("ada").await;
        let issued =
            create_custom(&fixture.key().await, &"ada".into(), NewCustomToken { chars: 64, seconds: 900 })
                .await
                .expect("made");
        assert!(!format!("{issued:?}").contains(&issued.secret));
        let stored = format!("{:?}", issued.token);
        assert!(!stored.contains(&issued.secret), "{stored}");
        // The server's key is part of the hash: trying all codes against a stolen store finds none.
        assert_ne!(issued.token.secret_hash, crate::secrets::hash_secret(&issued.secret));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_up_with_somebody_elses_address_has_no_key_once_it_is_proved() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("pre_hijack", options(sink), |fixture| async move {
        let guest = fixture.guest().await;
        for (name, by_link) in [("ada", true), ("emma", false)] {
            // Somebody takes the address, with a password and a number of their own, and stays signed in.
            fixture.sign_up(name).await;
            let mallory = fixture.sign_in(name).await;
            let number = if by_link { "+491700000001" } else { "+491700000002" };
            users::update_phone(&fixture.key().await, &name.into(), number).await.expect("noted");
            let secret = if by_link {
                let new = NewMagicUrl { sign_in: sign_in(name), url: Some(PAGE.to_owned()) };
                create_magic_url(&guest, new).await.expect("sent").secret
            } else {
                create_email_code(&guest, sign_in(name)).await.expect("sent").secret
            };
            let issued = create_session(&guest, &name.into(), &secret).await.expect("the owner comes in");
            let owner = fixture.holder(&issued.value).await;
            let own = accounts::get(&owner).await.expect("is there").user;
            assert!(own.is_email_verified);
            assert_eq!((own.password_hash, own.phone), (None, None), "what nobody proved is gone");
            let gone = fixture.holder(&mallory).await;
            assert!(gone.identity().is_none(), "the session of whoever was there first has ended");
            let credentials =
                EmailSession { email: format!("{name}@example.com"), password: PASSWORD.to_owned() };
            let refused = create_with_password(&guest, credentials).await;
            assert_eq!(fault(refused), Fault::UserInvalidCredentials);
            // The second time nothing is taken away.
            accounts::update_password(&owner, "a password of one's own", "").await.expect("set");
            let again = create_email_code(&guest, sign_in(name)).await.expect("sent").secret;
            create_session(&guest, &name.into(), &again).await.expect("comes in");
            let kept = accounts::get(&fixture.holder(&issued.value).await).await.expect("is there").user;
            assert!(kept.password_hash.is_some());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_merely_noted_opens_no_account_that_somebody_proved() {
    let sink = Sink::start();
    let sink = &sink;
    on_both_with("noted_address", options(sink), |fixture| async move {
        let guest = fixture.guest().await;
        for (name, is_factor) in [("ada", false), ("emma", true)] {
            fixture.sign_up(name).await;
            change(&fixture, name, move |user| {
                if is_factor {
                    user.has_mfa = true;
                } else {
                    user.is_phone_verified = true;
                }
            })
            .await;
            let secret = create_email_code(&guest, sign_in(name)).await.expect("sent").secret;
            let refused = create_session(&guest, &name.into(), &secret).await;
            assert_eq!(fault(refused), Fault::UserEmailNotVerified);
            let kept = fixture.sign_in(name).await;
            let own = accounts::get(&fixture.holder(&kept).await).await.expect("the owner is not locked out");
            assert!(!own.user.is_email_verified);
        }
    })
    .await;
}
