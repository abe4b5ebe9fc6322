//! A project's own settings: one JSON text per group, whose shape is private to this file.

use cairn_model::projects::{
    EmailPolicies, MembershipPrivacy, MfaFactors, MockPhone, PasswordStrength, Policies, Settings, Smtp,
};
use cairn_std::Timestamp;
use serde::{Deserialize, Serialize};

use crate::oauth2::server::Oauth2ServerRow;
use crate::sql::{params, to_json};
use crate::{Noun, StoreError, Tx};

const GENERAL: &str = "general";

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SettingsRow {
    disabled_services: Vec<String>,
    disabled_protocols: Vec<String>,
    disabled_auth_methods: Vec<String>,
    policies: PoliciesRow,
    smtp: SmtpRow,
    mock_phones: Vec<MockPhoneRow>,
    oauth2: Oauth2ServerRow,
    updated: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
struct PoliciesRow {
    users_max: Option<i64>,
    session_seconds: Option<i64>,
    sessions_per_user_max: Option<i64>,
    password_history: i64,
    password_chars_min: i64,
    /// What a password must have in it.
    password_needs: Vec<String>,
    refuses_common_passwords: bool,
    refuses_personal_passwords: bool,
    alerts_on_session: bool,
    keeps_sessions_on_password_change: bool,
    /// What members may see of each other.
    shown_member_fields: Vec<String>,
    mfa_factors: Vec<String>,
    /// Which e-mail addresses are refused.
    denied_emails: Vec<String>,
}

impl Default for PoliciesRow {
    fn default() -> Self {
        (&Policies::default()).into()
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SmtpRow {
    is_enabled: bool,
    host: String,
    port: i64,
    username: String,
    sealed_password: String,
    secure: String,
    sender_email: String,
    sender_name: String,
    reply_to_email: String,
    reply_to_name: String,
}

#[derive(Serialize, Deserialize)]
struct MockPhoneRow {
    number: String,
    otp: String,
    created: i64,
    updated: i64,
}

/// The names of those switches that are on.
fn names<const N: usize>(switches: [(&str, bool); N]) -> Vec<String> {
    switches.into_iter().filter(|(_, is_on)| *is_on).map(|(name, _)| name.to_owned()).collect()
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|held| held == name)
}

impl From<PoliciesRow> for Policies {
    fn from(row: PoliciesRow) -> Self {
        let (needs, shown, factors) = (&row.password_needs, &row.shown_member_fields, &row.mfa_factors);
        Self {
            users_max: row.users_max,
            session_seconds: row.session_seconds,
            sessions_per_user_max: row.sessions_per_user_max,
            password_history: row.password_history,
            password_strength: PasswordStrength {
                chars_min: row.password_chars_min,
                needs_uppercase: has(needs, "uppercase"),
                needs_lowercase: has(needs, "lowercase"),
                needs_number: has(needs, "number"),
                needs_symbol: has(needs, "symbol"),
            },
            refuses_common_passwords: row.refuses_common_passwords,
            refuses_personal_passwords: row.refuses_personal_passwords,
            alerts_on_session: row.alerts_on_session,
            ends_sessions_on_password_change: !row.keeps_sessions_on_password_change,
            memberships: MembershipPrivacy {
                shows_user_id: has(shown, "user_id"),
                shows_email: has(shown, "email"),
                shows_phone: has(shown, "phone"),
                shows_name: has(shown, "name"),
                shows_mfa: has(shown, "mfa"),
                shows_accessed_at: has(shown, "accessed_at"),
            },
            mfa_factors: MfaFactors {
                totp: has(factors, "totp"),
                email: has(factors, "email"),
                phone: has(factors, "phone"),
                custom: has(factors, "custom"),
            },
            emails: EmailPolicies {
                denies_aliased: has(&row.denied_emails, "aliased"),
                denies_disposable: has(&row.denied_emails, "disposable"),
                denies_free: has(&row.denied_emails, "free"),
                is_corporate_only: has(&row.denied_emails, "not_corporate"),
            },
        }
    }
}

impl From<&Policies> for PoliciesRow {
    fn from(policies: &Policies) -> Self {
        let (strength, seen) = (&policies.password_strength, &policies.memberships);
        let factors = &policies.mfa_factors;
        Self {
            users_max: policies.users_max,
            session_seconds: policies.session_seconds,
            sessions_per_user_max: policies.sessions_per_user_max,
            password_history: policies.password_history,
            password_chars_min: strength.chars_min,
            password_needs: names([
                ("uppercase", strength.needs_uppercase),
                ("lowercase", strength.needs_lowercase),
                ("number", strength.needs_number),
                ("symbol", strength.needs_symbol),
            ]),
            refuses_common_passwords: policies.refuses_common_passwords,
            refuses_personal_passwords: policies.refuses_personal_passwords,
            alerts_on_session: policies.alerts_on_session,
            keeps_sessions_on_password_change: !policies.ends_sessions_on_password_change,
            shown_member_fields: names([
                ("user_id", seen.shows_user_id),
                ("email", seen.shows_email),
                ("phone", seen.shows_phone),
                ("name", seen.shows_name),
                ("mfa", seen.shows_mfa),
                ("accessed_at", seen.shows_accessed_at),
            ]),
            mfa_factors: names([
                ("totp", factors.totp),
                ("email", factors.email),
                ("phone", factors.phone),
                ("custom", factors.custom),
            ]),
            denied_emails: names([
                ("aliased", policies.emails.denies_aliased),
                ("disposable", policies.emails.denies_disposable),
                ("free", policies.emails.denies_free),
                ("not_corporate", policies.emails.is_corporate_only),
            ]),
        }
    }
}

impl From<SmtpRow> for Smtp {
    fn from(row: SmtpRow) -> Self {
        Self {
            is_enabled: row.is_enabled,
            host: row.host,
            port: row.port,
            username: row.username,
            sealed_password: row.sealed_password,
            secure: row.secure,
            sender_email: row.sender_email,
            sender_name: row.sender_name,
            reply_to_email: row.reply_to_email,
            reply_to_name: row.reply_to_name,
        }
    }
}

impl From<&Smtp> for SmtpRow {
    fn from(smtp: &Smtp) -> Self {
        let smtp = smtp.clone();
        Self {
            is_enabled: smtp.is_enabled,
            host: smtp.host,
            port: smtp.port,
            username: smtp.username,
            sealed_password: smtp.sealed_password,
            secure: smtp.secure,
            sender_email: smtp.sender_email,
            sender_name: smtp.sender_name,
            reply_to_email: smtp.reply_to_email,
            reply_to_name: smtp.reply_to_name,
        }
    }
}

impl From<SettingsRow> for Settings {
    fn from(row: SettingsRow) -> Self {
        let phone = |row: MockPhoneRow| MockPhone {
            number: row.number,
            otp: row.otp,
            created: Timestamp(row.created),
            updated: Timestamp(row.updated),
        };
        Self {
            disabled_services: row.disabled_services.into_iter().collect(),
            disabled_protocols: row.disabled_protocols.into_iter().collect(),
            disabled_auth_methods: row.disabled_auth_methods.into_iter().collect(),
            policies: row.policies.into(),
            smtp: row.smtp.into(),
            mock_phones: row.mock_phones.into_iter().map(phone).collect(),
            oauth2: row.oauth2.into(),
            updated: row.updated.map(Timestamp),
        }
    }
}

impl From<&Settings> for SettingsRow {
    fn from(settings: &Settings) -> Self {
        let phone = |phone: &MockPhone| MockPhoneRow {
            number: phone.number.clone(),
            otp: phone.otp.clone(),
            created: phone.created.0,
            updated: phone.updated.0,
        };
        Self {
            disabled_services: settings.disabled_services.iter().cloned().collect(),
            disabled_protocols: settings.disabled_protocols.iter().cloned().collect(),
            disabled_auth_methods: settings.disabled_auth_methods.iter().cloned().collect(),
            policies: (&settings.policies).into(),
            smtp: (&settings.smtp).into(),
            mock_phones: settings.mock_phones.iter().map(phone).collect(),
            oauth2: (&settings.oauth2).into(),
            updated: settings.updated.map(|updated| updated.0),
        }
    }
}

impl Tx {
    /// The project's settings; the defaults where nothing was chosen.
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        let sql = "SELECT value FROM cairn_settings WHERE project = ?1 AND name = ?2";
        let row: Option<SettingsRow> =
            self.row(sql, params![self.scope(), GENERAL], |row| row.json(0, "settings")).await?;
        Ok(match row {
            Some(row) => row.into(),
            None if self.project().is_console() => Settings::of_console(),
            None => Settings::default(),
        })
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
