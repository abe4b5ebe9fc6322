//! Who asks, and whether the route is for them: the one way from credentials to a [`Cx`].
//!
//! Order: project, credentials, service and protocol toggles, scope, blocked. The reference's order, because what is
//! refused first is part of its contract.

mod credentials;
mod identity;
mod project;

use std::sync::Arc;

use cairn_faults::{Error, Fault};
use cairn_model::permissions::{Role, RoleSet};
use cairn_model::scopes;

pub(crate) use credentials::Keys;
pub use credentials::{Credentials, has_dev_key};
pub(crate) use identity::Identities;
pub use identity::{Identity, identity};
pub(crate) use project::Projects;
pub use project::{ProjectContext, owner_of, project};

use crate::{Actor, App, Cx, RequestInfo};

/// What a route asks of its caller.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// Scopes of which one is enough; none is asked where this is empty.
    pub scopes: &'static [&'static str],
    /// The service that the route belongs to, for the project's toggles.
    pub service: &'static str,
}

/// The project that holds the caller's rights as an admin, beside the one of the request.
#[derive(Clone, Debug, Default)]
pub struct AdminTarget {
    /// The project named in the path of a management route.
    pub path_project: Option<String>,
    /// The organization whose roles count on a route of the console itself.
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
    let cx = Cx {
        app: Arc::clone(app),
        project,
        actor: caller.actor,
        scopes: caller.scopes.into(),
        roles: Arc::new(caller.roles),
        request: Arc::new(request),
        is_by_jwt: credentials.jwt.is_some(),
    };
    check(&cx, access)?;
    crate::accesses::note(&cx);
    Ok(cx)
}

fn check(cx: &Cx, access: Access) -> Result<(), Error> {
    let settings = &cx.project.settings;
    if !cx.is_privileged() {
        if settings.disabled_services.contains(access.service) {
            return Err(Fault::GeneralServiceDisabled.with("service", access.service));
        }
        if settings.disabled_protocols.contains("rest") {
            return Err(Fault::GeneralApiDisabled.error());
        }
    }
    if !access.scopes.is_empty() && !access.scopes.iter().any(|scope| cx.has_scope(scope)) {
        let fault = match cx.actor {
            Actor::Guest => Fault::Unauthenticated,
            _ => Fault::GeneralUnauthorizedScope,
        };
        return Err(fault.with("role", role_name(cx)).with("scopes", serde_json::json!(access.scopes)));
    }
    match cx.identity() {
        Some(identity) if !identity.user.is_active => Err(Fault::UserBlocked.error()),
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

/// A caller before the route's own questions.
struct Caller {
    actor: Actor,
    scopes: Vec<String>,
    roles: RoleSet,
}

impl Caller {
    fn guest() -> Self {
        Self { actor: Actor::Guest, scopes: owned(scopes::GUEST), roles: RoleSet::guest() }
    }

    fn user(identity: Arc<Identity>) -> Self {
        Self { roles: identity.roles.clone(), scopes: owned(scopes::USER), actor: Actor::User(identity) }
    }

    fn key(access: crate::cx::KeyAccess, own: &[String]) -> Self {
        let mut held = owned(scopes::KEY);
        held.extend(own.iter().cloned());
        let roles = [Role::Any].into_iter().collect();
        Self { actor: Actor::Key(Arc::new(access)), scopes: held, roles }
    }
}

fn owned(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}
