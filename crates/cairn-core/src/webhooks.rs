//! Webhooks: addresses that are told of a project's events. They are stored and checked here; nothing is sent yet.
//!
//! The signing secret is shown when it is made and when it is changed, and never again.

use cairn_faults::{Error, Fault};
use cairn_model::ids::WebhookId;
use cairn_model::value::Value;
use cairn_model::webhooks::Webhook;
use cairn_query::{Field, FieldType, NounField, NounFields};
use cairn_store::{OnConflict as _, StoreError, WEBHOOKS_ID_KEY};

use crate::listing::{ListRequest, Listed, PAGE_DEFAULT, Page};
use crate::{App, Cx};

#[cfg(test)]
mod tests;

const SECRET_SEALED_FOR: &str = "webhook";
const PASSWORD_SEALED_FOR: &str = "webhook password";
const SECRET_BYTES: usize = 64;

/// A webhook as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownWebhook {
    /// The webhook.
    pub webhook: Webhook,
    /// The password of HTTP basic authentication.
    pub auth_password: String,
    /// The signing secret, right after it was made or changed.
    pub secret: Option<String>,
}

/// What a webhook's owner decides.
#[derive(Clone, Debug)]
pub struct WebhookFields {
    /// The name that people give it.
    pub name: String,
    /// The address.
    pub url: String,
    /// Of which events it is told.
    pub events: Vec<String>,
    /// Whether anything is sent.
    pub is_enabled: bool,
    /// Whether the address' certificate is checked.
    pub checks_certificate: bool,
    /// The name of HTTP basic authentication.
    pub auth_username: String,
    /// The password of HTTP basic authentication.
    pub auth_password: String,
}

const LISTED: Listed<Webhook> = Listed {
    fields: NounFields(&[
        NounField::one("name", FieldType::Text),
        NounField::one("url", FieldType::Text),
        NounField::one("authUsername", FieldType::Text),
        NounField::one("tls", FieldType::Bool),
        NounField::list("events", FieldType::Text),
        NounField::one("enabled", FieldType::Bool),
        NounField::one("logs", FieldType::Text),
        NounField::one("attempts", FieldType::Int),
    ]),
    value: |webhook, field| match field {
        Field::Id => Value::Text(webhook.id.0.clone()),
        Field::Sequence => Value::Int(webhook.seq),
        Field::Created => webhook.created.into(),
        Field::Updated => webhook.updated.into(),
        Field::Attribute(0) => Value::Text(webhook.name.clone()),
        Field::Attribute(1) => Value::Text(webhook.url.clone()),
        Field::Attribute(2) => Value::Text(webhook.auth_username.clone()),
        Field::Attribute(3) => Value::Bool(webhook.checks_certificate),
        Field::Attribute(4) => Value::Array(webhook.events.iter().cloned().map(Value::Text).collect()),
        Field::Attribute(5) => Value::Bool(webhook.is_enabled),
        Field::Attribute(6) => Value::Text(webhook.logs.clone()),
        Field::Attribute(7) => Value::Int(webhook.attempts),
        Field::Attribute(_) | Field::Permissions | Field::Relevance => Value::Null,
    },
    page_default: PAGE_DEFAULT,
};

/// Make a webhook; its signing secret is random where none was chosen.
pub async fn create(
    cx: &Cx,
    id: &str,
    fields: WebhookFields,
    secret: Option<String>,
) -> Result<ShownWebhook, Error> {
    let now = cx.now();
    let secret = secret.unwrap_or_else(|| cx.app.ids.secret_hex(SECRET_BYTES));
    let webhook = Webhook {
        id: WebhookId(cx.id_or_new(id)),
        seq: cx.next_seq(),
        name: fields.name,
        url: fields.url,
        events: fields.events,
        checks_certificate: fields.checks_certificate,
        auth_username: fields.auth_username,
        sealed_auth_password: cx.app.secrets.seal(PASSWORD_SEALED_FOR, &fields.auth_password),
        sealed_secret: cx.app.secrets.seal(SECRET_SEALED_FOR, &secret),
        is_enabled: fields.is_enabled,
        logs: String::new(),
        attempts: 0,
        created: now,
        updated: now,
    };
    let stored = webhook.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.webhook_insert(&stored).await.on_conflict(WEBHOOKS_ID_KEY, Fault::WebhookAlreadyExists)
        })
        .await?;
    Ok(ShownWebhook { webhook, auth_password: fields.auth_password, secret: Some(secret) })
}

