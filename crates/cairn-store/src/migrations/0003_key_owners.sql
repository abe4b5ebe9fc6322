-- Keys have owners: the project itself (empty), a console user or an organization. Their ids are unique per owner, so
-- that nobody learns from a conflict what others call theirs; a primary key cannot be changed in place on both
-- engines, and so the table moves.
CREATE TABLE cairn_api_keys (
    project BIGINT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    lookup TEXT NOT NULL,
    secret TEXT NOT NULL,
    expires BIGINT,
    accessed_at BIGINT,
    sdks TEXT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (project, kind, owner, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX cairn_api_keys_lookup ON cairn_api_keys (project, lookup);
INSERT INTO cairn_api_keys (project, kind, owner, id, seq, name, scopes, lookup, secret, expires, accessed_at, sdks,
    created, updated)
SELECT project, kind, '', id, seq, name, scopes, lookup, secret, expires, accessed_at, sdks, created, updated
FROM cairn_keys;
DROP TABLE cairn_keys;
