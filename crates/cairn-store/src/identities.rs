//! Users' links to providers of identity.

use cairn_faults::Error;
use cairn_model::ids::{IdentityId, UserId};
use cairn_model::oauth::{SealedTokens, UserIdentity};
use cairn_query::{FieldType, NounField, NounFields};

use crate::listing::{Listing, Page, Source};
use crate::sql::{Row, params};
use crate::{StoreError, Tx};

/// Who one is at a provider.
pub const IDENTITIES_PROVIDER_KEY: &str = "project,provider,provider_uid";

const COLUMNS: &str = "id, seq, user_id, provider, provider_uid, provider_email, access_token, refresh_token, \
    token_expires, created, updated";

/// Fields by which identities can be listed.
pub const IDENTITY_FIELDS: NounFields = NounFields(&[
    NounField::one("userId", FieldType::Text),
    NounField::one("provider", FieldType::Text),
    NounField::one("providerUid", FieldType::Text),
    NounField::one("providerEmail", FieldType::Text),
    NounField::one("providerAccessTokenExpiry", FieldType::Datetime),
]);

/// In the order of [`IDENTITY_FIELDS`].
const SOURCE: Source = Source {
    table: "cairn_identities",
    columns: COLUMNS,
    seq: "seq",
    fields: &["user_id", "provider", "provider_uid", "provider_email", "token_expires"],
    search: "search",
};

fn identity(row: &Row<'_>) -> Result<UserIdentity, StoreError> {
    Ok(UserIdentity {
        id: IdentityId(row.text(0)?),
        seq: row.int(1)?,
        user_id: UserId(row.text(2)?),
        provider: row.text(3)?,
        provider_uid: row.text(4)?,
        provider_email: row.text(5)?,
        tokens: SealedTokens { access: row.text(6)?, refresh: row.text(7)?, expires: row.time_opt(8)? },
        created: row.time(9)?,
        updated: row.time(10)?,
    })
}

fn search_text(identity: &UserIdentity) -> String {
    let UserIdentity { id, user_id, provider, provider_uid, provider_email, .. } = identity;
    format!("{id} {user_id} {provider} {provider_uid} {provider_email}").to_lowercase()
}

impl Tx {
    /// Add an identity. Conflicts on [`IDENTITIES_PROVIDER_KEY`].
    pub async fn identity_insert(&self, identity: &UserIdentity) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_identities (project, id, seq, user_id, provider, provider_uid, provider_email, \
             access_token, refresh_token, token_expires, search, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                self.scope(),
                identity.id.as_str(),
                identity.seq,
                identity.user_id.as_str(),
                &identity.provider,
                &identity.provider_uid,
                &identity.provider_email,
                &identity.tokens.access,
                &identity.tokens.refresh,
                identity.tokens.expires,
                search_text(identity),
                identity.created,
                identity.updated,
            ],
        )
        .await
    }

    /// The identity with this id, whoever owns it.
    pub async fn identity_by_id(&self, id: &IdentityId) -> Result<Option<UserIdentity>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_identities WHERE project = ?1 AND id = ?2");
        self.row(&sql, params![self.scope(), id.as_str()], identity).await
    }

    /// The identity of this person at a provider.
    pub async fn identity_at(&self, provider: &str, uid: &str) -> Result<Option<UserIdentity>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_identities WHERE project = ?1 AND provider = ?2 AND provider_uid = ?3"
        );
        self.row(&sql, params![self.scope(), provider, uid], identity).await
    }

    /// All identities of a user, in the order of their making.
    pub async fn identity_list_of_user(&self, user_id: &UserId) -> Result<Vec<UserIdentity>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM cairn_identities WHERE project = ?1 AND user_id = ?2 ORDER BY seq"
        );
        self.rows(&sql, params![self.scope(), user_id.as_str()], identity).await
    }

    /// A page of one user's identities, or of everybody's.
    pub async fn identity_list(
        &self,
        user_id: Option<&UserId>,
        listing: &Listing,
    ) -> Result<Page<UserIdentity>, Error> {
        match user_id {
            Some(user_id) => {
                self.list(&SOURCE, &[("user_id = {}", user_id.as_str().into())], listing, identity).await
            }
            None => self.list(&SOURCE, &[], listing, identity).await,
        }
    }

    /// Write back what the provider told of an identity that was read in this transaction.
    pub async fn identity_update(&self, identity: &UserIdentity) -> Result<(), StoreError> {
        self.run_one(
            "UPDATE cairn_identities SET provider_email = ?3, access_token = ?4, refresh_token = ?5, \
             token_expires = ?6, search = ?7, updated = ?8 WHERE project = ?1 AND id = ?2",
            params![
                self.scope(),
                identity.id.as_str(),
                &identity.provider_email,
                &identity.tokens.access,
                &identity.tokens.refresh,
                identity.tokens.expires,
                search_text(identity),
                identity.updated,
            ],
        )
        .await
    }

    /// Remove an identity; whether it was there.
    pub async fn identity_delete(&self, id: &IdentityId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_identities WHERE project = ?1 AND id = ?2";
        Ok(self.run(sql, params![self.scope(), id.as_str()]).await? == 1)
    }
}
