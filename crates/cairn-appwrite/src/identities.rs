//! Users' links to providers of identity.

use cairn_core::identities::{self, Shown};
use cairn_faults::Fault;
use cairn_http::rules::{Rule, boolean, queries, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::IdentityId;
use cairn_store::Page;
use serde_json::json;

use crate::ACCOUNT;
use crate::models::IDENTITY;
use crate::oauth::tokens_wire;
use crate::wire::{Object, list_request, object, paged};

const MISSING: &[Fault] = &[Fault::UserIdentityNotFound];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/account/identities", "account.listIdentities", handler!(list_identities))
        .page("identities", &IDENTITY)
        .scopes(ACCOUNT),
    Route::delete("/v1/account/identities/{identityId}", "account.deleteIdentity", handler!(delete_identity))
        .nothing()
        .scopes(ACCOUNT)
        .faults(MISSING),
    Route::get("/v1/users/identities", "users.listIdentities", handler!(list_user_identities))
        .page("identities", &IDENTITY)
        .scopes(&["users.read"]),
    Route::delete(
        "/v1/users/identities/{identityId}",
        "users.deleteIdentity",
        handler!(delete_user_identity),
    )
    .nothing()
    .scopes(&["users.write"])
    .faults(MISSING),
];

params! {
    pub(crate) struct ListIdentities {
        /// Queries over userId, provider, providerUid, providerEmail and providerAccessTokenExpiry.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the identities are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_identities(call: Call<ListIdentities>) -> Reply {
    let ListIdentities { queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    Ok(listed(&identities::list_own(&call.cx, &request).await?))
}

params! {
    pub(crate) struct ListUserIdentities {
        /// Queries over userId, provider, providerUid, providerEmail and providerAccessTokenExpiry.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Words that must all occur in an identity's ids or address, up to 256 characters.
        search: String = "search" => text(0, 256).or_empty(),
        /// Whether the identities are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_user_identities(call: Call<ListUserIdentities>) -> Reply {
    let ListUserIdentities { queries, search, total } = call.params;
    let request = list_request(&call.exchange, queries, search, total);
    Ok(listed(&identities::list(&call.cx, &request).await?))
}

params! {
    pub(crate) struct OfIdentity {
        /// The id of the identity.
        identity_id: String = "identityId" => uid(),
    }
}

async fn delete_identity(call: Call<OfIdentity>) -> Reply {
    identities::delete_own(&call.cx, &IdentityId(call.params.identity_id)).await?;
    Ok(Answer::no_content())
}

async fn delete_user_identity(call: Call<OfIdentity>) -> Reply {
    identities::delete(&call.cx, &IdentityId(call.params.identity_id)).await?;
    Ok(Answer::no_content())
}

fn listed(page: &Page<Shown>) -> Answer {
    paged("identity", "identities", page, wire)
}

fn wire(shown: &Shown) -> Object {
    let identity = &shown.identity;
    let mut wire = object(json!({
        "$id": identity.id.as_str(),
        "$createdAt": identity.created.to_wire(),
        "$updatedAt": identity.updated.to_wire(),
        "userId": identity.user_id.as_str(),
        "provider": identity.provider,
        "providerUid": identity.provider_uid,
        "providerEmail": identity.provider_email,
    }));
    wire.extend(tokens_wire(&shown.tokens));
    wire
}
