//! Keys of a project: `/v1/project/keys`, `/v1/projects/{projectId}/keys` and dev keys; `keys::owned` has those of users
//! and organizations.

use cairn_core::keys::{self, KeyPatch, NewKey, RevealedKey};
use cairn_core::projects;
use cairn_faults::Fault;
use cairn_http::rules::{
    IdChoice, Patch, Rule as _, array_of, custom_id, datetime, integer, one_of, text, uid,
};
use cairn_http::wire_version::WireVersion;
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::keys::KeyRing;
use cairn_model::scopes::{NAMES_OF_PROJECT, SCOPES_PER_KEY_MAX};
use cairn_std::Timestamp;
use serde_json::{Map, Value, json};

use crate::models::{DEV_KEY, KEY};
use crate::wire::{ListParams, object, paged, time_or_empty};

pub(crate) mod owned;

/// The format from which on dev keys cannot be made any more.
const WITHOUT_DEV_KEYS: WireVersion = WireVersion::new(1, 9, 0);

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v1/project/keys", "project.createKey", handler!(create_key))
        .created(&KEY)
        .aliases(&["/v1/projects/{projectId}/keys"])
        .also(&["projects.createKey"])
        .scopes(&["keys.write"])
        .faults(&[Fault::KeyAlreadyExists, Fault::KeyCreationDenied]),
    Route::post("/v1/project/keys/ephemeral", "project.createEphemeralKey", handler!(create_ephemeral_key))
        .created(&KEY)
        .aliases(&["/v1/projects/{projectId}/jwts"])
        .also(&["projects.createJWT"])
        .scopes(&["keys.write"]),
    Route::get("/v1/project/keys", "project.listKeys", handler!(list_keys))
        .page("keys", &KEY)
        .aliases(&["/v1/projects/{projectId}/keys"])
        .also(&["projects.listKeys"])
        .scopes(&["keys.read"]),
    Route::get("/v1/project/keys/{keyId}", "project.getKey", handler!(get_key))
        .ok(&KEY)
        .aliases(&["/v1/projects/{projectId}/keys/{keyId}"])
        .also(&["projects.getKey"])
        .scopes(&["keys.read"])
        .faults(&[Fault::KeyNotFound]),
    Route::put("/v1/project/keys/{keyId}", "project.updateKey", handler!(update_key))
        .ok(&KEY)
        .aliases(&["/v1/projects/{projectId}/keys/{keyId}"])
        .also(&["projects.updateKey"])
        .scopes(&["keys.write"])
        .faults(&[Fault::KeyNotFound]),
    Route::delete("/v1/project/keys/{keyId}", "project.deleteKey", handler!(delete_key))
        .nothing()
        .aliases(&["/v1/projects/{projectId}/keys/{keyId}"])
        .also(&["projects.deleteKey"])
        .scopes(&["keys.write"])
        .faults(&[Fault::KeyNotFound]),
    Route::post("/v1/projects/{projectId}/dev-keys", "projects.createDevKey", handler!(create_dev_key))
        .created(&DEV_KEY)
        .scopes(&["devKeys.write"])
        .faults(&[Fault::DevKeyGone, Fault::ProjectNotFound]),
    Route::get("/v1/projects/{projectId}/dev-keys", "projects.listDevKeys", handler!(list_dev_keys))
        .page("devKeys", &DEV_KEY)
        .scopes(&["devKeys.read"])
        .faults(&[Fault::ProjectNotFound]),
    Route::get("/v1/projects/{projectId}/dev-keys/{keyId}", "projects.getDevKey", handler!(get_dev_key))
        .ok(&DEV_KEY)
        .scopes(&["devKeys.read"])
        .faults(&[Fault::ProjectNotFound, Fault::KeyNotFound]),
    Route::put(
        "/v1/projects/{projectId}/dev-keys/{keyId}",
        "projects.updateDevKey",
        handler!(update_dev_key),
    )
    .ok(&DEV_KEY)
    .scopes(&["devKeys.write"])
    .faults(&[Fault::ProjectNotFound, Fault::KeyNotFound]),
    Route::delete(
        "/v1/projects/{projectId}/dev-keys/{keyId}",
        "projects.deleteDevKey",
        handler!(delete_dev_key),
    )
    .nothing()
    .scopes(&["devKeys.write"])
    .faults(&[Fault::ProjectNotFound, Fault::KeyNotFound]),
];

params! {
    /// A standard key to make.
    pub(crate) struct CreateKey {
        /// Key ID. Choose a custom ID or generate a random one with `unique()`.
        key_id: IdChoice = "keyId" => custom_id(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_PROJECT), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

params! {
    /// An ephemeral key to make.
    pub(crate) struct CreateEphemeralKey {
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_PROJECT), SCOPES_PER_KEY_MAX),
        /// Seconds until the key ends.
        duration: i64 = "duration" => integer(1, 3_600),
    }
}

params! {
    /// A key by its id.
    pub(crate) struct KeyPath {
        /// Key ID.
        key_id: String = "keyId" => uid(),
    }
}

