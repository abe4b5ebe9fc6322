//! A project on the wire, with what older versions are shown beside.

use cairn_core::App;
use cairn_core::oauth::Shown;
use cairn_core::oauth2::issuer_of;
use cairn_core::projects::{More, Overview};
use cairn_model::oauth2::Oauth2Server;
use cairn_model::projects::{AUTH_METHODS, PROTOCOLS, Policies, SERVICES, Settings};
use serde_json::{Map, Value, json};

use crate::wire::{object, time_or_empty};
use crate::{keys, platforms, webhooks};

/// The member that holds what only older versions are shown; the step to them takes it apart.
pub(crate) const MORE: &str = "$more";

/// A project on the wire.
pub(crate) fn project_wire(app: &App, overview: &Overview) -> Map<String, Value> {
    let (project, settings) = (&overview.project, &overview.settings);
    let (smtp, updated) = (&settings.smtp, settings.updated.unwrap_or(project.updated).max(project.updated));
    let dev_keys: Vec<_> = overview.dev_keys.iter().map(keys::dev_key_wire).collect();
    let mut wire = object(json!({
        "$id": project.id.as_str(),
        "$createdAt": project.created.to_wire(),
        "$updatedAt": updated.to_wire(),
        "name": project.name,
        "teamId": project.team_id.as_str(),
        "region": project.region,
        "devKeys": dev_keys,
        "smtpEnabled": smtp.is_enabled,
        "smtpSenderName": smtp.sender_name,
        "smtpSenderEmail": smtp.sender_email,
        "smtpReplyToName": smtp.reply_to_name,
        "smtpReplyToEmail": smtp.reply_to_email,
        "smtpHost": smtp.host,
        "smtpPort": smtp.port,
        "smtpUsername": smtp.username,
        "smtpPassword": "",
        "smtpSecure": smtp.secure,
        "pingCount": i64::from(project.pinged_at.is_some()),
        "pingedAt": time_or_empty(project.pinged_at),
        "labels": project.labels,
        "status": "active",
        "onboarding": {},
        "authMethods": toggles(AUTH_METHODS.iter().map(|(id, _)| *id), |id| !settings.disabled_auth_methods.contains(id)),
        "services": toggles(SERVICES.into_iter(), |id| !settings.disabled_services.contains(id)),
        "protocols": toggles(PROTOCOLS.into_iter(), |id| !settings.disabled_protocols.contains(id)),
        "blocks": [],
        "consoleAccessedAt": time_or_empty(project.accessed_at),
        "wafEnabled": false,
    }));
    wire.extend(server_wire(app, project.id.as_str(), &settings.oauth2));
    if let Some(more) = &overview.more {
        wire.insert(MORE.to_owned(), Value::Object(more_wire(overview, more)));
    }
    wire
}

fn toggles<'a>(ids: impl Iterator<Item = &'a str>, is_enabled: impl Fn(&str) -> bool) -> Vec<Value> {
    ids.map(|id| json!({ "$id": id, "enabled": is_enabled(id) })).collect()
}

fn more_wire(overview: &Overview, more: &More) -> Map<String, Value> {
    let about = &overview.project.about;
    let mut wire = object(json!({
        "description": about.description,
        "logo": about.logo,
        "url": about.url,
        "legalName": about.legal_name,
        "legalCountry": about.legal_country,
        "legalState": about.legal_state,
        "legalCity": about.legal_city,
        "legalAddress": about.legal_address,
        "legalTaxId": about.legal_tax_id,
        "oAuthProviders": old_providers(&more.providers),
        "platforms": more.platforms.iter().map(platforms::wire).collect::<Vec<_>>(),
        "keys": more.keys.iter().map(keys::key_wire).collect::<Vec<_>>(),
        "webhooks": more.webhooks.iter().map(webhooks::wire).collect::<Vec<_>>(),
    }));
    wire.extend(toggles_wire(&overview.settings));
    wire.extend(policies_wire(&overview.settings));
    wire
}

