//! What a project's owners enter for providers.
//!
//! INVARIANT: a secret that was entered is never given back.

use cairn_faults::{Error, Fault};
use cairn_model::oauth::{
    AllProviderSettings, Field, FieldKind, Provider, ProviderKind, ProviderSettings, providers,
};
use cairn_store::StoreError;
use serde_json::{Map, Value};

use super::{SECRET_SEALED_FOR, provider};
use crate::listing::{ListRequest, Page};
use crate::settings::paged;
use crate::{App, Cx};

/// New values for a provider.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// Whether users may sign in through it. Left out, it is switched on as soon as everything is there.
    pub is_enabled: Option<bool>,
    /// Fields with their new values; an empty text clears one.
    pub values: Vec<(&'static Field, String)>,
}

/// A provider with what was entered for it, without the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The provider.
    pub provider: &'static Provider,
    /// Whether users may sign in through it.
    pub is_enabled: bool,
    /// The public name of the application.
    pub client_id: String,
    /// The other fields.
    pub parts: Vec<ShownPart>,
}

/// A field with what was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPart {
    /// The field.
    pub field: &'static Field,
    /// What was entered; of prompts, what stands for it.
    pub value: String,
}

fn shown(provider: &'static Provider, all: &AllProviderSettings) -> Shown {
    let own = all.get(provider.id).cloned().unwrap_or_default();
    let part = |field: &'static Field| {
        let default = if field.kind == FieldKind::Prompt { field.default } else { "" };
        ShownPart { field, value: own.parts.get(field.name).map_or(default, String::as_str).to_owned() }
    };
    Shown {
        provider,
        is_enabled: own.is_enabled,
        parts: provider.parts().map(part).collect(),
        client_id: own.client_id,
    }
}

async fn all(cx: &Cx) -> Result<AllProviderSettings, Error> {
    let all: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.oauth_providers().await }).await;
    Ok(all?)
}

/// A page of the providers that can be set up, in the order of their ids.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<Shown>, Error> {
    let all = all(cx).await?;
    let shown: Vec<Shown> =
        providers().filter(|row| row.method.is_some()).map(|row| shown(row, &all)).collect();
    paged(&shown, request)
}

/// Every provider that there is, for clients before 1.9.5.
pub(crate) fn all_shown(app: &App, all: &AllProviderSettings) -> Vec<Shown> {
    let has = |row: &&Provider| row.kind == ProviderKind::Real || app.options.is_development;
    providers().filter(has).map(|row| shown(row, all)).collect()
}

/// One provider.
///
/// # Errors
/// `project_provider_unsupported` for one that cannot be set up.
pub async fn get(cx: &Cx, id: &str) -> Result<Shown, Error> {
    let row = provider(cx, id)?;
    if row.method.is_none() {
        return Err(Fault::ProjectProviderUnsupported.with("provider", id));
    }
    Ok(shown(row, &all(cx).await?))
}

/// Change what was entered for a provider.
///
/// # Errors
/// `general_argument_invalid` when it is to be switched on and something is missing.
pub async fn update(cx: &Cx, row: &'static Provider, patch: Patch) -> Result<Shown, Error> {
    check(row, &patch)?;
    let sealed = sealed(cx, &patch.values);
    let saved = change(cx, row, move |own| {
        enter(own, sealed, patch.values);
        let is_complete = own.is_complete(row);
        match patch.is_enabled {
            Some(true) if !is_complete => return Err(incomplete(row, own)),
            Some(is_enabled) => own.is_enabled = is_enabled,
            // COMPAT(appwrite): whoever completes a provider switches it on.
            None => own.is_enabled |= is_complete,
        }
        Ok(())
    });
    Ok(shown(row, &saved.await?))
}

