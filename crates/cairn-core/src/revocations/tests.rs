//! Every way to another password, and what applications hold afterwards.

use cairn_faults::Fault;
use cairn_testkit::smtp::Sink;

use crate::app::AccountOptions;
use crate::auth::Credentials;
use crate::fixture::{Fixture, PASSWORD, PROJECT, on_both, on_both_with};
use crate::listing::ListRequest;
use crate::oauth2::tests::{code, now, of_code, of_refresh_token, serve};
use crate::oauth2::tokens::exchange;
use crate::one_time_tokens::{Typed, complete_recovery, create_recovery};
use crate::users::Standing;
use crate::{Cx, Options, accounts, consents, mail, recoveries, users};

const OTHER: &str = "battery staple horse";

/// What one application holds for one user.
struct Held {
    access: String,
    refresh: String,
    code: String,
}

impl Held {
    async fn by_consent_of(user: &Cx, guest: &Cx) -> Self {
        let issued = exchange(guest, of_code(&code(user).await)).await.expect("tokens");
        let refresh = issued.refresh_token.expect("a refresh token");
        Self { access: issued.access_token, refresh, code: code(user).await }
    }

    /// What each of them comes to.
    async fn shown(&self, fixture: &Fixture) -> [Option<Fault>; 3] {
        let guest = fixture.guest().await;
        let credentials = Credentials { access_token: Some(self.access.clone()), ..Credentials::default() };
        let access = fixture.caller(PROJECT, credentials).await.map(drop);
        let refresh = exchange(&guest, of_refresh_token(&self.refresh)).await.map(drop);
        let code = exchange(&guest, of_code(&self.code)).await.map(drop);
        [access, refresh, code].map(|outcome| outcome.err().map(|error| error.fault()))
    }
}

const NOTHING_LEFT: [Option<Fault>; 3] =
    [Some(Fault::Oauth2InvalidToken), Some(Fault::Oauth2InvalidGrant), Some(Fault::Oauth2InvalidGrant)];

/// A way to another password, taken for the user with this name.
#[derive(Clone, Copy, Debug)]
enum Way {
    Changed,
    SetByAdmin,
    Recovered,
    ChangedOnAccountApi,
    ResetOnAccountApi,
}

impl Way {
    async fn take(self, fixture: &Fixture, name: &str, sink: &Sink) {
        let (guest, email) = (fixture.guest().await, format!("{name}@example.com"));
        match self {
            Self::Changed => {
                let user = fixture.holder(&fixture.sign_in(name).await).await;
                accounts::update_password(&user, OTHER, PASSWORD).await.map(drop)
            }
            Self::SetByAdmin => {
                users::update_password(&fixture.key().await, &name.into(), OTHER).await.map(drop)
            }
            Self::Recovered => {
                let secret =
                    create_recovery(&guest, &email, "https://shop.example").await.expect("sent").secret;
                let typed = Typed { password: OTHER.to_owned(), again: None };
                complete_recovery(&guest, &name.into(), &secret, &typed).await.map(drop)
            }
            Self::ChangedOnAccountApi => {
                let user = fixture.holder(&fixture.sign_in(name).await).await;
                recoveries::change_password(&user, PASSWORD, OTHER).await
            }
            Self::ResetOnAccountApi => {
                recoveries::request(&guest, &email).await.expect("sent");
                let token = sink.wait_for(&email, 1).pop().expect("a mail").link_param("token");
                recoveries::reset(&guest, &token, OTHER).await
            }
        }
        .unwrap_or_else(|error| panic!("{self:?}: {error}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_password_ends_what_applications_hold_where_it_ends_sessions() {
    let sink = Sink::start();
    let sink = &sink;
    let account = AccountOptions { url: "https://shop.example".to_owned(), ..AccountOptions::default() };
    let options = Options { account, ..mail::tests::options(sink) };
    on_both_with("revoked_tokens", options, |fixture| async move {
        serve(&fixture).await;
        for (number, (way, by_policy, ends)) in [
            (Way::Changed, true, true),
            (Way::Changed, false, false),
            (Way::SetByAdmin, true, true),
            (Way::SetByAdmin, false, false),
            (Way::Recovered, true, true),
            (Way::Recovered, false, true),
            (Way::ChangedOnAccountApi, false, true),
            (Way::ResetOnAccountApi, false, true),
        ]
        .into_iter()
        .enumerate()
        {
            fixture
                .configure(|settings| settings.policies.ends_sessions_on_password_change = by_policy)
                .await;
            // Both engines have their mail in one place.
            let name = format!("user{number}x{}", sink.mails().len());
            let (user, guest) = (now(&fixture.signed_up(&name).await).await, fixture.guest().await);
            let held = Held::by_consent_of(&user, &guest).await;
            way.take(&fixture, &name, sink).await;
            let expected = if ends { NOTHING_LEFT } else { [None; 3] };
            assert_eq!(held.shown(&fixture).await, expected, "{way:?}, by policy: {by_policy}");
            let consents = consents::list(&user, &ListRequest::default()).await.expect("listed");
            assert_eq!(consents.total, 1, "{way:?}: what was allowed stays");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_applications_hold_rests_while_the_user_is_blocked_and_others_keep_theirs() {
    on_both("resting_tokens", |fixture| async move {
        serve(&fixture).await;
        let (ada, bob) = (fixture.signed_up("ada").await, fixture.signed_up("bob").await);
        let guest = fixture.guest().await;
        let (ada, bob) = (now(&ada).await, now(&bob).await);
        let (of_ada, of_bob) =
            (Held::by_consent_of(&ada, &guest).await, Held::by_consent_of(&bob, &guest).await);
        let key = fixture.key().await;
        users::update_standing(&key, &"ada".into(), Standing::Blocked).await.expect("blocked");
        let resting =
            [Some(Fault::UserBlocked), Some(Fault::Oauth2InvalidGrant), Some(Fault::Oauth2InvalidGrant)];
        assert_eq!(of_ada.shown(&fixture).await, resting);
        users::update_standing(&key, &"ada".into(), Standing::Active).await.expect("unblocked");
        users::update_password(&key, &"ada".into(), OTHER).await.expect("set");
        assert_eq!(of_ada.shown(&fixture).await, NOTHING_LEFT);
        assert_eq!(of_bob.shown(&fixture).await, [None; 3]);
    })
    .await;
}