params! {
    /// New values of a key.
    pub(crate) struct UpdateKey {
        /// Key ID.
        key_id: String = "keyId" => uid(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_PROJECT), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

params! {
    /// A dev key to make.
    pub(crate) struct CreateDevKey {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// When the key ends.
        expire: Timestamp = "expire" => datetime(),
    }
}

params! {
    /// Dev keys of a project.
    pub(crate) struct ListDevKeys {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Array of query strings.
        queries: Vec<String> = "queries" => cairn_http::rules::queries().or_empty(),
    }
}

params! {
    /// A dev key by its id.
    pub(crate) struct DevKeyPath {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Key ID.
        key_id: String = "keyId" => uid(),
    }
}

params! {
    /// New values of a dev key.
    pub(crate) struct UpdateDevKey {
        /// Project ID.
        project_id: String = "projectId" => uid(),
        /// Key ID.
        key_id: String = "keyId" => uid(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// When the key ends.
        expire: Timestamp = "expire" => datetime(),
    }
}

/// Scopes as a key keeps them.
pub(crate) fn owned(scopes: Vec<&'static str>) -> Vec<String> {
    scopes.into_iter().map(str::to_owned).collect()
}

async fn create_key(call: Call<CreateKey>) -> Reply {
    let CreateKey { key_id, name, scopes, expire } = call.params;
    projects::registry(&call.cx)?;
    let id = key_id.or_make(|| call.cx.new_id());
    let new = NewKey { id, name, scopes: owned(scopes), expires: expire.value() };
    Ok(Answer::created("key", key_wire(&keys::create(&call.cx, KeyRing::Standard, new).await?)))
}

async fn create_ephemeral_key(call: Call<CreateEphemeralKey>) -> Reply {
    projects::registry(&call.cx)?;
    let key = keys::create_ephemeral(&call.cx, owned(call.params.scopes), call.params.duration);
    let mut wire = key_wire(&key);
    if call.exchange.is_below(WireVersion::new(1, 9, 3)) {
        wire.insert("projectId".to_owned(), json!(call.cx.project.id()));
    }
    Ok(Answer::created("ephemeralKey", wire))
}

async fn list_keys(call: Call<ListParams>) -> Reply {
    projects::registry(&call.cx)?;
    let request = call.params.into_request(&call.exchange);
    let page = keys::list(&call.cx, &KeyRing::Standard, &request).await?;
    Ok(paged("key", "keys", &page, key_wire))
}

async fn get_key(call: Call<KeyPath>) -> Reply {
    projects::registry(&call.cx)?;
    let key = keys::get(&call.cx, &KeyRing::Standard, &call.params.key_id.into()).await?;
    Ok(Answer::ok("key", key_wire(&key)))
}

async fn update_key(call: Call<UpdateKey>) -> Reply {
    let UpdateKey { key_id, name, scopes, expire } = call.params;
    projects::registry(&call.cx)?;
    let patch = KeyPatch { name, scopes: Some(owned(scopes)), expires: expire.value() };
    let key = keys::update(&call.cx, &KeyRing::Standard, &key_id.into(), patch).await?;
    Ok(Answer::ok("key", key_wire(&key)))
}

async fn delete_key(call: Call<KeyPath>) -> Reply {
    projects::registry(&call.cx)?;
    keys::delete(&call.cx, &KeyRing::Standard, &call.params.key_id.into()).await?;
    Ok(Answer::no_content())
}

/// COMPAT(appwrite): 1.9 refuses to make dev keys; clients of the formats before it still can.
async fn create_dev_key(call: Call<CreateDevKey>) -> Reply {
    if !call.exchange.is_below(WITHOUT_DEV_KEYS) {
        return Err(Fault::DevKeyGone.error());
    }
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    let key = keys::create_dev(&cx, call.params.name, call.params.expire).await?;
    Ok(Answer::created("devKey", dev_key_wire(&key)))
}

async fn list_dev_keys(call: Call<ListDevKeys>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    let request = crate::wire::list_request(&call.exchange, call.params.queries, String::new(), true);
    let page = keys::list(&cx, &KeyRing::Dev, &request).await?;
    Ok(paged("devKey", "devKeys", &page, dev_key_wire))
}

async fn get_dev_key(call: Call<DevKeyPath>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    let key = keys::get(&cx, &KeyRing::Dev, &call.params.key_id.into()).await?;
    Ok(Answer::ok("devKey", dev_key_wire(&key)))
}

async fn update_dev_key(call: Call<UpdateDevKey>) -> Reply {
    let UpdateDevKey { project_id, key_id, name, expire } = call.params;
    let cx = projects::managed(&call.cx, &project_id).await?;
    let patch = KeyPatch { name, scopes: None, expires: Some(expire) };
    let key = keys::update(&cx, &KeyRing::Dev, &key_id.into(), patch).await?;
    Ok(Answer::ok("devKey", dev_key_wire(&key)))
}

async fn delete_dev_key(call: Call<DevKeyPath>) -> Reply {
    let cx = projects::managed(&call.cx, &call.params.project_id).await?;
    keys::delete(&cx, &KeyRing::Dev, &call.params.key_id.into()).await?;
    Ok(Answer::no_content())
}

/// A key on the wire.
pub(crate) fn key_wire(revealed: &RevealedKey) -> Map<String, Value> {
    let mut wire = dev_key_wire(revealed);
    wire.insert("scopes".to_owned(), json!(revealed.key.scopes));
    wire
}

/// A dev key on the wire: a key without scopes.
pub(crate) fn dev_key_wire(revealed: &RevealedKey) -> Map<String, Value> {
    let key = &revealed.key;
    object(json!({
        "$id": key.id.as_str(),
        "$createdAt": key.created.to_wire(),
        "$updatedAt": key.updated.to_wire(),
        "name": key.name,
        "expire": time_or_empty(key.expires),
        "secret": revealed.secret,
        "accessedAt": time_or_empty(key.accessed_at),
        "sdks": key.sdks,
    }))
}
