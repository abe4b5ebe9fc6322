-- What the account API knows of a project's users beside what every surface knows.

-- The public face of a user. It outlives the account: a handle is never given to somebody else.
CREATE TABLE cairn_personas (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    handle TEXT NOT NULL,
    last_name TEXT NOT NULL,
    bio TEXT,
    profile_image TEXT,
    banner_image TEXT,
    deleted BIGINT,
    search TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, user_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_personas_handle ON cairn_personas (project, handle);

-- Sign-ups that wait for the proof of their address.
CREATE TABLE cairn_signups (
    project BIGINT NOT NULL,
    email TEXT NOT NULL,
    id TEXT NOT NULL,
    handle TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, email)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_signups_handle ON cairn_signups (project, handle);
CREATE INDEX cairn_signups_expires ON cairn_signups (project, expires);

-- Opaque tokens of sessions, by the keyed hash; a row outlives its session, so that its end is remembered.
CREATE TABLE cairn_bearers (
    project BIGINT NOT NULL,
    lookup TEXT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    expires_max BIGINT NOT NULL,
    used BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, lookup)
) WITHOUT ROWID;
CREATE INDEX cairn_bearers_expires ON cairn_bearers (project, expires_max);
CREATE INDEX cairn_bearers_session ON cairn_bearers (project, session_id);

-- Single-use tokens, by the keyed hash; remembered for a while after their end.
CREATE TABLE cairn_vouchers (
    project BIGINT NOT NULL,
    lookup TEXT NOT NULL,
    kind TEXT NOT NULL,
    user_id TEXT,
    detail TEXT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, lookup)
) WITHOUT ROWID;
CREATE INDEX cairn_vouchers_expires ON cairn_vouchers (project, expires);
CREATE INDEX cairn_vouchers_user ON cairn_vouchers (project, user_id);

CREATE TABLE cairn_devices (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    lookup TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    seen BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, lookup)
) WITHOUT ROWID;

CREATE TABLE cairn_grants (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT NOT NULL,
    expires BIGINT,
    created_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, role)
) WITHOUT ROWID;

CREATE TABLE cairn_bans (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    expires BIGINT,
    created_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id)
) WITHOUT ROWID;

CREATE TABLE cairn_groups (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_groups_name ON cairn_groups (project, name);

CREATE TABLE cairn_group_members (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    group_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    reason TEXT,
    expires BIGINT,
    created_by TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_group_members_user ON cairn_group_members (project, user_id, group_id);
CREATE INDEX cairn_group_members_seq ON cairn_group_members (project, group_id, seq);

CREATE TABLE cairn_group_permissions (
    project BIGINT NOT NULL,
    group_id TEXT NOT NULL,
    permission TEXT NOT NULL,
    PRIMARY KEY (project, group_id, permission)
) WITHOUT ROWID;

CREATE TABLE cairn_notices (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    actor_id TEXT,
    kind TEXT NOT NULL,
    action TEXT NOT NULL,
    additional TEXT NOT NULL,
    is_read BOOLEAN NOT NULL,
    read_at BIGINT,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, id)
) WITHOUT ROWID;
CREATE INDEX cairn_notices_seq ON cairn_notices (project, user_id, seq);

CREATE TABLE cairn_notice_preferences (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    email_enabled BOOLEAN NOT NULL,
    push_enabled BOOLEAN NOT NULL,
    disabled_actions TEXT NOT NULL,
    updated BIGINT,
    PRIMARY KEY (project, user_id)
) WITHOUT ROWID;

-- What people did: the public log of actions and the log of moderation.
CREATE TABLE cairn_deeds (
    project BIGINT NOT NULL,
    log TEXT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    action TEXT NOT NULL,
    actor_id TEXT,
    resource_type TEXT NOT NULL,
    resource_id TEXT NOT NULL,
    summary TEXT NOT NULL,
    metadata TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, log, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_deeds_id ON cairn_deeds (project, id);

-- Pictures of personas, as they came.
CREATE TABLE cairn_pictures (
    project BIGINT NOT NULL,
    name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes TEXT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, name)
) WITHOUT ROWID;
CREATE INDEX cairn_pictures_user ON cairn_pictures (project, user_id);
