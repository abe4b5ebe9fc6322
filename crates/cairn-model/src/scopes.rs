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
    "global", "graphql", "sessions.write", "teams.read", "teams.write", "documents.read", "documents.write",
    "rows.read", "rows.write", "embeddings.write", "files.read", "files.write", "buckets.read",
    "buckets.write", "users.read", "users.write", "presences.read", "presences.write", "databases.read",
    "databases.write", "collections.read", "collections.write", "tables.read", "tables.write",
    "attributes.read", "attributes.write", "columns.read", "columns.write", "indexes.read", "indexes.write",
    "platforms.read", "platforms.write", "mocks.read", "mocks.write", "project.policies.read",
    "project.policies.write", "project.oauth2.read", "project.oauth2.write", "templates.read",
    "templates.write", "projects.read", "projects.write", "keys.read", "keys.write", "devKeys.read",
    "devKeys.write", "webhooks.read", "webhooks.write", "project.read", "project.write", "locale.read",
    "avatars.read", "health.read", "functions.read", "functions.write", "sites.read", "sites.write",
    "log.read", "log.write", "executions.read", "executions.write", "rules.read", "rules.write",
    "migrations.read", "migrations.write", "vcs.read", "vcs.write", "targets.read", "targets.write",
    "providers.write", "providers.read", "messages.write", "messages.read", "topics.write", "topics.read",
    "subscribers.write", "subscribers.read", "tokens.read", "tokens.write", "schedules.read",
    "schedules.write", "stages.read", "stages.write", "insights.read", "insights.write", "reports.read",
    "reports.write",
];

/// Scopes that every key has beside its own.
pub const KEY: &[&str] = &["global", "health.read", "graphql"];
