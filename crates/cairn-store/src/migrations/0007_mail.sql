-- What proves a person by a message: texts of mails, and secrets that are good for one use.

-- How a project words its mails.
CREATE TABLE cairn_mail_templates (
    project BIGINT NOT NULL,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    sender_email TEXT NOT NULL,
    reply_to_email TEXT NOT NULL,
    reply_to_name TEXT NOT NULL,
    updated BIGINT,
    PRIMARY KEY (project, kind, locale)
) WITHOUT ROWID;

-- Secrets that were sent to somebody, as keyed hashes. `provider` is who vouched, for those of an OAuth2 sign-in.
CREATE TABLE cairn_one_time_tokens (
    project BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    provider TEXT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    PRIMARY KEY (project, user_id, id)
) WITHOUT ROWID;
