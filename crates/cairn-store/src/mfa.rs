//! Second factors: authenticators, recovery codes and open challenges.
//!
//! INVARIANT: what counts once is used up by one statement that tells whether it was there: of two transactions at
//! the same time one finds nothing.

use cairn_model::ids::{ChallengeId, UserId};
use cairn_model::mfa::{Authenticator, Challenge, Factor, RecoveryCode};
use cairn_std::Timestamp;

use crate::sql::{Row, params};
use crate::{Noun, StoreError, Tx};

const AUTHENTICATOR: &str = "user_id, sealed_secret, is_verified, step, created, updated";
const CHALLENGE: &str = "id, seq, user_id, factor, code_hash, sealed_code, attempts, expires, created";

fn authenticator(row: &Row<'_>) -> Result<Authenticator, StoreError> {
    Ok(Authenticator {
        user_id: UserId(row.text(0)?),
        sealed_secret: row.text(1)?,
        is_verified: row.bool(2)?,
        step: row.int(3)?,
        created: row.time(4)?,
        updated: row.time(5)?,
    })
}

fn challenge(row: &Row<'_>) -> Result<Challenge, StoreError> {
    let id = row.text(0)?;
    let factor =
        Factor::of(row.str(3)?).ok_or_else(|| StoreError::inconsistent("challenges", "factor", &id))?;
    Ok(Challenge {
        id: ChallengeId(id),
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        factor,
        code_hash: row.text(4)?,
        sealed_code: row.text(5)?,
        attempts: row.int(6)?,
        expires: row.time(7)?,
        created: row.time(8)?,
    })
}

impl Tx {
    /// A user's authenticator.
    pub async fn authenticator_of(&self, user_id: &UserId) -> Result<Option<Authenticator>, StoreError> {
        let sql =
            format!("SELECT {AUTHENTICATOR} FROM cairn_authenticators WHERE project = ?1 AND user_id = ?2");
        self.row(&sql, params![self.scope(), user_id.as_str()], authenticator).await
    }

    /// Give a user an authenticator in the place of the one that may be there.
    pub async fn authenticator_put(&self, of: &Authenticator) -> Result<(), StoreError> {
        self.touch(Noun::User, of.user_id.as_str());
        self.run_one(
            "INSERT INTO cairn_authenticators (project, user_id, sealed_secret, is_verified, step, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (project, user_id) DO UPDATE SET \
             sealed_secret = excluded.sealed_secret, is_verified = excluded.is_verified, step = excluded.step, \
             created = excluded.created, updated = excluded.updated",
            params![
                self.scope(),
                of.user_id.as_str(),
                &of.sealed_secret,
                of.is_verified,
                of.step,
                of.created,
                of.updated,
            ],
        )
        .await
    }

    /// Note that a user's authenticator is the user's; whether there was one.
    pub async fn authenticator_verify(&self, user_id: &UserId, now: Timestamp) -> Result<bool, StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "UPDATE cairn_authenticators SET is_verified = ?3, updated = ?4 WHERE project = ?1 AND user_id = ?2";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), true, now]).await? == 1)
    }

    /// Use up the codes of a time step and of all before it; whether they were still to be used.
    pub async fn authenticator_use_step(&self, user_id: &UserId, step: i64) -> Result<bool, StoreError> {
        let sql =
            "UPDATE cairn_authenticators SET step = ?3 WHERE project = ?1 AND user_id = ?2 AND step < ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), step]).await? == 1)
    }

    /// Take a user's authenticator away; whether there was one.
    pub async fn authenticator_delete(&self, user_id: &UserId) -> Result<bool, StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "DELETE FROM cairn_authenticators WHERE project = ?1 AND user_id = ?2";
        Ok(self.run(sql, params![self.scope(), user_id.as_str()]).await? == 1)
    }

    /// A user's unused recovery codes.
    pub async fn recovery_code_list(&self, user_id: &UserId) -> Result<Vec<RecoveryCode>, StoreError> {
        let sql = "SELECT lookup, seq, sealed FROM cairn_recovery_codes WHERE project = ?1 AND user_id = ?2 \
                   ORDER BY seq";
        let code =
            |row: &Row<'_>| Ok(RecoveryCode { lookup: row.text(0)?, seq: row.int(1)?, sealed: row.text(2)? });
        self.rows(sql, params![self.scope(), user_id.as_str()], code).await
    }

    /// Give a user these recovery codes in the place of all others.
    pub async fn recovery_code_replace(
        &self,
        user_id: &UserId,
        codes: &[RecoveryCode],
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_recovery_codes WHERE project = ?1 AND user_id = ?2";
        self.run(sql, params![self.scope(), user_id.as_str()]).await?;
        for code in codes {
            self.run_one(
                "INSERT INTO cairn_recovery_codes (project, user_id, lookup, seq, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![self.scope(), user_id.as_str(), &code.lookup, code.seq, &code.sealed],
            )
            .await?;
        }
        Ok(())
    }

    /// Use up a recovery code; whether it was there.
    pub async fn recovery_code_use(&self, user_id: &UserId, lookup: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_recovery_codes WHERE project = ?1 AND user_id = ?2 AND lookup = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), lookup]).await? == 1)
    }

    /// Add a challenge, and let go of the user's that ended and of the oldest beyond `kept`.
    pub async fn challenge_insert(&self, of: &Challenge, kept: usize) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_challenges WHERE project = ?1 AND user_id = ?2 AND expires <= ?3";
        self.run(sql, params![self.scope(), of.user_id.as_str(), of.created]).await?;
        let sql = "SELECT id FROM cairn_challenges WHERE project = ?1 AND user_id = ?2 ORDER BY seq";
        let open = self.rows(sql, params![self.scope(), of.user_id.as_str()], |row| row.text(0)).await?;
        for id in open.iter().take((open.len() + 1).saturating_sub(kept)) {
            self.challenge_delete(&of.user_id, &ChallengeId::from(id.as_str())).await?;
        }
        self.run_one(
            "INSERT INTO cairn_challenges (project, user_id, id, seq, factor, code_hash, sealed_code, attempts, \
             expires, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                self.scope(),
                of.user_id.as_str(),
                of.id.as_str(),
                of.seq,
                of.factor.name(),
                &of.code_hash,
                &of.sealed_code,
                of.attempts,
                of.expires,
                of.created,
            ],
        )
        .await
    }

    /// A challenge of a user.
    pub async fn challenge_by_id(
        &self,
        user_id: &UserId,
        id: &ChallengeId,
    ) -> Result<Option<Challenge>, StoreError> {
        let sql = format!(
            "SELECT {CHALLENGE} FROM cairn_challenges WHERE project = ?1 AND user_id = ?2 AND id = ?3"
        );
        self.row(&sql, params![self.scope(), user_id.as_str(), id.as_str()], challenge).await
    }

    /// Note a wrong answer.
    pub async fn challenge_missed(&self, user_id: &UserId, id: &ChallengeId) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_challenges SET attempts = attempts + 1 \
                   WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await.map(drop)
    }

    /// Remove a challenge; whether it was there.
    pub async fn challenge_delete(&self, user_id: &UserId, id: &ChallengeId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_challenges WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await? == 1)
    }
}
