-- Applications of others that act for a project's users: the project as an OAuth2 and OpenID server.

CREATE TABLE cairn_apps (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    has_device_flow BOOLEAN NOT NULL,
    team_id TEXT,
    user_id TEXT,
    labels TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    about TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX cairn_apps_seq ON cairn_apps (project, seq);
CREATE INDEX cairn_apps_user ON cairn_apps (project, user_id);
CREATE INDEX cairn_apps_team ON cairn_apps (project, team_id);

-- Client secrets and keys of applications, by the keyed hash.
CREATE TABLE cairn_app_secrets (
    project BIGINT NOT NULL,
    lookup TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    app_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    hint TEXT NOT NULL,
    creator_id TEXT NOT NULL,
    creator_name TEXT NOT NULL,
    accessed_at BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, lookup)
) WITHOUT ROWID;
CREATE INDEX cairn_app_secrets_app ON cairn_app_secrets (project, app_id, kind, seq);

CREATE TABLE cairn_installations (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    app_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    details TEXT NOT NULL,
    creator_id TEXT NOT NULL,
    creator_name TEXT NOT NULL,
    accessed_at BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_installations_place ON cairn_installations (project, team_id, app_id);
CREATE INDEX cairn_installations_app ON cairn_installations (project, app_id, seq);

-- What an application asks of a user, from the question to the code that is spent for tokens.
CREATE TABLE cairn_oauth2_grants (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    user_id TEXT,
    state TEXT NOT NULL,
    request TEXT NOT NULL,
    -- The keyed hash of a pushed request's handle, or of a device's code.
    handle TEXT,
    user_code TEXT,
    code TEXT,
    family_id TEXT,
    auth_time BIGINT,
    polled BIGINT,
    interval_seconds BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_oauth2_grants_handle ON cairn_oauth2_grants (project, handle);
CREATE UNIQUE INDEX cairn_oauth2_grants_user_code ON cairn_oauth2_grants (project, user_code);
CREATE UNIQUE INDEX cairn_oauth2_grants_code ON cairn_oauth2_grants (project, code);
CREATE INDEX cairn_oauth2_grants_expires ON cairn_oauth2_grants (project, expires);
CREATE INDEX cairn_oauth2_grants_user ON cairn_oauth2_grants (project, user_id, app_id);
CREATE INDEX cairn_oauth2_grants_app ON cairn_oauth2_grants (project, app_id);

CREATE TABLE cairn_oauth2_consents (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    details TEXT NOT NULL,
    expires BIGINT,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_oauth2_consents_user ON cairn_oauth2_consents (project, user_id, app_id);
CREATE INDEX cairn_oauth2_consents_app ON cairn_oauth2_consents (project, app_id);

-- What was given once and is refreshed since: the tokens of one device, or of one installation.
CREATE TABLE cairn_oauth2_families (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    app_id TEXT NOT NULL,
    user_id TEXT,
    consent_id TEXT,
    installation_id TEXT,
    scopes TEXT NOT NULL,
    resources TEXT NOT NULL,
    details TEXT NOT NULL,
    auth_time BIGINT,
    access_expires BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX cairn_oauth2_families_consent ON cairn_oauth2_families (project, consent_id, seq);
CREATE INDEX cairn_oauth2_families_installation ON cairn_oauth2_families (project, installation_id, seq);
CREATE INDEX cairn_oauth2_families_app ON cairn_oauth2_families (project, app_id);
CREATE INDEX cairn_oauth2_families_user ON cairn_oauth2_families (project, user_id);
CREATE INDEX cairn_oauth2_families_expires ON cairn_oauth2_families (project, expires);

-- Access and refresh tokens by the keyed hash; a refresh token that was spent is kept, to know it when it is shown again.
CREATE TABLE cairn_oauth2_tokens (
    project BIGINT NOT NULL,
    lookup TEXT NOT NULL,
    kind TEXT NOT NULL,
    family_id TEXT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, lookup)
) WITHOUT ROWID;
CREATE INDEX cairn_oauth2_tokens_family ON cairn_oauth2_tokens (project, family_id, kind, used);
CREATE INDEX cairn_oauth2_tokens_expires ON cairn_oauth2_tokens (project, expires);
