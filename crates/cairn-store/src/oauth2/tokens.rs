//! Tokens of applications, by the keyed hash, in families that replace each other.

use cairn_model::ids::{AppId, ConsentId, InstallationId, TokenFamilyId, UserId};
use cairn_model::oauth2::{Token, TokenFamily, TokenKind};
use cairn_std::Timestamp;

use crate::sql::{Row, params, to_json};
use crate::{StoreError, Tx};

pub(super) const FAMILY_COLUMNS: &str = "id, seq, app_id, user_id, consent_id, installation_id, scopes, resources, \
    details, auth_time, access_expires, expires, created, updated";
const TOKEN_COLUMNS: &str = "lookup, kind, family_id, expires, used, created";

pub(super) fn family(row: &Row<'_>) -> Result<TokenFamily, StoreError> {
    Ok(TokenFamily {
        id: TokenFamilyId(row.text(0)?),
        seq: row.int(1)?,
        app_id: AppId(row.text(2)?),
        user_id: row.text_opt(3)?.map(UserId),
        consent_id: row.text_opt(4)?.map(ConsentId),
        installation_id: row.text_opt(5)?.map(InstallationId),
        scopes: row.json(6, "oauth2_families")?,
        resources: row.json(7, "oauth2_families")?,
        details: row.text(8)?,
        auth_time: row.time_opt(9)?,
        access_expires: row.time(10)?,
        expires: row.time(11)?,
        created: row.time(12)?,
        updated: row.time(13)?,
    })
}

fn token(row: &Row<'_>) -> Result<Token, StoreError> {
    let kind = TokenKind::of_name(row.str(1)?);
    Ok(Token {
        lookup: row.text(0)?,
        kind: kind.ok_or_else(|| {
            StoreError::inconsistent("oauth2_tokens", "kind", row.text(0).unwrap_or_default())
        })?,
        family_id: TokenFamilyId(row.text(2)?),
        expires: row.time(3)?,
        used: row.time_opt(4)?,
        created: row.time(5)?,
    })
}

