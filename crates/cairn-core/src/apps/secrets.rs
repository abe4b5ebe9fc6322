//! What applications prove themselves with: client secrets for the token endpoint, keys for the API.
//!
//! INVARIANT: a secret is shown when it is made and never again; the store has its keyed hash.

use cairn_faults::{Error, Fault};
use cairn_model::apps::{AppSecret, SECRETS_PER_APP_MAX, SecretKind};
use cairn_model::ids::{AppId, AppSecretId};
use cairn_store::{APP_SECRET_FIELDS, Page, Tx};

use super::managed;
use crate::listing::ListRequest;
use crate::{Cx, oauth2};

/// Bytes of a secret before it is written in hex.
const SECRET_BYTES: usize = 32;
/// Characters of a secret by which people know it.
const HINT_CHARS: usize = 6;
/// What the key of an application begins with.
const KEY_PREFIX: &str = "app_";

/// A secret that was just made.
#[derive(Clone, PartialEq, Eq)]
pub struct MadeSecret {
    /// The secret as it is kept.
    pub secret: AppSecret,
    /// What the application sends.
    pub plain: String,
}

impl std::fmt::Debug for MadeSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MadeSecret").field("secret", &self.secret.id).finish_non_exhaustive()
    }
}

/// Make a client secret or a key.
///
/// # Errors
/// `app_secret_limit_exceeded`.
pub async fn create(cx: &Cx, app_id: &AppId, kind: SecretKind) -> Result<MadeSecret, Error> {
    if !cx.is_privileged() {
        oauth2::decider(cx)?;
    }
    let random = cx.app.ids.secret_hex(SECRET_BYTES);
    let (now, user) = (cx.now(), cx.identity().map(|identity| &identity.user));
    let secret = AppSecret {
        id: AppSecretId(cx.new_id()),
        seq: cx.next_seq(),
        app_id: app_id.clone(),
        kind,
        lookup: cx.app.secrets.lookup(&random),
        hint: random[random.len() - HINT_CHARS..].to_owned(),
        creator_id: user.map(|user| user.id.0.clone()).unwrap_or_default(),
        creator_name: user.map(|user| user.name.clone()).unwrap_or_default(),
        accessed_at: None,
        created: now,
        updated: now,
    };
    let plain = if kind == SecretKind::Key { format!("{KEY_PREFIX}{random}") } else { random };
    let actor = cx.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            managed(&actor, &tx, &secret.app_id).await?;
            if tx.app_secret_list_all(&secret.app_id, kind).await?.len() >= SECRETS_PER_APP_MAX {
                return Err(Fault::AppSecretLimitExceeded.with("limit", SECRETS_PER_APP_MAX));
            }
            tx.app_secret_insert(&secret).await?;
            Ok(MadeSecret { secret, plain })
        })
        .await
}

/// A page of an application's client secrets, or keys.
pub async fn list(
    cx: &Cx,
    app_id: &AppId,
    kind: SecretKind,
    request: &ListRequest,
) -> Result<Page<AppSecret>, Error> {
    let listing = request.listing(&APP_SECRET_FIELDS)?;
    let (actor, app_id) = (cx.clone(), app_id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            managed(&actor, &tx, &app_id).await?;
            tx.app_secret_list(&app_id, kind, &listing).await
        })
        .await
}

/// A client secret, or a key, by its id.
///
/// # Errors
/// `app_secret_not_found`, `app_key_not_found`.
pub async fn get(cx: &Cx, app_id: &AppId, kind: SecretKind, id: &AppSecretId) -> Result<AppSecret, Error> {
    let (actor, app_id, id) = (cx.clone(), app_id.clone(), id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            managed(&actor, &tx, &app_id).await?;
            load(&tx, &app_id, kind, &id).await
        })
        .await
}

/// Remove a client secret or a key: it is refused from now on.
///
/// # Errors
/// `app_secret_not_found`, `app_key_not_found`.
pub async fn delete(cx: &Cx, app_id: &AppId, kind: SecretKind, id: &AppSecretId) -> Result<(), Error> {
    let (actor, app_id, id) = (cx.clone(), app_id.clone(), id.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            managed(&actor, &tx, &app_id).await?;
            let secret = load(&tx, &app_id, kind, &id).await?;
            Ok(tx.app_secret_delete(&secret).await?)
        })
        .await
}

async fn load(tx: &Tx, app_id: &AppId, kind: SecretKind, id: &AppSecretId) -> Result<AppSecret, Error> {
    let missing = match kind {
        SecretKind::Client => Fault::AppSecretNotFound,
        SecretKind::Key => Fault::AppKeyNotFound,
    };
    let all = tx.app_secret_list_all(app_id, kind).await?;
    all.into_iter().find(|secret| secret.id == *id).ok_or_else(|| missing.with("secret", id))
}
