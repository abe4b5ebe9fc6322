//! Standard and dev keys of a project.

use cairn_model::ids::KeyId;
use cairn_model::keys::{Key, KeyKind};

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

/// One key per id in a project.
pub const KEYS_ID_KEY: &str = "project,id";

const COLUMNS: &str =
    "id, seq, kind, name, scopes, lookup, secret, expires, accessed_at, sdks, created, updated";

fn key(row: &Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        id: KeyId(row.text(0)?),
        seq: row.int(1)?,
        kind: KeyKind::by_name(row.str(2)?)
            .ok_or_else(|| StoreError::inconsistent("keys", "kind", row.text(0).unwrap_or_default()))?,
        name: row.text(3)?,
        scopes: row.json(4, "keys")?,
        lookup: row.text(5)?,
        sealed_secret: row.text(6)?,
        expires: row.time_opt(7)?,
        accessed_at: row.time_opt(8)?,
        sdks: row.json(9, "keys")?,
        created: row.time(10)?,
        updated: row.time(11)?,
    })
}

impl Tx {
    /// Add a key. Conflicts on [`KEYS_ID_KEY`].
    pub async fn key_insert(&self, key: &Key) -> Result<(), StoreError> {
        self.touch(Noun::Key, &key.lookup);
        self.run_one(
            "INSERT INTO cairn_keys (project, id, seq, kind, name, scopes, lookup, secret, expires, accessed_at, sdks, \
             created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.scope(),
                key.id.as_str(),
                key.seq,
                key.kind.name(),
                &key.name,
                to_json(&key.scopes),
                &key.lookup,
                &key.sealed_secret,
                key.expires,
                key.accessed_at,
                to_json(&key.sdks),
                key.created,
                key.updated,
            ],
        )
        .await
    }

    /// The key with this id and kind.
    pub async fn key_by_id(&self, kind: KeyKind, id: &KeyId) -> Result<Option<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_keys WHERE project = ?1 AND id = ?2 AND kind = ?3");
        self.row(&sql, params![self.scope(), id.as_str(), kind.name()], key).await
    }

    /// The key whose secret has this keyed hash.
    pub async fn key_by_lookup(&self, lookup: &str) -> Result<Option<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_keys WHERE project = ?1 AND lookup = ?2");
        self.row(&sql, params![self.scope(), lookup], key).await
    }

    /// All keys of a kind, in the order of their making.
    pub async fn key_list(&self, kind: KeyKind) -> Result<Vec<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_keys WHERE project = ?1 AND kind = ?2 ORDER BY seq");
        self.rows(&sql, params![self.scope(), kind.name()], key).await
    }

    /// Write back a key that was read in this transaction.
    pub async fn key_update(&self, key: &Key) -> Result<(), StoreError> {
        self.touch(Noun::Key, &key.lookup);
        self.run_one(
            "UPDATE cairn_keys SET name = ?3, scopes = ?4, expires = ?5, accessed_at = ?6, sdks = ?7, updated = ?8 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                key.id.as_str(),
                &key.name,
                to_json(&key.scopes),
                key.expires,
                key.accessed_at,
                to_json(&key.sdks),
                key.updated,
            ],
        )
        .await
    }

    /// Remove a key that was read in this transaction.
    pub async fn key_delete(&self, key: &Key) -> Result<(), StoreError> {
        self.touch(Noun::Key, &key.lookup);
        let sql = "DELETE FROM cairn_keys WHERE project = ?1 AND id = ?2";
        self.run_one(sql, params![self.scope(), key.id.as_str()]).await
    }
}
