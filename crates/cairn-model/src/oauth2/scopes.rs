//! Scopes that applications can be given.
//!
//! INVARIANT: an application acts as a user or for a team and never gets more than these have themselves, so the lists
//! hold nothing that only keys and administrators may do, and nothing with which sessions, tokens or keys are made.

/// Scopes of OpenID, which every server has: they open what is said about the user and nothing of the API.
pub const IDENTITY: [&str; 4] = ["openid", "profile", "email", "phone"];

/// What a scope opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    /// Something of the user alone.
    Account,
    /// Something of the project.
    Project,
    /// Something of a team.
    Organization,
}

impl ScopeKind {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Project => "project",
            Self::Organization => "organization",
        }
    }
}

/// A scope that an application can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppScope {
    /// Its name.
    pub name: &'static str,
    /// What it grants, for people.
    pub about: &'static str,
    /// What it opens.
    pub kind: ScopeKind,
    /// Under what it is listed.
    pub category: &'static str,
    /// Whether a newer scope has taken its place.
    pub is_deprecated: bool,
    /// Whether an installation can have it, which acts for a team and for nobody in particular.
    pub is_installable: bool,
}

const fn identity(name: &'static str, about: &'static str) -> AppScope {
    AppScope {
        name,
        about,
        kind: ScopeKind::Account,
        category: "Identity",
        is_deprecated: false,
        is_installable: false,
    }
}

const fn scope(name: &'static str, category: &'static str, about: &'static str) -> AppScope {
    AppScope { name, about, kind: ScopeKind::Project, category, is_deprecated: false, is_installable: true }
}

impl AppScope {
    const fn of(mut self, kind: ScopeKind) -> Self {
        self.kind = kind;
        self
    }

    const fn old(mut self) -> Self {
        self.is_deprecated = true;
        self
    }

    const fn of_users(mut self) -> Self {
        self.is_installable = false;
        self
    }
}

/// Every scope that the API heeds in an application's token, those of OpenID first.
pub const ALL: &[AppScope] = &[
    identity("openid", "Know who the user is."),
    identity("profile", "See the user's name."),
    identity("email", "See the user's e-mail address."),
    identity("phone", "See the user's phone number."),
    scope("account", "Account", "Read the user's account; nothing of it can be changed.")
        .of(ScopeKind::Account)
        .of_users(),
    scope("teams.read", "Teams", "See teams and their members.").of(ScopeKind::Organization),
    scope("teams.write", "Teams", "Make and change the user's teams and their members.")
        .of(ScopeKind::Organization)
        .of_users(),
    scope("rows.read", "Databases", "Read rows."),
    scope("rows.write", "Databases", "Create, change and delete rows."),
    scope("documents.read", "Databases", "Read documents.").old(),
    scope("documents.write", "Databases", "Create, change and delete documents.").old(),
    scope("files.read", "Storage", "Read files."),
    scope("files.write", "Storage", "Create, change and delete files."),
    scope("executions.read", "Functions", "See executions of functions.").of_users(),
    scope("executions.write", "Functions", "Execute functions."),
    scope("presences.read", "Presences", "See who is present."),
    scope("presences.write", "Presences", "Tell who is present.").of_users(),
    scope("subscribers.read", "Messaging", "See subscriptions to topics.").of_users(),
    scope("subscribers.write", "Messaging", "Subscribe to topics.").of_users(),
    scope("locale.read", "Other", "Read languages, countries and currencies."),
    scope("avatars.read", "Other", "Make icons, flags and initials."),
];

/// The scopes that an installation can have.
pub fn installable() -> impl Iterator<Item = &'static AppScope> {
    ALL.iter().filter(|scope| scope.is_installable)
}

/// Whether an installation can have the scope.
pub fn is_installable(name: &str) -> bool {
    installable().any(|scope| scope.name == name)
}

/// What the API heeds of the scopes of a token.
pub fn heeded(granted: &[String]) -> Vec<String> {
    let is_heeded = |name: &&String| ALL.iter().any(|scope| scope.name == name.as_str());
    granted.iter().filter(is_heeded).cloned().collect()
}
