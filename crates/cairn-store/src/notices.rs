//! Notices to users and the logs of what people did, on the account API.

use cairn_model::deeds::{Deed, DeedLog};
use cairn_model::ids::UserId;
use cairn_model::notices::{Notice, NoticeKind, NoticePreferences};
use cairn_std::Timestamp;

use crate::compile::Sql;
use crate::sql::{Param, Row, params, to_json};
use crate::{StoreError, StoreErrorKind, Tx};

const NOTICE_COLUMNS: &str = "id, seq, user_id, actor_id, kind, action, additional, read_at, created";
const DEED_COLUMNS: &str =
    "id, seq, action, actor_id, resource_type, resource_id, summary, metadata, created";

/// Which part of a list that runs from new to old is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// From the newest on.
    Newest,
    /// What is older than this place, the newest of it first.
    OlderThan(i64),
    /// What is newer than this place, the oldest of it first.
    NewerThan(i64),
}

/// What a list of notices shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoticeFilter {
    /// Only this kind.
    pub kind: Option<NoticeKind>,
    /// Only these actions; all when empty.
    pub actions: Vec<String>,
    /// Only read ones, or only unread ones.
    pub is_read: Option<bool>,
}

/// What a list of deeds shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DeedFilter {
    /// Only what this user did.
    pub actor_id: Option<String>,
    /// Only what was done to this thing.
    pub resource_id: Option<String>,
    /// Only what was done to things of this kind.
    pub resource_type: Option<String>,
    /// Only these actions; all when empty.
    pub actions: Vec<String>,
}

fn notice(row: &Row<'_>) -> Result<Notice, StoreError> {
    let kind = row.str(4)?;
    let unknown = || {
        StoreError::new(StoreErrorKind::Inconsistent(format!("cairn_notices: the kind `{kind}` is unknown")))
    };
    Ok(Notice {
        id: row.text(0)?,
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        actor_id: row.text_opt(3)?.map(UserId),
        kind: NoticeKind::of_name(kind).ok_or_else(unknown)?,
        action: row.text(5)?,
        additional: row.text(6)?,
        read: row.time_opt(7)?,
        created: row.time(8)?,
    })
}

fn deed(row: &Row<'_>, log: DeedLog) -> Result<Deed, StoreError> {
    Ok(Deed {
        id: row.text(0)?,
        seq: row.int(1)?,
        log,
        action: row.text(2)?,
        actor_id: row.text_opt(3)?.map(UserId),
        resource_type: row.text(4)?,
        resource_id: row.text(5)?,
        summary: row.text(6)?,
        metadata: row.text(7)?,
        created: row.time(8)?,
    })
}

/// Add the bounds and the order of a stretch.
fn stretched(sql: &mut Sql, stretch: Stretch, limit: i64) {
    let order = match stretch {
        Stretch::Newest => "DESC",
        Stretch::OlderThan(place) => {
            sql.push(" AND seq < ").bind(place);
            "DESC"
        }
        Stretch::NewerThan(place) => {
            sql.push(" AND seq > ").bind(place);
            "ASC"
        }
    };
    sql.push(" ORDER BY seq ").push(order).push(" LIMIT ").bind(limit);
}

