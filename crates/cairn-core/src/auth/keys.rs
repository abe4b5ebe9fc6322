//! Keys: from the secret that a request shows to what it may do.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::keys::{Key, KeyRing};
use cairn_model::permissions::Role;
use cairn_model::scopes;
use cairn_model::teams::OWNER;
use cairn_store::{Noun, ProjectRef, StoreError};
use serde_json::Value;

use super::identity::account;
use super::{AdminTarget, Caller, Credentials, ProjectContext, access_tokens, owned};
use crate::App;
use crate::cache::{Cache, CacheFigures};
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

impl Keys {
    /// What the cache tells about itself.
    pub(crate) fn figures(&self) -> CacheFigures {
        self.0.figures()
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self(Cache::new(Noun::Key, KEYS_KEPT_MAX))
    }
}

/// Who a key is. Its prefix says what kind it is; unknown keys are guests.
pub(super) async fn caller(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    credentials: &Credentials,
    target: &AdminTarget,
) -> Result<Caller, Error> {
    match secret.split_once('_') {
        Some(("ephemeral" | "dynamic", token)) => of_token(app, project, token),
        Some(("account", secret)) => of_account(app, project, secret, credentials).await,
        Some(("organization", secret)) => of_organization(app, project, secret, credentials, target).await,
        Some(("app", secret)) => access_tokens::of_key(app, project, secret, credentials).await,
        Some(("standard", secret)) => of_project(app, project, secret).await,
        // A project's key counts also without its prefix, which older ones do not have.
        _ => of_project(app, project, secret).await,
    }
}

async fn of_project(app: &App, project: &ProjectContext, secret: &str) -> Result<Caller, Error> {
    let found = stored(app, &project.place, secret).await?;
    let Some(known) = found.filter(|known| known.key.ring == KeyRing::Standard) else {
        return Ok(Caller::guest());
    };
    check_end(app, &known, Fault::ProjectKeyExpired)?;
    Ok(Caller::key(Arc::clone(&known.access), Arc::clone(&known.scopes)))
}

/// A console user who shows a key instead of a session. In a project whoever has the same id is somebody else.
async fn of_account(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    credentials: &Credentials,
) -> Result<Caller, Error> {
    let found = if project.place.is_console() { stored(app, &project.place, secret).await? } else { None };
    let Some(known) = found else { return Ok(Caller::guest()) };
    let KeyRing::Account(user) = &known.key.ring else { return Ok(Caller::guest()) };
    if credentials.key_user.as_deref() != Some(user.as_str()) {
        return Err(Fault::UserIdMissing.error());
    }
    check_end(app, &known, Fault::AccountKeyExpired)?;
    let Some(account) = account(app, &project.place, user.as_str()).await? else {
        return Ok(Caller::guest());
    };
    let mut caller = Caller::user(Arc::clone(&account.without_session));
    caller.scopes = Arc::clone(&known.scopes);
    caller.account_key = Some(Arc::clone(&known.key));
    Ok(caller)
}

/// An organization at work on itself or on one of its projects.
async fn of_organization(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    credentials: &Credentials,
    target: &AdminTarget,
) -> Result<Caller, Error> {
    let found = stored(app, &ProjectRef::console(), secret).await?;
    let Some(known) = found else { return Ok(Caller::guest()) };
    let KeyRing::Organization(team) = &known.key.ring else { return Ok(Caller::guest()) };
    if credentials.key_organization.as_deref() != Some(team.as_str()) {
        return Err(Fault::OrganizationIdMissing.error());
    }
    let owner = project.registry.as_ref().map(|row| row.team_id.as_str());
    let is_another = |about: &str| about != team.as_str();
    if owner.or(target.team_id.as_deref()).is_some_and(is_another) {
        return Ok(Caller::guest());
    }
    check_end(app, &known, Fault::ProjectKeyExpired)?;
    let roles = [Role::Any, Role::team(team.as_str()), Role::Team(team.0.clone(), Some(OWNER.to_owned()))];
    let mut caller = Caller::key(Arc::clone(&known.access), Arc::clone(&known.scopes));
    caller.roles = Arc::new(roles.into_iter().collect());
    Ok(caller)
}

fn check_end(app: &App, known: &KnownKey, fault: Fault) -> Result<(), Error> {
    if known.key.is_expired(app.clock.now()) { Err(fault.with("key", &known.key.id)) } else { Ok(()) }
}

/// The key with this secret that is kept here, on whatever ring.
async fn stored(app: &App, place: &ProjectRef, secret: &str) -> Result<Option<Arc<KnownKey>>, Error> {
    let lookup = app.secrets.lookup(secret);
    let wanted = &lookup;
    let load = || async move {
        let found: Result<_, StoreError> =
            app.store.read(place, |tx| async move { tx.key_by_lookup(wanted).await }).await;
        Ok(found?.map(|key| Arc::new(known(key))))
    };
    app.keys.0.get(&app.store, place, &lookup, load).await
}

fn known(key: Key) -> KnownKey {
    // COMPAT(appwrite): only a project's keys have more scopes than they list.
    let scopes = match key.ring {
        KeyRing::Standard | KeyRing::Dev => with_own(&key.scopes),
        KeyRing::Account(_) | KeyRing::Organization(_) => key.scopes.clone().into(),
    };
    let key = Arc::new(key);
    let access = KeyAccess { name: key.name.clone(), key: Some(Arc::clone(&key)) };
    KnownKey { key, access: Arc::new(access), scopes }
}

/// The scopes of every key of a project, and its own.
fn with_own(own: &[String]) -> Arc<[String]> {
    let mut held = owned(scopes::KEY);
    held.extend(own.iter().cloned());
    held.into()
}

/// A key that is a signed token.
///
/// INVARIANT: the same secret signs tokens of users, which these people hold themselves; only a token that was made
/// as a key (it lists scopes and names no user) is one.
fn of_token(app: &App, project: &ProjectContext, token: &str) -> Result<Caller, Error> {
    let claims = match verify(&app.secrets, token, app.clock.now()) {
        Ok(claims) => claims,
        Err(TokenError::Expired) => return Err(Fault::ApiKeyExpired.error()),
        Err(TokenError::Invalid) => return Ok(Caller::guest()),
    };
    let is_of_project = claims.get("projectId").and_then(Value::as_str) == Some(project.id());
    let Some(listed) = claims.get("scopes").and_then(Value::as_array) else { return Ok(Caller::guest()) };
    if !is_of_project || claims.contains_key("userId") {
        return Ok(Caller::guest());
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
    let found = stored(app, &project.place, secret).await?;
    let Some(known) = found.filter(|known| known.key.ring == KeyRing::Dev) else { return Ok(false) };
    let is_live = !known.key.is_expired(now);
    if is_live {
        app.accesses.note_key(&project.place, &known.key, now, None);
    }
    Ok(is_live)
}
