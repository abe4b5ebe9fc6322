//! What a project's owners have entered for providers of identity, and sign-ins that are under way.

use std::collections::BTreeMap;

use cairn_model::ids::UserId;
use cairn_model::oauth::{AllProviderSettings, OauthState, ProviderSettings};
use cairn_std::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sql::{Row, params, to_json};
use crate::{Noun, StoreError, Tx};

const PROVIDERS: &str = "oauth_providers";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct ProviderRow {
    is_enabled: bool,
    client_id: String,
    sealed_secret: String,
    parts: BTreeMap<String, String>,
}

impl From<ProviderRow> for ProviderSettings {
    fn from(row: ProviderRow) -> Self {
        let ProviderRow { is_enabled, client_id, sealed_secret, parts } = row;
        Self { is_enabled, client_id, sealed_secret, parts }
    }
}

impl From<&ProviderSettings> for ProviderRow {
    fn from(settings: &ProviderSettings) -> Self {
        let ProviderSettings { is_enabled, client_id, sealed_secret, parts } = settings.clone();
        Self { is_enabled, client_id, sealed_secret, parts }
    }
}

const COLUMNS: &str = "hash, provider, memo, callback, verifier, browser_hash, user_id, expires";

fn state(row: &Row<'_>) -> Result<OauthState, StoreError> {
    Ok(OauthState {
        hash: row.text(0)?,
        provider: row.text(1)?,
        memo: row.text(2)?,
        callback: row.text(3)?,
        sealed_verifier: row.text(4)?,
        browser_hash: row.text_opt(5)?,
        user_id: row.text_opt(6)?.map(UserId),
        expires: row.time(7)?,
    })
}

impl Tx {
    /// What the project's owners have entered, by provider.
    pub async fn oauth_providers(&self) -> Result<AllProviderSettings, StoreError> {
        let sql = "SELECT value FROM cairn_settings WHERE project = ?1 AND name = ?2";
        let rows: Option<BTreeMap<String, ProviderRow>> =
            self.row(sql, params![self.scope(), PROVIDERS], |row| row.json(0, "settings")).await?;
        Ok(rows.unwrap_or_default().into_iter().map(|(id, row)| (id, row.into())).collect())
    }

    /// Write what the project's owners have entered.
    pub async fn oauth_providers_update(&self, all: &AllProviderSettings) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        let sql = "INSERT INTO cairn_settings (project, name, value) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (project, name) DO UPDATE SET value = excluded.value";
        let rows: BTreeMap<&String, ProviderRow> = all.iter().map(|(id, own)| (id, own.into())).collect();
        self.run_one(sql, params![self.scope(), PROVIDERS, to_json(&rows)]).await
    }

    /// Remember a sign-in that begins.
    pub async fn oauth_state_insert(&self, state: &OauthState) -> Result<(), StoreError> {
        self.run_one(
            "INSERT INTO cairn_oauth_states (project, hash, provider, memo, callback, verifier, browser_hash, \
             user_id, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                self.scope(),
                &state.hash,
                &state.provider,
                &state.memo,
                &state.callback,
                &state.sealed_verifier,
                &state.browser_hash,
                state.user_id.as_ref().map(|id| id.as_str().to_owned()),
                state.expires,
            ],
        )
        .await
    }

    /// The sign-in of which this is the hash.
    pub async fn oauth_state(&self, hash: &str) -> Result<Option<OauthState>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM cairn_oauth_states WHERE project = ?1 AND hash = ?2");
        self.row(&sql, params![self.scope(), hash], state).await
    }

    /// Forget a sign-in; whether it was there. Who gets `true` is the one who goes on with it.
    pub async fn oauth_state_delete(&self, hash: &str) -> Result<bool, StoreError> {
        let sql = "DELETE FROM cairn_oauth_states WHERE project = ?1 AND hash = ?2";
        Ok(self.run(sql, params![self.scope(), hash]).await? == 1)
    }

    /// Forget the sign-ins that ended before, and the oldest ones beyond `kept`.
    pub async fn oauth_states_sweep(&self, before: Timestamp, kept: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM cairn_oauth_states WHERE project = ?1 AND expires < ?2";
        self.run(sql, params![self.scope(), before]).await?;
        let sql = "DELETE FROM cairn_oauth_states WHERE project = ?1 AND hash IN (\
                   SELECT hash FROM cairn_oauth_states WHERE project = ?1 \
                   ORDER BY expires DESC, hash LIMIT 1000 OFFSET ?2)";
        self.run(sql, params![self.scope(), kept]).await.map(drop)
    }
}
