//! Secrets that are good for one use.

use cairn_model::ids::{OneTimeTokenId, UserId};
use cairn_model::one_time_tokens::{OneTimeKind, OneTimeToken};
use cairn_std::Timestamp;

use crate::sql::{Row, params};
use crate::{StoreError, Tx};

const COLUMNS: &str = "id, user_id, kind, secret_hash, expires, created";

fn token(row: &Row<'_>) -> Result<OneTimeToken, StoreError> {
    let kind = row.text(2)?;
    Ok(OneTimeToken {
        id: OneTimeTokenId(row.text(0)?),
        user_id: UserId(row.text(1)?),
        kind: OneTimeKind::by_name(&kind)
            .ok_or_else(|| StoreError::inconsistent("one_time_tokens", "kind", &kind))?,
        secret_hash: row.text(3)?,
        expires: row.time(4)?,
        created: row.time(5)?,
    })
}

impl Tx {
    /// Add a token.
    pub async fn one_time_token_insert(&self, token: &OneTimeToken) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_one_time_tokens (project, user_id, id, kind, secret_hash, expires, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.scope(),
                token.user_id.as_str(),
                token.id.as_str(),
                token.kind.name(),
                &token.secret_hash,
                token.expires,
                token.created,
            ],
        )
        .await
    }

    /// All tokens of a user, oldest first.
    pub async fn one_time_token_list(&self, user_id: &UserId) -> Result<Vec<OneTimeToken>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_one_time_tokens WHERE project = ?1 AND user_id = ?2 ORDER BY created, id"
        );
        self.rows(&sql, params![self.scope(), user_id.as_str()], token).await
    }

    /// Remove a token; whether it was there. Of two transactions that remove one, one finds it.
    pub async fn one_time_token_delete(
        &self,
        user_id: &UserId,
        id: &OneTimeTokenId,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_one_time_tokens WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await? == 1)
    }

    /// Remove a user's tokens that have ended.
    pub async fn one_time_token_sweep(&self, user_id: &UserId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_one_time_tokens WHERE project = ?1 AND user_id = ?2 AND expires <= ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), now]).await.map(drop)
    }
}
