//! Identities, sign-ins under way and providers' settings, on both engines.

use std::collections::BTreeMap;

use cairn_model::ids::{IdentityId, UserId};
use cairn_model::oauth::{OauthState, ProviderSettings, SealedTokens, UserIdentity};
use cairn_std::Timestamp;

use super::harness::{each_engine, project};
use crate::{Listing, Store, StoreError, Tx};

async fn write<T, F>(
    store: &Store,
    work: impl FnOnce(Tx) -> F + Clone + Send + 'static,
) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: Future<Output = Result<T, StoreError>> + Send,
{
    store.write(&project(1), work).await
}

fn identity(id: &str, seq: i64, user: &str, provider: &str, uid: &str) -> UserIdentity {
    UserIdentity {
        id: IdentityId::from(id),
        seq,
        user_id: UserId::from(user),
        provider: provider.to_owned(),
        provider_uid: uid.to_owned(),
        provider_email: format!("{uid}@example.com"),
        tokens: SealedTokens {
            access: "sealed".to_owned(),
            refresh: String::new(),
            expires: Some(Timestamp(5)),
        },
        created: Timestamp(1),
        updated: Timestamp(1),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn identities() {
    each_engine("identities", |store| async move {
        let outcome = write(&store, move |tx| async move {
            let (first, second) =
                (identity("b", 1, "zoe", "github", "1"), identity("a", 2, "zoe", "google", "1"));
            tx.identity_insert(&first).await?;
            tx.identity_insert(&second).await?;
            tx.identity_insert(&identity("c", 3, "max", "github", "2")).await?;
            let zoe = UserId::from("zoe");
            assert_eq!(tx.identity_list_of_user(&zoe).await?, [first.clone(), second.clone()]);
            assert_eq!(tx.identity_at("google", "1").await?, Some(second.clone()));
            assert_eq!(tx.identity_at("google", "2").await?, None);
            assert_eq!(tx.identity_by_id(&first.id).await?, Some(first.clone()));
            let renewed = UserIdentity { provider_email: "new@example.com".to_owned(), ..second };
            tx.identity_update(&renewed).await?;
            let listing = |search: &str| Listing { search: search.to_owned(), ..Listing::default() };
            let found = tx.identity_list(None, &listing("NEW@")).await.expect("lists");
            assert_eq!((found.items, found.total), (vec![renewed], 1));
            assert_eq!(tx.identity_list(Some(&zoe), &listing("")).await.expect("lists").total, 2);
            assert!(tx.identity_delete(&first.id).await? && !tx.identity_delete(&first.id).await?);
            Ok(())
        });
        outcome.await.expect("all of it");
        // One person of a provider belongs to one user.
        let taken =
            write(
                &store,
                |tx| async move { tx.identity_insert(&identity("d", 4, "eve", "github", "2")).await },
            );
        taken.await.expect_err("is taken");
    })
    .await;
}

fn state(hash: &str, expires: i64) -> OauthState {
    OauthState {
        hash: hash.to_owned(),
        provider: "github".to_owned(),
        memo: "{}".to_owned(),
        callback: "http://localhost/callback".to_owned(),
        sealed_verifier: String::new(),
        browser_hash: Some("browser".to_owned()),
        user_id: None,
        expires: Timestamp(expires),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_ins_under_way() {
    each_engine("oauth_states", |store| async move {
        let outcome = write(&store, move |tx| async move {
            for expires in 1..=6 {
                tx.oauth_state_insert(&state(&format!("s{expires}"), expires)).await?;
            }
            assert_eq!(tx.oauth_state("s3").await?, Some(state("s3", 3)));
            assert!(tx.oauth_state_delete("s3").await? && !tx.oauth_state_delete("s3").await?);
            // What ended before 2 goes, and of the rest all but the two that last longest.
            tx.oauth_states_sweep(Timestamp(2), 2).await?;
            let mut left = Vec::new();
            for expires in 1..=6 {
                left.extend(tx.oauth_state(&format!("s{expires}")).await?.map(|state| state.expires.0));
            }
            assert_eq!(left, [5, 6]);
            Ok(())
        });
        outcome.await.expect("all of it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn providers() {
    each_engine("oauth_providers", |store| async move {
        let outcome = write(&store, move |tx| async move {
            assert!(tx.oauth_providers().await?.is_empty());
            let entered = ProviderSettings {
                is_enabled: true,
                client_id: "app".to_owned(),
                sealed_secret: "sealed".to_owned(),
                parts: BTreeMap::from([("endpoint".to_owned(), "x".to_owned())]),
            };
            let all = BTreeMap::from([("auth0".to_owned(), entered)]);
            tx.oauth_providers_update(&all).await?;
            assert_eq!(tx.oauth_providers().await?, all);
            assert_eq!(tx.settings().await?, cairn_model::projects::Settings::default());
            Ok(())
        });
        outcome.await.expect("all of it");
    })
    .await;
}
