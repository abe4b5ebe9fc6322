//! Every noun of the store, written and read back on both engines.

use cairn_model::ids::{KeyId, MembershipId, ProjectId, SessionId, TeamId, UserId};
use cairn_model::keys::{Key, KeyRing};
use cairn_model::oauth::SealedTokens;
use cairn_model::projects::{About, Project, Settings};
use cairn_model::sessions::Session;
use cairn_model::teams::Membership;
use cairn_model::users::User;
use cairn_std::Timestamp;

use super::harness::{each_engine, project, user};
use crate::{KEYS_ID_KEY, MEMBERSHIPS_USER_KEY, PROJECTS_ID_KEY, ProjectRef, Store, StoreError, Tx};

fn full_user() -> User {
    User {
        seq: 7,
        name: "Zoë".into(),
        email: Some("zoe@example.org".into()),
        phone: Some("+14155550123".into()),
        password_hash: Some("$argon2id$".into()),
        password_updated: Some(Timestamp(2)),
        password_history: vec!["one".into(), "two".into()],
        is_active: false,
        is_email_verified: true,
        has_mfa: true,
        is_impersonator: true,
        needs_new_password: true,
        labels: vec!["vip".into()],
        prefs: r#"{"z":1,"a":[true,null]}"#.into(),
        accessed_at: Some(Timestamp(3)),
        created: Timestamp(i64::from(i32::MAX) * 1_000),
        updated: Timestamp(-5),
        ..user("zoe")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users() {
    each_engine("users", |store| async move {
        let changed =
            User { email: None, is_active: true, is_impersonator: false, prefs: "{}".into(), ..full_user() };
        let outcome = write(&store, |tx| async move {
            tx.user_insert(&full_user()).await?;
            assert_eq!(tx.user_by_id(&UserId::from("zoe")).await?, Some(full_user()));
            assert_eq!(tx.user_by_email("zoe@example.org").await?, Some(full_user()));
            assert_eq!(tx.user_by_email("ZOE@example.org").await?, None);
            assert_eq!((tx.user_count(5).await?, tx.user_count(0).await?), (1, 0));
            tx.user_update(&changed).await?;
            assert_eq!(tx.user_by_id(&UserId::from("zoe")).await?, Some(changed));
            tx.user_accessed(&UserId::from("zoe"), Timestamp(9)).await?;
            let accessed = tx.user_by_id(&UserId::from("zoe")).await?;
            assert_eq!(accessed.and_then(|user| user.accessed_at), Some(Timestamp(9)));
            assert!(tx.user_delete(&UserId::from("zoe")).await?);
            assert!(!tx.user_delete(&UserId::from("zoe")).await?);
            Ok(())
        });
        outcome.await.unwrap();
        // A row that is not there is an inconsistency, not a silent success.
        write(&store, |tx| async move { tx.user_update(&full_user()).await }).await.unwrap_err();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions() {
    each_engine("sessions", |store| async move {
        let session = |id: &str, seq| Session {
            id: SessionId::from(id),
            seq,
            user_id: UserId::from("zoe"),
            secret_hash: "hash".into(),
            provider: "email".into(),
            provider_uid: "zoe@example.org".into(),
            tokens: SealedTokens::default(),
            factors: vec!["password".into()],
            ip: "127.0.0.1".into(),
            country: "--".into(),
            user_agent: "curl".into(),
            mfa_updated: None,
            expires: Timestamp(10),
            created: Timestamp(1),
            updated: Timestamp(1),
        };
        let outcome = write(&store, move |tx| async move {
            let (first, second) = (session("b", 1), session("a", 2));
            tx.session_insert(&first).await?;
            tx.session_insert(&second).await?;
            let second =
                Session { factors: vec!["password".into(), "totp".into()], expires: Timestamp(20), ..second };
            tx.session_update(&second).await?;
            let zoe = UserId::from("zoe");
            assert_eq!(tx.session_list(&zoe).await?, [first.clone(), second.clone()]);
            assert!(tx.session_delete(&zoe, &first.id).await? && !tx.session_delete(&zoe, &first.id).await?);
            assert_eq!(tx.session_delete_all(&zoe).await?, 1);
            Ok(())
        });
        outcome.await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn memberships() {
    each_engine("memberships", |store| async move {
        let membership = |id: &str| Membership {
            id: MembershipId::from(id),
            seq: 1,
            team_id: TeamId::from("team"),
            user_id: UserId::from("zoe"),
            roles: vec!["owner".into()],
            invited: Timestamp(1),
            joined: None,
            is_confirmed: false,
            secret_hash: String::new(),
            created: Timestamp(1),
            updated: Timestamp(1),
        };
        let outcome = write(&store, move |tx| async move {
            let first = membership("m");
            tx.membership_insert(&first).await?;
            let joined = Membership { joined: Some(Timestamp(2)), is_confirmed: true, ..first };
            tx.membership_update(&joined).await?;
            assert_eq!(tx.membership_by_id(&joined.id).await?, Some(joined.clone()));
            assert_eq!(tx.membership_list_of_user(&joined.user_id).await?, [joined]);
            tx.membership_insert(&membership("n")).await
        });
        let error = outcome.await.unwrap_err();
        assert!(error.is_conflict_on(MEMBERSHIPS_USER_KEY), "{}: {error}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys() {
    each_engine("keys", |store| async move {
        let key = |id: &str, lookup: &str| Key {
            id: KeyId::from(id),
            seq: 1,
            ring: KeyRing::Standard,
            name: "server".into(),
            scopes: vec!["users.read".into()],
            lookup: lookup.into(),
            sealed_secret: "sealed".into(),
            expires: Some(Timestamp(5)),
            accessed_at: None,
            sdks: Vec::new(),
            created: Timestamp(1),
            updated: Timestamp(1),
        };
        let outcome = write(&store, move |tx| async move {
            let first = key("k", "one");
            tx.key_insert(&first).await?;
            assert_eq!(tx.key_by_lookup("one").await?.as_ref(), Some(&first));
            let changed = Key { expires: None, sdks: vec!["web".into()], ..first };
            tx.key_update(&changed).await?;
            assert_eq!(tx.key_by_id(&KeyRing::Standard, &changed.id).await?.as_ref(), Some(&changed));
            assert_eq!(tx.key_by_id(&KeyRing::Dev, &changed.id).await?, None);
            assert_eq!(tx.key_list(&KeyRing::Standard).await?, [changed]);
            let ring = KeyRing::Account(UserId::from("u"));
            let same_id = Key { ring: ring.clone(), ..key("k", "three") };
            tx.key_insert(&same_id).await?;
            assert_eq!(tx.key_list(&ring).await?, [same_id]);
            tx.key_delete_all(&ring).await?;
            assert_eq!(tx.key_by_lookup("three").await?, None);
            tx.key_insert(&key("k", "two")).await
        });
        let error = outcome.await.unwrap_err();
        assert!(error.is_conflict_on(KEYS_ID_KEY), "{}: {error}", store.engine());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn projects_and_settings() {
    each_engine("projects", |store| async move {
        let row = |id: &str, number| Project {
            id: ProjectId::from(id),
            number,
            seq: number,
            team_id: TeamId::from("team"),
            name: "A project".into(),
            region: "default".into(),
            labels: vec!["blue".into()],
            is_going: false,
            about: About::default(),
            accessed_at: None,
            pinged_at: None,
            created: Timestamp(1),
            updated: Timestamp(1),
        };
        let console = ProjectRef::console();
        let outcome: Result<(), StoreError> = store
            .write(&console, move |tx| async move {
                tx.project_insert(&row("p", 1)).await?;
                assert_eq!(tx.project_by_id(&ProjectId::from("p")).await?, Some(row("p", 1)));
                assert!(tx.project_list_going().await?.is_empty());
                tx.project_update(&Project { is_going: true, ..row("p", 1) }).await?;
                assert_eq!(tx.project_list_going().await?.len(), 1);
                assert_eq!(tx.project_ids().await?, ["p"]);
                Ok(())
            })
            .await;
        outcome.unwrap();
        let again =
            store.write(&console, move |tx| async move { tx.project_insert(&row("p", 2)).await }).await;
        assert!(again.unwrap_err().is_conflict_on(PROJECTS_ID_KEY), "{}", store.engine());

        let mut settings = Settings::default();
        settings.disabled_services.insert("teams".into());
        settings.policies.users_max = Some(5);
        settings.policies.memberships.shows_email = false;
        let expected = settings.clone();
        let read = |tx: Tx| async move { tx.settings().await };
        let unset: Result<_, StoreError> = store.read(&project(1), read).await;
        assert_eq!(unset.unwrap(), Settings::default());
        write(&store, move |tx| async move { tx.settings_update(&settings).await }).await.unwrap();
        let set: Result<_, StoreError> = store.read(&project(1), read).await;
        assert_eq!(set.unwrap(), expected, "{}", store.engine());
    })
    .await;
}

async fn write<F, Fut>(store: &Store, body: F) -> Result<(), StoreError>
where
    F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), StoreError>> + Send,
{
    store.write(&project(1), body).await
}

/// A project that goes on PostgreSQL leaves no row behind: whoever adds a table adds it to the list.
#[test]
fn every_table_of_a_project_is_emptied_with_it() {
    let schema = crate::migrations::STEPS.concat();
    let tables =
        schema.split("CREATE TABLE ").skip(1).filter_map(|rest| rest.split_once(" (")).map(|(name, _)| name);
    let is_dropped = |name: &str| schema.contains(&format!("DROP TABLE {name};"));
    let of_projects: Vec<_> = tables
        .filter(|name| !["cairn_projects", "cairn_markers"].contains(name) && !is_dropped(name))
        .collect();
    let forgotten: Vec<_> =
        of_projects.iter().filter(|name| !crate::projects::PROJECT_TABLES.contains(name)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
