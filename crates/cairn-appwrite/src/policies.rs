//! Rules about a project's accounts: `/v1/project/policies`.

use cairn_core::projects;
use cairn_core::settings::{
    self, MembershipPrivacyPatch, MfaFactorsPatch, PasswordStrengthPatch, PolicyChange,
};
use cairn_http::rules::{Rule as _, boolean, integer, one_of};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::projects::{PASSWORD_HISTORY_MAX, Policies, USERS_LIMIT_MAX};
use cairn_model::sessions::SESSIONS_PER_USER_MAX;
use serde_json::{Map, Value, json};

use crate::models::{POLICY, PROJECT};
use crate::projects::shown;
use crate::wire::{ListParams, object, paged};

const READ: &[&str] = &["policies.read", "project.policies.read"];
const WRITE: &[&str] = &["policies.write", "project.policies.write"];

/// The policies in the order in which they are listed.
const NAMES: [&str; 15] = [
    "password-dictionary",
    "password-history",
    "password-strength",
    "password-personal-data",
    "session-alert",
    "session-duration",
    "session-invalidation",
    "session-limit",
    "user-limit",
    "membership-privacy",
    "mfa-factors",
    "deny-aliased-email",
    "deny-disposable-email",
    "deny-free-email",
    "deny-corporate-email",
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/project/policies", "project.listPolicies", handler!(list_policies))
        .page("policies", &POLICY)
        .scopes(READ),
    Route::get("/v1/project/policies/{policyId}", "project.getPolicy", handler!(get_policy))
        .ok(&POLICY)
        .scopes(READ),
    Route::patch(
        "/v1/project/policies/user-limit",
        "project.updateUserLimitPolicy",
        handler!(update_user_limit),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/limit"])
    .also(&["projects.updateAuthLimit"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/session-duration",
        "project.updateSessionDurationPolicy",
        handler!(update_session_duration),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/duration"])
    .also(&["projects.updateAuthDuration"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/session-limit",
        "project.updateSessionLimitPolicy",
        handler!(update_session_limit),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/max-sessions"])
    .also(&["projects.updateAuthSessionsLimit"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/session-invalidation",
        "project.updateSessionInvalidationPolicy",
        handler!(update_session_invalidation),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/session-invalidation"])
    .also(&["projects.updateSessionInvalidation"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/session-alert",
        "project.updateSessionAlertPolicy",
        handler!(update_session_alert),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/session-alerts"])
    .also(&["projects.updateSessionAlerts"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/password-history",
        "project.updatePasswordHistoryPolicy",
        handler!(update_password_history),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/password-history"])
    .also(&["projects.updateAuthPasswordHistory"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/password-dictionary",
        "project.updatePasswordDictionaryPolicy",
        handler!(update_password_dictionary),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/password-dictionary"])
    .also(&["projects.updateAuthPasswordDictionary"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/password-personal-data",
        "project.updatePasswordPersonalDataPolicy",
        handler!(update_password_personal_data),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/personal-data"])
    .also(&["projects.updatePersonalDataCheck"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/password-strength",
        "project.updatePasswordStrengthPolicy",
        handler!(update_password_strength),
    )
    .ok(&POLICY)
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/membership-privacy",
        "project.updateMembershipPrivacyPolicy",
        handler!(update_membership_privacy),
    )
    .ok(&PROJECT)
    .aliases(&["/v1/projects/{projectId}/auth/memberships-privacy"])
    .also(&["projects.updateMembershipsPrivacy"])
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/mfa-factors",
        "project.updateMFAFactorsPolicy",
        handler!(update_mfa_factors),
    )
    .ok(&PROJECT)
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/deny-aliased-email",
        "project.updateDenyAliasedEmailPolicy",
        handler!(update_deny_aliased_email),
    )
    .ok(&PROJECT)
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/deny-disposable-email",
        "project.updateDenyDisposableEmailPolicy",
        handler!(update_deny_disposable_email),
    )
    .ok(&PROJECT)
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/deny-free-email",
        "project.updateDenyFreeEmailPolicy",
        handler!(update_deny_free_email),
    )
    .ok(&PROJECT)
    .scopes(WRITE),
    Route::patch(
        "/v1/project/policies/deny-corporate-email",
        "project.updateDenyCorporateEmailPolicy",
        handler!(update_deny_corporate_email),
    )
    .ok(&PROJECT)
    .scopes(WRITE),
];

params! {
    /// A policy by its name.
    pub(crate) struct PolicyPath {
        /// Policy ID.
        policy_id: &'static str = "policyId" => one_of(&NAMES),
    }
}

params! {
    /// A policy on or off.
    pub(crate) struct Switch {
        /// Whether the policy is on.
        enabled: bool = "enabled" => boolean(),
    }
}

params! {
    /// Users at most.
    pub(crate) struct UserLimit {
        /// Users at most; 0 or null is no limit.
        total: Option<i64> = "total" => integer(0, USERS_LIMIT_MAX).nullable(),
    }
}

params! {
    /// How long sessions last.
    pub(crate) struct SessionDuration {
        /// Seconds.
        duration: i64 = "duration" => integer(60, 31_536_000),
    }
}

params! {
    /// Sessions per user at most.
    pub(crate) struct SessionLimit {
        /// Sessions.
        total: i64 = "total" => integer(1, SESSIONS_PER_USER_MAX),
    }
}

params! {
    /// How many earlier passwords may not come back.
    pub(crate) struct PasswordHistory {
        /// Passwords; null for none.
        total: Option<i64> = "total" => integer(1, PASSWORD_HISTORY_MAX).nullable(),
    }
}

params! {
    /// What a password must have in it.
    pub(crate) struct PasswordStrength {
        /// Characters at least.
        min: Option<i64> = "min" => integer(8, 256).optional(),
        /// Whether an upper-case letter.
        uppercase: Option<bool> = "uppercase" => boolean().optional(),
        /// Whether a lower-case letter.
        lowercase: Option<bool> = "lowercase" => boolean().optional(),
        /// Whether a digit.
        number: Option<bool> = "number" => boolean().optional(),
        /// Whether something else.
        symbols: Option<bool> = "symbols" => boolean().optional(),
    }
}

params! {
    /// What members of a team may see of each other.
    pub(crate) struct MembershipPrivacy {
        /// Whether ids are shown.
        id: Option<bool> = "userId" => boolean().optional(),
        /// Whether e-mail addresses are shown.
        email: Option<bool> = "userEmail" => boolean().optional(),
        /// Whether phone numbers are shown.
        phone: Option<bool> = "userPhone" => boolean().optional(),
        /// Whether names are shown.
        name: Option<bool> = "userName" => boolean().optional(),
        /// Whether the second-factor status is shown.
        mfa: Option<bool> = "userMFA" => boolean().optional(),
        /// Whether the last use is shown.
        accessed_at: Option<bool> = "userAccessedAt" => boolean().optional(),
    }
}

params! {
    /// What may complete a second-factor challenge.
    pub(crate) struct MfaFactors {
        /// Codes of an authenticator.
        totp: Option<bool> = "totp" => boolean().optional(),
        /// Codes by e-mail.
        email: Option<bool> = "email" => boolean().optional(),
        /// Codes by phone.
        phone: Option<bool> = "phone" => boolean().optional(),
        /// What the project's own code decides.
        custom: Option<bool> = "custom" => boolean().optional(),
    }
}

async fn list_policies(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let policies = settings::current(&call.cx).await?.policies;
    let request = call.params.into_request(&call.exchange);
    let page = settings::policy_names(&NAMES, &request)?;
    Ok(paged("policy", "policies", &page, |name| policy_wire(&policies, name)))
}

async fn get_policy(call: Call<PolicyPath>) -> Reply {
    projects::registry(&call.cx)?;
    let policies = settings::current(&call.cx).await?.policies;
    Ok(Answer::ok("policy", policy_wire(&policies, call.params.policy_id)))
}

/// Change a policy and show the project.
async fn changed<P>(call: Call<P>, change: impl FnOnce(P) -> PolicyChange) -> Reply {
    projects::registry(&call.cx)?;
    settings::set_policy(&call.cx, change(call.params)).await?;
    shown(&call.cx, &call.exchange).await
}

async fn update_user_limit(call: Call<UserLimit>) -> Reply {
    changed(call, |sent| PolicyChange::UserLimit(sent.total)).await
}

async fn update_session_duration(call: Call<SessionDuration>) -> Reply {
    changed(call, |sent| PolicyChange::SessionDuration(sent.duration)).await
}

async fn update_session_limit(call: Call<SessionLimit>) -> Reply {
    changed(call, |sent| PolicyChange::SessionLimit(sent.total)).await
}

async fn update_session_invalidation(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::SessionInvalidation(sent.enabled)).await
}

async fn update_session_alert(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::SessionAlert(sent.enabled)).await
}

async fn update_deny_aliased_email(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::DenyAliasedEmail(sent.enabled)).await
}

async fn update_deny_disposable_email(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::DenyDisposableEmail(sent.enabled)).await
}

async fn update_deny_free_email(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::DenyFreeEmail(sent.enabled)).await
}

async fn update_deny_corporate_email(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::DenyCorporateEmail(sent.enabled)).await
}

async fn update_password_history(call: Call<PasswordHistory>) -> Reply {
    changed(call, |sent| PolicyChange::PasswordHistory(sent.total)).await
}

async fn update_password_dictionary(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::PasswordDictionary(sent.enabled)).await
}

async fn update_password_personal_data(call: Call<Switch>) -> Reply {
    changed(call, |sent| PolicyChange::PasswordPersonalData(sent.enabled)).await
}

async fn update_password_strength(call: Call<PasswordStrength>) -> Reply {
    projects::registry(&call.cx)?;
    let patch = PasswordStrengthPatch {
        chars_min: call.params.min,
        needs_uppercase: call.params.uppercase,
        needs_lowercase: call.params.lowercase,
        needs_number: call.params.number,
        needs_symbol: call.params.symbols,
    };
    let changed = settings::set_policy(&call.cx, PolicyChange::PasswordStrength(patch)).await?;
    Ok(Answer::ok("policy", policy_wire(&changed.policies, "password-strength")))
}

async fn update_membership_privacy(call: Call<MembershipPrivacy>) -> Reply {
    changed(call, |sent| {
        PolicyChange::MembershipPrivacy(MembershipPrivacyPatch {
            shows_user_id: sent.id,
            shows_email: sent.email,
            shows_phone: sent.phone,
            shows_name: sent.name,
            shows_mfa: sent.mfa,
            shows_accessed_at: sent.accessed_at,
        })
    })
    .await
}

async fn update_mfa_factors(call: Call<MfaFactors>) -> Reply {
    changed(call, |sent| {
        PolicyChange::MfaFactors(MfaFactorsPatch {
            totp: sent.totp,
            email: sent.email,
            phone: sent.phone,
            custom: sent.custom,
        })
    })
    .await
}

fn policy_wire(policies: &Policies, name: &str) -> Map<String, Value> {
    let mut wire = object(match name {
        "password-dictionary" => json!({ "enabled": policies.refuses_common_passwords }),
        "password-history" => json!({ "total": policies.password_history }),
        "password-strength" => {
            let strength = &policies.password_strength;
            json!({
                "min": strength.chars_min,
                "uppercase": strength.needs_uppercase,
                "lowercase": strength.needs_lowercase,
                "number": strength.needs_number,
                "symbols": strength.needs_symbol,
            })
        }
        "password-personal-data" => json!({ "enabled": policies.refuses_personal_passwords }),
        "deny-aliased-email" => json!({ "enabled": policies.emails.denies_aliased }),
        "deny-disposable-email" => json!({ "enabled": policies.emails.denies_disposable }),
        "deny-free-email" => json!({ "enabled": policies.emails.denies_free }),
        "deny-corporate-email" => json!({ "enabled": policies.emails.is_corporate_only }),
        "session-alert" => json!({ "enabled": policies.alerts_on_session }),
        "session-duration" => json!({ "duration": policies.session_seconds() }),
        "session-invalidation" => json!({ "enabled": policies.ends_sessions_on_password_change }),
        "session-limit" => json!({ "total": policies.sessions_per_user_max() }),
        "user-limit" => json!({ "total": policies.users_max.unwrap_or(0) }),
        "membership-privacy" => {
            let seen = &policies.memberships;
            json!({
                "userId": seen.shows_user_id,
                "userEmail": seen.shows_email,
                "userPhone": seen.shows_phone,
                "userName": seen.shows_name,
                "userMFA": seen.shows_mfa,
                "userAccessedAt": seen.shows_accessed_at,
            })
        }
        _ => {
            let factors = &policies.mfa_factors;
            json!({
                "totp": factors.totp,
                "email": factors.email,
                "phone": factors.phone,
                "custom": factors.custom,
            })
        }
    });
    wire.insert("$id".to_owned(), json!(name));
    wire
}
