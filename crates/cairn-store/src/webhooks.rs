//! Addresses that are told of a project's events.

use cairn_model::ids::WebhookId;
use cairn_model::webhooks::Webhook;

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

/// One webhook per id in a project.
pub const WEBHOOKS_ID_KEY: &str = "project,id";

const COLUMNS: &str = "id, seq, name, url, events, checks_certificate, auth_username, auth_password, secret, \
    is_enabled, logs, attempts, created, updated";

fn webhook(row: &Row<'_>) -> Result<Webhook, StoreError> {
    Ok(Webhook {
        id: WebhookId(row.text(0)?),
        seq: row.int(1)?,
        name: row.text(2)?,
        url: row.text(3)?,
        events: row.json(4, "webhooks")?,
        checks_certificate: row.bool(5)?,
        auth_username: row.text(6)?,
        sealed_auth_password: row.text(7)?,
        sealed_secret: row.text(8)?,
        is_enabled: row.bool(9)?,
        logs: row.text(10)?,
        attempts: row.int(11)?,
        created: row.time(12)?,
        updated: row.time(13)?,
    })
}

impl Tx {
    /// Add a webhook. Conflicts on [`WEBHOOKS_ID_KEY`].
    pub async fn webhook_insert(&self, webhook: &Webhook) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        self.run_one(
            "INSERT INTO cairn_webhooks (project, id, seq, name, url, events, checks_certificate, auth_username, \
             auth_password, secret, is_enabled, logs, attempts, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                self.scope(),
                webhook.id.as_str(),
                webhook.seq,
                &webhook.name,
                &webhook.url,
                to_json(&webhook.events),
                webhook.checks_certificate,
                &webhook.auth_username,
                &webhook.sealed_auth_password,
                &webhook.sealed_secret,
                webhook.is_enabled,
                &webhook.logs,
                webhook.attempts,
                webhook.created,
                webhook.updated,
            ],
        )
        .await
    }

    /// The webhook with this id.
    pub async fn webhook_by_id(&self, id: &WebhookId) -> Result<Option<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_webhooks WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], webhook).await
    }

    /// All webhooks, in the order of their making.
    pub async fn webhook_list(&self) -> Result<Vec<Webhook>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_webhooks WHERE project = ?1 ORDER BY seq");
        self.rows(&sql, params![self.scope()], webhook).await
    }

    /// Write back a webhook that was read in this transaction.
    pub async fn webhook_update(&self, webhook: &Webhook) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        self.run_one(
            "UPDATE cairn_webhooks SET name = ?3, url = ?4, events = ?5, checks_certificate = ?6, \
             auth_username = ?7, auth_password = ?8, secret = ?9, is_enabled = ?10, logs = ?11, attempts = ?12, \
             updated = ?13 WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                webhook.id.as_str(),
                &webhook.name,
                &webhook.url,
                to_json(&webhook.events),
                webhook.checks_certificate,
                &webhook.auth_username,
                &webhook.sealed_auth_password,
                &webhook.sealed_secret,
                webhook.is_enabled,
                &webhook.logs,
                webhook.attempts,
                webhook.updated,
            ],
        )
        .await
    }

    /// Remove a webhook; whether it was there.
    pub async fn webhook_delete(&self, id: &WebhookId) -> Result<bool, StoreError> {
        self.touch(Noun::Project, "");
        let sql = "DELETE FROM cairn_webhooks WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