/// The same by the names of clients before 1.9.5, whose secret may be a JSON text of several values.
pub async fn update_old(
    cx: &Cx,
    id: &str,
    client_id: Option<String>,
    secret: Option<String>,
    is_enabled: Option<bool>,
) -> Result<(), Error> {
    let row = provider(cx, id)?;
    let mut values: Vec<(&'static Field, String)> = Vec::new();
    values.extend(client_id.map(|text| (row.client_id(), text)));
    if let Some(secret) = secret {
        let is_composed = row.fields.len() > 2;
        let taken_apart = serde_json::from_str::<Map<String, Value>>(&secret).ok().filter(|_| is_composed);
        match taken_apart {
            Some(inner) => values.extend(apart(row, &inner)),
            None => values.push((row.secret(), secret)),
        }
    }
    let sealed = sealed(cx, &values);
    change(cx, row, move |own| {
        enter(own, sealed, values);
        own.is_enabled = is_enabled.unwrap_or(own.is_enabled);
        Ok(())
    })
    .await
    .map(drop)
}

/// The fields in a secret that holds several values.
fn apart(row: &'static Provider, inner: &Map<String, Value>) -> Vec<(&'static Field, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let named = row.fields.iter().filter(|field| field.kind != FieldKind::ClientId);
    named.filter_map(|field| Some((field, text(inner.get(field.old)?)))).collect()
}

/// Rules about values together; each alone was read by the surface.
fn check(row: &Provider, patch: &Patch) -> Result<(), Error> {
    for (field, value) in &patch.values {
        if field.kind != FieldKind::Prompt {
            continue;
        }
        let prompts: Vec<&str> = value.split_whitespace().collect();
        let pointer = format!("/{}", field.name);
        if prompts.contains(&"none") && prompts.len() > 1 {
            return Err(Error::invalid_param(pointer, "`none` stands alone or not at all."));
        }
        if prompts.is_empty() && row.id == "google" {
            return Err(Error::invalid_param(pointer, "Must hold at least one prompt."));
        }
    }
    Ok(())
}

fn incomplete(row: &Provider, own: &ProviderSettings) -> Error {
    let missing = if own.client_id.is_empty() {
        row.client_id().name
    } else if own.sealed_secret.is_empty() {
        row.secret().name
    } else {
        let is_empty = |field: &&Field| field.is_required && own.part(field).is_empty();
        row.parts().find(is_empty).map_or("wellKnownURL", |field| field.name)
    };
    Error::invalid_param(format!("/{missing}"), "The provider cannot be enabled without it.")
}

fn is_secret(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Secret | FieldKind::KeyFile)
}

/// The new secret, encrypted; encrypting draws randomness, which a transaction must not.
fn sealed(cx: &Cx, values: &[(&'static Field, String)]) -> Option<String> {
    let (_, secret) = values.iter().find(|(field, _)| is_secret(field))?;
    Some(if secret.is_empty() { String::new() } else { cx.app.secrets.seal(SECRET_SEALED_FOR, secret) })
}

fn enter(own: &mut ProviderSettings, sealed: Option<String>, values: Vec<(&'static Field, String)>) {
    if let Some(sealed) = sealed {
        own.sealed_secret = sealed;
    }
    for (field, value) in values {
        match field.kind {
            FieldKind::ClientId => own.client_id = value,
            FieldKind::Secret | FieldKind::KeyFile => {}
            _ if value.is_empty() => drop(own.parts.remove(field.name)),
            _ => drop(own.parts.insert(field.name.to_owned(), value)),
        }
    }
}

async fn change(
    cx: &Cx,
    row: &'static Provider,
    apply: impl FnOnce(&mut ProviderSettings) -> Result<(), Error> + Clone + Send + 'static,
) -> Result<AllProviderSettings, Error> {
    let now = cx.now();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut all = tx.oauth_providers().await?;
            apply(all.entry(row.id.to_owned()).or_default())?;
            tx.oauth_providers_update(&all).await?;
            let mut settings = tx.settings().await?;
            settings.updated = Some(now);
            tx.settings_update(&settings).await?;
            Ok::<_, Error>(all)
        })
        .await
}
