//! Steps of projects and what belongs to them.

use cairn_http::params::ParamMap;
use cairn_http::wire_version::{RequestStep, ResponseStep, WireVersion};
use serde_json::{Map, Value, json};

use crate::projects::wire::MORE;

const V1_9_0: WireVersion = WireVersion::new(1, 9, 0);
const V1_9_1: WireVersion = WireVersion::new(1, 9, 1);
const V1_9_2: WireVersion = WireVersion::new(1, 9, 2);
const V1_9_3: WireVersion = WireVersion::new(1, 9, 3);
const V1_9_4: WireVersion = WireVersion::new(1, 9, 4);
const V1_9_5: WireVersion = WireVersion::new(1, 9, 5);

const fn lift(below: WireVersion, method: &'static str, apply: fn(&mut ParamMap)) -> RequestStep {
    RequestStep { below, method, apply }
}

const fn lower(below: WireVersion, model: &'static str, apply: fn(&mut Map<String, Value>)) -> ResponseStep {
    ResponseStep { below, model, apply }
}

/// Requests, oldest first.
pub(super) const REQUESTS: &[RequestStep] = &[
    lift(V1_9_0, "project.createWebPlatform", |sent| or_unique(sent, "platformId")),
    lift(V1_9_0, "project.createApplePlatform", |sent| named_key(sent, "bundleIdentifier")),
    lift(V1_9_0, "project.updateApplePlatform", |sent| named_key(sent, "bundleIdentifier")),
    lift(V1_9_0, "project.createAndroidPlatform", |sent| named_key(sent, "applicationId")),
    lift(V1_9_0, "project.updateAndroidPlatform", |sent| named_key(sent, "applicationId")),
    lift(V1_9_0, "project.createWindowsPlatform", |sent| named_key(sent, "packageIdentifierName")),
    lift(V1_9_0, "project.updateWindowsPlatform", |sent| named_key(sent, "packageIdentifierName")),
    lift(V1_9_0, "project.createLinuxPlatform", |sent| named_key(sent, "packageName")),
    lift(V1_9_0, "project.updateLinuxPlatform", |sent| named_key(sent, "packageName")),
    lift(V1_9_0, "project.listPlatforms", |sent| unpaged(sent, 5_000)),
    lift(V1_9_0, "project.listVariables", |sent| unpaged(sent, 1_000)),
    lift(V1_9_0, "webhooks.create", |sent| or_unique(sent, "webhookId")),
    lift(V1_9_0, "project.createKey", |sent| or_unique(sent, "keyId")),
    lift(V1_9_0, "project.createVariable", |sent| or_unique(sent, "variableId")),
    lift(V1_9_1, "project.updateService", |sent| {
        sent.rename("service", "serviceId");
        sent.rename("status", "enabled");
    }),
    lift(V1_9_1, "project.updateProtocol", |sent| {
        sent.rename("api", "protocolId");
        sent.rename("status", "enabled");
        if sent.text("protocolId") == Some("realtime") {
            sent.set("protocolId", json!("websocket"));
        }
    }),
    lift(V1_9_1, "project.createKey", scopes_or_none),
    lift(V1_9_1, "project.updateKey", scopes_or_none),
    lift(V1_9_1, "webhooks.create", webhook),
    lift(V1_9_1, "webhooks.update", webhook),
    lift(V1_9_2, "project.updateSMTP", |sent| sent.rename("replyTo", "replyToEmail")),
    lift(V1_9_2, "project.updateEmailTemplate", |sent| {
        sent.rename("type", "templateId");
        sent.rename("replyTo", "replyToEmail");
    }),
    lift(V1_9_2, "project.getEmailTemplate", |sent| sent.rename("type", "templateId")),
    lift(V1_9_2, "project.updateMembershipPrivacyPolicy", |sent| {
        sent.set("userId", json!(false));
        sent.set("userPhone", json!(false));
        sent.rename("mfa", "userMFA");
    }),
    lift(V1_9_2, "project.updateSessionAlertPolicy", |sent| sent.rename("alerts", "enabled")),
    lift(V1_9_2, "project.updateUserLimitPolicy", limit_to_total),
    lift(V1_9_2, "project.updatePasswordHistoryPolicy", limit_to_total),
    lift(V1_9_2, "project.updateSessionLimitPolicy", limit_to_total),
    lift(V1_9_2, "project.updateAuthMethod", |sent| {
        sent.rename("status", "enabled");
        sent.rename("method", "methodId");
    }),
];