/// The toggles as members of their own, as they were before 1.9.5.
fn toggles_wire(settings: &Settings) -> Map<String, Value> {
    let capital = |text: &str| {
        let mut chars = text.chars();
        chars.next().map(|first| first.to_ascii_uppercase().to_string() + chars.as_str()).unwrap_or_default()
    };
    let methods = AUTH_METHODS.iter().map(|(id, old)| {
        (format!("auth{}", capital(old)), json!(!settings.disabled_auth_methods.contains(*id)))
    });
    let services = SERVICES.iter().map(|id| {
        (format!("serviceStatusFor{}", capital(id)), json!(!settings.disabled_services.contains(*id)))
    });
    let protocols = PROTOCOLS.iter().map(|id| {
        (format!("protocolStatusFor{}", capital(id)), json!(!settings.disabled_protocols.contains(*id)))
    });
    methods.chain(services).chain(protocols).collect()
}

fn policies_wire(settings: &Settings) -> Map<String, Value> {
    let policies: &Policies = &settings.policies;
    let seen = &policies.memberships;
    let phones: Vec<_> =
        settings.mock_phones.iter().map(|phone| json!({ "phone": phone.number, "otp": phone.otp })).collect();
    object(json!({
        "authLimit": policies.users_max.unwrap_or(0),
        "authDuration": policies.session_seconds(),
        "authSessionsLimit": policies.sessions_per_user_max(),
        "authPasswordHistory": policies.password_history,
        "authPasswordDictionary": policies.refuses_common_passwords,
        "authPersonalDataCheck": policies.refuses_personal_passwords,
        "authDisposableEmails": policies.emails.denies_disposable,
        "authCanonicalEmails": policies.emails.denies_aliased,
        "authFreeEmails": policies.emails.denies_free,
        "authCorporateEmails": policies.emails.is_corporate_only,
        "authMockNumbers": phones,
        "authSessionAlerts": policies.alerts_on_session,
        "authMembershipsUserName": seen.shows_name,
        "authMembershipsUserEmail": seen.shows_email,
        "authMembershipsMfa": seen.shows_mfa,
        "authMembershipsUserId": seen.shows_user_id,
        "authMembershipsUserPhone": seen.shows_phone,
        "authMembershipsUserAccessedAt": seen.shows_accessed_at,
        "authInvalidateSessions": policies.ends_sessions_on_password_change,
    }))
}

/// The providers of a project as clients before 1.9.5 are shown them.
fn old_providers(all: &[Shown]) -> Vec<Value> {
    let one = |shown: &Shown| -> Map<String, Value> {
        object(json!({
            "key": shown.provider.id,
            "name": shown.provider.name,
            "appId": shown.client_id,
            "secret": "",
            "enabled": shown.is_enabled,
        }))
    };
    all.iter().map(|shown| Value::Object(one(shown))).collect()
}

/// The server, as members of its project.
fn server_wire(app: &App, project: &str, server: &Oauth2Server) -> Map<String, Value> {
    object(json!({
        "oAuth2ServerEnabled": server.is_enabled,
        "oAuth2ServerAuthorizationUrl": server.authorization_url,
        "oAuth2ServerScopes": server.scopes,
        "oAuth2ServerDefaultScopes": server.default_scopes,
        "oAuth2ServerAuthorizationDetailsTypes": server.details_types,
        "oAuth2ServerAccessTokenDuration": server.confidential.access_seconds,
        "oAuth2ServerRefreshTokenDuration": server.confidential.refresh_seconds,
        "oAuth2ServerPublicAccessTokenDuration": server.public.access_seconds,
        "oAuth2ServerPublicRefreshTokenDuration": server.public.refresh_seconds,
        "oAuth2ServerInstallationAccessTokenDuration": server.installation_seconds,
        "oAuth2ServerConfidentialPkce": server.needs_pkce,
        "oAuth2ServerVerificationUrl": server.verification_url,
        "oAuth2ServerUserCodeLength": server.user_code_chars,
        "oAuth2ServerUserCodeFormat": server.user_code_format.name(),
        "oAuth2ServerDeviceCodeDuration": server.device_seconds,
        "oAuth2ServerDiscoveryUrl": format!("{}/.well-known/openid-configuration", issuer_of(app, project)),
    }))
}