impl Tx {
    /// Add a family.
    pub async fn family_insert(&self, family: &TokenFamily) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_oauth2_families (project, id, seq, app_id, user_id, consent_id, installation_id, \
             scopes, resources, details, auth_time, access_expires, expires, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                self.scope(),
                family.id.as_str(),
                family.seq,
                family.app_id.as_str(),
                family.user_id.as_ref().map(UserId::as_str),
                family.consent_id.as_ref().map(ConsentId::as_str),
                family.installation_id.as_ref().map(InstallationId::as_str),
                to_json(&family.scopes),
                to_json(&family.resources),
                &family.details,
                family.auth_time,
                family.access_expires,
                family.expires,
                family.created,
                family.updated,
            ],
        )
        .await
    }

    /// The family with this id.
    pub async fn family_by_id(&self, id: &TokenFamilyId) -> Result<Option<TokenFamily>, StoreError> {
        let sql =
            format!("SELECT {FAMILY_COLUMNS} FROM cairn_oauth2_families WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], family).await
    }

    /// Say when the present access token of a family, and the family, end.
    pub async fn family_refreshed(&self, family: &TokenFamily) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_oauth2_families SET access_expires = ?3, expires = ?4, updated = ?5 \
             WHERE project = ?1 AND id = ?2",
            params![self.scope(), family.id.as_str(), family.access_expires, family.expires, family.updated],
        )
        .await
    }

    /// Remove a family with its tokens; whether it was there.
    pub async fn family_delete(&self, id: &TokenFamilyId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_oauth2_tokens WHERE project = ?1 AND family_id = ?2";
        self.run(sql, params![self.scope(), id.as_str()]).await?;
        let sql = "DELETE FROM cairn_oauth2_families WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }

    /// Remove the oldest families of a consent, or of an installation, beyond `kept`.
    pub async fn family_trim(&self, of: &TokenFamily, kept: i64) -> Result<(), StoreError> {
        let (column, id) = match (&of.consent_id, &of.installation_id) {
            (Some(consent), _) => ("consent_id", consent.as_str()),
            (None, Some(installation)) => ("installation_id", installation.as_str()),
            (None, None) => return Ok(()),
        };
        let sql = format!(
            "SELECT id FROM cairn_oauth2_families WHERE project = ?1 AND {column} = ?2 \
             ORDER BY seq DESC LIMIT 100 OFFSET ?3"
        );
        let old = self.rows(&sql, params![self.scope(), id, kept], |row| row.text(0)).await?;
        for id in old {
            self.family_delete(&TokenFamilyId(id)).await?;
        }
        Ok(())
    }

    /// Add a token.
    pub async fn token_insert(&self, token: &Token) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_oauth2_tokens (project, lookup, kind, family_id, expires, used, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                self.scope(),
                &token.lookup,
                token.kind.name(),
                token.family_id.as_str(),
                token.expires,
                token.used,
                token.created,
            ],
        )
        .await
    }

    /// The token with this keyed hash.
    pub async fn token_by_lookup(&self, lookup: &str) -> Result<Option<Token>, StoreError> {
        let sql =
            format!("SELECT {TOKEN_COLUMNS} FROM cairn_oauth2_tokens WHERE project = ?1 AND lookup = ?2");
        self.row(&sql, params![self.scope(), lookup], token).await
    }

    /// Mark a refresh token as spent; whether it was unspent until now.
    pub async fn token_spend(&self, lookup: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql =
            "UPDATE cairn_oauth2_tokens SET used = ?3 WHERE project = ?1 AND lookup = ?2 AND used IS NULL";
        Ok(self.run(sql, params![self.scope(), lookup, at]).await? == 1)
    }

    /// Remove one token.
    pub async fn token_delete(&self, lookup: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_tokens WHERE project = ?1 AND lookup = ?2";
        self.run(sql, params![self.scope(), lookup]).await.map(drop)
    }

    /// Remove the access tokens of a family, and of its spent refresh tokens all but the newest `kept`.
    pub async fn token_replace(&self, id: &TokenFamilyId, kept: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_tokens WHERE project = ?1 AND family_id = ?2 AND kind = ?3";
        self.run(sql, params![self.scope(), id.as_str(), TokenKind::Access.name()]).await?;
        let sql = "DELETE FROM cairn_oauth2_tokens WHERE project = ?1 AND lookup IN (\
                   SELECT lookup FROM cairn_oauth2_tokens WHERE project = ?1 AND family_id = ?2 AND kind = ?3 \
                   AND used IS NOT NULL ORDER BY used DESC, lookup LIMIT 1000 OFFSET ?4)";
        self.run(sql, params![self.scope(), id.as_str(), TokenKind::Refresh.name(), kept]).await.map(drop)
    }

    async fn token_delete_all(&self, column: &str, id: &str) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM cairn_oauth2_tokens WHERE project = ?1 AND family_id IN (\
             SELECT id FROM cairn_oauth2_families WHERE project = ?1 AND {column} = ?2)"
        );
        self.run(&sql, params![self.scope(), id]).await?;
        let sql = format!("DELETE FROM cairn_oauth2_families WHERE project = ?1 AND {column} = ?2");
        self.run(&sql, params![self.scope(), id]).await.map(drop)
    }

    /// Remove all tokens of an application.
    pub async fn token_delete_all_of_app(&self, id: &AppId) -> Result<(), StoreError> {
        self.token_delete_all("app_id", id.as_str()).await
    }

    /// Remove all tokens of a user.
    pub async fn token_delete_all_of_user(&self, id: &UserId) -> Result<(), StoreError> {
        self.token_delete_all("user_id", id.as_str()).await
    }

    /// Remove all tokens of a consent.
    pub async fn token_delete_all_of_consent(&self, id: &ConsentId) -> Result<(), StoreError> {
        self.token_delete_all("consent_id", id.as_str()).await
    }

    /// Remove all tokens of an installation.
    pub async fn token_delete_all_of_installation(&self, id: &InstallationId) -> Result<(), StoreError> {
        self.token_delete_all("installation_id", id.as_str()).await
    }

    /// Forget what ended before.
    pub async fn token_sweep(&self, before: Timestamp) -> Result<(), StoreError> {
        for table in ["cairn_oauth2_tokens", "cairn_oauth2_families"] {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND expires < ?2");
            self.run(&sql, params![self.scope(), before]).await?;
        }
        Ok(())
    }
}
