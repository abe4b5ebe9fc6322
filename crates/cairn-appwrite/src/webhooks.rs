//! Webhooks of a project: `/v1/webhooks` and `/v1/projects/{projectId}/webhooks`.

use cairn_core::projects;
use cairn_core::webhooks::{self, ShownWebhook, WebhookFields};
use cairn_faults::Fault;
use cairn_http::rules::{
    IdChoice, Patch, Refusal, Rule, Shape, ShapeKind, array_of, boolean, custom_id, text, uid, url,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::events::is_event;
use cairn_model::webhooks::EVENTS_MAX;
use serde_json::{Map, Value, json};

use crate::models::WEBHOOK;
use crate::wire::{ListParams, object, paged};

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/webhooks", "webhooks.create", handler!(create_webhook))
        .created(&WEBHOOK)
        .aliases(&["/v1/projects/{projectId}/webhooks"])
        .also(&["projects.createWebhook"])
        .scopes(&["webhooks.write"])
        .faults(&[Fault::WebhookAlreadyExists]),
    Route::get("/v1/webhooks", "webhooks.list", handler!(list_webhooks))
        .page("webhooks", &WEBHOOK)
        .aliases(&["/v1/projects/{projectId}/webhooks"])
        .also(&["projects.listWebhooks"])
        .scopes(&["webhooks.read"]),
    Route::get("/v1/webhooks/{webhookId}", "webhooks.get", handler!(get_webhook))
        .ok(&WEBHOOK)
        .aliases(&["/v1/projects/{projectId}/webhooks/{webhookId}"])
        .also(&["projects.getWebhook"])
        .scopes(&["webhooks.read"])
        .faults(&[Fault::WebhookNotFound]),
    Route::put("/v1/webhooks/{webhookId}", "webhooks.update", handler!(update_webhook))
        .ok(&WEBHOOK)
        .aliases(&["/v1/projects/{projectId}/webhooks/{webhookId}"])
        .also(&["projects.updateWebhook"])
        .scopes(&["webhooks.write"])
        .faults(&[Fault::WebhookNotFound]),
    Route::patch("/v1/webhooks/{webhookId}/secret", "webhooks.updateSecret", handler!(update_webhook_secret))
        .ok(&WEBHOOK)
        .aliases(&["/v1/projects/{projectId}/webhooks/{webhookId}/signature"])
        .also(&["projects.updateWebhookSignature"])
        .scopes(&["webhooks.write"])
        .faults(&[Fault::WebhookNotFound]),
    Route::delete("/v1/webhooks/{webhookId}", "webhooks.delete", handler!(delete_webhook))
        .nothing()
        .aliases(&["/v1/projects/{projectId}/webhooks/{webhookId}"])
        .also(&["projects.deleteWebhook"])
        .scopes(&["webhooks.write"])
        .faults(&[Fault::WebhookNotFound]),
];

/// The name of an event, ids being `*` or given.
#[derive(Clone, Copy, Debug)]
struct EventRule;

impl Rule for EventRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Text).example("users.*.create")
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        match value.as_str().filter(|text| is_event(text)) {
            Some(text) => Ok(text.to_owned()),
            None => Err(Refusal::new("Event is not valid.")),
        }
    }
}

params! {
    /// A webhook to make.
    pub(crate) struct CreateWebhook {
        /// Webhook ID. Choose a custom ID or generate a random one with `unique()`.
        webhook_id: IdChoice = "webhookId" => custom_id(),
        /// Webhook URL.
        url: String = "url" => url().schemes(&["http", "https"]),
        /// Webhook name.
        name: String = "name" => text(1, 128),
        /// Events that the webhook is told of.
        events: Vec<String> = "events" => array_of(EventRule, EVENTS_MAX),
        /// Whether anything is sent.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// Whether the address' certificate is checked.
        tls: bool = "tls" => boolean().or_empty(),
        /// Name of HTTP basic authentication.
        auth_username: String = "authUsername" => text(0, 256).or_empty(),
        /// Password of HTTP basic authentication.
        auth_password: String = "authPassword" => text(0, 256).or_empty(),
        /// Signing secret; a random one is made where none is given.
        secret: Patch<String> = "secret" => text(8, 256).nullable().optional(),
    }
}

