//! Keys: of a project, of console users and of organizations.

use cairn_model::ids::KeyId;
use cairn_model::keys::{Key, KeyRing};

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

/// One key per id on a ring.
pub const KEYS_ID_KEY: &str = "project,kind,owner,id";

const COLUMNS: &str =
    "id, seq, kind, owner, name, scopes, lookup, secret, expires, accessed_at, sdks, created, updated";

fn key(row: &Row<'_>) -> Result<Key, StoreError> {
    Ok(Key {
        id: KeyId(row.text(0)?),
        seq: row.int(1)?,
        ring: KeyRing::of(row.str(2)?, row.str(3)?)
            .ok_or_else(|| StoreError::inconsistent("keys", "kind", row.text(0).unwrap_or_default()))?,
        name: row.text(4)?,
        scopes: row.json(5, "keys")?,
        lookup: row.text(6)?,
        sealed_secret: row.text(7)?,
        expires: row.time_opt(8)?,
        accessed_at: row.time_opt(9)?,
        sdks: row.json(10, "keys")?,
        created: row.time(11)?,
        updated: row.time(12)?,
    })
}

impl Tx {
    /// Add a key. Conflicts on [`KEYS_ID_KEY`].
    pub async fn key_insert(&self, key: &Key) -> Result<(), StoreError> {
        self.touch(Noun::Key, &key.lookup);
        self.run_one(
            "INSERT INTO cairn_api_keys (project, id, seq, kind, owner, name, scopes, lookup, secret, expires, \
             accessed_at, sdks, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                self.scope(),
                key.id.as_str(),
                key.seq,
                key.ring.kind(),
                key.ring.owner(),
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

    /// The key with this id on this ring.
    pub async fn key_by_id(&self, ring: &KeyRing, id: &KeyId) -> Result<Option<Key>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_api_keys WHERE project = ?1 AND kind = ?2 AND owner = ?3 AND id = ?4"
        );
        self.row(&sql, params![self.scope(), ring.kind(), ring.owner(), id.as_str()], key).await
    }

    /// The key whose secret has this keyed hash.
    pub async fn key_by_lookup(&self, lookup: &str) -> Result<Option<Key>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_api_keys WHERE project = ?1 AND lookup = ?2");
        self.row(&sql, params![self.scope(), lookup], key).await
    }

    /// All keys of a ring, in the order of their making.
    pub async fn key_list(&self, ring: &KeyRing) -> Result<Vec<Key>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_api_keys WHERE project = ?1 AND kind = ?2 AND owner = ?3 ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), ring.kind(), ring.owner()], key).await
    }

    /// Write back a key that was read in this transaction.
    pub async fn key_update(&self, key: &Key) -> Result<(), StoreError> {
        self.touch(Noun::Key, &key.lookup);
        self.run_one(
            "UPDATE cairn_api_keys SET name = ?3, scopes = ?4, expires = ?5, accessed_at = ?6, sdks = ?7, \
             updated = ?8 WHERE project = ?1 AND lookup = ?2",
            params![
                self.scope(),
                &key.lookup,
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
        let sql = "DELETE FROM cairn_api_keys WHERE project = ?1 AND lookup = ?2";
        self.run_one(sql, params![self.scope(), &key.lookup]).await
    }

    /// Remove all keys of a ring, as when its owner goes.
    pub async fn key_delete_all(&self, ring: &KeyRing) -> Result<(), StoreError> {
        for key in self.key_list(ring).await? {
            self.key_delete(&key).await?;
        }
        Ok(())
    }
}
