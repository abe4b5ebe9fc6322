//! From what a client sent to who it is.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_store::ProjectRef;
use serde_json::Value;

use super::identity::account;
use super::{AdminTarget, Caller, access_tokens, admin, bearers, impersonation, keys};
use crate::App;
use crate::cx::{Identity, ProjectContext};
use crate::secrets::{hash_secret, is_equal};
use crate::tokens::{SessionValue, TokenError, verify};

/// What a request carries to say who sent it.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// A session; of the console when `is_admin_mode`.
    pub session: Option<SessionValue>,
    /// A JWT of a user.
    pub jwt: Option<String>,
    /// A key of the project, of a console user or of an organization.
    pub key: Option<String>,
    /// The opaque token of a session of the account API. It excludes all others.
    pub bearer: Option<String>,
    /// The access token of an application (`Authorization: Bearer`). It excludes all others.
    pub access_token: Option<String>,
    /// The application whose key it is (`X-Appwrite-App`).
    pub key_app: Option<String>,
    /// The console user whose key it is (`X-Appwrite-User`).
    pub key_user: Option<String>,
    /// The organization whose key it is (`X-Appwrite-Organization`).
    pub key_organization: Option<String>,
    /// A dev key of the project.
    pub dev_key: Option<String>,
    /// Whether a console user acts on a project.
    pub is_admin_mode: bool,
    /// As whom the caller wants to act.
    pub impersonated: Option<Impersonated>,
}

/// A user as whom somebody wants to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Impersonated {
    /// The one with this id.
    ById(String),
    /// The one with this e-mail address.
    ByEmail(String),
    /// The one with this phone number.
    ByPhone(String),
}

pub(super) async fn caller(
    app: &Arc<App>,
    project: &Arc<ProjectContext>,
    credentials: &Credentials,
    target: &AdminTarget,
) -> Result<Caller, Error> {
    if let Some(token) = &credentials.bearer {
        return bearers::caller(app, project, token).await;
    }
    if let Some(token) = &credentials.access_token {
        return access_tokens::caller(app, project, token).await;
    }
    let acts_as_admin = credentials.is_admin_mode && !project.place.is_console();
    let console;
    let home = if acts_as_admin {
        console = ProjectRef::console();
        &console
    } else {
        &project.place
    };
    let by_session = of_session(app, home, credentials).await?;
    let identity = match &credentials.jwt {
        Some(_) if by_session.is_some() => return Err(Fault::UserJwtAndCookieSet.error()),
        Some(jwt) => of_jwt(app, home, jwt).await?,
        None => by_session,
    };
    // COMPAT(appwrite): a key wins over a session, but for who says that the key is a user's.
    if let Some(key) = &credentials.key {
        if credentials.key_user.is_some() && identity.is_some() {
            return Err(Fault::UserApiKeyAndSessionSet.error());
        }
        return keys::caller(app, project, key, credentials, target).await;
    }
    let Some(identity) = identity else { return Ok(Caller::guest()) };
    let identity = impersonation::of(app, home, identity, credentials.impersonated.as_ref()).await?;
    match (&project.registry, &target.path_project, &target.team_id) {
        (Some(row), _, _) if acts_as_admin => admin::of_project(identity, row.team_id.as_str(), project.id()),
        (None, Some(managed), Some(team)) => admin::of_project(identity, team, managed),
        (None, None, Some(team)) => admin::of_organization(identity, team),
        _ if impersonation::is_allowed(&identity) => Ok(impersonation::caller(identity)),
        _ => Ok(Caller::user(identity)),
    }
}

/// Who holds the session.
async fn of_session(
    app: &App,
    home: &ProjectRef,
    credentials: &Credentials,
) -> Result<Option<Arc<Identity>>, Error> {
    let Some(SessionValue { user_id, secret }) = &credentials.session else { return Ok(None) };
    let Some(account) = account(app, home, user_id).await? else { return Ok(None) };
    let (hash, now) = (hash_secret(secret), app.clock.now());
    Ok(account.session(|session| session.is_live(now) && is_equal(&session.secret_hash, &hash)))
}

/// Whom a JWT names, unless the session that it was made with has ended.
///
/// INVARIANT: the same secret signs other tokens; only one that names a user of this project is a user's.
async fn of_jwt(app: &App, home: &ProjectRef, jwt: &str) -> Result<Option<Arc<Identity>>, Error> {
    let now = app.clock.now();
    let invalid = |reason: &str| Fault::UserJwtInvalid.with("reason", reason);
    let claims = verify(&app.secrets, jwt, now).map_err(|error| match error {
        TokenError::Invalid => invalid("it was not signed by this server"),
        TokenError::Expired => invalid("it has ended"),
    })?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("projectId") != &*home.id {
        return Err(invalid("it belongs to another project"));
    }
    if text("userId").is_empty() || claims.contains_key("scopes") {
        return Err(invalid("it is not a user's"));
    }
    let Some(account) = account(app, home, text("userId")).await? else { return Ok(None) };
    let session_id = text("sessionId");
    if session_id.is_empty() {
        return Ok(Some(Arc::clone(&account.without_session)));
    }
    Ok(account.session(|session| session.id.as_str() == session_id && session.is_live(now)))
}
