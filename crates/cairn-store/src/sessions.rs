//! Sign-ins.

use cairn_model::ids::{SessionId, UserId};
use cairn_model::oauth::SealedTokens;
use cairn_model::sessions::Session;
use cairn_std::Timestamp;

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

const COLUMNS: &str = "id, seq, user_id, secret_hash, provider, provider_uid, factors, ip, country, user_agent, \
    mfa_updated, expires, created, updated, provider_access, provider_refresh, provider_expires";

fn session(row: &Row<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: SessionId(row.text(0)?),
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        secret_hash: row.text(3)?,
        provider: row.text(4)?,
        provider_uid: row.text(5)?,
        factors: row.json(6, "sessions")?,
        ip: row.text(7)?,
        country: row.text(8)?,
        user_agent: row.text(9)?,
        mfa_updated: row.time_opt(10)?,
        expires: row.time(11)?,
        created: row.time(12)?,
        updated: row.time(13)?,
        tokens: SealedTokens { access: row.text(14)?, refresh: row.text(15)?, expires: row.time_opt(16)? },
    })
}

impl Tx {
    /// Add a session.
    pub async fn session_insert(&self, session: &Session) -> Result<(), StoreError> {
        self.touch(Noun::User, session.user_id.as_str());
        self.run_one(
            "INSERT INTO cairn_sessions (project, user_id, id, seq, secret_hash, provider, provider_uid, factors, ip, \
             country, user_agent, mfa_updated, expires, created, updated, provider_access, provider_refresh, \
             provider_expires) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
            params![
                self.scope(),
                session.user_id.as_str(),
                session.id.as_str(),
                session.seq,
                &session.secret_hash,
                &session.provider,
                &session.provider_uid,
                to_json(&session.factors),
                &session.ip,
                &session.country,
                &session.user_agent,
                session.mfa_updated,
                session.expires,
                session.created,
                session.updated,
                &session.tokens.access,
                &session.tokens.refresh,
                session.tokens.expires,
            ],
        )
        .await
    }

    /// All sessions of a user, in the order of their making.
    pub async fn session_list(&self, user_id: &UserId) -> Result<Vec<Session>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM cairn_sessions WHERE project = ?1 AND user_id = ?2 ORDER BY seq");
        self.rows(&sql, params![self.scope(), user_id.as_str()], session).await
    }

    /// How many sessions the project has.
    pub async fn session_count(&self) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM cairn_sessions WHERE project = ?1";
        Ok(self.row(sql, params![self.scope()], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Write back a session that was read in this transaction.
    pub async fn session_update(&self, session: &Session) -> Result<(), StoreError> {
        self.touch(Noun::User, session.user_id.as_str());
        self.run_one(
            "UPDATE cairn_sessions SET factors = ?4, mfa_updated = ?5, expires = ?6, updated = ?7, \
             provider_access = ?8, provider_refresh = ?9, provider_expires = ?10 \
             WHERE project = ?1 AND user_id = ?2 AND id = ?3",
            params![
                self.scope(),
                session.user_id.as_str(),
                session.id.as_str(),
                to_json(&session.factors),
                session.mfa_updated,
                session.expires,
                session.updated,
                &session.tokens.access,
                &session.tokens.refresh,
                session.tokens.expires,
            ],
        )
        .await
    }

    /// Let a session that is still there last until `expires`.
    pub async fn session_extend(
        &self,
        user_id: &UserId,
        id: &SessionId,
        expires: Timestamp,
    ) -> Result<(), StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "UPDATE cairn_sessions SET expires = ?4 WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), id.as_str(), expires]).await.map(drop)
    }

    /// End one session with the targets that were made in it; whether it was there.
    pub async fn session_delete(&self, user_id: &UserId, id: &SessionId) -> Result<bool, StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "DELETE FROM cairn_targets WHERE project = ?1 AND user_id = ?2 AND session_id = ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await?;
        let sql = "DELETE FROM cairn_sessions WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await? == 1)
    }

    /// End all sessions of a user with the targets that were made in them; how many sessions there were.
    pub async fn session_delete_all(&self, user_id: &UserId) -> Result<u64, StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "DELETE FROM cairn_targets WHERE project = ?1 AND user_id = ?2 AND session_id IS NOT NULL";
        self.run(sql, params![self.scope(), user_id.as_str()]).await?;
        let sql = "DELETE FROM cairn_sessions WHERE project = ?1 AND user_id = ?2";
        self.run(sql, params![self.scope(), user_id.as_str()]).await
    }
}
