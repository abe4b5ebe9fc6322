//! What users have allowed applications: `/v1/account/consents`.

use cairn_core::consents;
use cairn_faults::Fault;
use cairn_http::rules::{Rule as _, boolean, queries, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{ConsentId, TokenFamilyId};
use cairn_model::oauth2::{Consent, TokenFamily};
use serde_json::json;

use crate::ACCOUNT;
use crate::models::{OAUTH2_CONSENT, OAUTH2_CONSENT_TOKEN};
use crate::wire::{ListParams, Object, list_request, object, paged, time_or_empty};

const OWN: &[Fault] = &[Fault::Oauth2ConsentNotFound, Fault::UserUnauthorized];
const TOKENS: &[Fault] = &[Fault::Oauth2ConsentNotFound, Fault::Oauth2TokenNotFound, Fault::UserUnauthorized];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/account/consents", "account.listConsents", handler!(list_consents))
        .page("consents", &OAUTH2_CONSENT)
        .scopes(ACCOUNT)
        .faults(&[Fault::UserUnauthorized]),
    Route::get("/v1/account/consents/{consentId}", "account.getConsent", handler!(get_consent))
        .ok(&OAUTH2_CONSENT)
        .scopes(ACCOUNT)
        .faults(OWN),
    Route::delete("/v1/account/consents/{consentId}", "account.deleteConsent", handler!(delete_consent))
        .nothing()
        .scopes(ACCOUNT)
        .audited("consent.delete", "consent/{request.consentId}", "")
        .faults(OWN),
    Route::get(
        "/v1/account/consents/{consentId}/tokens",
        "account.listConsentTokens",
        handler!(list_consent_tokens),
    )
    .page("tokens", &OAUTH2_CONSENT_TOKEN)
    .scopes(ACCOUNT)
    .faults(OWN),
    Route::get(
        "/v1/account/consents/{consentId}/tokens/{tokenId}",
        "account.getConsentToken",
        handler!(get_consent_token),
    )
    .ok(&OAUTH2_CONSENT_TOKEN)
    .scopes(ACCOUNT)
    .faults(TOKENS),
    Route::delete(
        "/v1/account/consents/{consentId}/tokens/{tokenId}",
        "account.deleteConsentToken",
        handler!(delete_consent_token),
    )
    .nothing()
    .scopes(ACCOUNT)
    .faults(TOKENS),
];

async fn list_consents(call: Call<ListParams>) -> Reply {
    let request = call.params.into_request(&call.exchange);
    let page = consents::list(&call.cx, &request).await?;
    Ok(paged("oauth2Consent", "consents", &page, consent))
}

params! {
    pub(crate) struct OfConsent {
        /// The id of the consent.
        consent_id: String = "consentId" => uid(),
    }
}

async fn get_consent(call: Call<OfConsent>) -> Reply {
    let found = consents::get(&call.cx, &ConsentId(call.params.consent_id)).await?;
    Ok(Answer::ok("oauth2Consent", consent(&found)))
}

async fn delete_consent(call: Call<OfConsent>) -> Reply {
    consents::delete(&call.cx, &ConsentId(call.params.consent_id)).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct ListConsentTokens {
        /// The id of the consent.
        consent_id: String = "consentId" => uid(),
        /// Queries over scopes, resources and expire.
        queries: Vec<String> = "queries" => queries().or_empty(),
        /// Whether the tokens are counted.
        total: bool = "total" => boolean().or(true, json!(true)),
    }
}

async fn list_consent_tokens(call: Call<ListConsentTokens>) -> Reply {
    let ListConsentTokens { consent_id, queries, total } = call.params;
    let request = list_request(&call.exchange, queries, String::new(), total);
    let page = consents::tokens(&call.cx, &ConsentId(consent_id), &request).await?;
    Ok(paged("oauth2ConsentToken", "tokens", &page, family))
}

params! {
    pub(crate) struct OfConsentToken {
        /// The id of the consent.
        consent_id: String = "consentId" => uid(),
        /// The id of the tokens.
        token_id: String = "tokenId" => uid(),
    }
}

async fn get_consent_token(call: Call<OfConsentToken>) -> Reply {
    let OfConsentToken { consent_id, token_id } = call.params;
    let found = consents::token(&call.cx, &ConsentId(consent_id), &TokenFamilyId(token_id)).await?;
    Ok(Answer::ok("oauth2ConsentToken", family(&found)))
}

async fn delete_consent_token(call: Call<OfConsentToken>) -> Reply {
    let OfConsentToken { consent_id, token_id } = call.params;
    consents::delete_token(&call.cx, &ConsentId(consent_id), &TokenFamilyId(token_id)).await?;
    Ok(Answer::no_content())
}

fn consent(consent: &Consent) -> Object {
    object(json!({
        "$id": consent.id.as_str(),
        "$createdAt": consent.created.to_wire(),
        "$updatedAt": consent.updated.to_wire(),
        "userId": consent.user_id.as_str(),
        "appId": consent.app_id.as_str(),
        "cimdUrl": "",
        "scopes": consent.scopes,
        "resources": consent.resources,
        "authorizationDetails": details_text(&consent.details),
        "expire": time_or_empty(consent.expires),
    }))
}

fn family(family: &TokenFamily) -> Object {
    object(json!({
        "$id": family.id.as_str(),
        "$createdAt": family.created.to_wire(),
        "$updatedAt": family.updated.to_wire(),
        "consentId": family.consent_id.as_ref().map_or("", |id| id.as_str()),
        "userId": family.user_id.as_ref().map_or("", |id| id.as_str()),
        "appId": family.app_id.as_str(),
        "cimdUrl": "",
        "scopes": family.scopes,
        "resources": family.resources,
        "authorizationDetails": details_text(&family.details),
        "expire": family.access_expires.to_wire(),
    }))
}

/// Authorization details as a JSON text, an empty list for none.
pub(crate) fn details_text(details: &str) -> &str {
    if details.is_empty() { "[]" } else { details }
}
