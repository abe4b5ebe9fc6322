//! A project's own settings: one JSON text per group, whose shape is private to this file.

use cairn_model::projects::{MembershipPrivacy, Policies, Settings};
use serde::{Deserialize, Serialize};

use crate::sql::{params, to_json};
use crate::{Noun, StoreError, Tx};

const GENERAL: &str = "general";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SettingsRow {
    disabled_services: Vec<String>,
    disabled_protocols: Vec<String>,
    disabled_auth_methods: Vec<String>,
    users_max: Option<i64>,
    session_seconds: Option<i64>,
    sessions_per_user_max: Option<i64>,
    password_history: i64,
    refuses_common_passwords: bool,
    refuses_personal_passwords: bool,
    alerts_on_session: bool,
    ends_sessions_on_password_change: bool,
    /// What members may not see of each other.
    hidden_member_fields: Vec<String>,
}

impl From<SettingsRow> for Settings {
    fn from(row: SettingsRow) -> Self {
        let shows = |field: &str| !row.hidden_member_fields.iter().any(|hidden| hidden == field);
        Self {
            policies: Policies {
                users_max: row.users_max,
                session_seconds: row.session_seconds,
                sessions_per_user_max: row.sessions_per_user_max,
                password_history: row.password_history,
                refuses_common_passwords: row.refuses_common_passwords,
                refuses_personal_passwords: row.refuses_personal_passwords,
                alerts_on_session: row.alerts_on_session,
                ends_sessions_on_password_change: row.ends_sessions_on_password_change,
                memberships: MembershipPrivacy {
                    shows_user_id: shows("user_id"),
                    shows_email: shows("email"),
                    shows_phone: shows("phone"),
                    shows_name: shows("name"),
                    shows_mfa: shows("mfa"),
                },
            },
            disabled_services: row.disabled_services.into_iter().collect(),
            disabled_protocols: row.disabled_protocols.into_iter().collect(),
            disabled_auth_methods: row.disabled_auth_methods.into_iter().collect(),
        }
    }
}

impl From<&Settings> for SettingsRow {
    fn from(settings: &Settings) -> Self {
        let policies = &settings.policies;
        let seen = &policies.memberships;
        let fields = [
            ("user_id", seen.shows_user_id),
            ("email", seen.shows_email),
            ("phone", seen.shows_phone),
            ("name", seen.shows_name),
            ("mfa", seen.shows_mfa),
        ];
        Self {
            disabled_services: settings.disabled_services.iter().cloned().collect(),
            disabled_protocols: settings.disabled_protocols.iter().cloned().collect(),
            disabled_auth_methods: settings.disabled_auth_methods.iter().cloned().collect(),
            users_max: policies.users_max,
            session_seconds: policies.session_seconds,
            sessions_per_user_max: policies.sessions_per_user_max,
            password_history: policies.password_history,
            refuses_common_passwords: policies.refuses_common_passwords,
            refuses_personal_passwords: policies.refuses_personal_passwords,
            alerts_on_session: policies.alerts_on_session,
            ends_sessions_on_password_change: policies.ends_sessions_on_password_change,
            hidden_member_fields: fields
                .into_iter()
                .filter(|(_, is_shown)| !is_shown)
                .map(|(name, _)| name.to_owned())
                .collect(),
        }
    }
}

impl Tx {
    /// The project's settings; the defaults where nothing was chosen.
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        let sql = "SELECT value FROM cairn_settings WHERE project = ?1 AND name = ?2";
        let row: Option<SettingsRow> =
            self.row(sql, params![self.scope(), GENERAL], |row| row.json(0, "settings")).await?;
        Ok(row.unwrap_or_default().into())
    }

    /// Write the project's settings.
    pub async fn settings_update(&self, settings: &Settings) -> Result<(), StoreError> {
        self.touch(Noun::Project, "");
        let sql = "INSERT INTO cairn_settings (project, name, value) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (project, name) DO UPDATE SET value = excluded.value";
        let value = to_json(&SettingsRow::from(settings));
        self.run_one(sql, params![self.scope(), GENERAL, value]).await
    }
}
