-- Staged changes of documents. `owner` alone may use a transaction, beside keys and admins.
CREATE TABLE cairn_transactions (
    project BIGINT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    owner TEXT,
    status TEXT NOT NULL,
    operations BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
CREATE INDEX cairn_transactions_expires ON cairn_transactions (project, expires);
CREATE INDEX cairn_transactions_owner ON cairn_transactions (project, owner, seq);

-- The operations of transactions that are not committed yet, in their order.
CREATE TABLE cairn_operations (
    project BIGINT NOT NULL,
    transaction_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    collection BIGINT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (project, transaction_id, number)
) WITHOUT ROWID;

-- What writes with an idempotency key answered, for as long as a repetition is answered with it.
CREATE TABLE cairn_idempotency (
    project BIGINT NOT NULL,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status BIGINT NOT NULL,
    body TEXT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (project, caller, key)
) WITHOUT ROWID;
CREATE INDEX cairn_idempotency_expires ON cairn_idempotency (project, expires);
