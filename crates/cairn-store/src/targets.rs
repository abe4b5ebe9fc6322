//! Addresses that messages to users can be sent to.

use cairn_faults::Error;
use cairn_model::ids::{SessionId, TargetId, UserId};
use cairn_model::users::Target;
use cairn_query::{FieldType, NounField, NounFields};

use crate::listing::{Listing, Page, Source};
use crate::sql::{Param, Row, params};
use crate::{Noun, StoreError, Tx};

/// One target per id in a project.
pub const TARGETS_ID_KEY: &str = "project,id";
/// One target per address, number or token in a project.
pub const TARGETS_IDENTIFIER_KEY: &str = "project,identifier";

const COLUMNS: &str = "id, seq, user_id, name, provider_id, provider_type, identifier, is_expired, created, updated, \
     session_id";

/// Fields by which targets can be listed.
pub const TARGET_FIELDS: NounFields = NounFields(&[
    NounField::one("userId", FieldType::Text),
    NounField::one("providerId", FieldType::Text),
    NounField::one("identifier", FieldType::Text),
    NounField::one("providerType", FieldType::Text),
]);

/// In the order of [`TARGET_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_targets",
    columns: COLUMNS,
    seq: "seq",
    fields: &["user_id", "provider_id", "identifier", "provider_type"],
    search: "",
};

fn target(row: &Row<'_>) -> Result<Target, StoreError> {
    Ok(Target {
        id: TargetId(row.text(0)?),
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        name: row.text(3)?,
        provider_id: row.text_opt(4)?,
        provider_type: row.text(5)?,
        identifier: row.text(6)?,
        is_expired: row.bool(7)?,
        created: row.time(8)?,
        updated: row.time(9)?,
        session_id: row.text_opt(10)?.map(SessionId),
    })
}

impl Tx {
    /// Add a target. Conflicts on [`TARGETS_ID_KEY`] and [`TARGETS_IDENTIFIER_KEY`].
    pub async fn target_insert(&self, target: &Target) -> Result<(), StoreError> {
        self.touch(Noun::User, target.user_id.as_str());
        self.run_one(
            "INSERT INTO cairn_targets (project, user_id, id, seq, name, provider_id, provider_type, identifier, \
             is_expired, created, updated, session_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                self.scope(),
                target.user_id.as_str(),
                target.id.as_str(),
                target.seq,
                &target.name,
                &target.provider_id,
                &target.provider_type,
                &target.identifier,
                target.is_expired,
                target.created,
                target.updated,
                target.session_id.as_ref().map(SessionId::as_str),
            ],
        )
        .await
    }

    /// The target with this id, whoever owns it.
    pub async fn target_by_id(&self, id: &TargetId) -> Result<Option<Target>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_targets WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], target).await
    }

    /// The target with this address, number or token, whoever owns it.
    pub async fn target_by_identifier(&self, identifier: &str) -> Result<Option<Target>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_targets WHERE project = ?1 AND identifier = ?2");
        self.row(&sql, params![self.scope(), identifier], target).await
    }

    /// All targets of these users, in the order of their making.
    pub async fn target_list_of_users(&self, users: &[&UserId]) -> Result<Vec<Target>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let places: Vec<String> = (2..users.len() + 2).map(|place| format!("?{place}")).collect();
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_targets WHERE project = ?1 AND user_id IN ({}) ORDER BY seq",
            places.join(", ")
        );
        let mut values = vec![Param::Int(self.scope())];
        values.extend(users.iter().map(|id| Param::from(id.as_str())));
        self.rows(&sql, &values, target).await
    }

    /// A page of a user's targets.
    pub async fn target_list(&self, user_id: &UserId, listing: &Listing) -> Result<Page<Target>, Error> {
        self.list(&SOURCE, &[("user_id = {}", user_id.as_str().into())], listing, target).await
    }

    /// Write back a target that was read in this transaction. Conflicts on [`TARGETS_IDENTIFIER_KEY`].
    pub async fn target_update(&self, target: &Target) -> Result<(), StoreError> {
        self.touch(Noun::User, target.user_id.as_str());
        self.run_one(
            "UPDATE cairn_targets SET name = ?4, provider_id = ?5, identifier = ?6, is_expired = ?7, updated = ?8 \
             WHERE project = ?1 AND user_id = ?2 AND id = ?3",
            params![
                self.scope(),
                target.user_id.as_str(),
                target.id.as_str(),
                &target.name,
                &target.provider_id,
                &target.identifier,
                target.is_expired,
                target.updated,
            ],
        )
        .await
    }

    /// Remove a target; whether it was there.
    pub async fn target_delete(&self, user_id: &UserId, id: &TargetId) -> Result<bool, StoreError> {
        self.touch(Noun::User, user_id.as_str());
        let sql = "DELETE FROM cairn_targets WHERE project = ?1 AND user_id = ?2 AND id = ?3";
        Ok(self.run(sql, params![self.scope(), user_id.as_str(), id.as_str()]).await? == 1)
    }
}
