//! What a caller may do, as names that routes ask for.
//!
//! The sets of guests, users and admins are the reference's (`app/config/roles.php`).

/// Scopes of everyone who is not signed in.
pub const GUEST: &[&str] = &[
    "global",
    "public",
    "home",
    "console",
    "graphql",
    "sessions.write",
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "embeddings.write",
    "files.read",
    "files.write",
    "locale.read",
    "avatars.read",
    "executions.write",
];

/// Scopes of a signed-in user.
pub const USER: &[&str] = &[
    "global",
    "public",
    "home",
    "console",
    "graphql",
    "sessions.write",
    "account",
    "teams.read",
    "teams.write",
    "presences.read",
    "presences.write",
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "embeddings.write",
    "files.read",
    "files.write",
    "projects.read",
    "locale.read",
    "avatars.read",
    "executions.read",
    "executions.write",
    "targets.read",
    "targets.write",
    "subscribers.write",
    "subscribers.read",
    "assistant.read",
    "rules.read",
];

/// Scopes of a developer or owner of the organization that a project belongs to.
pub const ADMIN: &[&str] = &[
    "global",
    "graphql",
    "sessions.write",
    "teams.read",
    "teams.write",
    "documents.read",
    "documents.write",
    "rows.read",
    "rows.write",
    "embeddings.write",
    "files.read",
    "files.write",
    "buckets.read",
    "buckets.write",
    "users.read",
    "users.write",
    "apps.read",
    "apps.write",
    "oauth2.read",
    "oauth2.write",
    "presences.read",
    "presences.write",
    "databases.read",
    "databases.write",
    "collections.read",
    "collections.write",
    "tables.read",
    "tables.write",
    "attributes.read",
    "attributes.write",
    "columns.read",
    "columns.write",
    "indexes.read",
    "indexes.write",
    "platforms.read",
    "platforms.write",
    "mocks.read",
    "mocks.write",
    "project.policies.read",
    "project.policies.write",
    "project.oauth2.read",
    "project.oauth2.write",
    "templates.read",
    "templates.write",
    "projects.read",
    "projects.write",
    "keys.read",
    "keys.write",
    "devKeys.read",
    "devKeys.write",
    "webhooks.read",
    "webhooks.write",
    "project.read",
    "project.write",
    "locale.read",
    "avatars.read",
    "health.read",
    "functions.read",
    "functions.write",
    "sites.read",
    "sites.write",
    "log.read",
    "log.write",
    "executions.read",
    "executions.write",
    "rules.read",
    "rules.write",
    "migrations.read",
    "migrations.write",
    "vcs.read",
    "vcs.write",
    "targets.read",
    "targets.write",
    "providers.write",
    "providers.read",
    "messages.write",
    "messages.read",
    "topics.write",
    "topics.read",
    "subscribers.write",
    "subscribers.read",
    "tokens.read",
    "tokens.write",
    "schedules.read",
    "schedules.write",
    "stages.read",
    "stages.write",
    "insights.read",
    "insights.write",
    "reports.read",
    "reports.write",
];

/// Scopes that every key has beside its own.
pub const KEY: &[&str] = &["global", "health.read", "graphql"];

/// A scope that a key can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScopeDef {
    /// Its name, as routes ask for it.
    pub name: &'static str,
    /// Under what the console lists it.
    pub category: &'static str,
    /// Whether a newer scope has taken its place.
    pub is_deprecated: bool,
}

const fn now(name: &'static str, category: &'static str) -> ScopeDef {
    ScopeDef { name, category, is_deprecated: false }
}

const fn old(name: &'static str, category: &'static str) -> ScopeDef {
    ScopeDef { name, category, is_deprecated: true }
}

/// Scopes per key at most.
pub const SCOPES_PER_KEY_MAX: usize = 200;

