//! From what a client sent to who it is.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::keys::{Key, KeyKind};
use cairn_model::permissions::{Role, RoleSet};
use cairn_model::scopes;
use cairn_store::{Noun, ProjectRef, StoreError};
use serde_json::Value;

use super::identity::{Identity, account};
use super::{AdminTarget, Caller, ProjectContext, owned};
use crate::cache::Cache;
use crate::cx::KeyAccess;
use crate::secrets::{hash_secret, is_equal};
use crate::tokens::{TokenError, parse_session_value, verify};
use crate::{Actor, App};

/// Keys that are kept at once over all projects, unknown ones too.
const KEYS_KEPT_MAX: u64 = 20_000;

/// Keys that requests have shown, by the keyed hash of their secret.
pub(crate) struct Keys(Cache<Option<Arc<Key>>>);

impl Default for Keys {
    fn default() -> Self {
        Self(Cache::new(Noun::Key, KEYS_KEPT_MAX))
    }
}

/// What a request carries to say who sent it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// Session values in the order in which they are tried; of the console when `is_admin_mode`.
    pub sessions: Vec<String>,
    /// A JWT of a user.
    pub jwt: Option<String>,
    /// A key of the project.
    pub key: Option<String>,
    /// A dev key of the project.
    pub dev_key: Option<String>,
    /// Whether a console user acts on a project.
    pub is_admin_mode: bool,
}

pub(super) async fn caller(
    app: &Arc<App>,
    project: &Arc<ProjectContext>,
    credentials: &Credentials,
    admin: &AdminTarget,
) -> Result<Caller, Error> {
    let acts_as_admin = credentials.is_admin_mode && !project.place.is_console();
    let home = if acts_as_admin { ProjectRef::console() } else { project.place.clone() };
    let by_session = of_session(app, &home, credentials).await?;
    if let Some(jwt) = &credentials.jwt
        && by_session.is_some()
    {
        return Err(Fault::UserJwtAndCookieSet.error().detail(jwt.len()));
    }
    let identity = match &credentials.jwt {
        Some(jwt) => of_jwt(app, &home, jwt).await?,
        None => by_session,
    };
    if let Some(key) = &credentials.key {
        return of_key(app, project, key, identity.is_some()).await;
    }
    let Some(identity) = identity else { return Ok(Caller::guest()) };
    let team = if acts_as_admin {
        project.registry.as_ref().map(|row| row.team_id.as_str().to_owned())
    } else {
        admin.team_id.clone().filter(|_| project.place.is_console())
    };
    match team {
        Some(team) => {
            let managed = admin.path_project.as_deref().unwrap_or(project.id());
            of_admin(identity, &team, managed, acts_as_admin)
        }
        None => Ok(Caller::user(identity)),
    }
}

async fn of_session(
    app: &App,
    home: &ProjectRef,
    credentials: &Credentials,
) -> Result<Option<Arc<Identity>>, Error> {
    let Some((user_id, secret)) = credentials.sessions.iter().find_map(|value| parse_session_value(value))
    else {
        return Ok(None);
    };
    let Some(account) = account(app, home, &user_id).await? else { return Ok(None) };
    let (hash, now) = (hash_secret(&secret), app.clock.now());
    let matching = account.sessions.iter().find(|identity| {
        identity
            .session
            .as_ref()
            .is_some_and(|session| session.is_live(now) && is_equal(&session.secret_hash, &hash))
    });
    Ok(matching.cloned())
}

async fn of_jwt(app: &App, home: &ProjectRef, jwt: &str) -> Result<Option<Arc<Identity>>, Error> {
    let now = app.clock.now();
    let claims = verify(&app.secrets, jwt, now).map_err(|error| {
        Fault::UserJwtInvalid.with(
            "reason",
            match error {
                TokenError::Invalid => "it was not signed by this server",
                TokenError::Expired => "it has ended",
            },
        )
    })?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    // A token of another project names users of that project only.
    if text("projectId") != &*home.id {
        return Err(Fault::UserJwtInvalid.with("reason", "it belongs to another project"));
    }
    let Some(account) = account(app, home, text("userId")).await? else { return Ok(None) };
    let session_id = text("sessionId");
    if session_id.is_empty() {
        return Ok(Some(Arc::clone(&account.without_session)));
    }
    let matching = account.sessions.iter().find(|identity| {
        let session = identity.session.as_ref();
        session.is_some_and(|session| session.id.as_str() == session_id && session.is_live(now))
    });
    Ok(matching.cloned())
}

