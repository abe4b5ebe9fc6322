//! How a project words its mails.

use cairn_model::mail_templates::MailTemplate;

use crate::sql::{Row, params};
use crate::{StoreError, Tx};

const COLUMNS: &str =
    "kind, locale, subject, message, sender_name, sender_email, reply_to_email, reply_to_name, updated";

fn template(row: &Row<'_>) -> Result<MailTemplate, StoreError> {
    Ok(MailTemplate {
        kind: row.text(0)?,
        locale: row.text(1)?,
        subject: row.text(2)?,
        message: row.text(3)?,
        sender_name: row.text(4)?,
        sender_email: row.text(5)?,
        reply_to_email: row.text(6)?,
        reply_to_name: row.text(7)?,
        updated: row.time_opt(8)?,
    })
}

impl Tx {
    /// The project's words for a kind of mail in a language.
    pub async fn mail_template(&self, kind: &str, locale: &str) -> Result<Option<MailTemplate>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_mail_templates WHERE project = ?1 AND kind = ?2 AND locale = ?3"
        );
        self.row(&sql, params![self.scope(), kind, locale], template).await
    }

    /// Some of the project's own words, by kind and language.
    pub async fn mail_template_list(&self, offset: i64, limit: i64) -> Result<Vec<MailTemplate>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_mail_templates WHERE project = ?1 ORDER BY kind, locale LIMIT ?2 OFFSET ?3"
        );
        self.rows(&sql, params![self.scope(), limit, offset], template).await
    }

    /// How many texts of its own the project has.
    pub async fn mail_template_count(&self) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM cairn_mail_templates WHERE project = ?1";
        Ok(self.row(sql, params![self.scope()], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Write the project's words for a kind of mail in a language.
    pub async fn mail_template_put(&self, template: &MailTemplate) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_mail_templates (project, kind, locale, subject, message, sender_name, sender_email, \
             reply_to_email, reply_to_name, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
             ON CONFLICT (project, kind, locale) DO UPDATE SET subject = excluded.subject, \
             message = excluded.message, sender_name = excluded.sender_name, sender_email = excluded.sender_email, \
             reply_to_email = excluded.reply_to_email, reply_to_name = excluded.reply_to_name, \
             updated = excluded.updated",
            params![
                self.scope(),
                &template.kind,
                &template.locale,
                &template.subject,
                &template.message,
                &template.sender_name,
                &template.sender_email,
                &template.reply_to_email,
                &template.reply_to_name,
                template.updated,
            ],
        )
        .await
    }

    /// Forget the project's words for a kind of mail in a language; whether there were any.
    pub async fn mail_template_delete(&self, kind: &str, locale: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_mail_templates WHERE project = ?1 AND kind = ?2 AND locale = ?3";
        Ok(self.run(sql, params![self.scope(), kind, locale]).await? == 1)
    }
}