/// A webhook by its id.
pub async fn get(cx: &Cx, id: &WebhookId) -> Result<ShownWebhook, Error> {
    let wanted = id.clone();
    let found: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.webhook_by_id(&wanted).await }).await;
    show(&cx.app, found?.ok_or_else(|| Fault::WebhookNotFound.with("webhook", id))?)
}

/// A page of webhooks.
pub async fn list(cx: &Cx, request: &ListRequest) -> Result<Page<ShownWebhook>, Error> {
    let query = LISTED.query(request)?;
    let all: Result<_, StoreError> =
        cx.store().read(cx.project_ref(), |tx| async move { tx.webhook_list().await }).await;
    let page = LISTED.page(&query, request.counts_total, &all?)?;
    let items = page.items.into_iter().map(|webhook| show(&cx.app, webhook)).collect::<Result<_, _>>()?;
    Ok(Page { items, total: page.total })
}

/// Change a webhook. One that is enabled starts with a clean record.
pub async fn update(cx: &Cx, id: &WebhookId, fields: WebhookFields) -> Result<ShownWebhook, Error> {
    let sealed = cx.app.secrets.seal(PASSWORD_SEALED_FOR, &fields.auth_password);
    let webhook = change(cx, id, move |webhook| {
        webhook.name = fields.name;
        webhook.url = fields.url;
        webhook.events = fields.events;
        webhook.checks_certificate = fields.checks_certificate;
        webhook.auth_username = fields.auth_username;
        webhook.sealed_auth_password = sealed;
        webhook.is_enabled = fields.is_enabled;
        if webhook.is_enabled {
            webhook.attempts = 0;
        }
    })
    .await?;
    show(&cx.app, webhook)
}

/// Change the signing secret, to a random one where none was chosen.
pub async fn rotate_secret(cx: &Cx, id: &WebhookId, secret: Option<String>) -> Result<ShownWebhook, Error> {
    let secret = secret.unwrap_or_else(|| cx.app.ids.secret_hex(SECRET_BYTES));
    let sealed = cx.app.secrets.seal(SECRET_SEALED_FOR, &secret);
    let webhook = change(cx, id, move |webhook| webhook.sealed_secret = sealed).await?;
    Ok(ShownWebhook { secret: Some(secret), ..show(&cx.app, webhook)? })
}

/// Remove a webhook.
pub async fn delete(cx: &Cx, id: &WebhookId) -> Result<(), Error> {
    let id = id.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.webhook_delete(&id).await? {
                Ok(())
            } else {
                Err(Fault::WebhookNotFound.with("webhook", &id))
            }
        })
        .await
}

async fn change(
    cx: &Cx,
    id: &WebhookId,
    apply: impl FnOnce(&mut Webhook) + Clone + Send + 'static,
) -> Result<Webhook, Error> {
    let (id, now) = (id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.webhook_by_id(&id).await?;
            let mut webhook = found.ok_or_else(|| Fault::WebhookNotFound.with("webhook", &id))?;
            apply(&mut webhook);
            webhook.updated = now;
            tx.webhook_update(&webhook).await?;
            Ok::<_, Error>(webhook)
        })
        .await
}

/// A webhook without its signing secret.
pub(crate) fn show(app: &App, webhook: Webhook) -> Result<ShownWebhook, Error> {
    let auth_password = app.secrets.open(PASSWORD_SEALED_FOR, &webhook.sealed_auth_password)?;
    Ok(ShownWebhook { webhook, auth_password, secret: None })
}
