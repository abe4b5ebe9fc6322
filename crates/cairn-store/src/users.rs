//! Accounts.

use cairn_faults::Error;
use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_query::{FieldType, NounField, NounFields};
use cairn_std::Timestamp;

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params, to_json};
use crate::{StoreError, Tx};

/// One account per address in a project.
pub const USERS_EMAIL_KEY: &str = "project,email";
/// One account per number in a project.
pub const USERS_PHONE_KEY: &str = "project,phone";
/// One account per id in a project.
pub const USERS_ID_KEY: &str = "project,id";

/// Tables whose rows go with their user.
const USERS_OWN: [&str; 7] = [
    "cairn_sessions",
    "cairn_targets",
    "cairn_one_time_tokens",
    "cairn_identities",
    "cairn_authenticators",
    "cairn_recovery_codes",
    "cairn_challenges",
];

const COLUMNS: &str = "id, seq, name, email, phone, password_hash, password_updated, password_history, is_active, \
    is_email_verified, is_phone_verified, has_mfa, labels, prefs, accessed_at, created, updated, \
    is_impersonator, needs_new_password";

/// Fields by which users can be listed.
pub const USER_FIELDS: NounFields = NounFields(&[
    NounField::one("name", FieldType::Text),
    NounField::one("email", FieldType::Text),
    NounField::one("phone", FieldType::Text),
    NounField::one("status", FieldType::Bool),
    NounField::one("passwordUpdate", FieldType::Datetime),
    NounField::one("registration", FieldType::Datetime),
    NounField::one("emailVerification", FieldType::Bool),
    NounField::one("phoneVerification", FieldType::Bool),
    NounField::list("labels", FieldType::Text),
    NounField::one("impersonator", FieldType::Bool),
    NounField::one("accessedAt", FieldType::Datetime),
]);

/// In the order of [`USER_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_users",
    columns: COLUMNS,
    seq: "seq",
    fields: &[
        "name",
        "email",
        "phone",
        "is_active",
        "password_updated",
        "created",
        "is_email_verified",
        "is_phone_verified",
        "labels",
        "is_impersonator",
        "accessed_at",
    ],
    search: "search",
};

fn user(row: &Row<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: UserId(row.text(0)?),
        seq: row.int(1)?,
        name: row.text(2)?,
        email: row.text_opt(3)?,
        phone: row.text_opt(4)?,
        password_hash: row.text_opt(5)?,
        password_updated: row.time_opt(6)?,
        password_history: row.json(7, "users")?,
        is_active: row.bool(8)?,
        is_email_verified: row.bool(9)?,
        is_phone_verified: row.bool(10)?,
        has_mfa: row.bool(11)?,
        labels: row.json(12, "users")?,
        prefs: row.text(13)?,
        accessed_at: row.time_opt(14)?,
        created: row.time(15)?,
        updated: row.time(16)?,
        is_impersonator: row.bool(17)?,
        needs_new_password: row.bool(18)?,
    })
}

/// What a search over users looks through.
fn search_text(user: &User) -> String {
    let parts = [
        user.id.as_str(),
        &user.name,
        user.email.as_deref().unwrap_or(""),
        user.phone.as_deref().unwrap_or(""),
    ];
    let labels = user.labels.iter().map(String::as_str);
    parts
        .into_iter()
        .chain(labels)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

impl Tx {
    /// Add a user. Conflicts on [`USERS_ID_KEY`], [`USERS_EMAIL_KEY`] and [`USERS_PHONE_KEY`].
    pub async fn user_insert(&self, user: &User) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_users (project, id, seq, name, email, phone, password_hash, password_updated, \
             password_history, is_active, is_email_verified, is_phone_verified, has_mfa, labels, prefs, search, \
             accessed_at, created, updated, is_impersonator, needs_new_password) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            params![
                self.scope(),
                user.id.as_str(),
                user.seq,
                &user.name,
                &user.email,
                &user.phone,
                &user.password_hash,
                user.password_updated,
                to_json(&user.password_history),
                user.is_active,
                user.is_email_verified,
                user.is_phone_verified,
                user.has_mfa,
                to_json(&user.labels),
                &user.prefs,
                search_text(user),
                user.accessed_at,
                user.created,
                user.updated,
                user.is_impersonator,
                user.needs_new_password,
            ],
        )
        .await
    }

    /// The user with this id.
    pub async fn user_by_id(&self, id: &UserId) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_users WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], user).await
    }

    /// The user with this address, which is in lower case.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_users WHERE project = ?1 AND email = ?2");
        self.row(&sql, params![self.scope(), email], user).await
    }

    /// The user with this number.
    pub async fn user_by_phone(&self, phone: &str) -> Result<Option<User>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_users WHERE project = ?1 AND phone = ?2");
        self.row(&sql, params![self.scope(), phone], user).await
    }

    /// A page of all users.
    pub async fn user_list(&self, listing: &Listing) -> Result<Page<User>, Error> {
        self.list(&SOURCE, &[], listing, user).await
    }

    /// How many users the project has, counting no further than `max`.
    pub async fn user_count(&self, max: i64) -> Result<i64, StoreError> {
        let sql = "SELECT count(*) FROM (SELECT 1 FROM cairn_users WHERE project = ?1 LIMIT ?2) AS counted";
        Ok(self.row(sql, params![self.scope(), max], |row| row.int(0)).await?.unwrap_or(0))
    }

    /// Write back a user that was read in this transaction. Conflicts on [`USERS_EMAIL_KEY`] and [`USERS_PHONE_KEY`].
    pub async fn user_update(&self, user: &User) -> Result<(), StoreError> {
        self.touch(crate::Noun::User, user.id.as_str());
        self.run_one(
            "UPDATE cairn_users SET name = ?3, email = ?4, phone = ?5, password_hash = ?6, password_updated = ?7, \
             password_history = ?8, is_active = ?9, is_email_verified = ?10, is_phone_verified = ?11, has_mfa = ?12, \
             labels = ?13, prefs = ?14, search = ?15, accessed_at = ?16, updated = ?17, \
             is_impersonator = ?18, needs_new_password = ?19 \
             WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                user.id.as_str(),
                &user.name,
                &user.email,
                &user.phone,
                &user.password_hash,
                user.password_updated,
                to_json(&user.password_history),
                user.is_active,
                user.is_email_verified,
                user.is_phone_verified,
                user.has_mfa,
                to_json(&user.labels),
                &user.prefs,
                search_text(user),
                user.accessed_at,
                user.updated,
                user.is_impersonator,
                user.needs_new_password,
            ],
        )
        .await
    }

    /// Note the day of a user's last use.
    pub async fn user_accessed(&self, id: &UserId, at: Timestamp) -> Result<(), StoreError> {
        self.touch(crate::Noun::User, id.as_str());
        let sql = "UPDATE cairn_users SET accessed_at = ?3 WHERE project = ?1 AND id = ?2";
        self.run(sql, params![self.scope(), id.as_str(), at]).await.map(drop)
    }

    /// Remove a user with its sessions, targets, one-time tokens, identities and second factors; whether it was there.
    ///
    /// Memberships are the caller's to end.
    pub async fn user_delete(&self, id: &UserId) -> Result<bool, StoreError> {
        self.touch(crate::Noun::User, id.as_str());
        self.consent_delete_all(id).await?;
        for table in USERS_OWN {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND user_id = ?2");
            self.run(&sql, params![self.scope(), id.as_str()]).await?;
        }
        let sql = "DELETE FROM cairn_users WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
