-- The system nouns. One text for both engines: `project` is first in every key (the constant 0 in a project's
-- own SQLite file), times are milliseconds since 1970 in UTC, JSON is text, `seq` is the order of making.

-- The registry, in the platform's scope only.
CREATE TABLE cairn_projects (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    team_id TEXT NOT NULL,
    name TEXT NOT NULL,
    region TEXT NOT NULL,
    labels TEXT NOT NULL,
    about TEXT NOT NULL,
    is_going BOOLEAN NOT NULL,
    pinged_at BIGINT,
    accessed_at BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_projects_number ON cairn_projects (project, number);
CREATE INDEX cairn_projects_team ON cairn_projects (project, team_id, seq);

-- Projects with work that a start-up must look for: undelivered facts, due jobs. In the platform's scope only.
CREATE TABLE cairn_markers (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- Numbers that never go back: collections, columns, roles.
CREATE TABLE cairn_counters (
    project BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

-- A project's own settings: services, protocols, auth methods, policies, SMTP.
CREATE TABLE cairn_settings (
    project BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

CREATE TABLE cairn_users (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    password_hash TEXT,
    password_updated BIGINT,
    password_history TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    is_email_verified BOOLEAN NOT NULL,
    is_phone_verified BOOLEAN NOT NULL,
    has_mfa BOOLEAN NOT NULL,
    labels TEXT NOT NULL,
    prefs TEXT NOT NULL,
    search TEXT NOT NULL,
    accessed_at BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_users_email ON cairn_users (project, email);
CREATE UNIQUE INDEX cairn_users_phone ON cairn_users (project, phone);
CREATE INDEX cairn_users_seq ON cairn_users (project, seq);

CREATE TABLE cairn_sessions (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    secret_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    provider_uid TEXT NOT NULL,
    factors TEXT NOT NULL,
    ip TEXT NOT NULL,
    country TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    mfa_updated BIGINT,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, id)
) WITHOUT ROWID;

CREATE TABLE cairn_targets (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    provider_id TEXT,
    provider_type TEXT NOT NULL,
    identifier TEXT NOT NULL,
    is_expired BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_targets_id ON cairn_targets (project, id);
CREATE UNIQUE INDEX cairn_targets_identifier ON cairn_targets (project, identifier);

CREATE TABLE cairn_teams (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    total BIGINT NOT NULL,
    prefs TEXT NOT NULL,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX cairn_teams_seq ON cairn_teams (project, seq);

CREATE TABLE cairn_memberships (
    project BIGINT NOT NULL,
    team_id TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    roles TEXT NOT NULL,
    invited BIGINT NOT NULL,
    joined BIGINT,
    is_confirmed BOOLEAN NOT NULL,
    secret_hash TEXT NOT NULL,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, team_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_memberships_id ON cairn_memberships (project, id);
CREATE UNIQUE INDEX cairn_memberships_user ON cairn_memberships (project, user_id, team_id);
CREATE INDEX cairn_memberships_seq ON cairn_memberships (project, team_id, seq);

-- Standard keys of the project, and its dev keys. The secret is encrypted; `lookup` is its keyed hash.
CREATE TABLE cairn_keys (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    lookup TEXT NOT NULL,
    secret TEXT NOT NULL,
    expires BIGINT,
    accessed_at BIGINT,
    sdks TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_keys_lookup ON cairn_keys (project, lookup);

-- Applications that a project's clients run in.
CREATE TABLE cairn_platforms (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    hostname TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- Addresses that are told of events. Passwords and signing keys are encrypted.
CREATE TABLE cairn_webhooks (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    checks_certificate BOOLEAN NOT NULL,
    auth_username TEXT NOT NULL,
    auth_password TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    logs TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;

-- Variables of the project and of what runs in it. Values are encrypted.
CREATE TABLE cairn_variables (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    resource_type TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    is_secret BOOLEAN NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_variables_key ON cairn_variables (project, resource_type, resource_id, key);

-- Name spaces for collections. `number` is what stands for a database in other tables.
CREATE TABLE cairn_databases (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_databases_number ON cairn_databases (project, number);

-- Collections; the documents of each are in a table of their own, which is named by `number`. `version` counts
-- changes of the schema and the permissions.
CREATE TABLE cairn_collections (
    project BIGINT NOT NULL,
    database_number BIGINT NOT NULL,
    id TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    document_security BOOLEAN NOT NULL,
    permissions TEXT NOT NULL,
    version BIGINT NOT NULL,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, database_number, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_collections_number ON cairn_collections (project, number);

-- `number` names the column and is the order of a document's values.
CREATE TABLE cairn_attributes (
    project BIGINT NOT NULL,
    collection BIGINT NOT NULL,
    number BIGINT NOT NULL,
    key TEXT NOT NULL,
    definition TEXT NOT NULL,
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, collection, number)
) WITHOUT ROWID;

CREATE TABLE cairn_indexes (
    project BIGINT NOT NULL,
    collection BIGINT NOT NULL,
    number BIGINT NOT NULL,
    key TEXT NOT NULL,
    definition TEXT NOT NULL,
    status TEXT NOT NULL,
    error TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, collection, number)
) WITHOUT ROWID;

-- The numbers that stand for roles in the side tables of documents.
CREATE TABLE cairn_roles (
    project BIGINT NOT NULL,
    name TEXT NOT NULL,
    number BIGINT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;

-- Work that outlives its request: schema changes and removals.
CREATE TABLE cairn_jobs (
    project BIGINT NOT NULL,
    number BIGINT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (project, number)
) WITHOUT ROWID;
