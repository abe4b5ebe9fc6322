//! Answers of writes that carried an idempotency key.

use cairn_std::Timestamp;

use crate::sql::params;
use crate::{StoreError, Tx};

/// One answer per caller and key in a project.
pub const IDEMPOTENCY_KEY: &str = "project,caller,key";

/// An answer that is kept for repetitions of its request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Who asked.
    pub caller: String,
    /// The key that the caller chose.
    pub key: String,
    /// A name of what was asked, equal for equal requests alone.
    pub request: String,
    /// The status of the answer.
    pub status: u16,
    /// The body of the answer; empty for none.
    pub body: String,
    /// Until when it is kept.
    pub expires: Timestamp,
}

impl Tx {
    /// Keep an answer. Conflicts on [`IDEMPOTENCY_KEY`].
    pub async fn kept_answer_insert(&self, kept: &KeptAnswer) -> Result<(), StoreError> {
        let sql = "INSERT INTO cairn_idempotency (project, caller, key, request, status, body, expires) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let status = i64::from(kept.status);
        let params =
            params![self.scope(), &kept.caller, &kept.key, &kept.request, status, &kept.body, kept.expires];
        self.run_one(sql, params).await
    }

    /// The answer that is kept for this key of this caller.
    pub async fn kept_answer(&self, caller: &str, key: &str) -> Result<Option<KeptAnswer>, StoreError> {
        let sql = "SELECT caller, key, request, status, body, expires FROM cairn_idempotency \
                   WHERE project = ?1 AND caller = ?2 AND key = ?3";
        self.row(sql, params![self.scope(), caller, key], |row| {
            let status = u16::try_from(row.int(3)?).map_err(|_| {
                StoreError::inconsistent("idempotency", "status", row.text(1).unwrap_or_default())
            })?;
            Ok(KeptAnswer {
                caller: row.text(0)?,
                key: row.text(1)?,
                request: row.text(2)?,
                status,
                body: row.text(4)?,
                expires: row.time(5)?,
            })
        })
        .await
    }

    /// Forget the answer of this key if its time has passed.
    pub async fn kept_answer_forget(
        &self,
        caller: &str,
        key: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql =
            "DELETE FROM cairn_idempotency WHERE project = ?1 AND caller = ?2 AND key = ?3 AND expires <= ?4";
        self.run(sql, params![self.scope(), caller, key, now]).await.map(drop)
    }

    /// Forget the oldest answers beyond `kept_max`, `max` at most.
    pub async fn kept_answer_trim(&self, kept_max: i64, max: i64) -> Result<(), StoreError> {
        let sql = "SELECT count(*) FROM cairn_idempotency WHERE project = ?1";
        let kept = self.row(sql, params![self.scope()], |row| row.int(0)).await?.unwrap_or(0);
        if kept > kept_max {
            self.kept_answer_delete_expired(Timestamp::MAX, (kept - kept_max).min(max)).await?;
        }
        Ok(())
    }

    /// Forget answers whose time has passed, `max` at most.
    pub async fn kept_answer_delete_expired(&self, now: Timestamp, max: i64) -> Result<(), StoreError> {
        let sql = "SELECT caller, key FROM cairn_idempotency WHERE project = ?1 AND expires <= ?2 \
                   ORDER BY expires LIMIT ?3";
        let names =
            self.rows(sql, params![self.scope(), now, max], |row| Ok((row.text(0)?, row.text(1)?))).await?;
        let sql = "DELETE FROM cairn_idempotency WHERE project = ?1 AND caller = ?2 AND key = ?3";
        for (caller, key) in &names {
            self.run(sql, params![self.scope(), caller, key]).await?;
        }
        Ok(())
    }
}