impl Tx {
    /// Tell a user something, and forget the oldest beyond `kept`.
    pub async fn notice_insert(&self, notice: &Notice, kept: i64) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_notices (project, user_id, id, seq, actor_id, kind, action, additional, is_read, read_at, \
             created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                self.scope(),
                notice.user_id.as_str(),
                &notice.id,
                notice.seq,
                notice.actor_id.as_ref().map(UserId::as_str),
                notice.kind.name(),
                &notice.action,
                &notice.additional,
                notice.read.is_some(),
                notice.read,
                notice.created,
            ],
        )
        .await?;
        let surplus = "DELETE FROM cairn_notices WHERE project = ?1 AND user_id = ?2 AND seq <= \
             (SELECT seq FROM cairn_notices WHERE project = ?1 AND user_id = ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3)";
        self.run(surplus, params![self.scope(), notice.user_id.as_str(), kept]).await.map(drop)
    }

    /// A stretch of a user's notices.
    pub async fn notice_list(
        &self,
        user_id: &UserId,
        filter: &NoticeFilter,
        stretch: Stretch,
        limit: i64,
    ) -> Result<Vec<Notice>, StoreError> {
        let mut sql =
            Sql::new(self.dialect(), format!("SELECT {NOTICE_COLUMNS} FROM cairn_notices WHERE project = "));
        sql.bind(self.scope()).push(" AND user_id = ").bind(user_id.as_str().to_owned());
        if let Some(kind) = filter.kind {
            sql.push(" AND kind = ").bind(kind.name());
        }
        if let Some(is_read) = filter.is_read {
            sql.push(" AND is_read = ").bind(is_read);
        }
        if !filter.actions.is_empty() {
            sql.push(" AND action IN ").bind_list(filter.actions.iter().cloned().map(Param::from));
        }
        stretched(&mut sql, stretch, limit);
        self.rows(&sql.text, &sql.params, notice).await
    }

    /// One notice of a user.
    pub async fn notice_by_id(&self, user_id: &UserId, id: &str) -> Result<Option<Notice>, StoreError> {
        let sql = format!(
            "SELECT {NOTICE_COLUMNS} FROM cairn_notices WHERE project = ?1 AND user_id = ?2 AND id = ?3"
        );
        self.row(&sql, params![self.scope(), user_id.as_str(), id], notice).await
    }

    /// How many notices a user has not read.
    pub async fn notice_count_unread(&self, user_id: &UserId) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM cairn_notices WHERE project = ?1 AND user_id = ?2 AND is_read = ?3";
        let count = self.row(sql, params![self.scope(), user_id.as_str(), false], |row| row.int(0)).await?;
        Ok(count.unwrap_or(0))
    }

    /// Mark a notice as read; whether it was unread until now.
    pub async fn notice_read(&self, user_id: &UserId, id: &str, at: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE cairn_notices SET is_read = ?4, read_at = ?5 \
             WHERE project = ?1 AND user_id = ?2 AND id = ?3 AND is_read = ?6";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id, true, at, false]).await? == 1)
    }

    /// Mark all notices of a user as read.
    pub async fn notice_read_all(&self, user_id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_notices SET is_read = ?3, read_at = ?4 \
             WHERE project = ?1 AND user_id = ?2 AND is_read = ?5";
        self.run(sql, params![self.scope(), user_id.as_str(), true, at, false]).await.map(drop)
    }

    /// Remove a notice; whether it was there.
    pub async fn notice_delete(&self, user_id: &UserId, id: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_notices WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id]).await? == 1)
    }

    /// What a user wants to be told; the defaults where nothing was said.
    pub async fn notice_preferences(&self, user_id: &UserId) -> Result<NoticePreferences, StoreError> {
        let sql = "SELECT email_enabled, push_enabled, disabled_actions, updated FROM cairn_notice_preferences \
             WHERE project = ?1 AND user_id = ?2";
        let found = self
            .row(sql, params![self.scope(), user_id.as_str()], |row| {
                Ok(NoticePreferences {
                    email_enabled: row.bool(0)?,
                    push_enabled: row.bool(1)?,
                    disabled_actions: row.json(2, "cairn_notice_preferences")?,
                    updated: row.time_opt(3)?,
                })
            })
            .await?;
        Ok(found.unwrap_or_default())
    }

    /// Store what a user wants to be told.
    pub async fn notice_preferences_set(
        &self,
        user_id: &UserId,
        preferences: &NoticePreferences,
    ) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_notice_preferences (project, user_id, email_enabled, push_enabled, disabled_actions, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (project, user_id) DO UPDATE SET \
             email_enabled = excluded.email_enabled, push_enabled = excluded.push_enabled, \
             disabled_actions = excluded.disabled_actions, updated = excluded.updated",
            params![
                self.scope(),
                user_id.as_str(),
                preferences.email_enabled,
                preferences.push_enabled,
                to_json(&preferences.disabled_actions),
                preferences.updated,
            ],
        )
        .await
    }

    /// Write down what somebody did, and forget what lies in the log before the place `kept_from`.
    pub async fn deed_insert(&self, deed: &Deed, kept_from: i64) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_deeds (project, log, seq, id, action, actor_id, resource_type, resource_id, summary, \
             metadata, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                self.scope(),
                deed.log.name(),
                deed.seq,
                &deed.id,
                &deed.action,
                deed.actor_id.as_ref().map(UserId::as_str),
                &deed.resource_type,
                &deed.resource_id,
                &deed.summary,
                &deed.metadata,
                deed.created,
            ],
        )
        .await?;
        let old = "DELETE FROM cairn_deeds WHERE project = ?1 AND log = ?2 AND seq < ?3";
        self.run(old, params![self.scope(), deed.log.name(), kept_from]).await.map(drop)
    }

    /// A stretch of a log.
    pub async fn deed_list(
        &self,
        log: DeedLog,
        filter: &DeedFilter,
        stretch: Stretch,
        limit: i64,
    ) -> Result<Vec<Deed>, StoreError> {
        let mut sql =
            Sql::new(self.dialect(), format!("SELECT {DEED_COLUMNS} FROM cairn_deeds WHERE project = "));
        sql.bind(self.scope()).push(" AND log = ").bind(log.name());
        for (column, wanted) in [
            ("actor_id", &filter.actor_id),
            ("resource_id", &filter.resource_id),
            ("resource_type", &filter.resource_type),
        ] {
            if let Some(wanted) = wanted {
                sql.push(" AND ").push(column).push(" = ").bind(wanted.clone());
            }
        }
        if !filter.actions.is_empty() {
            sql.push(" AND action IN ").bind_list(filter.actions.iter().cloned().map(Param::from));
        }
        stretched(&mut sql, stretch, limit);
        self.rows(&sql.text, &sql.params, |row| deed(row, log)).await
    }

    /// The place of an entry in its log.
    pub async fn deed_place(&self, log: DeedLog, id: &str) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT seq FROM cairn_deeds WHERE project = ?1 AND id = ?2 AND log = ?3";
        self.row(sql, params![self.scope(), id, log.name()], |row| row.int(0)).await
    }
}
