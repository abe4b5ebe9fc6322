//! Who asks, and whether the route is for them: the one way from credentials to a [`Cx`].
//!
//! Order: project, credentials, service and protocol toggles, scope, blocked, second factor. The reference's order, because what is
//! refused first is part of its contract.

mod access_tokens;
mod admin;
mod bearers;
mod credentials;
mod identity;
mod impersonation;
mod keys;
mod project;
#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use cairn_faults::{Error, Fault};
use cairn_model::keys::Key;
use cairn_model::permissions::{Role, RoleSet};
use cairn_model::scopes;

pub(crate) use bearers::Bearers;
pub use credentials::{Credentials, Impersonated};
pub(crate) use identity::Identities;
pub use identity::identity;
pub(crate) use keys::Keys;
pub use keys::has_dev_key;
pub(crate) use project::Projects;
pub use project::{owner_of, project};

use crate::cx::{ActingApp, Identity, KeyAccess, ProjectContext};
use crate::{Actor, App, Cx, RequestInfo};

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// Scopes of which one is enough; none is asked where this is empty.
    pub scopes: &'static [&'static str],
    /// The service that the route belongs to, for the project's toggles.
    pub service: &'static str,
    /// Whether the route only reads.
    pub is_reading: bool,
}

/// What a request to the console is about: whose roles count, and for which project.
#[derive(Clone, Debug, Default)]
pub struct AdminTarget {
    /// The project named in the path of a management route; `team_id` is its owner then.
    pub path_project: Option<String>,
    /// The organization whose roles count.
    pub team_id: Option<String>,
}

/// Find out who asks and whether they may use the route.
pub async fn resolve(
    app: &Arc<App>,
    project: Arc<ProjectContext>,
    credentials: &Credentials,
    admin: &AdminTarget,
    access: Access,
    request: RequestInfo,
) -> Result<Cx, Error> {
    let caller = credentials::caller(app, &project, credentials, admin).await?;
    let refusal = caller.refusal;
    let cx = Cx {
        app: Arc::clone(app),
        project,
        actor: caller.actor,
        scopes: caller.scopes,
        roles: caller.roles,
        request: Arc::new(request),
        is_by_jwt: credentials.jwt.is_some() || credentials.access_token.is_some(),
        account_key: caller.account_key,
        application: caller.application,
    };
    check(&cx, access, refusal)?;
    crate::accesses::note(&cx);
    Ok(cx)
}

/// `refusal` says why a credential that was shown makes its holder a guest.
fn check(cx: &Cx, access: Access, refusal: Option<Fault>) -> Result<(), Error> {
    let settings = &cx.project.settings;
    if !cx.is_privileged() {
        // Toggles are in lower case, SDKs write `tablesDB`.
        if settings.disabled_services.iter().any(|name| name.eq_ignore_ascii_case(access.service)) {
            return Err(Fault::GeneralServiceDisabled.with("service", access.service));
        }
        if settings.disabled_protocols.contains("rest") {
            return Err(Fault::GeneralApiDisabled.error());
        }
    }
    // INVARIANT: an application reads the account of its user and changes nothing of it, so that no session, token, factor or
    // consent comes of a token.
    let opens = |scope: &str| cx.application.is_none() || access.is_reading || scope != "account";
    if !access.scopes.is_empty() && !access.scopes.iter().any(|scope| opens(scope) && cx.has_scope(scope)) {
        let fault = match cx.actor {
            Actor::Guest => refusal.unwrap_or(Fault::Unauthenticated),
            _ => Fault::GeneralUnauthorizedScope,
        };
        return Err(fault.with("role", role_name(cx)).with("scopes", serde_json::json!(access.scopes)));
    }
    match cx.identity() {
        Some(identity) if !identity.user.is_active => Err(Fault::UserBlocked.error()),
        _ => Ok(()),
    }
}

/// Refuse a session that still lacks the second factor which its user asked for.
///
/// Asked by every route but those through which the factor is proved, after [`resolve`].
///
/// # Errors
/// `user_more_factors_required`.
pub fn require_factors(cx: &Cx) -> Result<(), Error> {
    let Some(identity) = cx.identity() else { return Ok(()) };
    // Who acts as another proves the own factors: the other's session is nobody's.
    let identity = identity.impersonator.as_ref().unwrap_or(identity);
    let Some(session) = &identity.session else { return Ok(()) };
    let user = &identity.user;
    // Without an authenticator and a proved address there is no second factor: the first one is enough then.
    let has_another = user.is_email_verified || user.is_phone_verified || identity.has_authenticator;
    if user.has_mfa && has_another && session.factors.len() < 2 {
        return Err(Fault::UserMoreFactorsRequired.error());
    }
    Ok(())
}

/// Refuse a user whose password must be changed before anything else.
///
/// Asked by every route but those through which that is done, after [`resolve`] and before the second factor.
///
/// # Errors
/// `user_password_reset_required`.
pub fn require_password(cx: &Cx) -> Result<(), Error> {
    match cx.identity() {
        Some(identity) if identity.user.needs_new_password => Err(Fault::UserPasswordResetRequired.error()),
        _ => Ok(()),
    }
}

/// What the caller is, in the contract's word.
fn role_name(cx: &Cx) -> &'static str {
    match &cx.actor {
        Actor::Guest => "guests",
        Actor::Key(_) => "applications",
        Actor::User(_) => "users",
        Actor::Admin(_) => "admins",
    }
}

static GUEST_SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| owned(scopes::GUEST).into());
static USER_SCOPES: LazyLock<Arc<[String]>> = LazyLock::new(|| owned(scopes::USER).into());
static GUEST_ROLES: LazyLock<Arc<RoleSet>> = LazyLock::new(|| Arc::new(RoleSet::guest()));
static KEY_ROLES: LazyLock<Arc<RoleSet>> = LazyLock::new(|| Arc::new([Role::Any].into_iter().collect()));

/// A caller before the route's own questions.
struct Caller {
    actor: Actor,
    scopes: Arc<[String]>,
    roles: Arc<RoleSet>,
    /// Why a credential that was shown makes its holder a guest, where that can be told.
    refusal: Option<Fault>,
    /// A console user's key that was shown instead of a session.
    account_key: Option<Arc<Key>>,
    /// The application of others that acts.
    application: Option<Arc<ActingApp>>,
}

impl Caller {
    fn guest() -> Self {
        let (scopes, roles) = (Arc::clone(&GUEST_SCOPES), Arc::clone(&GUEST_ROLES));
        Self { actor: Actor::Guest, scopes, roles, account_key: None, application: None, refusal: None }
    }

    /// A guest whose token was good once.
    fn refused(why: Fault) -> Self {
        Self { refusal: Some(why), ..Self::guest() }
    }

    fn user(identity: Arc<Identity>) -> Self {
        let (scopes, roles) = (Arc::clone(&USER_SCOPES), Arc::clone(&identity.roles));
        Self { actor: Actor::User(identity), scopes, roles, ..Self::guest() }
    }

    fn key(access: Arc<KeyAccess>, scopes: Arc<[String]>) -> Self {
        let roles = Arc::clone(&KEY_ROLES);
        Self { actor: Actor::Key(access), scopes, roles, ..Self::guest() }
    }
}

fn owned(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}
