//! What applications ask of users: grants, from the question to the code that is spent.

use cairn_model::ids::{AppId, GrantId, TokenFamilyId, UserId};
use cairn_model::oauth2::{AuthRequest, Grant, GrantState, ResponseKind};
use cairn_std::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sql::{Row, params, to_json};
use crate::{StoreError, Tx};

mod consents;
pub(crate) mod server;
mod tokens;

pub use consents::{CONSENT_FIELDS, CONSENT_TOKEN_FIELDS};

const COLUMNS: &str = "id, app_id, user_id, state, request, handle, user_code, code, family_id, auth_time, polled, \
    interval_seconds, expires, created, updated";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct RequestRow {
    scopes: Vec<String>,
    resources: Vec<String>,
    details: String,
    redirect_uri: String,
    response: String,
    state: Option<String>,
    nonce: Option<String>,
    challenge: Option<String>,
    prompt: String,
    max_age: Option<i64>,
}

impl From<RequestRow> for AuthRequest {
    fn from(row: RequestRow) -> Self {
        Self {
            scopes: row.scopes,
            resources: row.resources,
            details: row.details,
            redirect_uri: row.redirect_uri,
            response: ResponseKind::of_name(&row.response).unwrap_or_default(),
            state: row.state,
            nonce: row.nonce,
            challenge: row.challenge,
            prompt: row.prompt,
            max_age: row.max_age,
        }
    }
}

impl From<&AuthRequest> for RequestRow {
    fn from(request: &AuthRequest) -> Self {
        let request = request.clone();
        Self {
            scopes: request.scopes,
            resources: request.resources,
            details: request.details,
            redirect_uri: request.redirect_uri,
            response: request.response.name().to_owned(),
            state: request.state,
            nonce: request.nonce,
            challenge: request.challenge,
            prompt: request.prompt,
            max_age: request.max_age,
        }
    }
}

fn grant(row: &Row<'_>) -> Result<Grant, StoreError> {
    Ok(Grant {
        id: GrantId(row.text(0)?),
        app_id: AppId(row.text(1)?),
        user_id: row.text_opt(2)?.map(UserId),
        state: GrantState::of_name(row.str(3)?).ok_or_else(|| {
            StoreError::inconsistent("oauth2_grants", "state", row.text(0).unwrap_or_default())
        })?,
        request: row.json::<RequestRow>(4, "oauth2_grants")?.into(),
        handle: row.text_opt(5)?,
        user_code: row.text_opt(6)?,
        code: row.text_opt(7)?,
        family_id: row.text_opt(8)?.map(TokenFamilyId),
        auth_time: row.time_opt(9)?,
        polled: row.time_opt(10)?,
        interval_seconds: row.int(11)?,
        expires: row.time(12)?,
        created: row.time(13)?,
        updated: row.time(14)?,
    })
}

