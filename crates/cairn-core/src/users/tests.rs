//! Users as an administrator sees them.

use cairn_faults::Fault;
use cairn_model::ids::{TargetId, UserId};
use cairn_model::sessions::SESSIONS_PER_USER_DEFAULT;

use super::{
    NewTarget, NewUser, Standing, TargetPatch, Verification, create, create_target, delete, get, list,
    list_targets, update_email, update_email_verification, update_labels, update_password, update_phone,
    update_standing, update_target,
};
use crate::auth::Credentials;
use crate::fixture::{PASSWORD, PROJECT, on_both};
use crate::listing::ListRequest;
use crate::sessions::of_user::{self, TokenSession};
use crate::sessions::{EmailSession, create_with_password};
use crate::tokens::SessionValue;

fn named(id: &str) -> NewUser {
    NewUser { id: id.to_owned(), name: id.to_owned(), ..NewUser::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_keys_and_admins_administer() {
    on_both("admins", |fixture| async move {
        let ada = fixture.signed_up("ada").await;
        for cx in [fixture.guest().await, ada] {
            assert_eq!(create(&cx, named("eve")).await.unwrap_err().fault(), Fault::UserUnauthorized);
            let error = list(&cx, &ListRequest::default()).await.unwrap_err();
            assert_eq!(error.fault(), Fault::UserUnauthorized);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_made_listed_and_deleted() {
    on_both("users", |fixture| async move {
        let key = fixture.key().await;
        let whole = NewUser {
            email: Some("Ada@example.com".to_owned()),
            phone: Some("+4915112345678".to_owned()),
            password: Some(PASSWORD.to_owned()),
            ..named("ada")
        };
        assert_eq!(create(&key, whole.clone()).await.unwrap().targets.len(), 2);
        assert_eq!(create(&key, whole).await.unwrap_err().fault(), Fault::UserAlreadyExists);
        create(&key, named("bob")).await.unwrap();
        create(&key, named("eve")).await.unwrap();
        let queries = vec![r#"{"method":"orderDesc","attribute":"name"}"#.to_owned()];
        let page = list(&key, &ListRequest { queries, ..ListRequest::default() }).await.unwrap();
        let ids: Vec<_> = page.items.iter().map(|profile| profile.user.id.as_str()).collect();
        assert_eq!((ids, page.total), (vec!["eve", "bob", "ada"], 3));
        assert_eq!(page.items[2].targets.len(), 2, "targets come with their users");
        let request = ListRequest { search: "ADA@".to_owned(), ..ListRequest::default() };
        assert_eq!(list(&key, &request).await.unwrap().total, 1);
        let bad = ListRequest { queries: vec!["{}".to_owned()], ..ListRequest::default() };
        assert_eq!(list(&key, &bad).await.unwrap_err().fault(), Fault::GeneralQueryInvalid);
        delete(&key, &UserId::from("bob")).await.unwrap();
        for gone in ["bob", "nobody"] {
            let error = get(&key, &UserId::from(gone)).await.unwrap_err();
            assert_eq!(error.fault(), Fault::UserNotFound);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_administrator_changes_counts_at_once() {
    on_both("changes", |fixture| async move {
        let key = fixture.key().await;
        let ada = fixture.sign_up("ada").await.user.id;
        let value = fixture.sign_in("ada").await;
        let labels = ["vip", "vip", "beta"].map(str::to_owned).to_vec();
        assert_eq!(update_labels(&key, &ada, labels).await.unwrap().user.labels, ["vip", "beta"]);
        update_email_verification(&key, &ada, Verification::Verified).await.unwrap();
        let roles = fixture.holder(&value).await.roles.sorted();
        assert!(roles.contains(&"label:vip".to_owned()) && roles.contains(&"users/verified".to_owned()));
        update_standing(&key, &ada, Standing::Blocked).await.unwrap();
        let credentials = Credentials { session: SessionValue::parse(&value), ..Credentials::default() };
        let refused = fixture.caller(PROJECT, credentials).await.err().expect("refused");
        assert_eq!(refused.fault(), Fault::UserBlocked);
        update_standing(&key, &ada, Standing::Active).await.unwrap();
        of_user::delete_all(&key, &ada).await.unwrap();
        assert!(fixture.holder(&value).await.user().is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_passwords_are_set_and_taken() {
    on_both("credentials", |fixture| async move {
        let key = fixture.key().await;
        fixture.sign_up("bob").await;
        let ada = fixture.sign_up("ada").await.user.id;
        let error = update_email(&key, &ada, "bob@example.com").await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserTargetAlreadyExists);
        let changed = update_email(&key, &ada, "New@example.com").await.unwrap();
        assert_eq!(changed.targets[0].identifier, "new@example.com");
        assert_eq!(update_phone(&key, &ada, "+4915112345678").await.unwrap().targets.len(), 2);
        assert_eq!(update_phone(&key, &ada, "").await.unwrap().user.phone, None);
        update_password(&key, &ada, "battery staple").await.unwrap();
        let credentials = |password: &str| EmailSession {
            email: "new@example.com".to_owned(),
            password: password.to_owned(),
        };
        let guest = fixture.guest().await;
        assert!(create_with_password(&guest, credentials("battery staple")).await.is_ok());
        update_password(&key, &ada, "").await.unwrap();
        let error = create_with_password(&guest, credentials("battery staple")).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserInvalidCredentials);
        let none = update_email(&key, &ada, "").await.unwrap();
        assert_eq!((none.user.email, none.targets.len()), (None, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_tokens_are_made_for_a_user() {
    on_both("server_sessions", |fixture| async move {
        let key = fixture.key().await;
        let ada = fixture.sign_up("ada").await.user.id;
        let empty = of_user::create_jwt(&key, &ada, TokenSession::Recent, 900).await.unwrap();
        let credentials = |jwt: String| Credentials { jwt: Some(jwt), ..Credentials::default() };
        let holder = fixture.caller(PROJECT, credentials(empty)).await.unwrap();
        assert!(holder.user().is_ok() && holder.session().is_none(), "a token without session");
        for _ in 0..=SESSIONS_PER_USER_DEFAULT {
            let issued = of_user::create(&key, &ada).await.unwrap();
            assert!(fixture.holder(&issued.value).await.user().is_ok());
        }
        let all = of_user::list(&key, &ada).await.unwrap();
        assert_eq!(i64::try_from(all.len()).unwrap(), SESSIONS_PER_USER_DEFAULT + 1);
        let recent = of_user::create_jwt(&key, &ada, TokenSession::Recent, 900).await.unwrap();
        let holder = fixture.caller(PROJECT, credentials(recent)).await.unwrap();
        assert_eq!(holder.session().map(|session| &session.id), all.last().map(|session| &session.id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_have_addresses_of_their_kind() {
    on_both("targets", |fixture| async move {
        let key = fixture.key().await;
        let ada = fixture.sign_up("ada").await.user.id;
        let new = |id: &str, provider_type: &str, identifier: &str| NewTarget {
            id: id.to_owned(),
            provider_type: provider_type.to_owned(),
            identifier: identifier.to_owned(),
            name: String::new(),
        };
        for (target, fault) in [
            (new("t", "email", "nobody"), Fault::GeneralInvalidEmail),
            (new("t", "sms", "12345"), Fault::GeneralInvalidPhone),
            (new("t", "email", "ada@example.com"), Fault::UserTargetAlreadyExists),
        ] {
            assert_eq!(create_target(&key, &ada, target).await.unwrap_err().fault(), fault);
        }
        create_target(&key, &ada, new("phone", "push", "token")).await.unwrap();
        let patch = TargetPatch { name: Some("Phone".to_owned()), ..TargetPatch::default() };
        let changed = update_target(&key, &ada, &TargetId::from("phone"), patch).await.unwrap();
        assert_eq!(changed.name, "Phone");
        assert_eq!(list_targets(&key, &ada, &ListRequest::default()).await.unwrap().total, 2);
        let error = super::delete_target(&key, &ada, &TargetId::from("none")).await.unwrap_err();
        assert_eq!(error.fault(), Fault::UserTargetNotFound);
        super::delete_target(&key, &ada, &TargetId::from("phone")).await.unwrap();
    })
    .await;
}