async fn of_key(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    has_session: bool,
) -> Result<Caller, Error> {
    if let Some(token) = secret.strip_prefix("ephemeral_").or_else(|| secret.strip_prefix("dynamic_")) {
        return of_ephemeral_key(app, project, token);
    }
    // The prefix says what kind of key it is; the secret counts with it and without.
    let found = stored_key(app, project, secret.strip_prefix("standard_").unwrap_or(secret)).await?;
    let Some(key) = found.filter(|key| key.kind == KeyKind::Standard) else { return Ok(Caller::guest()) };
    if has_session {
        return Err(Fault::UserApiKeyAndSessionSet.error());
    }
    if key.is_expired(app.clock.now()) {
        return Err(Fault::ProjectKeyExpired.with("key", &key.id));
    }
    let scopes = key.scopes.clone();
    Ok(Caller::key(KeyAccess { name: key.name.clone(), key: Some(key) }, &scopes))
}

/// The key of the project with this secret, whatever its kind.
async fn stored_key(app: &App, project: &ProjectContext, secret: &str) -> Result<Option<Arc<Key>>, Error> {
    let lookup = app.secrets.lookup(secret);
    let wanted = &lookup;
    let load = || async move {
        let found: Result<_, StoreError> =
            app.store.read(&project.place, |tx| async move { tx.key_by_lookup(wanted).await }).await;
        Ok(found?.map(Arc::new))
    };
    app.keys.0.get(&app.store, &project.place, &lookup, load).await
}

fn of_ephemeral_key(app: &App, project: &ProjectContext, token: &str) -> Result<Caller, Error> {
    let claims = match verify(&app.secrets, token, app.clock.now()) {
        Ok(claims) => claims,
        Err(TokenError::Expired) => return Err(Fault::ProjectKeyExpired.error()),
        Err(TokenError::Invalid) => return Ok(Caller::guest()),
    };
    if claims.get("projectId").and_then(Value::as_str) != Some(project.id()) {
        return Ok(Caller::guest());
    }
    let own: Vec<String> = claims
        .get("scopes")
        .and_then(Value::as_array)
        .map(|scopes| scopes.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let name = claims.get("name").and_then(Value::as_str).unwrap_or("Ephemeral key").to_owned();
    Ok(Caller::key(KeyAccess { key: None, name }, &own))
}

/// Whether the request shows a dev key of the project that has not ended.
pub async fn has_dev_key(
    app: &App,
    project: &ProjectContext,
    credentials: &Credentials,
) -> Result<bool, Error> {
    let Some(secret) = &credentials.dev_key else { return Ok(false) };
    let found = stored_key(app, project, secret).await?;
    Ok(found.is_some_and(|key| key.kind == KeyKind::Dev && !key.is_expired(app.clock.now())))
}

/// A console user with the rights that roles in the owning organization give.
fn of_admin(
    identity: Arc<Identity>,
    team: &str,
    managed: &str,
    acts_as_admin: bool,
) -> Result<Caller, Error> {
    let membership = identity
        .memberships
        .iter()
        .find(|membership| membership.is_confirmed && membership.team_id.as_str() == team);
    let Some(membership) = membership else {
        return Err(Fault::UserUnauthorized.error());
    };
    let own_prefix = format!("project-{managed}-");
    let mut held = owned(&["teams.read", "projects.read"]);
    let mut has_rights = false;
    for role in &membership.roles {
        let name = match role.strip_prefix("project-") {
            None => role.as_str(),
            Some(_) => match role.strip_prefix(&own_prefix) {
                Some(name) => name,
                None => continue,
            },
        };
        let granted: &[&[&str]] = match name {
            "owner" => &[scopes::USER, scopes::ADMIN],
            "developer" | "admin" => &[scopes::ADMIN],
            _ => &[],
        };
        has_rights |= !granted.is_empty();
        held.extend(granted.iter().flat_map(|scopes| owned(scopes)));
    }
    if acts_as_admin && !has_rights {
        return Err(Fault::ProjectNotFound.with("project", managed));
    }
    held.sort_unstable();
    held.dedup();
    let mut roles: RoleSet = identity.roles.clone();
    roles.insert(Role::team(team));
    Ok(Caller { actor: Actor::Admin(identity), scopes: held, roles })
}