impl Tx {
    /// Add a grant.
    pub async fn grant_insert(&self, grant: &Grant) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_oauth2_grants (project, id, app_id, user_id, state, request, handle, user_code, code, \
             family_id, auth_time, polled, interval_seconds, expires, created, updated) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                self.scope(),
                grant.id.as_str(),
                grant.app_id.as_str(),
                grant.user_id.as_ref().map(UserId::as_str),
                grant.state.name(),
                to_json(&RequestRow::from(&grant.request)),
                &grant.handle,
                &grant.user_code,
                &grant.code,
                grant.family_id.as_ref().map(TokenFamilyId::as_str),
                grant.auth_time,
                grant.polled,
                grant.interval_seconds,
                grant.expires,
                grant.created,
                grant.updated,
            ],
        )
        .await
    }

    async fn grant_by(&self, column: &str, value: &str) -> Result<Option<Grant>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_oauth2_grants WHERE project = ?1 AND {column} = ?2");
        self.row(&sql, params![self.scope(), value], grant).await
    }

    /// The grant with this id.
    pub async fn grant_by_id(&self, id: &GrantId) -> Result<Option<Grant>, StoreError> {
        self.grant_by("id", id.as_str()).await
    }

    /// The grant whose pushed handle or device code has this keyed hash.
    pub async fn grant_by_handle(&self, lookup: &str) -> Result<Option<Grant>, StoreError> {
        self.grant_by("handle", lookup).await
    }

    /// The grant whose typed code has this keyed hash.
    pub async fn grant_by_user_code(&self, lookup: &str) -> Result<Option<Grant>, StoreError> {
        self.grant_by("user_code", lookup).await
    }

    /// The grant whose code has this keyed hash.
    pub async fn grant_by_code(&self, lookup: &str) -> Result<Option<Grant>, StoreError> {
        self.grant_by("code", lookup).await
    }

    /// Write back a grant that was read in this transaction, if it is still in the state `from`; whether it was. Who gets
    /// `true` is the one who goes on with it.
    pub async fn grant_advance(&self, grant: &Grant, from: GrantState) -> Result<bool, StoreError> {
        let changed = self
            .run(
                "UPDATE cairn_oauth2_grants SET user_id = ?3, state = ?4, request = ?5, handle = ?6, user_code = ?7, \
                 code = ?8, family_id = ?9, auth_time = ?10, expires = ?11, updated = ?12 \
                 WHERE project = ?1 AND id = ?2 AND state = ?13",
                params![
                    self.scope(),
                    grant.id.as_str(),
                    grant.user_id.as_ref().map(UserId::as_str),
                    grant.state.name(),
                    to_json(&RequestRow::from(&grant.request)),
                    &grant.handle,
                    &grant.user_code,
                    &grant.code,
                    grant.family_id.as_ref().map(TokenFamilyId::as_str),
                    grant.auth_time,
                    grant.expires,
                    grant.updated,
                    from.name(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Say when a device asked, and how long it waits until it asks again.
    pub async fn grant_polled(
        &self,
        id: &GrantId,
        at: Timestamp,
        interval_seconds: i64,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE cairn_oauth2_grants SET polled = ?3, interval_seconds = ?4 \
                   WHERE project = ?1 AND id = ?2";
        self.run_one(sql, params![self.scope(), id.as_str(), at, interval_seconds]).await
    }

    /// Forget what an application has asked of a user.
    pub async fn grant_delete_all(&self, user_id: &UserId, app_id: &AppId) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_grants WHERE project = ?1 AND user_id = ?2 AND app_id = ?3";
        self.run(sql, params![self.scope(), user_id.as_str(), app_id.as_str()]).await.map(drop)
    }

    /// Forget what a user has allowed and no application has fetched yet.
    pub async fn grant_delete_approved(&self, user_id: &UserId) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_grants WHERE project = ?1 AND user_id = ?2 AND state = ?3";
        let state = GrantState::Approved.name();
        self.run(sql, params![self.scope(), user_id.as_str(), state]).await.map(drop)
    }

    /// Forget what an application has asked of everybody.
    pub async fn grant_delete_all_of_app(&self, app_id: &AppId) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_grants WHERE project = ?1 AND app_id = ?2";
        self.run(sql, params![self.scope(), app_id.as_str()]).await.map(drop)
    }

    /// Forget the grants that ended before, and the oldest ones beyond `kept`.
    pub async fn grant_sweep(&self, before: Timestamp, kept: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth2_grants WHERE project = ?1 AND expires < ?2";
        self.run(sql, params![self.scope(), before]).await?;
        let sql = "DELETE FROM cairn_oauth2_grants WHERE project = ?1 AND id IN (\
                   SELECT id FROM cairn_oauth2_grants WHERE project = ?1 \
                   ORDER BY expires DESC, id LIMIT 1000 OFFSET ?2)";
        self.run(sql, params![self.scope(), kept]).await.map(drop)
    }
}
