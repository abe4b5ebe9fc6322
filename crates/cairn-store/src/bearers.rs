//! Tokens of the account API: those that hold a session, those that are spent once, and known devices.

use cairn_model::bearers::{Bearer, BearerKind};
use cairn_model::devices::Device;
use cairn_model::ids::{SessionId, UserId};
use cairn_model::vouchers::{Voucher, VoucherKind};
use cairn_std::Timestamp;

use crate::sql::{Row, params};
use crate::{Noun, StoreError, StoreErrorKind, Tx};

const BEARER_COLUMNS: &str = "lookup, kind, user_id, session_id, expires_max, used, created";
const VOUCHER_COLUMNS: &str = "lookup, kind, user_id, detail, expires, used, created";
const DEVICE_COLUMNS: &str = "user_id, lookup, user_agent, seen, created";

fn unknown(table: &str, kind: &str) -> StoreError {
    StoreError::new(StoreErrorKind::Inconsistent(format!("{table}: the kind `{kind}` is unknown")))
}

fn bearer(row: &Row<'_>) -> Result<Bearer, StoreError> {
    let kind = row.str(1)?;
    Ok(Bearer {
        lookup: row.text(0)?,
        kind: BearerKind::of_name(kind).ok_or_else(|| unknown("cairn_bearers", kind))?,
        user_id: UserId(row.text(2)?),
        session_id: SessionId(row.text(3)?),
        expires_max: row.time(4)?,
        used: row.time_opt(5)?,
        created: row.time(6)?,
    })
}

fn voucher(row: &Row<'_>) -> Result<Voucher, StoreError> {
    let kind = row.str(1)?;
    Ok(Voucher {
        lookup: row.text(0)?,
        kind: VoucherKind::of_name(kind).ok_or_else(|| unknown("cairn_vouchers", kind))?,
        user_id: row.text_opt(2)?.map(UserId),
        detail: row.text(3)?,
        expires: row.time(4)?,
        used: row.time_opt(5)?,
        created: row.time(6)?,
    })
}

fn device(row: &Row<'_>) -> Result<Device, StoreError> {
    Ok(Device {
        user_id: UserId(row.text(0)?),
        lookup: row.text(1)?,
        user_agent: row.text(2)?,
        seen: row.time(3)?,
        created: row.time(4)?,
    })
}

