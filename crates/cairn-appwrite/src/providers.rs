//! What a project's owners enter for providers of identity: `/v1/project/oauth2`.
//!
//! One handler for all: which parameters a request may carry, the provider's row tells.

use cairn_core::oauth::{self, Patch, Shown, ShownPart};
use cairn_core::projects;
use cairn_faults::{Error, Fault};
use cairn_http::params::ParamMap;
use cairn_http::rules::{Rule, array_of, boolean, integer, one_of, text, url};
use cairn_http::spec::{FromParams, ParamReader, ParamSpec};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::oauth::{
    CLIENT_ID_CHARS_MAX, Field, FieldKind, KEY_FILE_CHARS_MAX, PROMPTS, Provider, SECRET_CHARS_MAX, provider,
    providers,
};
use serde_json::{Value, json};

use crate::models::{PROJECT, PROVIDER, PROVIDER_FORM};
use crate::projects::shown;
use crate::wire::{ListParams, Object, OrEmpty, object, paged};

const ONE: &str = "/v1/project/oauth2/{providerId}";
const READ: &[&str] = &["project.oauth2.read"];
const WRITE: &[&str] = &["project.oauth2.write"];

/// The SDK's methods beside the first one: one per provider.
const METHODS: &[&str] = &[
    "project.updateOAuth2Apple",
    "project.updateOAuth2Appwrite",
    "project.updateOAuth2Auth0",
    "project.updateOAuth2Authentik",
    "project.updateOAuth2Autodesk",
    "project.updateOAuth2Bitbucket",
    "project.updateOAuth2Bitly",
    "project.updateOAuth2Box",
    "project.updateOAuth2Dailymotion",
    "project.updateOAuth2Discord",
    "project.updateOAuth2Disqus",
    "project.updateOAuth2Dropbox",
    "project.updateOAuth2Etsy",
    "project.updateOAuth2Facebook",
    "project.updateOAuth2Figma",
    "project.updateOAuth2FusionAuth",
    "project.updateOAuth2GitHub",
    "project.updateOAuth2Gitlab",
    "project.updateOAuth2Google",
    "project.updateOAuth2HuggingFace",
    "project.updateOAuth2Keycloak",
    "project.updateOAuth2Kick",
    "project.updateOAuth2Linkedin",
    "project.updateOAuth2Microsoft",
    "project.updateOAuth2Notion",
    "project.updateOAuth2Oidc",
    "project.updateOAuth2Okta",
    "project.updateOAuth2Paypal",
    "project.updateOAuth2PaypalSandbox",
    "project.updateOAuth2Podio",
    "project.updateOAuth2Salesforce",
    "project.updateOAuth2Slack",
    "project.updateOAuth2Spotify",
    "project.updateOAuth2Stripe",
    "project.updateOAuth2Tradeshift",
    "project.updateOAuth2TradeshiftSandbox",
    "project.updateOAuth2Twitch",
    "project.updateOAuth2WordPress",
    "project.updateOAuth2X",
    "project.updateOAuth2Yahoo",
    "project.updateOAuth2Yandex",
    "project.updateOAuth2Zoho",
    "project.updateOAuth2Zoom",
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/project/oauth2", "project.listOAuth2Providers", handler!(list_providers))
        .page("providers", &PROVIDER)
        .scopes(READ),
    Route::get(ONE, "project.getOAuth2Provider", handler!(get_provider))
        .ok(&PROVIDER)
        .scopes(READ)
        .faults(&[Fault::ProjectProviderUnsupported]),
    Route::patch(ONE, "project.updateOAuth2Amazon", handler!(update_provider))
        .ok(&PROVIDER)
        .also(METHODS)
        .scopes(WRITE)
        .faults(&[Fault::ProjectProviderUnsupported]),
    Route::patch("/v1/projects/{projectId}/oauth2", "projects.updateOAuth2", handler!(update_old))
        .ok(&PROJECT)
        .scopes(&["projects.write"])
        .faults(&[Fault::ProjectNotFound, Fault::ProjectProviderUnsupported]),
    Route::get("/v1/console/oauth2-providers", "console.listOAuth2Providers", handler!(list_forms))
        .page("oAuth2Providers", &PROVIDER_FORM)
        .lasting()
        .scopes(&["public"]),
];

async fn list_providers(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    let page = oauth::list(&call.cx, &request).await?;
    Ok(paged("oAuth2Provider", "providers", &page, wire))
}

params! {
    pub(crate) struct OfProvider {
        /// The id of the provider.
        provider_id: String = "providerId" => text(1, 128),
    }
}

async fn get_provider(call: Call<OfProvider>) -> Reply {
    let row = known(&call.params.provider_id)?;
    Ok(Answer::ok("oAuth2Provider", wire(&oauth::get(&call.cx, row.id).await?)))
}

fn known(id: &str) -> Result<&'static Provider, Error> {
    provider(id).ok_or_else(|| Error::invalid_param("/providerId", "Value must be the id of a provider."))
}

/// What is entered for one provider; the row tells its parameters.
pub(crate) struct UpdateProvider {
    provider: &'static Provider,
    patch: Patch,
}

impl FromParams for UpdateProvider {
    fn from_params(map: &ParamMap) -> Result<Self, Error> {
        let provider = known(map.text("providerId").unwrap_or_default())?;
        let reader = ParamReader::new(map);
        let mut patch =
            Patch { is_enabled: reader.take("enabled", &boolean().optional()).flatten(), ..Patch::default() };
        for field in provider.fields {
            patch.values.extend(read(&reader, field).map(|value| (field, value)));
        }
        reader.finish()?;
        Ok(Self { provider, patch })
    }

