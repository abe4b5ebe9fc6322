//! Applications of others: from the access token or the key that one shows to what it may do.
//!
//! INVARIANT: a token is read anew for every request, with the application and the project's switch, so that nothing
//! outlives its end by a moment.
//! INVARIANT: an application has the roles of its user, or of its team without any role in it, and of the scopes those
//! alone that were allowed and that the API heeds (`oauth2::scopes`): never one of keys and administrators.

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::apps::{AppSecret, Application, Installation, SecretKind};
use cairn_model::oauth2::{Token, TokenFamily, TokenKind, scopes};
use cairn_model::permissions::Role;
use cairn_store::{StoreError, Tx};

use super::identity::account;
use super::{Caller, Credentials, ProjectContext, owned};
use crate::App;
use crate::cx::{ActingApp, ActingBy};

/// Characters of a token at most; what is longer is none.
const TOKEN_CHARS_MAX: usize = 64;

/// Scopes of every application beside those that were allowed: what everybody has.
const OPEN: [&str; 2] = ["global", "public"];

/// A token with everything that decides whether it counts.
struct Known {
    token: Token,
    family: TokenFamily,
    application: Application,
    installation: Option<Installation>,
}

/// Whom or what the token's application acts for.
///
/// # Errors
/// `oauth2_invalid_token` for everything that is no live token: whoever shows one does not mean to be a guest.
pub(super) async fn caller(app: &App, project: &ProjectContext, token: &str) -> Result<Caller, Error> {
    let invalid = |reason: &'static str| Fault::Oauth2InvalidToken.with("reason", reason);
    let server = &project.settings.oauth2;
    if !server.is_enabled || token.len() > TOKEN_CHARS_MAX {
        return Err(invalid("it is unknown"));
    }
    let lookup = app.secrets.lookup(token);
    let known = app.store.read(&project.place, |tx| async move { load(&tx, &lookup).await });
    let known = known.await?.ok_or_else(|| invalid("it is unknown or was revoked"))?;
    if known.token.expires <= app.clock.now() {
        return Err(invalid("it has ended"));
    }
    if !known.application.is_enabled {
        return Err(invalid("the application is disabled"));
    }
    let mut held = owned(&OPEN);
    held.extend(scopes::heeded(&known.family.scopes));
    let mut caller = match (&known.family.user_id, &known.installation) {
        (Some(user), _) => {
            let account = account(app, &project.place, user.as_str()).await?;
            Caller::user(Arc::clone(&account.ok_or_else(|| invalid("the user is gone"))?.without_session))
        }
        (None, Some(installation)) => {
            held.retain(|scope| OPEN.contains(&scope.as_str()) || scopes::is_installable(scope));
            let roles = [Role::Any, Role::team(installation.team_id.as_str())];
            Caller { roles: Arc::new(roles.into_iter().collect()), ..Caller::guest() }
        }
        (None, None) => return Err(invalid("its installation is gone")),
    };
    caller.scopes = held.into();
    let by = ActingBy::Token(Box::new(known.family));
    caller.application = Some(Arc::new(ActingApp { app_id: known.application.id, by }));
    Ok(caller)
}

async fn load(tx: &Tx, lookup: &str) -> Result<Option<Known>, StoreError> {
    let token = tx.token_by_lookup(lookup).await?.filter(|token| token.kind == TokenKind::Access);
    let Some(token) = token else { return Ok(None) };
    let Some(family) = tx.family_by_id(&token.family_id).await? else { return Ok(None) };
    let Some(application) = tx.app_by_id(&family.app_id).await? else { return Ok(None) };
    let installation = match &family.installation_id {
        Some(id) => tx.installation_by_id(id).await?,
        None => None,
    };
    Ok(Some(Known { token, family, application, installation }))
}

/// An application that shows a key of its own, and says whose it is; a guest otherwise.
pub(super) async fn of_key(
    app: &App,
    project: &ProjectContext,
    secret: &str,
    credentials: &Credentials,
) -> Result<Caller, Error> {
    let lookup = app.secrets.lookup(secret);
    let found: Result<Option<(AppSecret, Application)>, StoreError> = app
        .store
        .read(&project.place, |tx| async move {
            let Some(key) = tx.app_secret_by_lookup(SecretKind::Key, &lookup).await? else { return Ok(None) };
            Ok(tx.app_by_id(&key.app_id).await?.map(|application| (key, application)))
        })
        .await;
    let Some((key, application)) = found?.filter(|(_, application)| application.is_enabled) else {
        return Ok(Caller::guest());
    };
    if credentials.key_app.as_deref() != Some(application.id.as_str()) {
        return Ok(Caller::guest());
    }
    app.accesses.note_app_key(&project.place, &key, app.clock.now());
    let roles = Arc::new([Role::Any].into_iter().collect());
    let acting = ActingApp { app_id: application.id, by: ActingBy::Key };
    Ok(Caller { scopes: owned(&OPEN).into(), roles, application: Some(Arc::new(acting)), ..Caller::guest() })
}