impl Tx {
    /// Add a token of a session.
    pub async fn bearer_insert(&self, bearer: &Bearer) -> Result<(), StoreError> {
        self.touch(Noun::Bearer, &bearer.lookup);
        self.run_one(
            "INSERT INTO cairn_bearers (project, lookup, kind, user_id, session_id, expires_max, used, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.scope(),
                &bearer.lookup,
                bearer.kind.name(),
                bearer.user_id.as_str(),
                bearer.session_id.as_str(),
                bearer.expires_max,
                bearer.used,
                bearer.created,
            ],
        )
        .await
    }

    /// The token with this keyed hash.
    pub async fn bearer_by_lookup(&self, lookup: &str) -> Result<Option<Bearer>, StoreError> {
        let sql = format!("SELECT {BEARER_COLUMNS} FROM cairn_bearers WHERE project = ?1 AND lookup = ?2");
        self.row(&sql, params![self.scope(), lookup], bearer).await
    }

    /// Mark a refresh token as spent; whether it was unspent until now.
    pub async fn bearer_spend(&self, lookup: &str, at: Timestamp) -> Result<bool, StoreError> {
        self.touch(Noun::Bearer, lookup);
        let sql = "UPDATE cairn_bearers SET used = ?3 WHERE project = ?1 AND lookup = ?2 AND used IS NULL";
        Ok(self.run(sql, params![self.scope(), lookup, at]).await? == 1)
    }

    /// Remove the session tokens of a session; its refresh tokens are spent one by one.
    pub async fn bearer_end_of_session(&self, session_id: &SessionId) -> Result<(), StoreError> {
        let sql = "SELECT lookup FROM cairn_bearers WHERE project = ?1 AND session_id = ?2 AND kind = ?3";
        let kind = BearerKind::Session.name();
        let ended =
            self.rows(sql, params![self.scope(), session_id.as_str(), kind], |row| row.text(0)).await?;
        for lookup in ended {
            self.touch(Noun::Bearer, &lookup);
            let sql = "DELETE FROM cairn_bearers WHERE project = ?1 AND lookup = ?2";
            self.run(sql, params![self.scope(), &lookup]).await?;
        }
        Ok(())
    }

    /// When the newest token of a session ends.
    pub async fn bearer_expires_max(&self, session_id: &SessionId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(expires_max) FROM cairn_bearers \
             WHERE project = ?1 AND session_id = ?2 AND kind = ?3";
        let kind = BearerKind::Session.name();
        let found =
            self.row(sql, params![self.scope(), session_id.as_str(), kind], |row| row.time_opt(0)).await?;
        Ok(found.flatten())
    }

    /// Forget the tokens whose last moment lies before `at`.
    pub async fn bearer_delete_ended(&self, at: Timestamp) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_bearers WHERE project = ?1 AND expires_max < ?2";
        self.run(sql, params![self.scope(), at]).await.map(drop)
    }

    /// Add a voucher.
    pub async fn voucher_insert(&self, voucher: &Voucher) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_vouchers (project, lookup, kind, user_id, detail, expires, used, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                self.scope(),
                &voucher.lookup,
                voucher.kind.name(),
                voucher.user_id.as_ref().map(UserId::as_str),
                &voucher.detail,
                voucher.expires,
                voucher.used,
                voucher.created,
            ],
        )
        .await
    }

    /// The voucher of this kind with this keyed hash.
    pub async fn voucher_by_lookup(
        &self,
        kind: VoucherKind,
        lookup: &str,
    ) -> Result<Option<Voucher>, StoreError> {
        let sql = format!(
            "SELECT {VOUCHER_COLUMNS} FROM cairn_vouchers WHERE project = ?1 AND lookup = ?2 AND kind = ?3"
        );
        self.row(&sql, params![self.scope(), lookup, kind.name()], voucher).await
    }

    /// Spend a voucher; whether it was unspent until now.
    pub async fn voucher_spend(&self, lookup: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE cairn_vouchers SET used = ?3 WHERE project = ?1 AND lookup = ?2 AND used IS NULL";
        Ok(self.run(sql, params![self.scope(), lookup, at]).await? == 1)
    }

    /// Spend all open vouchers of a kind that stand for this detail: a newer one replaces them.
    pub async fn voucher_spend_all(
        &self,
        kind: VoucherKind,
        detail: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_vouchers SET used = ?4 \
             WHERE project = ?1 AND kind = ?2 AND detail = ?3 AND used IS NULL";
        self.run(sql, params![self.scope(), kind.name(), detail, at]).await.map(drop)
    }

    /// Spend all open vouchers of a user.
    pub async fn voucher_spend_all_of_user(&self, user_id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_vouchers SET used = ?3 WHERE project = ?1 AND user_id = ?2 AND used IS NULL";
        self.run(sql, params![self.scope(), user_id.as_str(), at]).await.map(drop)
    }

    /// Forget the vouchers that ended before `at`.
    pub async fn voucher_delete_ended(&self, at: Timestamp) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_vouchers WHERE project = ?1 AND expires < ?2";
        self.run(sql, params![self.scope(), at]).await.map(drop)
    }

    /// Make a device known, or note that it was seen again.
    pub async fn device_upsert(&self, device: &Device) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_devices (project, user_id, lookup, user_agent, seen, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
             ON CONFLICT (project, user_id, lookup) DO UPDATE SET user_agent = excluded.user_agent, seen = excluded.seen",
            params![
                self.scope(),
                device.user_id.as_str(),
                &device.lookup,
                &device.user_agent,
                device.seen,
                device.created,
            ],
        )
        .await
    }

    /// The devices of a user, the one unseen for longest first.
    pub async fn device_list(&self, user_id: &UserId) -> Result<Vec<Device>, StoreError> {
        let sql = format!(
            "SELECT {DEVICE_COLUMNS} FROM cairn_devices WHERE project = ?1 AND user_id = ?2 ORDER BY seen, lookup"
        );
        self.rows(&sql, params![self.scope(), user_id.as_str()], device).await
    }

    /// Forget a device.
    pub async fn device_delete(&self, user_id: &UserId, lookup: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_devices WHERE project = ?1 AND user_id = ?2 AND lookup = ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), lookup]).await.map(drop)
    }
}
