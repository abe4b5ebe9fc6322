//! What users have allowed applications.

use cairn_faults::Error;
use cairn_model::ids::{AppId, ConsentId, UserId};
use cairn_model::oauth2::{Consent, TokenFamily};
use cairn_query::{FieldType, NounField, NounFields};

use super::tokens::{FAMILY_COLUMNS, family};
use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params, to_json};
use crate::{StoreError, Tx};

const COLUMNS: &str = "id, seq, user_id, app_id, scopes, resources, details, expires, created, updated";

/// Fields by which consents can be listed.
pub const CONSENT_FIELDS: NounFields = NounFields(&[
    NounField::one("appId", FieldType::Text),
    NounField::list("scopes", FieldType::Text),
    NounField::list("resources", FieldType::Text),
    NounField::one("expire", FieldType::Datetime),
]);

/// Fields by which the tokens of a consent can be listed.
pub const CONSENT_TOKEN_FIELDS: NounFields = NounFields(&[
    NounField::list("scopes", FieldType::Text),
    NounField::list("resources", FieldType::Text),
    NounField::one("expire", FieldType::Datetime),
]);

/// In the order of [`CONSENT_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_oauth2_consents",
    columns: COLUMNS,
    seq: "seq",
    fields: &["app_id", "scopes", "resources", "expires"],
    search: "",
};

/// In the order of [`CONSENT_TOKEN_FIELDS`].
const FAMILIES: Source = Source {
    table: "cairn_oauth2_families",
    columns: FAMILY_COLUMNS,
    seq: "seq",
    fields: &["scopes", "resources", "access_expires"],
    search: "",
};

fn consent(row: &Row<'_>) -> Result<Consent, StoreError> {
    Ok(Consent {
        id: ConsentId(row.text(0)?),
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        app_id: AppId(row.text(3)?),
        scopes: row.json(4, "oauth2_consents")?,
        resources: row.json(5, "oauth2_consents")?,
        details: row.text(6)?,
        expires: row.time_opt(7)?,
        created: row.time(8)?,
        updated: row.time(9)?,
    })
}

impl Tx {
    /// Add a consent; a user gives an application one.
    pub async fn consent_insert(&self, consent: &Consent) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_oauth2_consents (project, id, seq, user_id, app_id, scopes, resources, details, \
             expires, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                self.scope(),
                consent.id.as_str(),
                consent.seq,
                consent.user_id.as_str(),
                consent.app_id.as_str(),
                to_json(&consent.scopes),
                to_json(&consent.resources),
                &consent.details,
                consent.expires,
                consent.created,
                consent.updated,
            ],
        )
        .await
    }

    /// A user's consent with this id.
    pub async fn consent_by_id(
        &self,
        user_id: &UserId,
        id: &ConsentId,
    ) -> Result<Option<Consent>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_oauth2_consents WHERE project = ?1 AND id = ?2 AND user_id = ?3"
        );
        self.row(&sql, params![self.scope(), id.as_str(), user_id.as_str()], consent).await
    }

    /// What a user has allowed an application.
    pub async fn consent_of(&self, user_id: &UserId, app_id: &AppId) -> Result<Option<Consent>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_oauth2_consents WHERE project = ?1 AND user_id = ?2 AND app_id = ?3"
        );
        self.row(&sql, params![self.scope(), user_id.as_str(), app_id.as_str()], consent).await
    }

    /// A page of a user's consents.
    pub async fn consent_list(&self, user_id: &UserId, listing: &Listing) -> Result<Page<Consent>, Error> {
        self.list(&SOURCE, &[("user_id = {}", user_id.as_str().into())], listing, consent).await
    }

    /// A page of the tokens that were issued under a consent.
    pub async fn consent_family_list(
        &self,
        id: &ConsentId,
        listing: &Listing,
    ) -> Result<Page<TokenFamily>, Error> {
        self.list(&FAMILIES, &[("consent_id = {}", id.as_str().into())], listing, family).await
    }

    /// Write back a consent that was read in this transaction.
    pub async fn consent_update(&self, consent: &Consent) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_oauth2_consents SET scopes = ?3, resources = ?4, details = ?5, expires = ?6, \
             updated = ?7 WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                consent.id.as_str(),
                to_json(&consent.scopes),
                to_json(&consent.resources),
                &consent.details,
                consent.expires,
                consent.updated,
            ],
        )
        .await
    }

    /// Remove a consent that was read in this transaction, with its tokens and what waits to become tokens.
    pub async fn consent_delete(&self, consent: &Consent) -> Result<(), StoreError> {
        self.token_delete_all_of_consent(&consent.id).await?;
        self.grant_delete_all(&consent.user_id, &consent.app_id).await?;
        let sql = "DELETE FROM cairn_oauth2_consents WHERE project = ?1 AND id = ?2";
        self.run_one(sql, params![self.scope(), consent.id.as_str()]).await
    }

    /// Remove all that a user has allowed or is asked for, with the tokens that came of it.
    pub async fn consent_delete_all(&self, user_id: &UserId) -> Result<(), StoreError> {
        self.token_delete_all_of_user(user_id).await?;
        for table in ["cairn_oauth2_grants", "cairn_oauth2_consents"] {
            let sql = format!("DELETE FROM {table} WHERE project = ?1 AND user_id = ?2");
            self.run(&sql, params![self.scope(), user_id.as_str()]).await?;
        }
        Ok(())
    }
}
