//! Keys: from the secret that a request shows to what it may do.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::keys::{Key, KeyKind};
use cairn_model::scopes;
use cairn_store::{Noun, StoreError};
use serde_json::Value;

use super::{Caller, Credentials, ProjectContext, owned};
use crate::App;
use crate::cache::Cache;
use crate::cx::KeyAccess;
use crate::tokens::{TokenError, verify};

/// Keys that are kept at once over all projects, unknown ones too.
const KEYS_KEPT_MAX: u64 = 20_000;

/// Keys that requests have shown, by the keyed hash of their secret.
pub(crate) struct Keys(Cache<Option<Arc<KnownKey>>>);

/// A stored key with what every request with it needs.
struct KnownKey {
    key: Arc<Key>,
    access: Arc<KeyAccess>,
    scopes: Arc<[String]>,
}

impl Default for Keys {
    fn default() -> Self {
        Self(Cache::new(Noun::Key, KEYS_KEPT_MAX))
    }
}

/// Who a key is.
///
/// Unknown keys are guests, also those of kinds that this server does not issue (`account_`, `organization_`).
pub(super) async fn caller(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    has_session: bool,
) -> Result<Caller, Error> {
    if let Some(token) = secret.strip_prefix("ephemeral_").or_else(|| secret.strip_prefix("dynamic_")) {
        return of_token(app, project, token, has_session);
    }
    // The prefix says what kind of key it is; the secret counts with it and without.
    let found = stored(app, project, secret.strip_prefix("standard_").unwrap_or(secret)).await?;
    let Some(known) = found.filter(|known| known.key.kind == KeyKind::Standard) else {
        return Ok(Caller::guest());
    };
    if has_session {
        return Err(Fault::UserApiKeyAndSessionSet.error());
    }
    if known.key.is_expired(app.clock.now()) {
        return Err(Fault::ProjectKeyExpired.with("key", &known.key.id));
    }
    Ok(Caller::key(Arc::clone(&known.access), Arc::clone(&known.scopes)))
}

/// The key of the project with this secret, whatever its kind.
async fn stored(app: &App, project: &ProjectContext, secret: &str) -> Result<Option<Arc<KnownKey>>, Error> {
    let lookup = app.secrets.lookup(secret);
    let wanted = &lookup;
    let load = || async move {
        let found: Result<_, StoreError> =
            app.store.read(&project.place, |tx| async move { tx.key_by_lookup(wanted).await }).await;
        Ok(found?.map(|key| Arc::new(known(key))))
    };
    app.keys.0.get(&app.store, &project.place, &lookup, load).await
}

fn known(key: Key) -> KnownKey {
    let (scopes, key) = (with_own(&key.scopes), Arc::new(key));
    let access = KeyAccess { name: key.name.clone(), key: Some(Arc::clone(&key)) };
    KnownKey { key, access: Arc::new(access), scopes }
}

/// The scopes of every key, and its own.
fn with_own(own: &[String]) -> Arc<[String]> {
    let mut held = owned(scopes::KEY);
    held.extend(own.iter().cloned());
    held.into()
}

/// A key that is a signed token.
///
/// INVARIANT: the same secret signs tokens of users, which these people hold themselves; only a token that was made
/// as a key (it lists scopes and names no user) is one.
fn of_token(app: &App, project: &ProjectContext, token: &str, has_session: bool) -> Result<Caller, Error> {
    let claims = match verify(&app.secrets, token, app.clock.now()) {
        Ok(claims) => claims,
        Err(TokenError::Expired) => return Err(Fault::ProjectKeyExpired.error()),
        Err(TokenError::Invalid) => return Ok(Caller::guest()),
    };
    let is_of_project = claims.get("projectId").and_then(Value::as_str) == Some(project.id());
    let Some(listed) = claims.get("scopes").and_then(Value::as_array) else { return Ok(Caller::guest()) };
    if !is_of_project || claims.contains_key("userId") {
        return Ok(Caller::guest());
    }
    if has_session {
        return Err(Fault::UserApiKeyAndSessionSet.error());
    }
    let own: Vec<String> = listed.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let name = claims.get("name").and_then(Value::as_str).unwrap_or("Ephemeral key").to_owned();
    Ok(Caller::key(Arc::new(KeyAccess { key: None, name }), with_own(&own)))
}

/// Whether the request shows a dev key of the project that has not ended.
pub async fn has_dev_key(
    app: &App,
    project: &ProjectContext,
    credentials: &Credentials,
) -> Result<bool, Error> {
    let Some(secret) = &credentials.dev_key else { return Ok(false) };
    let now = app.clock.now();
    let found = stored(app, project, secret).await?;
    let Some(known) = found.filter(|known| known.key.kind == KeyKind::Dev) else { return Ok(false) };
    let is_live = !known.key.is_expired(now);
    if is_live {
        app.accesses.note_key(&project.place, &known.key, now, None);
    }
    Ok(is_live)
}