    fn specs() -> Vec<ParamSpec> {
        let mut specs = vec![
            ParamSpec::new("providerId", &["The id of the provider."], &text(1, 128)),
            ParamSpec::new("enabled", &["Whether users may sign in through it."], &boolean().optional()),
        ];
        for field in providers().filter(|row| row.method.is_some()).flat_map(|row| row.fields) {
            if specs.iter().all(|spec| spec.name != field.name) {
                let doc = format!("{}, of the providers that have it.", field.label);
                specs.push(spec(field, &doc));
            }
        }
        specs
    }
}

/// A field's new value as text; `None` where it stays.
///
/// COMPAT(appwrite): some addresses were once written `tokenUrl` instead of `tokenURL`.
fn read(reader: &ParamReader<'_>, field: &Field) -> Option<String> {
    match field.kind {
        FieldKind::Prompt => {
            let all =
                reader.take(field.name, &array_of(one_of(&PROMPTS), PROMPTS.len()).optional()).flatten();
            all.map(|prompts| prompts.join(" "))
        }
        FieldKind::Seconds => reader
            .take(field.name, &integer(0, i64::MAX).optional())
            .flatten()
            .map(|seconds| seconds.to_string()),
        FieldKind::Url => {
            let rule = OrEmpty(url().schemes(WEB)).optional();
            let old = || reader.take(&field.name.replace("URL", "Url"), &rule).flatten();
            reader.take(field.name, &rule).flatten().or_else(old)
        }
        _ => reader.take(field.name, &text(0, chars_max(field)).optional()).flatten(),
    }
}

const WEB: &[&str] = &["http", "https"];

fn chars_max(field: &Field) -> usize {
    match field.kind {
        FieldKind::KeyFile => KEY_FILE_CHARS_MAX,
        FieldKind::Secret => SECRET_CHARS_MAX,
        _ => CLIENT_ID_CHARS_MAX,
    }
}

fn spec(field: &Field, doc: &str) -> ParamSpec {
    match field.kind {
        FieldKind::Prompt => {
            ParamSpec::new(field.name, &[doc], &array_of(one_of(&PROMPTS), PROMPTS.len()).optional())
        }
        FieldKind::Seconds => ParamSpec::new(field.name, &[doc], &integer(0, i64::MAX).optional()),
        FieldKind::Url => ParamSpec::new(field.name, &[doc], &OrEmpty(url().schemes(WEB)).optional()),
        _ => ParamSpec::new(field.name, &[doc], &text(0, chars_max(field)).optional()),
    }
}

async fn update_provider(call: Call<UpdateProvider>) -> Reply {
    let UpdateProvider { provider, patch } = call.params;
    let saved = oauth::update(&call.cx, provider, patch).await?;
    Ok(Answer::ok("oAuth2Provider", wire(&saved)))
}

params! {
    pub(crate) struct UpdateOld {
        /// The id of the project.
        project_id: String = "projectId" => text(1, 64),
        /// The id of the provider.
        provider: String = "provider" => text(1, 128),
        /// The public name of the application.
        app_id: Option<String> = "appId" => text(0, 256).optional(),
        /// What proves the application: a text, or a JSON text of the provider's fields.
        secret: Option<String> = "secret" => text(0, KEY_FILE_CHARS_MAX).optional(),
        /// Whether users may sign in through it.
        enabled: Option<bool> = "enabled" => boolean().optional(),
    }
}

async fn update_old(call: Call<UpdateOld>) -> Reply {
    let UpdateOld { project_id, provider: id, app_id, secret, enabled } = call.params;
    if provider(&id).is_none() {
        return Err(Error::invalid_param("/provider", "Value must be the id of a provider."));
    }
    let cx = projects::managed(&call.cx, &project_id).await?;
    oauth::update_old(&cx, &id, app_id, secret, enabled).await?;
    shown(&cx, &call.exchange).await
}

async fn list_forms(_: Call<()>) -> Reply {
    let form = |row: &Provider| {
        let field = |field: &Field| json!({ "$id": field.name, "name": field.label, "example": field.example, "hint": field.hint });
        json!({ "$id": row.id, "parameters": row.fields.iter().map(field).collect::<Vec<_>>() })
    };
    let all: Vec<Value> = providers().filter(|row| row.method.is_some()).map(form).collect();
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    Ok(Answer::list("consoleOAuth2Provider", "oAuth2Providers", total, all))
}

/// A provider as its owners see it: the secret is there to be entered, and always empty.
fn wire(shown: &Shown) -> Object {
    let mut wire = object(json!({ "$id": shown.provider.id, "enabled": shown.is_enabled }));
    for field in shown.provider.fields {
        let value = match field.kind {
            FieldKind::ClientId => json!(shown.client_id),
            FieldKind::Secret | FieldKind::KeyFile => json!(""),
            _ => shown.parts.iter().find(|part| part.field.name == field.name).map_or(Value::Null, part_wire),
        };
        wire.insert(field.name.to_owned(), value);
    }
    wire
}

fn part_wire(part: &ShownPart) -> Value {
    match part.field.kind {
        FieldKind::Prompt => json!(part.value.split_whitespace().collect::<Vec<_>>()),
        FieldKind::Seconds => part.value.parse::<i64>().map_or(Value::Null, Value::from),
        _ => json!(part.value),
    }
}

#[cfg(test)]
mod tests;