/// What a project's key can be given.
pub const OF_PROJECT: &[ScopeDef] = &[
    now("project.read", "Project"),
    now("project.write", "Project"),
    now("keys.read", "Project"),
    now("keys.write", "Project"),
    now("platforms.read", "Project"),
    now("platforms.write", "Project"),
    now("mocks.read", "Project"),
    now("mocks.write", "Project"),
    old("policies.read", "Project"),
    old("policies.write", "Project"),
    now("project.policies.read", "Project"),
    now("project.policies.write", "Project"),
    now("project.oauth2.read", "Project"),
    now("project.oauth2.write", "Project"),
    now("templates.read", "Project"),
    now("templates.write", "Project"),
    now("stages.read", "Project"),
    now("stages.write", "Project"),
    now("users.read", "Auth"),
    now("users.write", "Auth"),
    now("sessions.read", "Auth"),
    now("sessions.write", "Auth"),
    now("teams.read", "Auth"),
    now("teams.write", "Auth"),
    now("apps.read", "Auth"),
    now("apps.write", "Auth"),
    now("oauth2.read", "Auth"),
    now("oauth2.write", "Auth"),
    now("databases.read", "Databases"),
    now("databases.write", "Databases"),
    now("tables.read", "Databases"),
    now("tables.write", "Databases"),
    now("columns.read", "Databases"),
    now("columns.write", "Databases"),
    now("indexes.read", "Databases"),
    now("indexes.write", "Databases"),
    now("rows.read", "Databases"),
    now("rows.write", "Databases"),
    now("embeddings.write", "Databases"),
    old("collections.read", "Databases"),
    old("collections.write", "Databases"),
    old("attributes.read", "Databases"),
    old("attributes.write", "Databases"),
    old("documents.read", "Databases"),
    old("documents.write", "Databases"),
    now("buckets.read", "Storage"),
    now("buckets.write", "Storage"),
    now("files.read", "Storage"),
    now("files.write", "Storage"),
    now("tokens.read", "Storage"),
    now("tokens.write", "Storage"),
    now("functions.read", "Functions"),
    now("functions.write", "Functions"),
    now("executions.read", "Functions"),
    now("executions.write", "Functions"),
    old("execution.read", "Functions"),
    old("execution.write", "Functions"),
    now("sites.read", "Sites"),
    now("sites.write", "Sites"),
    now("log.read", "Sites"),
    now("log.write", "Sites"),
    now("providers.read", "Messaging"),
    now("providers.write", "Messaging"),
    now("topics.read", "Messaging"),
    now("topics.write", "Messaging"),
    now("subscribers.read", "Messaging"),
    now("subscribers.write", "Messaging"),
    now("targets.read", "Messaging"),
    now("targets.write", "Messaging"),
    now("messages.read", "Messaging"),
    now("messages.write", "Messaging"),
    now("rules.read", "Proxy"),
    now("rules.write", "Proxy"),
    now("webhooks.read", "Other"),
    now("webhooks.write", "Other"),
    now("locale.read", "Other"),
    now("avatars.read", "Other"),
    now("health.read", "Other"),
    now("assistant.read", "Other"),
    now("migrations.read", "Other"),
    now("migrations.write", "Other"),
    now("schedules.read", "Other"),
    now("schedules.write", "Other"),
    now("vcs.read", "Other"),
    now("vcs.write", "Other"),
    now("insights.read", "Advisor"),
    now("insights.write", "Advisor"),
    now("reports.read", "Advisor"),
    now("reports.write", "Advisor"),
    now("presences.read", "Presences"),
    now("presences.write", "Presences"),
];

/// What an organization's key can be given.
pub const OF_ORGANIZATION: &[ScopeDef] = &[
    now("projects.read", "Projects"),
    now("projects.write", "Projects"),
    now("keys.read", "Projects"),
    now("keys.write", "Projects"),
    now("organization.read", "Organization"),
    now("organization.write", "Organization"),
    now("organization.keys.read", "Organization"),
    now("organization.keys.write", "Organization"),
    now("organization.memberships.read", "Organization"),
    now("organization.memberships.write", "Organization"),
    now("organization.installations.read", "Organization"),
    now("organization.installations.write", "Organization"),
    now("domains.read", "Other"),
    now("domains.write", "Other"),
    old("devKeys.read", "Other"),
    old("devKeys.write", "Other"),
];

/// What a key of a console user can be given.
pub const NAMES_OF_ACCOUNT: [&str; 3] = ["account", "teams.read", "teams.write"];

/// The names of [`OF_PROJECT`].
pub const NAMES_OF_PROJECT: [&str; OF_PROJECT.len()] = names(OF_PROJECT);
/// The names of [`OF_ORGANIZATION`].
pub const NAMES_OF_ORGANIZATION: [&str; OF_ORGANIZATION.len()] = names(OF_ORGANIZATION);

const fn names<const N: usize>(scopes: &[ScopeDef]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut place = 0;
    while place < N {
        names[place] = scopes[place].name;
        place += 1;
    }
    names
}
