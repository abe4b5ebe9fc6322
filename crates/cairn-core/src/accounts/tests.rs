//! Sign-up, and what one may change of oneself.

use cairn_faults::Fault;

use super::{NewAccount, create, update_email, update_password, update_phone};
use crate::app::ConsoleAccess;
use crate::fixture::{Fixture, PASSWORD, new_account, on_both, on_both_with};
use crate::sessions::{self, EmailSession};
use crate::{Actor, Cx, Options, RequestInfo, users};

fn console(options: ConsoleAccess) -> Options {
    Options { console: options, ..Options::default() }
}

async fn fault_of(fixture: &Fixture, name: &str, code: Option<&str>) -> Option<Fault> {
    let mut cx = fixture.console_guest().await;
    let request = RequestInfo { setup_code: code.map(str::to_owned), ..RequestInfo::default() };
    cx.request = std::sync::Arc::new(request);
    create(&cx, new_account(name)).await.err().map(|error| error.fault())
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_up_makes_a_user_with_a_target() {
    on_both("sign_up", |fixture| async move {
        let new = NewAccount { email: "Ada@Example.com".to_owned(), ..new_account("ada") };
        let made = create(&fixture.guest().await, new).await.unwrap();
        assert_eq!(made.user.email.as_deref(), Some("ada@example.com"));
        assert_eq!(made.targets.len(), 1);
        assert_eq!(made.targets[0].identifier, "ada@example.com");
        for taken in [new_account("ada"), NewAccount { id: "other".to_owned(), ..new_account("ada") }] {
            let error = create(&fixture.guest().await, taken).await.unwrap_err();
            assert_eq!(error.fault(), Fault::UserAlreadyExists);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_project_takes_nobody() {
    on_both("full", |fixture| async move {
        fixture.configure(|settings| settings.policies.users_max = Some(1)).await;
        fixture.sign_up("ada").await;
        let guest = fixture.guest().await;
        let error = create(&guest, new_account("bob")).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserCountExceeded);
        let error = sessions::create_anonymous(&guest).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserCountExceeded);
        let bob = users::NewUser { id: "bob".to_owned(), ..Default::default() };
        assert!(users::create(&fixture.key().await, bob).await.is_ok(), "a key may go beyond");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_takes_its_first_person_who_shows_the_code() {
    let access = ConsoleAccess {
        is_root_only: true,
        setup_code: Some("1234-5678".to_owned()),
        ..ConsoleAccess::default()
    };
    on_both_with("root", console(access), |fixture| async move {
        assert_eq!(fault_of(&fixture, "ada", None).await, Some(Fault::SetupCodeRequired));
        assert_eq!(fault_of(&fixture, "ada", Some("8765-4321")).await, Some(Fault::SetupCodeRequired));
        assert_eq!(fault_of(&fixture, "ada", Some("1234-5678")).await, None);
        assert_eq!(fault_of(&fixture, "bob", Some("1234-5678")).await, Some(Fault::UserConsoleCountExceeded));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_has_lists_of_who_may_sign_up() {
    let access = ConsoleAccess { emails: vec!["*@example.com".to_owned()], ..ConsoleAccess::default() };
    on_both_with("lists", console(access.clone()), |fixture| async move {
        let guest = fixture.console_guest().await;
        let stranger = NewAccount { email: "ada@example.org".to_owned(), ..new_account("ada") };
        let error = create(&guest, stranger).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserEmailNotWhitelisted);
        assert_eq!(fault_of(&fixture, "ada", None).await, None);
        assert_eq!(fault_of(&fixture, "bob", None).await, None, "an open console takes more");
    })
    .await;
    let access = ConsoleAccess { ips: vec!["192.0.2.1".to_owned()], ..access };
    on_both_with("ips", console(access), |fixture| async move {
        assert_eq!(fault_of(&fixture, "ada", None).await, Some(Fault::UserIpNotWhitelisted));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_password_needs_the_old_one_and_ends_other_sessions() {
    on_both("password", |fixture| async move {
        fixture.configure(|settings| settings.policies.password_history = 2).await;
        let ada = fixture.signed_up("ada").await;
        let other = fixture.sign_in("ada").await;
        let error = update_password(&ada, "battery staple", "wrong horse").await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserInvalidCredentials);
        let error = update_password(&ada, PASSWORD, PASSWORD).await.unwrap_err();
        assert_eq!(error.fault(), Fault::PasswordRecentlyUsed);
        assert!(fixture.holder(&other).await.user().is_ok());
        update_password(&ada, "battery staple", PASSWORD).await.unwrap();
        assert!(fixture.holder(&other).await.user().is_err(), "the other session is over");
        let guest = fixture.guest().await;
        let old = EmailSession { email: "ada@example.com".to_owned(), password: PASSWORD.to_owned() };
        let new = EmailSession { password: "battery staple".to_owned(), ..old.clone() };
        let error = sessions::create_with_password(&guest, old).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserInvalidCredentials);
        assert!(sessions::create_with_password(&guest, new).await.is_ok());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_nobody_among_the_users() {
    on_both("admin_account", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        let Actor::User(identity) = ada.actor.clone() else { panic!("a user") };
        let admin = Cx { actor: Actor::Admin(identity), ..ada };
        let refused = [
            super::get(&admin).await.err(),
            super::update_name(&admin, "Eve".to_owned()).await.err(),
            super::delete(&admin).await.err(),
            sessions::delete_all(&admin).await.err(),
            sessions::create_jwt(&admin, 900).err(),
        ];
        for error in refused {
            assert_eq!(error.expect("refused").fault(), Fault::UserUnauthorized);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_account_becomes_a_full_one() {
    on_both("conversion", |fixture| async move {
        let issued = sessions::create_anonymous(&fixture.guest().await).await.unwrap();
        fixture
            .configure(|settings| {
                settings.policies.refuses_common_passwords = true;
                settings.policies.refuses_personal_passwords = true;
                settings.policies.password_history = 3;
            })
            .await;
        let nobody = fixture.holder(&issued.value).await;
        let refused = [
            (update_email(&nobody, "eve@example.com", "password1").await, Fault::GeneralArgumentInvalid),
            (update_email(&nobody, "eve@example.com", "so says eve").await, Fault::PasswordPersonalData),
            (update_phone(&nobody, "+4915112345678", "4915112345678").await, Fault::PasswordPersonalData),
        ];
        for (outcome, expected) in refused {
            assert_eq!(outcome.unwrap_err().fault(), expected);
        }
        let made = update_email(&nobody, "Eve@example.com", PASSWORD).await.unwrap();
        assert_eq!(made.user.email.as_deref(), Some("eve@example.com"));
        assert_eq!(made.targets.len(), 1);
        assert_eq!(made.user.password_history.len(), 1, "the first password is remembered as later ones are");
        fixture.sign_in("eve").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_are_changed_with_the_password_and_targets_follow() {
    on_both("addresses", |fixture| async move {
        fixture.sign_up("bob").await;
        let ada = fixture.signed_up("ada").await;
        let error = update_email(&ada, "new@example.com", "wrong horse").await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserInvalidCredentials);
        let error = update_email(&ada, "bob@example.com", PASSWORD).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserTargetAlreadyExists);
        let made = update_email(&ada, "new@example.com", PASSWORD).await.unwrap();
        let identifiers: Vec<_> = made.targets.iter().map(|target| target.identifier.as_str()).collect();
        assert_eq!(identifiers, ["new@example.com"]);
        let made = update_phone(&ada, "+4915112345678", PASSWORD).await.unwrap();
        assert_eq!(made.targets[1].provider_type, "sms");
    })
    .await;
}
