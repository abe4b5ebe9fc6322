//! Who may what: every kind of caller against a console, two organizations and their projects.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{KeyId, MembershipId, ProjectId, SessionId, TeamId, UserId};
use cairn_model::keys::{Key, KeyRing};
use cairn_model::projects::{About, Project, Settings};
use cairn_model::sessions::Session;
use cairn_model::teams::Membership;
use cairn_model::users::User;
use cairn_std::{Clock, Timestamp};
use cairn_store::{ProjectRef, StoreError};
use serde_json::{Map, Value, json};

use super::{Access, AdminTarget, Credentials, has_dev_key, project, require_factors, resolve};
use crate::fixture::Fixture;
use crate::secrets::hash_secret;
use crate::tokens::{session_value, sign};
use crate::{Actor, App, Cx, RequestInfo};

const NOW: Timestamp = Timestamp(1_767_322_800_000);
const OPEN: Access = Access { scopes: &[], service: "account", is_reading: true };

/// A console user's name and roles, and whether they have the scopes of members and of admins.
type Case = (&'static str, &'static [&'static str], Result<(bool, bool), Fault>);

struct Bed {
    app: Arc<App>,
    clock: Clock,
    shop: ProjectRef,
    _rest: Fixture,
}

impl Bed {
    /// Projects `shop` of the organization `acme` and `blog` of the organization `other`.
    async fn new() -> Self {
        let bed = Fixture::new();
        let (app, clock) = (Arc::clone(&bed.app), bed.clock.clone());
        let shop = make_project(&app, "shop", "acme", 1).await;
        make_project(&app, "blog", "other", 2).await;
        Self { app, clock, shop, _rest: bed }
    }

    /// A user with one session of the secret `s`; gives back its session value.
    async fn user(&self, place: &ProjectRef, id: &str, change: impl FnOnce(&mut User)) -> String {
        let mut user = user(id);
        change(&mut user);
        let session = session(id);
        write(&self.app, place, move |tx| async move {
            tx.user_insert(&user).await?;
            tx.session_insert(&session).await
        })
        .await;
        session_value(id, "s")
    }

    /// A console user with these roles in an organization; gives back the session value.
    async fn member(&self, id: &str, team: &str, roles: &[&str]) -> String {
        let value = self.user(&ProjectRef::console(), id, |_| {}).await;
        let membership = Membership {
            id: MembershipId(format!("{id}-{team}")),
            seq: 1,
            team_id: TeamId(team.to_owned()),
            user_id: UserId(id.to_owned()),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            invited: NOW,
            joined: Some(NOW),
            is_confirmed: true,
            secret_hash: String::new(),
            created: NOW,
            updated: NOW,
        };
        write(
            &self.app,
            &ProjectRef::console(),
            move |tx| async move { tx.membership_insert(&membership).await },
        )
        .await;
        value
    }

    async fn key(&self, ring: KeyRing, secret: &str, expires: Option<Timestamp>) {
        let lookup = self.app.secrets.lookup(secret);
        let key = Key {
            id: KeyId(format!("{}-{}", ring.kind(), secret.len())),
            seq: 1,
            ring,
            name: "Server".to_owned(),
            scopes: vec!["users.read".to_owned()],
            lookup,
            sealed_secret: String::new(),
            expires,
            accessed_at: None,
            sdks: Vec::new(),
            created: NOW,
            updated: NOW,
        };
        write(&self.app, &self.shop, move |tx| async move { tx.key_insert(&key).await }).await;
    }

    fn token(&self, claims: &Value) -> String {
        let claims: Map<String, Value> = claims.as_object().cloned().expect("an object");
        sign(&self.app.secrets, claims, self.clock.now(), 900)
    }

    async fn enter(&self, place: &str, credentials: Credentials, access: Access) -> Result<Cx, Fault> {
        self.enter_for(place, credentials, AdminTarget::default(), access).await
    }

    async fn enter_for(
        &self,
        place: &str,
        credentials: Credentials,
        target: AdminTarget,
        access: Access,
    ) -> Result<Cx, Fault> {
        let found = project(&self.app, place).await.map_err(|error| error.fault())?;
        let entered = resolve(&self.app, found, &credentials, &target, access, RequestInfo::default()).await;
        entered.map_err(|error| error.fault())
    }
}

async fn write<F, Fut>(app: &App, place: &ProjectRef, body: F)
where
    F: FnOnce(cairn_store::Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), StoreError>> + Send,
{
    app.store.write(place, body).await.expect("writes");
}

async fn read<T, F, Fut>(app: &App, place: &ProjectRef, body: F) -> T
where
    F: FnOnce(cairn_store::Tx) -> Fut,
    Fut: Future<Output = Result<T, StoreError>>,
{
    app.store.read(place, body).await.expect("reads")
}

async fn make_project(app: &App, id: &str, team: &str, number: i64) -> ProjectRef {
    let row = Project {
        id: ProjectId(id.to_owned()),
        number,
        seq: number,
        team_id: TeamId(team.to_owned()),
        name: id.to_owned(),
        region: "default".to_owned(),
        labels: Vec::new(),
        is_going: false,
        about: About::default(),
        pinged_at: None,
        accessed_at: None,
        created: NOW,
        updated: NOW,
    };
    let place = ProjectRef::from(&row);
    app.store.project_prepare(id).await.expect("prepares");
    write(app, &ProjectRef::console(), move |tx| async move { tx.project_insert(&row).await }).await;
    place
}

fn user(id: &str) -> User {
    User {
        id: UserId(id.to_owned()),
        seq: 1,
        name: String::new(),
        email: None,
        phone: None,
        password_hash: None,
        password_updated: None,
        password_history: Vec::new(),
        is_active: true,
        is_email_verified: false,
        is_phone_verified: false,
        has_mfa: false,
        is_impersonator: false,
        needs_new_password: false,
        labels: Vec::new(),
        prefs: "{}".to_owned(),
        accessed_at: None,
        created: NOW,
        updated: NOW,
    }
}

fn session(user_id: &str) -> Session {
    Session {
        tokens: cairn_model::oauth::SealedTokens::default(),
        id: SessionId(format!("{user_id}-session")),
        seq: 1,
        user_id: UserId(user_id.to_owned()),
        secret_hash: hash_secret("s"),
        provider: "email".to_owned(),
        provider_uid: String::new(),
        factors: vec!["password".to_owned()],
        ip: String::new(),
        country: String::new(),
        user_agent: String::new(),
        mfa_updated: None,
        expires: NOW.plus_seconds(100),
        created: NOW,
        updated: NOW,
    }
}

fn with_session(value: &str) -> Credentials {
    Credentials { sessions: vec![value.to_owned()], ..Credentials::default() }
}

fn as_admin(value: &str) -> Credentials {
    Credentials { is_admin_mode: true, ..with_session(value) }
}

fn with_key(secret: &str) -> Credentials {
    Credentials { key: Some(secret.to_owned()), ..Credentials::default() }
}

fn with_jwt(jwt: String) -> Credentials {
    Credentials { jwt: Some(jwt), ..Credentials::default() }
}

fn is_guest(entered: &Result<Cx, Fault>) -> bool {
    matches!(entered, Ok(cx) if matches!(cx.actor, Actor::Guest))
}

fn fault(entered: Result<Cx, Fault>) -> Option<Fault> {
    entered.err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_counts_in_its_project_until_it_ends() {
    let bed = Bed::new().await;
    let value = bed.user(&bed.shop, "ada", |_| {}).await;
    let entered = bed.enter("shop", with_session(&value), OPEN).await.expect("enters");
    assert_eq!(entered.user_id().map(UserId::as_str), Some("ada"));
    assert!(entered.has_scope("account") && !entered.is_privileged());
    for (place, value) in [
        ("blog", value.clone()),
        ("console", value.clone()),
        ("shop", session_value("ada", "t")),
        ("shop", session_value("nobody", "s")),
        ("shop", session_value(&"a".repeat(50_000), "s")),
        ("shop", session_value("a\0b", "s")),
    ] {
        assert!(is_guest(&bed.enter(place, with_session(&value), OPEN).await), "{place} {}", value.len());
    }
    bed.clock.advance_ms(100_000);
    assert!(is_guest(&bed.enter("shop", with_session(&value), OPEN).await), "it has ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_deleted_is_gone_at_once() {
    let bed = Bed::new().await;
    let value = bed.user(&bed.shop, "ada", |_| {}).await;
    bed.enter("shop", with_session(&value), OPEN).await.expect("enters");
    let jwt = bed.token(&json!({"userId": "ada", "sessionId": "ada-session", "projectId": "shop"}));
    assert!(bed.enter("shop", with_jwt(jwt.clone()), OPEN).await.expect("enters").session().is_some());
    write(&bed.app, &bed.shop, |tx| async move {
        tx.session_delete(&UserId::from("ada"), &SessionId::from("ada-session")).await.map(drop)
    })
    .await;
    assert!(is_guest(&bed.enter("shop", with_session(&value), OPEN).await));
    assert!(is_guest(&bed.enter("shop", with_jwt(jwt), OPEN).await), "its JWT ends with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jwt_counts_only_as_what_it_was_made_for() {
    let bed = Bed::new().await;
    let value = bed.user(&bed.shop, "ada", |_| {}).await;
    let jwt = bed.token(&json!({"userId": "ada", "projectId": "shop"}));
    let both = Credentials { jwt: Some(jwt.clone()), ..with_session(&value) };
    assert_eq!(fault(bed.enter("shop", both, OPEN).await), Some(Fault::UserJwtAndCookieSet));
    assert_eq!(fault(bed.enter("blog", with_jwt(jwt.clone()), OPEN).await), Some(Fault::UserJwtInvalid));
    let as_key = bed.enter("shop", with_key(&format!("ephemeral_{jwt}")), OPEN).await;
    assert!(is_guest(&as_key), "a user's token is no key");
    let key = bed.token(&json!({"projectId": "shop", "scopes": ["users.read"]}));
    assert_eq!(fault(bed.enter("shop", with_jwt(key), OPEN).await), Some(Fault::UserJwtInvalid));
    bed.clock.advance_ms(900_000);
    assert_eq!(fault(bed.enter("shop", with_jwt(jwt), OPEN).await), Some(Fault::UserJwtInvalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_have_their_scopes_and_no_other_project() {
    let bed = Bed::new().await;
    bed.key(KeyRing::Standard, "abc", None).await;
    bed.key(KeyRing::Standard, "ended", Some(NOW)).await;
    bed.key(KeyRing::Dev, "developer", None).await;
    let access = Access { scopes: &["users.read"], service: "users", is_reading: true };
    for secret in ["abc", "standard_abc"] {
        let cx = bed.enter("shop", with_key(secret), access).await.expect("enters");
        assert!(cx.is_privileged() && cx.has_scope("global") && !cx.has_scope("users.write"), "{secret}");
    }
    assert_eq!(
        fault(bed.enter("shop", with_key("standard_ended"), OPEN).await),
        Some(Fault::ProjectKeyExpired)
    );
    for (place, secret) in [
        ("blog", "standard_abc"),
        ("shop", "standard_xyz"),
        ("shop", "organization_abc"),
        ("shop", "account_abc"),
        ("shop", "developer"),
        ("shop", "ephemeral_abc"),
        ("shop", ""),
    ] {
        let refused = bed.enter(place, with_key(secret), access).await;
        assert_eq!(fault(refused), Some(Fault::Unauthenticated), "{place} {secret}");
    }
    let value = bed.user(&bed.shop, "ada", |_| {}).await;
    let both = Credentials { key: Some("abc".to_owned()), ..with_session(&value) };
    let cx = bed.enter("shop", both.clone(), OPEN).await.expect("enters");
    assert!(cx.is_privileged(), "a key wins over a session");
    let unclear = Credentials { key_user: Some("ada".to_owned()), ..both };
    assert_eq!(fault(bed.enter("shop", unclear, OPEN).await), Some(Fault::UserApiKeyAndSessionSet));
    let unknown = Credentials { key: Some("xyz".to_owned()), ..with_session(&value) };
    assert!(is_guest(&bed.enter("shop", unknown, OPEN).await), "a wrong key is not made good by a session");
}

#[tokio::test(flavor = "multi_thread")]
async fn ephemeral_keys_belong_to_one_project_and_end() {
    let bed = Bed::new().await;
    let token = bed.token(&json!({"projectId": "shop", "scopes": ["users.read"]}));
    let access = Access { scopes: &["users.read"], service: "users", is_reading: true };
    for prefix in ["ephemeral", "dynamic"] {
        bed.enter("shop", with_key(&format!("{prefix}_{token}")), access).await.expect("enters");
    }
    let key = format!("ephemeral_{token}");
    assert!(is_guest(&bed.enter("blog", with_key(&key), OPEN).await));
    bed.clock.advance_ms(900_000);
    assert_eq!(fault(bed.enter("shop", with_key(&key), OPEN).await), Some(Fault::ApiKeyExpired));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dev_key_is_known_until_it_ends_and_grants_nothing() -> Result<(), Error> {
    let bed = Bed::new().await;
    bed.key(KeyRing::Dev, "developer", Some(NOW.plus_seconds(1))).await;
    let shows = |secret: &str| Credentials { dev_key: Some(secret.to_owned()), ..Credentials::default() };
    let shop = project(&bed.app, "shop").await?;
    assert!(has_dev_key(&bed.app, &shop, &shows("developer")).await?);
    assert!(!has_dev_key(&bed.app, &shop, &shows("other")).await?);
    assert!(is_guest(&bed.enter("shop", shows("developer"), OPEN).await));
    bed.clock.advance_ms(1_000);
    assert!(!has_dev_key(&bed.app, &shop, &shows("developer")).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_have_rights_on_projects_of_their_own_organization_only() {
    let bed = Bed::new().await;
    let cases: [Case; 6] = [
        ("owner", &["owner"], Ok((true, true))),
        ("developer", &["developer"], Ok((false, true))),
        ("here", &["project-shop-developer"], Ok((false, true))),
        ("there", &["project-shopping-owner", "project-blog-owner"], Err(Fault::ProjectNotFound)),
        ("empty", &[], Err(Fault::ProjectNotFound)),
        ("odd", &["users", "project-shop-", "project-shop-x-owner"], Err(Fault::ProjectNotFound)),
    ];
    for (id, roles, expected) in cases {
        let value = bed.member(id, "acme", roles).await;
        let scopes = |cx: Cx| {
            assert!(cx.is_privileged());
            (cx.has_scope("account"), cx.has_scope("users.write"))
        };
        let in_mode = bed.enter("shop", as_admin(&value), OPEN).await;
        assert_eq!(in_mode.map(scopes), expected, "{id} in admin mode");
        let target = AdminTarget { path_project: Some("shop".into()), team_id: Some("acme".into()) };
        let by_path = bed.enter_for("console", with_session(&value), target, OPEN).await;
        assert_eq!(by_path.map(scopes), expected, "{id} by path");
        let elsewhere = bed.enter("blog", as_admin(&value), OPEN).await;
        assert_eq!(fault(elsewhere), Some(Fault::UserUnauthorized), "{id} in another organization");
        assert!(is_guest(&bed.enter("shop", with_session(&value), OPEN).await), "{id} without admin mode");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_gives_no_power_over_the_console() {
    let bed = Bed::new().await;
    let value = bed.member("owner", "acme", &["owner"]).await;
    let about = |team: &str| AdminTarget { path_project: None, team_id: Some(team.to_owned()) };
    let cx = bed.enter_for("console", with_session(&value), about("acme"), OPEN).await.expect("enters");
    assert!(!cx.is_privileged(), "permissions of the console's users and teams are still asked");
    assert!(cx.has_scope("projects.write") && cx.has_scope("account"));
    assert!(!cx.has_scope("users.read") && !cx.has_scope("users.write"));
    let refused = bed.enter_for("console", with_session(&value), about("other"), OPEN).await;
    assert_eq!(fault(refused), Some(Fault::UserUnauthorized));
    let narrow = bed.member("narrow", "acme", &["project-shop-owner"]).await;
    let cx = bed.enter_for("console", with_session(&narrow), about("acme"), OPEN).await.expect("enters");
    assert!(!cx.has_scope("projects.write"), "a role in one project makes no new ones");
}

#[tokio::test(flavor = "multi_thread")]
async fn toggles_bind_users_but_neither_keys_nor_admins() {
    let bed = Bed::new().await;
    let (user, admin) =
        (bed.user(&bed.shop, "ada", |_| {}).await, bed.member("owner", "acme", &["owner"]).await);
    bed.key(KeyRing::Standard, "abc", None).await;
    let mut settings = Settings::default();
    settings.disabled_services.insert("tablesdb".to_owned());
    write(&bed.app, &bed.shop, move |tx| async move { tx.settings_update(&settings).await }).await;
    let tables = Access { scopes: &[], service: "tablesDB", is_reading: true };
    assert_eq!(
        fault(bed.enter("shop", with_session(&user), tables).await),
        Some(Fault::GeneralServiceDisabled)
    );
    bed.enter("shop", with_session(&user), OPEN).await.expect("other services go on");
    bed.enter("shop", with_key("abc"), tables).await.expect("keys pass");
    bed.enter("shop", as_admin(&admin), tables).await.expect("admins pass");
}

#[tokio::test(flavor = "multi_thread")]
async fn scope_comes_before_blocked() {
    let bed = Bed::new().await;
    let value = bed.user(&bed.shop, "ada", |user| user.is_active = false).await;
    assert_eq!(fault(bed.enter("shop", with_session(&value), OPEN).await), Some(Fault::UserBlocked));
    let access = Access { scopes: &["users.read"], service: "users", is_reading: true };
    assert_eq!(
        fault(bed.enter("shop", with_session(&value), access).await),
        Some(Fault::GeneralUnauthorizedScope)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_of_those_who_can_prove_one() {
    let bed = Bed::new().await;
    let provable =
        bed.user(&bed.shop, "ada", |user| (user.has_mfa, user.is_email_verified) = (true, true)).await;
    let cx = bed.enter("shop", with_session(&provable), OPEN).await.expect("enters");
    let refused = require_factors(&cx).expect_err("lacks one");
    assert_eq!(refused.fault(), Fault::UserMoreFactorsRequired);
    write(&bed.app, &bed.shop, |tx| async move {
        let mut proved = session("ada");
        proved.factors.push("email".to_owned());
        tx.session_update(&proved).await
    })
    .await;
    let cx = bed.enter("shop", with_session(&provable), OPEN).await.expect("enters");
    require_factors(&cx).expect("both were proved");
    let unprovable = bed.user(&bed.shop, "bob", |user| user.has_mfa = true).await;
    let cx = bed.enter("shop", with_session(&unprovable), OPEN).await.expect("enters");
    require_factors(&cx).expect("there is nothing to prove");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_projects_are_told_and_not_remembered_at_any_length() {
    let bed = Bed::new().await;
    for id in ["nowhere", "", "SHOP", "sh/op", "sh\0op", &"x".repeat(100_000)] {
        let refused = bed.enter(id, Credentials::default(), OPEN).await;
        assert_eq!(fault(refused), Some(Fault::ProjectUnknown), "{}", id.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn uses_are_written_once_a_day() {
    let bed = Bed::new().await;
    let user = bed.user(&bed.shop, "ada", |_| {}).await;
    let admin = bed.member("owner", "acme", &["owner"]).await;
    bed.key(KeyRing::Standard, "abc", None).await;
    bed.enter("shop", with_session(&user), OPEN).await.expect("enters");
    bed.enter("shop", as_admin(&admin), OPEN).await.expect("enters");
    for sdk in ["node", "node", "dart"] {
        let info = RequestInfo { sdk: Some(sdk.to_owned()), ..RequestInfo::default() };
        let shop = project(&bed.app, "shop").await.expect("is there");
        let entered = resolve(&bed.app, shop, &with_key("abc"), &AdminTarget::default(), OPEN, info).await;
        entered.expect("enters");
        crate::accesses::write(&bed.app).await;
    }
    let (ada, key) = read(&bed.app, &bed.shop, |tx| async move {
        let key = tx.key_list(&KeyRing::Standard).await?.pop();
        Ok((tx.user_by_id(&UserId::from("ada")).await?, key))
    })
    .await;
    assert_eq!(ada.and_then(|user| user.accessed_at), Some(NOW));
    let key = key.expect("is there");
    assert_eq!((key.accessed_at, key.sdks), (Some(NOW), vec!["node".to_owned(), "dart".to_owned()]));
    let (owner, row) = read(&bed.app, &ProjectRef::console(), |tx| async move {
        let row = tx.project_by_id(&ProjectId::from("shop")).await?;
        Ok((tx.user_by_id(&UserId::from("owner")).await?, row))
    })
    .await;
    assert_eq!(owner.and_then(|user| user.accessed_at), Some(NOW));
    assert_eq!(row.and_then(|row| row.accessed_at), Some(NOW));
}
