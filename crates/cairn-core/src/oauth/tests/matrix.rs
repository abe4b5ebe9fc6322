//! No takeover, no pre-hijack: every kind of account that may have the address, against everything that a provider may say
//! of it, from the provider that the account knows and from another one.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_testkit::provider::Provider as Fake;
use serde_json::{Value, json};

use super::{enter_both, options, session_of, tell};
use crate::fixture::{Fixture, PASSWORD, on_both_with};
use crate::sessions::{EmailSession, create_with_password};
use crate::users;

/// Who has the address when somebody comes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Existing {
    /// Nobody.
    None,
    /// An account with a password whose address was never proved.
    Unverified,
    /// The same, proved.
    Verified,
    /// An account that a provider made and whose address it had not proved.
    ByProviderUnverified,
    /// The same, proved.
    ByProviderVerified,
    /// An account that an administrator made: no password, no proof, and nobody can be in it.
    Untouched,
}

const ALL: [Existing; 6] = [
    Existing::None,
    Existing::Unverified,
    Existing::Verified,
    Existing::ByProviderUnverified,
    Existing::ByProviderVerified,
    Existing::Untouched,
];

/// What is said of the address, and whether that is a proof.
fn claims() -> [(Value, bool); 7] {
    [
        (json!(true), true),
        (json!(false), false),
        (Value::Null, false),
        (json!("true"), true),
        (json!("false"), false),
        (json!("TRUE"), false),
        (json!(1), false),
    ]
}

fn person(uid: &str, email: &str, claim: &Value) -> Value {
    let mut person = json!({ "sub": uid, "email": email, "name": "Ada" });
    // A claim that is missing is not one that is null.
    if !claim.is_null() {
        person["email_verified"] = claim.clone();
    }
    person
}

async fn user(f: &Fixture, id: &str) -> Option<User> {
    let (cx, id) = (f.guest().await, UserId::from(id));
    let found =
        cx.store().read(cx.project_ref(), |tx| async move { tx.user_by_id(&id).await.map_err(Error::from) });
    found.await.expect("reads")
}

async fn verify(f: &Fixture, id: &str) {
    let (cx, id) = (f.guest().await, UserId::from(id));
    let written = cx.store().write(cx.project_ref(), move |tx| async move {
        let mut user = users::load(&tx, &id).await?;
        user.is_email_verified = true;
        tx.user_update(&user).await.map_err(Error::from)
    });
    written.await.expect("writes");
}

