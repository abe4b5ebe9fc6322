//! Keys of console users, `/v1/account/keys`, and of organizations, `/v1/organization/keys`.

use cairn_core::key_rings::{of_account, of_organization};
use cairn_core::keys::{self, KeyPatch, NewKey};
use cairn_faults::Fault;
use cairn_http::rules::{IdChoice, Patch, Rule as _, array_of, custom_id, datetime, one_of, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::scopes::{NAMES_OF_ACCOUNT, NAMES_OF_ORGANIZATION, SCOPES_PER_KEY_MAX};
use cairn_std::Timestamp;
use serde_json::json;

use super::{KeyPath, key_wire, owned};
use crate::ACCOUNT;
use crate::models::KEY;
use crate::wire::{ListParams, paged};

const READ: &[&str] = &["organization.keys.read"];
const WRITE: &[&str] = &["organization.keys.write"];
const OF_ACCOUNT: &[Fault] = &[Fault::GeneralAccessForbidden, Fault::KeyNotFound];
const OF_TEAM: &[Fault] = &[Fault::GeneralAccessForbidden, Fault::TeamNotFound, Fault::KeyNotFound];
const ALL_OF_TEAM: &str = "/v1/organizations/{organizationId}/keys";
const ONE_OF_TEAM: &str = "/v1/organizations/{organizationId}/keys/{keyId}";

/// The routes of this capability.
pub(crate) const ROUTES: &[Route] = &[
    Route::post("/v1/account/keys", "account.createKey", handler!(create_account_key))
        .created(&KEY)
        .scopes(ACCOUNT)
        .faults(&[Fault::GeneralAccessForbidden, Fault::KeyAlreadyExists, Fault::KeyCreationDenied]),
    Route::get("/v1/account/keys", "account.listKeys", handler!(list_account_keys))
        .page("keys", &KEY)
        .scopes(ACCOUNT)
        .faults(&[Fault::GeneralAccessForbidden]),
    Route::get("/v1/account/keys/{keyId}", "account.getKey", handler!(get_account_key))
        .ok(&KEY)
        .scopes(ACCOUNT)
        .faults(OF_ACCOUNT),
    Route::put("/v1/account/keys/{keyId}", "account.updateKey", handler!(update_account_key))
        .ok(&KEY)
        .scopes(ACCOUNT)
        .faults(OF_ACCOUNT),
    Route::delete("/v1/account/keys/{keyId}", "account.deleteKey", handler!(delete_account_key))
        .nothing()
        .scopes(ACCOUNT)
        .faults(OF_ACCOUNT),
    Route::post("/v1/organization/keys", "organization.createKey", handler!(create_organization_key))
        .created(&KEY)
        .aliases(&[ALL_OF_TEAM])
        .also(&["organizations.createKey"])
        .scopes(WRITE)
        .faults(&[
            Fault::GeneralAccessForbidden,
            Fault::TeamNotFound,
            Fault::KeyAlreadyExists,
            Fault::KeyCreationDenied,
        ]),
    Route::get("/v1/organization/keys", "organization.listKeys", handler!(list_organization_keys))
        .page("keys", &KEY)
        .aliases(&[ALL_OF_TEAM])
        .also(&["organizations.listKeys"])
        .scopes(READ)
        .faults(&[Fault::GeneralAccessForbidden, Fault::TeamNotFound]),
    Route::get("/v1/organization/keys/{keyId}", "organization.getKey", handler!(get_organization_key))
        .ok(&KEY)
        .aliases(&[ONE_OF_TEAM])
        .also(&["organizations.getKey"])
        .scopes(READ)
        .faults(OF_TEAM),
    Route::put("/v1/organization/keys/{keyId}", "organization.updateKey", handler!(update_organization_key))
        .ok(&KEY)
        .aliases(&[ONE_OF_TEAM])
        .also(&["organizations.updateKey"])
        .scopes(WRITE)
        .faults(OF_TEAM),
    Route::delete(
        "/v1/organization/keys/{keyId}",
        "organization.deleteKey",
        handler!(delete_organization_key),
    )
    .nothing()
    .aliases(&[ONE_OF_TEAM])
    .also(&["organizations.deleteKey"])
    .scopes(WRITE)
    .faults(OF_TEAM),
];

params! {
    /// A key of one's own to make.
    pub(crate) struct CreateAccountKey {
        /// Key ID. Choose a custom ID or let the server make one with `unique()`.
        key_id: IdChoice = "keyId" => custom_id().or(IdChoice::Unique, json!("unique()")),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_ACCOUNT), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

params! {
    /// New values of a key of one's own.
    pub(crate) struct UpdateAccountKey {
        /// Key ID.
        key_id: String = "keyId" => cairn_http::rules::uid(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_ACCOUNT), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

params! {
    /// A key of the organization to make.
    pub(crate) struct CreateOrganizationKey {
        /// Key ID. Choose a custom ID or let the server make one with `unique()`.
        key_id: IdChoice = "keyId" => custom_id().or(IdChoice::Unique, json!("unique()")),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_ORGANIZATION), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

params! {
    /// New values of a key of the organization.
    pub(crate) struct UpdateOrganizationKey {
        /// Key ID.
        key_id: String = "keyId" => cairn_http::rules::uid(),
        /// Key name.
        name: String = "name" => text(1, 128),
        /// Key scopes.
        scopes: Vec<&'static str> = "scopes" => array_of(one_of(&NAMES_OF_ORGANIZATION), SCOPES_PER_KEY_MAX),
        /// When the key ends; null for never.
        expire: Patch<Timestamp> = "expire" => datetime().nullable().optional(),
    }
}

async fn create_account_key(call: Call<CreateAccountKey>) -> Reply {
    let CreateAccountKey { key_id, name, scopes, expire } = call.params;
    let id = key_id.or_make(|| call.cx.new_id());
    let new = NewKey { id, name, scopes: owned(scopes), expires: expire.value() };
    Ok(Answer::created("key", key_wire(&keys::create(&call.cx, of_account(&call.cx)?, new).await?)))
}

async fn list_account_keys(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    Ok(page(&keys::list(&call.cx, &of_account(&call.cx)?, &request).await?))
}

async fn get_account_key(call: Call<KeyPath>) -> Reply {
    let key = keys::get(&call.cx, &of_account(&call.cx)?, &call.params.key_id.into()).await?;
    Ok(Answer::ok("key", key_wire(&key)))
}

async fn update_account_key(call: Call<UpdateAccountKey>) -> Reply {
    let UpdateAccountKey { key_id, name, scopes, expire } = call.params;
    let patch = KeyPatch { name, scopes: Some(owned(scopes)), expires: expire.value() };
    let key = keys::update(&call.cx, &of_account(&call.cx)?, &key_id.into(), patch).await?;
    Ok(Answer::ok("key", key_wire(&key)))
}

async fn delete_account_key(call: Call<KeyPath>) -> Reply {
    keys::delete(&call.cx, &of_account(&call.cx)?, &call.params.key_id.into()).await?;
    Ok(Answer::no_content())
}

async fn create_organization_key(call: Call<CreateOrganizationKey>) -> Reply {
    let CreateOrganizationKey { key_id, name, scopes, expire } = call.params;
    let id = key_id.or_make(|| call.cx.new_id());
    let new = NewKey { id, name, scopes: owned(scopes), expires: expire.value() };
    let ring = of_organization(&call.cx).await?;
    Ok(Answer::created("key", key_wire(&keys::create(&call.cx, ring, new).await?)))
}

async fn list_organization_keys(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    Ok(page(&keys::list(&call.cx, &of_organization(&call.cx).await?, &request).await?))
}

async fn get_organization_key(call: Call<KeyPath>) -> Reply {
    let ring = of_organization(&call.cx).await?;
    Ok(Answer::ok("key", key_wire(&keys::get(&call.cx, &ring, &call.params.key_id.into()).await?)))
}

async fn update_organization_key(call: Call<UpdateOrganizationKey>) -> Reply {
    let UpdateOrganizationKey { key_id, name, scopes, expire } = call.params;
    let patch = KeyPatch { name, scopes: Some(owned(scopes)), expires: expire.value() };
    let ring = of_organization(&call.cx).await?;
    Ok(Answer::ok("key", key_wire(&keys::update(&call.cx, &ring, &key_id.into(), patch).await?)))
}

async fn delete_organization_key(call: Call<KeyPath>) -> Reply {
    keys::delete(&call.cx, &of_organization(&call.cx).await?, &call.params.key_id.into()).await?;
    Ok(Answer::no_content())
}

fn page(page: &cairn_core::listing::Page<keys::RevealedKey>) -> Answer {
    paged("key", "keys", page, key_wire)
}
