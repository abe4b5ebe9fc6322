//! The context of one request: who asks what project, with which rights.

use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{AppId, TeamId, UserId};
use cairn_model::keys::{Key, KeyRing};
use cairn_model::oauth2::TokenFamily;
use cairn_model::permissions::{Role, RoleSet};
use cairn_model::platforms::Platform;
use cairn_model::projects::{Project, Settings};
use cairn_model::sessions::Session;
use cairn_model::teams::Membership;
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::{ProjectRef, Store, StoreError, Tx};

use crate::App;
use crate::claims::Claim;

/// First argument of every use case. Cheap to clone.
#[derive(Clone)]
pub struct Cx {
    /// The server.
    pub app: Arc<App>,
    /// The project that the request is about.
    pub project: Arc<ProjectContext>,
    /// Who asks.
    pub actor: Actor,
    /// What the caller may do, as scopes.
    pub scopes: Arc<[String]>,
    /// The roles that the caller holds, for permissions.
    pub roles: Arc<RoleSet>,
    /// Where the request came from.
    pub request: Arc<RequestInfo>,
    /// Whether the caller shows a JWT instead of a session: one cannot be made with another.
    pub is_by_jwt: bool,
    /// The key of the console user who asks, where it stands in for a session.
    pub account_key: Option<Arc<Key>>,
    /// The application of others that acts, with a token or with a key of its own.
    pub application: Option<Arc<ActingApp>>,
}

/// An application of others that acts.
#[derive(Clone, Debug)]
pub struct ActingApp {
    /// The application.
    pub app_id: AppId,
    /// With what it acts.
    pub by: ActingBy,
}

/// With what an application acts.
#[derive(Clone, Debug)]
pub enum ActingBy {
    /// With a key of its own: as itself, with no right but to see its installations.
    Key,
    /// With a token, for the user or the team of this family.
    Token(Box<TokenFamily>),
}

/// How an OAuth2 client proves itself in the header (RFC 6749, section 2.3.1).
#[derive(Clone)]
pub struct ClientProof {
    /// The client id.
    pub id: String,
    /// The client secret.
    pub secret: String,
}

impl std::fmt::Debug for ClientProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientProof").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Who asks.
#[derive(Clone, Debug)]
pub enum Actor {
    /// Nobody who is known.
    Guest,
    /// A user of the project, through a session or a JWT.
    User(Arc<Identity>),
    /// An application with a key of the project, or of the organization that owns it: permissions are not asked.
    Key(Arc<KeyAccess>),
    /// A console user with a role in the project's organization: permissions are not asked.
    Admin(Arc<Identity>),
}

/// A user, the session of the request, and what the user holds.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The account.
    pub user: Arc<User>,
    /// The session of this request; `None` for a JWT that was made without one.
    pub session: Option<Session>,
    /// The user's memberships, unconfirmed ones too.
    pub memberships: Arc<[Membership]>,
    /// Every role that the user holds.
    pub roles: Arc<RoleSet>,
    /// Whether the user has an authenticator that was verified.
    pub has_authenticator: bool,
    /// Who really acts, where somebody acts as this user.
    pub impersonator: Option<Arc<Identity>>,
}

/// A project, as every request needs it.
#[derive(Clone, Debug)]
pub struct ProjectContext {
    /// Where the project is kept.
    pub place: ProjectRef,
    /// The registry's row; `None` for the console itself.
    pub registry: Option<Project>,
    /// What its owners have chosen.
    pub settings: Settings,
    /// The applications whose origins may call it.
    pub platforms: Vec<Platform>,
}

impl ProjectContext {
    /// The project's id.
    pub fn id(&self) -> &str {
        &self.place.id
    }
}

/// An application that acts with a key.
#[derive(Clone, Debug)]
pub struct KeyAccess {
    /// The stored key; `None` for an ephemeral one.
    pub key: Option<Arc<Key>>,
    /// The name that people gave it.
    pub name: String,
}