params! {
    /// New values of a webhook.
    pub(crate) struct UpdateWebhook {
        /// Webhook ID.
        webhook_id: String = "webhookId" => uid(),
        /// Webhook name.
        name: String = "name" => text(1, 128),
        /// Webhook URL.
        url: String = "url" => url().schemes(&["http", "https"]),
        /// Events that the webhook is told of.
        events: Vec<String> = "events" => array_of(EventRule, EVENTS_MAX),
        /// Whether anything is sent.
        enabled: bool = "enabled" => boolean().or(true, json!(true)),
        /// Whether the address' certificate is checked.
        tls: bool = "tls" => boolean().or_empty(),
        /// Name of HTTP basic authentication.
        auth_username: String = "authUsername" => text(0, 256).or_empty(),
        /// Password of HTTP basic authentication.
        auth_password: String = "authPassword" => text(0, 256).or_empty(),
    }
}

params! {
    /// A new signing secret.
    pub(crate) struct UpdateWebhookSecret {
        /// Webhook ID.
        webhook_id: String = "webhookId" => uid(),
        /// Signing secret; a random one is made where none is given.
        secret: Patch<String> = "secret" => text(8, 256).nullable().optional(),
    }
}

params! {
    /// A webhook by its id.
    pub(crate) struct WebhookPath {
        /// Webhook ID.
        webhook_id: String = "webhookId" => uid(),
    }
}

async fn create_webhook(call: Call<CreateWebhook>) -> Reply {
    let sent = call.params;
    projects::registry(&call.cx)?;
    let id = sent.webhook_id.or_make(|| call.cx.new_id());
    let fields = WebhookFields {
        name: sent.name,
        url: sent.url,
        events: sent.events,
        is_enabled: sent.enabled,
        checks_certificate: sent.tls,
        auth_username: sent.auth_username,
        auth_password: sent.auth_password,
    };
    let made = webhooks::create(&call.cx, &id, fields, sent.secret.value()).await?;
    Ok(Answer::created("webhook", wire(&made)))
}

async fn list_webhooks(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let page = webhooks::list(&call.cx, &call.params.into_request(&call.exchange)).await?;
    Ok(paged("webhook", "webhooks", &page, wire))
}

async fn get_webhook(call: Call<WebhookPath>) -> Reply {
    projects::registry(&call.cx)?;
    Ok(Answer::ok("webhook", wire(&webhooks::get(&call.cx, &call.params.webhook_id.into()).await?)))
}

async fn update_webhook(call: Call<UpdateWebhook>) -> Reply {
    let sent = call.params;
    projects::registry(&call.cx)?;
    let fields = WebhookFields {
        name: sent.name,
        url: sent.url,
        events: sent.events,
        is_enabled: sent.enabled,
        checks_certificate: sent.tls,
        auth_username: sent.auth_username,
        auth_password: sent.auth_password,
    };
    let changed = webhooks::update(&call.cx, &sent.webhook_id.into(), fields).await?;
    Ok(Answer::ok("webhook", wire(&changed)))
}

async fn update_webhook_secret(call: Call<UpdateWebhookSecret>) -> Reply {
    let UpdateWebhookSecret { webhook_id, secret } = call.params;
    projects::registry(&call.cx)?;
    let changed = webhooks::rotate_secret(&call.cx, &webhook_id.into(), secret.value()).await?;
    Ok(Answer::ok("webhook", wire(&changed)))
}

async fn delete_webhook(call: Call<WebhookPath>) -> Reply {
    projects::registry(&call.cx)?;
    webhooks::delete(&call.cx, &call.params.webhook_id.into()).await?;
    Ok(Answer::no_content())
}

/// A webhook on the wire.
pub(crate) fn wire(shown: &ShownWebhook) -> Map<String, Value> {
    let webhook = &shown.webhook;
    object(json!({
        "$id": webhook.id.as_str(),
        "$createdAt": webhook.created.to_wire(),
        "$updatedAt": webhook.updated.to_wire(),
        "name": webhook.name,
        "url": webhook.url,
        "events": webhook.events,
        "tls": webhook.checks_certificate,
        "authUsername": webhook.auth_username,
        "authPassword": shown.auth_password,
        "secret": shown.secret.as_deref().unwrap_or_default(),
        "enabled": webhook.is_enabled,
        "logs": webhook.logs,
        "attempts": webhook.attempts,
    }))
}
