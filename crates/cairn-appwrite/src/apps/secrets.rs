//! What applications prove themselves with: `/v1/apps/{appId}/secrets` and `/v1/apps/{appId}/keys`.

use cairn_core::apps::secrets;
use cairn_faults::Fault;
use cairn_http::rules::{Rule as _, boolean, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::apps::{AppSecret, SecretKind};
use cairn_model::ids::{AppId, AppSecretId};
use serde_json::{Value, json};

use super::{OfApp, READ, WRITE};
use crate::models::{APP_KEY, APP_SECRET};
use crate::wire::{Object, list_request, object};

const OWNED: &[Fault] = &[
    Fault::AppNotFound,
    Fault::AppSecretNotFound,
    Fault::AppKeyNotFound,
    Fault::UserUnauthorized,
    Fault::GeneralAccessForbidden,
];
const MADE: &[Fault] = &[
    Fault::AppNotFound,
    Fault::AppSecretLimitExceeded,
    Fault::UserUnauthorized,
    Fault::GeneralAccessForbidden,
];

/// The routes of this capability.
pub(crate) const ROUTES: &[Route] = &[
    Route::post("/v1/apps/{appId}/secrets", "apps.createSecret", handler!(create_secret))
        .created(&APP_SECRET)
        .scopes(WRITE)
        .audited("app.secret.create", "app/{request.appId}", "")
        .faults(MADE),
    Route::get("/v1/apps/{appId}/secrets", "apps.listSecrets", handler!(list_secrets))
        .page("secrets", &APP_SECRET)
        .scopes(READ)
        .faults(OWNED),
    Route::get("/v1/apps/{appId}/secrets/{secretId}", "apps.getSecret", handler!(get_secret))
        .ok(&APP_SECRET)
        .scopes(READ)
        .faults(OWNED),
    Route::delete("/v1/apps/{appId}/secrets/{secretId}", "apps.deleteSecret", handler!(delete_secret))
        .nothing()
        .scopes(WRITE)
        .audited("app.secret.delete", "app/{request.appId}", "")
        .faults(OWNED),
    Route::post("/v1/apps/{appId}/keys", "apps.createKey", handler!(create_key))
        .created(&APP_KEY)
        .scopes(WRITE)
        .audited("app.key.create", "app/{request.appId}", "")
        .faults(MADE),
    Route::get("/v1/apps/{appId}/keys", "apps.listKeys", handler!(list_keys))
        .page("keys", &APP_KEY)
        .scopes(READ)
        .faults(OWNED),
    Route::get("/v1/apps/{appId}/keys/{keyId}", "apps.getKey", handler!(get_key))
        .ok(&APP_KEY)
        .scopes(READ)
        .faults(OWNED),
    Route::delete("/v1/apps/{appId}/keys/{keyId}", "apps.deleteKey", handler!(delete_key))
        .nothing()
        .scopes(WRITE)
        .audited("app.key.delete", "app/{request.appId}", "")
        .faults(OWNED),
];

async fn create_secret(call: Call<OfApp>) -> Reply {
    let made = secrets::create(&call.cx, &AppId(call.params.app_id), SecretKind::Client).await?;
    Ok(Answer::created("appSecret", secret(&made.secret, &made.plain)))
}

async fn create_key(call: Call<OfApp>) -> Reply {
    let made = secrets::create(&call.cx, &AppId(call.params.app_id), SecretKind::Key).await?;
    Ok(Answer::created("appKey", secret(&made.secret, &made.plain)))
}

params! {
    pub(crate) struct ListOfApp {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// Queries over hint, createdById, createdByName and lastAccessedAt.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether they are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_secrets(call: Call<ListOfApp>) -> Reply {
    let ListOfApp { app_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = secrets::list(&call.cx, &AppId(app_id), SecretKind::Client, &request).await?;
    Ok(Answer::list("appSecret", "secrets", page.total, wires(&page.items)))
}

async fn list_keys(call: Call<ListOfApp>) -> Reply {
    let ListOfApp { app_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = secrets::list(&call.cx, &AppId(app_id), SecretKind::Key, &request).await?;
    Ok(Answer::list("appKey", "keys", page.total, wires(&page.items)))
}

params! {
    pub(crate) struct OfSecret {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The id of the secret.
        secret_id: String = "secretId" => uid(),
    }
}

params! {
    pub(crate) struct OfKey {
        /// The id of the application.
        app_id: String = "appId" => uid(),
        /// The id of the key.
        key_id: String = "keyId" => uid(),
    }
}

async fn get_secret(call: Call<OfSecret>) -> Reply {
    let OfSecret { app_id, secret_id } = call.params;
    let (app_id, id) = (AppId(app_id), AppSecretId(secret_id));
    let found = secrets::get(&call.cx, &app_id, SecretKind::Client, &id).await?;
    Ok(Answer::ok("appSecret", secret(&found, "")))
}

async fn get_key(call: Call<OfKey>) -> Reply {
    let OfKey { app_id, key_id } = call.params;
    let (app_id, id) = (AppId(app_id), AppSecretId(key_id));
    let found = secrets::get(&call.cx, &app_id, SecretKind::Key, &id).await?;
    Ok(Answer::ok("appKey", secret(&found, "")))
}

async fn delete_secret(call: Call<OfSecret>) -> Reply {
    let OfSecret { app_id, secret_id } = call.params;
    secrets::delete(&call.cx, &AppId(app_id), SecretKind::Client, &AppSecretId(secret_id)).await?;
    Ok(Answer::no_content())
}

async fn delete_key(call: Call<OfKey>) -> Reply {
    let OfKey { app_id, key_id } = call.params;
    secrets::delete(&call.cx, &AppId(app_id), SecretKind::Key, &AppSecretId(key_id)).await?;
    Ok(Answer::no_content())
}

fn wires(all: &[AppSecret]) -> Vec<Value> {
    all.iter().map(|found| Value::Object(secret(found, ""))).collect()
}

/// A secret or key; `plain` is told once.
pub(super) fn secret(secret: &AppSecret, plain: &str) -> Object {
    object(json!({
        "$id": secret.id.as_str(),
        "$createdAt": secret.created.to_wire(),
        "$updatedAt": secret.updated.to_wire(),
        "appId": secret.app_id.as_str(),
        "secret": plain,
        "hint": secret.hint,
        "createdById": secret.creator_id,
        "createdByName": secret.creator_name,
        "lastAccessedAt": secret.accessed_at.map(cairn_std::Timestamp::to_wire),
    }))
}