/// Where a request came from and how long it may take.
#[derive(Clone, Debug)]
pub struct RequestInfo {
    /// The id of the request, in logs and answers.
    pub id: String,
    /// The client's address.
    pub ip: IpAddr,
    /// The client's own description of itself.
    pub user_agent: String,
    /// The language that the client asks for.
    pub locale: String,
    /// The one-time code of the first console sign-up, when the client sent it.
    pub setup_code: Option<String>,
    /// The organization that the request is about (`X-Appwrite-Organization`).
    pub organization: Option<String>,
    /// The proof that a person asks (`X-Turnstile-Token`).
    pub turnstile: Option<String>,
    /// The SDK that sent the request (`X-SDK-Name`).
    pub sdk: Option<String>,
    /// How an OAuth2 client proves itself (`Authorization: Basic`).
    pub client: Option<ClientProof>,
    /// The idempotency key of the request, where it carries one and its route heeds it.
    pub claim: Option<Arc<Claim>>,
    /// For whom is written, where that is not the caller.
    pub author: Option<Author>,
}

/// Who counts as the one who writes: a user, or nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author(pub Option<UserId>);

impl Default for RequestInfo {
    fn default() -> Self {
        Self {
            id: String::new(),
            ip: IpAddr::V4(Ipv4Addr::LOCALHOST),
            user_agent: String::new(),
            locale: "en".to_owned(),
            setup_code: None,
            organization: None,
            turnstile: None,
            sdk: None,
            client: None,
            claim: None,
            author: None,
        }
    }
}

/// How long one write of a request may run: as long as the reference lets a statement of the API.
pub const LONG_WRITE_TIME_MAX: Duration = Duration::from_secs(15);

impl Cx {
    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.app.ids.unique()
    }

    /// The id that the client chose, or a new one where it left that to the server (`unique()`).
    pub fn id_or_new(&self, chosen: &str) -> String {
        if chosen == "unique()" { self.new_id() } else { chosen.to_owned() }
    }

    /// The next place in the order of making; rises with every call.
    pub fn next_seq(&self) -> i64 {
        self.app.ids.sequence()
    }

    /// The store.
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// Run a write of a request that may be long (bulk writes, cascades): alone in its group, and interrupted and undone as
    /// `database_timeout` when it has run for [`LONG_WRITE_TIME_MAX`].
    pub async fn write_long<T, E, F, Fut>(&self, body: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(Tx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, E>> + Send,
    {
        self.store().write_long(self.project_ref(), LONG_WRITE_TIME_MAX, body).await
    }

    /// The project's place in the store.
    pub fn project_ref(&self) -> &ProjectRef {
        &self.project.place
    }

    /// Whether the request is about the platform itself.
    pub fn is_console(&self) -> bool {
        self.project.place.is_console()
    }

    /// Whether permissions are not asked of this caller: keys and admins.
    pub fn is_privileged(&self) -> bool {
        matches!(self.actor, Actor::Key(_) | Actor::Admin(_))
    }

    /// The organization whose key the caller shows.
    pub fn acting_organization(&self) -> Option<&TeamId> {
        let Actor::Key(access) = &self.actor else { return None };
        match &access.key.as_ref()?.ring {
            KeyRing::Organization(team) => Some(team),
            _ => None,
        }
    }

    /// Whether the caller holds the role.
    pub fn has_role(&self, role: &Role) -> bool {
        self.roles.contains(role)
    }

    /// Whether the caller has the scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }

    /// The signed-in user; `None` for guests and keys.
    pub fn identity(&self) -> Option<&Arc<Identity>> {
        match &self.actor {
            Actor::User(identity) | Actor::Admin(identity) => Some(identity),
            Actor::Guest | Actor::Key(_) => None,
        }
    }

    /// The signed-in user, or the fault for those who are not.
    pub fn user(&self) -> Result<&User, Error> {
        self.identity().map(|identity| &*identity.user).ok_or_else(|| Fault::UserUnauthorized.error())
    }

    /// The signed-in user's id; `None` for guests and keys.
    pub fn user_id(&self) -> Option<&UserId> {
        self.identity().map(|identity| &identity.user.id)
    }

    /// The session of this request; `None` for guests, keys, and JWTs that were made without one.
    pub fn session(&self) -> Option<&Session> {
        self.identity().and_then(|identity| identity.session.as_ref())
    }

    /// This context for work on another project by the same caller, as console users do on their projects.
    #[must_use]
    pub fn on_project(&self, project: Arc<ProjectContext>) -> Self {
        Self { project, ..self.clone() }
    }
}
