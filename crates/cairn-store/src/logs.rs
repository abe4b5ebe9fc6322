//! The log of what people did in a project.

use cairn_model::ids::UserId;
use cairn_model::logs::{Log, LogActor};
use cairn_std::Timestamp;

use crate::listing::{Counting, Page, TOTAL_MAX};
use crate::sql::{Row, params};
use crate::{StoreError, Tx};

const COLUMNS: &str = "seq, event, resource, subject_id, actor_id, actor_kind, actor_email, actor_name, mode, ip, \
    country, user_agent, created";

/// Which entries are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogScope {
    /// Those about this user.
    User(UserId),
    /// Those about this thing, `team/ID`.
    Resource(String),
}

/// Which part of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPage {
    /// Entries at most.
    pub limit: i64,
    /// Entries that are passed over.
    pub offset: i64,
    /// Whether all are counted.
    pub counting: Counting,
}

fn log(row: &Row<'_>) -> Result<Log, StoreError> {
    Ok(Log {
        seq: row.int(0)?,
        event: row.text(1)?,
        resource: row.text(2)?,
        subject_id: UserId(row.text(3)?),
        actor_id: UserId(row.text(4)?),
        actor: LogActor::of(row.str(5)?),
        actor_email: row.text(6)?,
        actor_name: row.text(7)?,
        mode: row.text(8)?,
        ip: row.text(9)?,
        country: row.text(10)?,
        user_agent: row.text(11)?,
        created: row.time(12)?,
    })
}

impl Tx {
    /// Add an entry.
    pub async fn log_insert(&self, log: &Log) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_logs (project, seq, event, resource, subject_id, actor_id, actor_kind, actor_email, \
             actor_name, mode, ip, country, user_agent, created) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            params![
                self.scope(),
                log.seq,
                &log.event,
                &log.resource,
                log.subject_id.as_str(),
                log.actor_id.as_str(),
                log.actor.name(),
                &log.actor_email,
                &log.actor_name,
                &log.mode,
                &log.ip,
                &log.country,
                &log.user_agent,
                log.created,
            ],
        )
        .await
    }

    /// A page of entries, the newest first.
    pub async fn log_list(&self, scope: &LogScope, page: LogPage) -> Result<Page<Log>, StoreError> {
        let (column, value) = match scope {
            LogScope::User(id) => ("subject_id", id.as_str()),
            LogScope::Resource(resource) => ("resource", resource.as_str()),
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_logs WHERE project = ?1 AND {column} = ?2 \
             ORDER BY seq DESC LIMIT ?3 OFFSET ?4"
        );
        let items = self.rows(&sql, params![self.scope(), value, page.limit, page.offset], log).await?;
        let total = match page.counting {
            Counting::Skipped => 0,
            Counting::Total => {
                let sql = format!(
                    "SELECT count(*) FROM (SELECT 1 FROM cairn_logs WHERE project = ?1 AND {column} = ?2 LIMIT ?3) \
                     AS counted"
                );
                let count = self.row(&sql, params![self.scope(), value, TOTAL_MAX], |row| row.int(0)).await?;
                count.unwrap_or(0)
            }
        };
        Ok(Page { items, total })
    }

    /// Remove entries from before `until`, the oldest `count` at most; how many went.
    pub async fn log_delete_before(&self, until: Timestamp, count: i64) -> Result<u64, StoreError> {
        // The oldest first: whether anything is too old is told by a few rows, however long the log is.
        let sql = "DELETE FROM cairn_logs WHERE project = ?1 AND created < ?2 AND seq IN \
                   (SELECT seq FROM cairn_logs WHERE project = ?1 ORDER BY seq LIMIT ?3)";
        self.run(sql, params![self.scope(), until, count]).await
    }
}
