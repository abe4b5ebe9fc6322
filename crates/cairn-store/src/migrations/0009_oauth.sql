-- Signing in through providers of identity.

-- A user's links to providers. The tokens are encrypted.
CREATE TABLE cairn_identities (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    provider TEXT NOT NULL,
    provider_uid TEXT NOT NULL,
    provider_email TEXT NOT NULL,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    token_expires BIGINT,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_identities_provider ON cairn_identities (project, provider, provider_uid);
CREATE INDEX cairn_identities_user ON cairn_identities (project, user_id, seq);

-- Sign-ins that were begun and have not come back. What travels through the provider is kept as its hash.
CREATE TABLE cairn_oauth_states (
    project BIGINT NOT NULL,
    hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    memo TEXT NOT NULL,
    callback TEXT NOT NULL,
    verifier TEXT NOT NULL,
    browser_hash TEXT,
    user_id TEXT,
    expires BIGINT NOT NULL,
    PRIMARY KEY (project, hash)
) WITHOUT ROWID;
CREATE INDEX cairn_oauth_states_expires ON cairn_oauth_states (project, expires);

-- The provider's tokens of a session that began through one, encrypted.
ALTER TABLE cairn_sessions ADD COLUMN provider_access TEXT NOT NULL DEFAULT '';
ALTER TABLE cairn_sessions ADD COLUMN provider_refresh TEXT NOT NULL DEFAULT '';
ALTER TABLE cairn_sessions ADD COLUMN provider_expires BIGINT;