/// Make the account; its id, which is what its address begins with where there is a choice.
async fn exists(f: &Fixture, fake: &Fake, existing: Existing, name: &str) -> Option<String> {
    let email = format!("{name}@example.com");
    match existing {
        Existing::None => None,
        Existing::Unverified | Existing::Verified => {
            f.signed_up(name).await;
            if existing == Existing::Verified {
                verify(f, name).await;
            }
            Some(name.to_owned())
        }
        Existing::ByProviderUnverified | Existing::ByProviderVerified => {
            let claim = json!(existing == Existing::ByProviderVerified);
            tell(fake, &person(&format!("first-{name}"), &email, &claim));
            Some(session_of(f, "oidc").await.expect("makes an account"))
        }
        Existing::Untouched => {
            let cx = f.guest().await;
            let mut blank = users::blank(&cx, name);
            blank.email = Some(email);
            let made = cx.store().write(cx.project_ref(), move |tx| async move {
                users::insert(&tx, blank, Vec::new()).await.map(drop)
            });
            made.await.expect("makes");
            Some(name.to_owned())
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_takeover_and_no_pre_hijack() {
    on_both_with("oauth_matrix", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        let mut number = 0;
        for existing in ALL {
            for (claim, is_proof) in claims() {
                // The account of a provider knows `oidc`; keycloak is another one.
                for provider in ["oidc", "keycloak"] {
                    number += 1;
                    let (name, what) =
                        (format!("case{number}"), format!("{existing:?}, {claim}, {provider}"));
                    let id = Box::pin(exists(&f, &fake, existing, &name)).await;
                    tell(&fake, &person(&format!("comes-{name}"), &format!("{name}@example.com"), &claim));
                    let came = session_of(&f, provider).await;
                    check(&f, existing, is_proof, id.as_deref(), came, &what).await;
                }
            }
        }
    })
    .await;
}

async fn check(
    f: &Fixture,
    existing: Existing,
    is_proof: bool,
    id: Option<&str>,
    came: Result<String, Error>,
    what: &str,
) {
    let joins = match existing {
        Existing::Verified | Existing::ByProviderVerified | Existing::Untouched => is_proof,
        Existing::None | Existing::Unverified | Existing::ByProviderUnverified => false,
    };
    let Some(id) = id else {
        let made = user(f, &came.unwrap_or_else(|error| panic!("{what}: {error}"))).await.expect("is made");
        assert_eq!((made.is_email_verified, made.password_hash), (is_proof, None), "{what}");
        return;
    };
    if joins {
        assert_eq!(came.unwrap_or_else(|error| panic!("{what}: {error}")), id, "{what}");
        assert!(user(f, id).await.expect("is there").is_email_verified, "{what}");
        return;
    }
    let refused = came.expect_err(what);
    assert_eq!(refused.fault(), Fault::GeneralBadRequest, "{what}");
    let kept = user(f, id).await.expect("is there");
    assert_eq!(
        kept.is_email_verified,
        matches!(existing, Existing::Verified | Existing::ByProviderVerified),
        "{what}"
    );
    if matches!(existing, Existing::Unverified | Existing::Verified) {
        let credentials = EmailSession { email: kept.email.expect("has one"), password: PASSWORD.to_owned() };
        create_with_password(&f.guest().await, credentials).await.expect("the owner is not locked out");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_an_identity_once_had_is_nobodys_key() {
    on_both_with("oauth_left_address", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        // Somebody claims an address that is not theirs, and moves the account to another one.
        tell(&fake, &person("mallory", "victim@example.com", &json!(false)));
        let mallory = session_of(&f, "oidc").await.expect("makes an account");
        let (cx, id) = (f.guest().await, UserId::from(mallory.as_str()));
        let moved = cx.store().write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            user.email = Some("mallory@example.com".to_owned());
            tx.user_update(&user).await.map_err(Error::from)
        });
        moved.await.expect("moves");
        // The owner of the address comes: an account of their own.
        tell(&fake, &person("victim", "victim@example.com", &json!(true)));
        let victim = session_of(&f, "keycloak").await.expect("makes an account");
        assert_ne!(victim, mallory);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_sign_ins_at_once_are_one_account() {
    on_both_with("oauth_first_at_once", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        tell(&fake, &person("ada", "ada@example.com", &json!(true)));
        // One person, through one provider and through two, in several browsers.
        for provider in ["oidc", "keycloak"] {
            let came = futures_util::future::join_all((0..12).map(|_| session_of(&f, provider))).await;
            let ids: Vec<String> = came.into_iter().map(|id| id.expect("signs in")).collect();
            assert!(ids.iter().all(|id| *id == ids[0]), "{provider}: {ids:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_takes_no_new_address_that_its_rules_refuse() {
    on_both_with("oauth_email_policies", options(), |f| async move {
        let fake = Fake::start();
        enter_both(&f.guest().await, &fake).await;
        tell(&fake, &person("ada", "ada@gmail.com", &json!(true)));
        let ada = session_of(&f, "oidc").await.expect("makes an account");
        f.configure(|settings| settings.policies.emails.denies_free = true).await;
        assert_eq!(session_of(&f, "oidc").await.expect("who is here stays"), ada);
        tell(&fake, &person("eve", "eve@gmail.com", &json!(true)));
        assert_eq!(session_of(&f, "oidc").await.expect_err("is refused").fault(), Fault::UserEmailFree);
    })
    .await;
}
