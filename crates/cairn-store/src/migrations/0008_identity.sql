-- Second factors, what administrators decide about accounts, and the log of what people did.

-- Whether the user may act as others.
ALTER TABLE cairn_users ADD COLUMN is_impersonator BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether the password must be changed before anything else.
ALTER TABLE cairn_users ADD COLUMN needs_new_password BOOLEAN NOT NULL DEFAULT FALSE;

-- What makes a user's time-based codes. `step` is the newest time step whose code was used.
CREATE TABLE cairn_authenticators (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    is_verified BOOLEAN NOT NULL,
    step BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, user_id)
) WITHOUT ROWID;

-- Codes for who has lost every other factor, each used once: found by a keyed hash, and encrypted where the API
-- gives them back.
CREATE TABLE cairn_recovery_codes (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    lookup TEXT NOT NULL,
    seq BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (project, user_id, lookup)
) WITHOUT ROWID;

-- Questions for a second factor that are not answered yet.
CREATE TABLE cairn_challenges (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    factor TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    sealed_code TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, id)
) WITHOUT ROWID;

-- What was done, by whom and from where. `subject_id` is the user whom an entry is about.
CREATE TABLE cairn_logs (
    project BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    event TEXT NOT NULL,
    resource TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_email TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    mode TEXT NOT NULL,
    ip TEXT NOT NULL,
    country TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, seq)
) WITHOUT ROWID;
CREATE INDEX cairn_logs_subject ON cairn_logs (project, subject_id, seq);
CREATE INDEX cairn_logs_resource ON cairn_logs (project, resource, seq);