/// Answers, newest first.
pub(super) const RESPONSES: &[ResponseStep] = &[
    lower(V1_9_5, "project", spread_project),
    lower(V1_9_4, "oAuth2Provider", |provider| {
        rename(provider, "tokenURL", "tokenUrl");
        rename(provider, "userInfoURL", "userInfoUrl");
    }),
    lower(V1_9_3, "ephemeralKey", ephemeral_key_as_jwt),
    lower(V1_9_2, "project", |project| {
        for gone in ["authMembershipsUserId", "authMembershipsUserPhone", "smtpReplyToName"] {
            project.remove(gone);
        }
        rename(project, "smtpReplyToEmail", "smtpReplyTo");
    }),
    lower(V1_9_2, "emailTemplate", |template| {
        template.remove("replyToName");
        rename(template, "templateId", "type");
        rename(template, "replyToEmail", "replyTo");
    }),
    lower(V1_9_2, "mockNumber", |phone| {
        phone.remove("$createdAt");
        phone.remove("$updatedAt");
        rename(phone, "number", "phone");
    }),
    lower(V1_9_1, "project", |project| {
        project.retain(|name, _| !name.starts_with("protocolStatusFor"));
        each(project, "webhooks", old_webhook);
    }),
    lower(V1_9_1, "webhook", old_webhook),
    lower(V1_9_0, "project", |project| each(project, "platforms", old_platform)),
    lower(V1_9_0, "platform", old_platform),
];

fn or_unique(sent: &mut ParamMap, name: &str) {
    if sent.value(name).is_none_or(Value::is_null) {
        sent.set(name, json!("unique()"));
    }
}

/// Older clients call every application's name `key`, and leave the id to the server.
fn named_key(sent: &mut ParamMap, name: &str) {
    or_unique(sent, "platformId");
    if sent.value(name).is_none() {
        sent.rename("key", name);
    }
}

/// Lists that had no pages keep having none.
fn unpaged(sent: &mut ParamMap, rows_max: u64) {
    if sent.value("queries").is_none() {
        sent.set("queries", json!([format!(r#"{{"method":"limit","values":[{rows_max}]}}"#)]));
    }
}

fn scopes_or_none(sent: &mut ParamMap) {
    if !sent.value("scopes").is_some_and(Value::is_array) {
        sent.set("scopes", json!([]));
    }
}

fn webhook(sent: &mut ParamMap) {
    sent.rename("security", "tls");
    sent.rename("httpUser", "authUsername");
    sent.rename("httpPass", "authPassword");
}

/// `limit: 0` was how a limit was lifted.
fn limit_to_total(sent: &mut ParamMap) {
    if let Some(limit) = sent.remove("limit") {
        sent.set("total", if limit == json!(0) { Value::Null } else { limit });
    }
}

/// Before 1.9.5 a project's toggles, policies, platforms, keys and webhooks were members of their own.
fn spread_project(project: &mut Map<String, Value>) {
    project.retain(|name, _| !name.starts_with("oAuth2Server"));
    for gathered in ["authMethods", "services", "protocols"] {
        project.remove(gathered);
    }
    if let Some(Value::Object(more)) = project.remove(MORE) {
        project.extend(more);
    }
}

fn ephemeral_key_as_jwt(key: &mut Map<String, Value>) {
    rename(key, "secret", "jwt");
    key.retain(|name, _| matches!(name.as_str(), "jwt" | "scopes" | "projectId"));
}

fn old_webhook(webhook: &mut Map<String, Value>) {
    rename(webhook, "tls", "security");
    rename(webhook, "authUsername", "httpUser");
    rename(webhook, "authPassword", "httpPass");
    rename(webhook, "secret", "signatureKey");
}

/// One model stood for every kind of platform, with all that any of them could have.
fn old_platform(platform: &mut Map<String, Value>) {
    for name in ["bundleIdentifier", "applicationId", "packageIdentifierName", "packageName"] {
        rename(platform, name, "key");
    }
    for name in ["key", "store", "hostname", "httpUser", "httpPass"] {
        platform.entry(name).or_insert_with(|| json!(""));
    }
}

fn rename(object: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = object.remove(from) {
        object.insert(to.to_owned(), value);
    }
}

fn each(object: &mut Map<String, Value>, name: &str, apply: fn(&mut Map<String, Value>)) {
    if let Some(Value::Array(items)) = object.get_mut(name) {
        items.iter_mut().filter_map(Value::as_object_mut).for_each(apply);
    }
}
