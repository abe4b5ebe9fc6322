//! A project as an OAuth2 and OpenID server: `/v1/oauth2/{project_id}`. What is told about the server is in `oauth2::about`, its
//! settings in `oauth2::settings`.
//!
//! The project stands in the path, because clients of OAuth2 know an address and no header. Names are those of the RFCs.

use cairn_core::oauth2::authorize::{self, Ask, Reader};
use cairn_core::oauth2::devices::{self, DeviceAsk};
use cairn_core::oauth2::grants::{self, Allowed};
use cairn_core::oauth2::tokens::{self, Issued, TokenAsk};
use cairn_faults::Fault;
use cairn_http::exchange::Exchange;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule as _, integer, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::GrantId;
use cairn_model::oauth2::{DETAILS_BYTES_MAX, Grant};
use serde_json::json;

use crate::consents::details_text;
use crate::models::{
    OAUTH2_AUTHORIZE, OAUTH2_DEVICE, OAUTH2_DONE, OAUTH2_GRANT, OAUTH2_PAR, OAUTH2_REDIRECT, OAUTH2_TOKEN,
};
use crate::wire::{Object, maybe, object};

pub(crate) mod about;
pub(crate) mod settings;

/// Characters of a parameter that only comes back, or is compared.
const TEXT_CHARS_MAX: usize = 2_048;
/// Characters of a list of scopes or of resources.
const LIST_CHARS_MAX: usize = 16_384;
/// Guesses of a code that people type, per user and per address in an hour.
const GUESSES_PER_HOUR: u32 = 30;

const ASKED: &[Fault] = &[
    Fault::Oauth2ServerDisabled,
    Fault::Oauth2InvalidClient,
    Fault::Oauth2InvalidRedirectUri,
    Fault::Oauth2InvalidRequest,
    Fault::Oauth2InvalidScope,
    Fault::Oauth2InvalidTarget,
    Fault::Oauth2InvalidAuthorizationDetails,
    Fault::Oauth2UnsupportedResponseType,
    Fault::Oauth2LoginRequired,
    Fault::Oauth2ConsentRequired,
    Fault::GeneralAccessForbidden,
];
const DECIDED: &[Fault] = &[
    Fault::Oauth2ServerDisabled,
    Fault::Oauth2GrantNotFound,
    Fault::Oauth2InvalidScope,
    Fault::Oauth2InvalidAuthorizationDetails,
    Fault::UserUnauthorized,
    Fault::GeneralAccessForbidden,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::get("/v1/oauth2/{project_id}/authorize", "oauth2.authorize", handler!(authorize_user))
        .ok(&OAUTH2_AUTHORIZE)
        .open_to_all()
        .faults(ASKED),
    Route::post("/v1/oauth2/{project_id}/authorize", "oauth2.authorizePost", handler!(authorize_user))
        .ok(&OAUTH2_AUTHORIZE)
        .open_to_all()
        .faults(ASKED),
    Route::post("/v1/oauth2/{project_id}/par", "oauth2.createPAR", handler!(create_par))
        .created(&OAUTH2_PAR)
        .open_to_all()
        .faults(ASKED),
    Route::post("/v1/oauth2/{project_id}/grants", "oauth2.createGrant", handler!(create_grant))
        .created(&OAUTH2_GRANT)
        .limit(RateLimit::per_hour(GUESSES_PER_HOUR).by(&["url:{url},ip:{ip}", "url:{url},userId:{userId}"]))
        .faults(DECIDED),
    Route::get("/v1/oauth2/{project_id}/grants/{grant_id}", "oauth2.getGrant", handler!(get_grant))
        .ok(&OAUTH2_GRANT)
        .faults(DECIDED),
    Route::post("/v1/oauth2/{project_id}/approve", "oauth2.approve", handler!(approve))
        .ok(&OAUTH2_REDIRECT)
        .faults(DECIDED),
    Route::post("/v1/oauth2/{project_id}/reject", "oauth2.reject", handler!(reject))
        .ok(&OAUTH2_REDIRECT)
        .faults(DECIDED),
    Route::post(
        "/v1/oauth2/{project_id}/device_authorization",
        "oauth2.createDeviceAuthorization",
        handler!(create_device_authorization),
    )
    .ok(&OAUTH2_DEVICE)
    .open_to_all()
    .faults(&[
        Fault::Oauth2ServerDisabled,
        Fault::Oauth2InvalidClient,
        Fault::Oauth2UnauthorizedClient,
        Fault::Oauth2InvalidScope,
        Fault::Oauth2InvalidTarget,
        Fault::Oauth2InvalidAuthorizationDetails,
        Fault::GeneralAccessForbidden,
    ]),
    Route::post("/v1/oauth2/{project_id}/token", "oauth2.createToken", handler!(create_token))
        .ok(&OAUTH2_TOKEN)
        .open_to_all()
        .faults(&[
            Fault::Oauth2ServerDisabled,
            Fault::Oauth2InvalidClient,
            Fault::Oauth2InvalidGrant,
            Fault::Oauth2InvalidTarget,
            Fault::Oauth2UnsupportedGrantType,
            Fault::Oauth2AuthorizationPending,
            Fault::Oauth2SlowDown,
            Fault::Oauth2AccessDenied,
            Fault::Oauth2ExpiredToken,
            Fault::GeneralAccessForbidden,
        ]),
    Route::post("/v1/oauth2/{project_id}/revoke", "oauth2.revoke", handler!(revoke))
        .ok(&OAUTH2_DONE)
        .open_to_all()
        .faults(&[Fault::Oauth2ServerDisabled, Fault::Oauth2InvalidClient, Fault::GeneralAccessForbidden]),
];

params! {
    pub(crate) struct Authorize {
        /// The application.
        client_id: String = "client_id" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// Where the user is sent back to: one of the application's addresses.
        redirect_uri: String = "redirect_uri" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// `code`, `id_token` or `code id_token`.
        response_type: String = "response_type" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// Scopes, with spaces between.
        scope: String = "scope" => text(0, LIST_CHARS_MAX).or_empty(),
        /// What the application wants back unchanged.
        state: String = "state" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// What the id token repeats; needed where one comes back with the user.
        nonce: String = "nonce" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// The hash of a verifier; needed of public applications.
        code_challenge: String = "code_challenge" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// How it was made: `S256`.
        code_challenge_method: String = "code_challenge_method" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// What the consent page should do: `none`, or some of `login`, `consent` and `select_account`.
        prompt: String = "prompt" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// Seconds since the user proved who they are, at most.
        max_age: Option<i64> = "max_age" => maybe(integer(0, 315_360_000)),
        /// On what: a JSON list of objects, each with a type that the project accepts.
        authorization_details: String = "authorization_details" => text(0, DETAILS_BYTES_MAX).or_empty(),
        /// For which servers, with spaces between.
        resource: String = "resource" => text(0, LIST_CHARS_MAX).or_empty(),
        /// The same by another name.
        audience: String = "audience" => text(0, LIST_CHARS_MAX).or_empty(),
        /// The handle of a pushed request, which stands for all the others but the application.
        request_uri: String = "request_uri" => text(0, TEXT_CHARS_MAX).or_empty(),
    }
}

impl Authorize {
    fn into_ask(self) -> Ask {
        Ask {
            client_id: self.client_id,
            redirect_uri: self.redirect_uri,
            response_type: self.response_type,
            scope: self.scope,
            state: self.state,
            nonce: self.nonce,
            code_challenge: self.code_challenge,
            code_challenge_method: self.code_challenge_method,
            prompt: self.prompt,
            max_age: self.max_age,
            authorization_details: self.authorization_details,
            resource: self.resource,
            audience: self.audience,
            request_uri: self.request_uri,
        }
    }
}

fn reader(exchange: &Exchange) -> Reader {
    if exchange.takes_json { Reader::Program } else { Reader::Browser }
}

async fn authorize_user(call: Call<Authorize>) -> Reply {
    let reader = reader(&call.exchange);
    let authorized = authorize::authorize(&call.cx, call.params.into_ask(), reader).await?;
    if reader == Reader::Browser {
        return Ok(Answer::moved(authorized.redirect));
    }
    let grant_id = authorized.grant_id.as_ref().map_or("", |id| id.as_str());
    let wire = object(json!({ "grantId": grant_id, "redirectUrl": authorized.redirect }));
    Ok(Answer::ok("oauth2Authorize", wire).header("cache-control", "no-store"))
}

async fn create_par(call: Call<Authorize>) -> Reply {
    let pushed = authorize::push(&call.cx, call.params.into_ask()).await?;
    let wire = object(json!({ "request_uri": pushed.request_uri, "expires_in": pushed.expires_in }));
    Ok(Answer::created("oauth2PAR", wire).header("cache-control", "no-store"))
}

params! {
    pub(crate) struct CreateGrant {
        /// The code that the device shows.
        user_code: String = "user_code" => text(1, 64),
    }
}

async fn create_grant(call: Call<CreateGrant>) -> Reply {
    let claimed = devices::claim(&call.cx, &call.params.user_code).await?;
    Ok(Answer::created("oauth2Grant", grant(&claimed)))
}

params! {
    pub(crate) struct OfGrant {
        /// The id of the grant.
        grant_id: String = "grant_id" => uid(),
    }
}

async fn get_grant(call: Call<OfGrant>) -> Reply {
    Ok(Answer::ok("oauth2Grant", grant(&grants::get(&call.cx, &GrantId(call.params.grant_id)).await?)))
}

params! {
    pub(crate) struct Approve {
        /// The id of the grant.
        grant_id: String = "grant_id" => uid(),
        /// On what, in the user's own choice.
        details: Option<String> = "authorization_details" => text(0, DETAILS_BYTES_MAX).optional(),
        /// Scopes that the user allows of those that were asked, with spaces between.
        scope: Option<String> = "scope" => text(0, LIST_CHARS_MAX).optional(),
    }
}

async fn approve(call: Call<Approve>) -> Reply {
    let Approve { grant_id, details, scope } = call.params;
    let redirect = grants::approve(&call.cx, &GrantId(grant_id), Allowed { scope, details }).await?;
    Ok(sent_on(&call.exchange, redirect))
}

async fn reject(call: Call<OfGrant>) -> Reply {
    let redirect = grants::reject(&call.cx, &GrantId(call.params.grant_id)).await?;
    Ok(sent_on(&call.exchange, redirect))
}

/// A decision's answer. A device's user goes nowhere.
fn sent_on(exchange: &Exchange, redirect: String) -> Answer {
    if reader(exchange) == Reader::Browser && !redirect.is_empty() {
        return Answer::moved(redirect);
    }
    let wire = object(json!({ "redirectUrl": redirect }));
    Answer::ok("oauth2Redirect", wire).header("cache-control", "no-store")
}

params! {
    pub(crate) struct CreateDeviceAuthorization {
        /// The application.
        client_id: String = "client_id" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// Scopes, with spaces between.
        scope: String = "scope" => text(0, LIST_CHARS_MAX).or_empty(),
        /// On what: a JSON list of objects, each with a type that the project accepts.
        authorization_details: String = "authorization_details" => text(0, DETAILS_BYTES_MAX).or_empty(),
        /// For which servers, with spaces between.
        resource: String = "resource" => text(0, LIST_CHARS_MAX).or_empty(),
        /// The same by another name.
        audience: String = "audience" => text(0, LIST_CHARS_MAX).or_empty(),
    }
}

async fn create_device_authorization(call: Call<CreateDeviceAuthorization>) -> Reply {
    let CreateDeviceAuthorization { client_id, scope, authorization_details, resource, audience } =
        call.params;
    let ask = DeviceAsk { client_id, scope, authorization_details, resource, audience };
    let codes = devices::begin(&call.cx, ask).await?;
    let wire = object(json!({
        "device_code": codes.device_code,
        "user_code": codes.user_code,
        "verification_uri": codes.verification_uri,
        "verification_uri_complete": codes.verification_uri_complete,
        "expires_in": codes.expires_in,
        "interval": codes.interval,
    }));
    Ok(Answer::ok("oauth2DeviceAuthorization", wire).header("cache-control", "no-store"))
}

params! {
    pub(crate) struct CreateToken {
        /// `authorization_code`, `refresh_token` or `urn:ietf:params:oauth:grant-type:device_code`.
        grant_type: String = "grant_type" => text(1, TEXT_CHARS_MAX),
        /// A code.
        code: String = "code" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// A refresh token.
        refresh_token: String = "refresh_token" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// A device's code.
        device_code: String = "device_code" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// The application.
        client_id: String = "client_id" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// One of its client secrets, where it can keep one.
        client_secret: String = "client_secret" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// The verifier of the code.
        code_verifier: String = "code_verifier" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// The address that the code came to.
        redirect_uri: String = "redirect_uri" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// For which servers, with spaces between.
        resource: String = "resource" => text(0, LIST_CHARS_MAX).or_empty(),
        /// The same by another name.
        audience: String = "audience" => text(0, LIST_CHARS_MAX).or_empty(),
    }
}

async fn create_token(call: Call<CreateToken>) -> Reply {
    let sent = call.params;
    let ask = TokenAsk {
        grant_type: sent.grant_type,
        code: sent.code,
        refresh_token: sent.refresh_token,
        device_code: sent.device_code,
        client_id: sent.client_id,
        client_secret: sent.client_secret,
        code_verifier: sent.code_verifier,
        redirect_uri: sent.redirect_uri,
        resource: sent.resource,
        audience: sent.audience,
    };
    Ok(token_answer(tokens::exchange(&call.cx, ask).await?))
}

params! {
    pub(crate) struct Revoke {
        /// An access token or a refresh token.
        token: String = "token" => text(1, TEXT_CHARS_MAX),
        /// Which of them it is; the server knows.
        _hint: String = "token_type_hint" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// The application.
        client_id: String = "client_id" => text(0, TEXT_CHARS_MAX).or_empty(),
        /// One of its client secrets, where it can keep one.
        client_secret: String = "client_secret" => text(0, TEXT_CHARS_MAX).or_empty(),
    }
}

async fn revoke(call: Call<Revoke>) -> Reply {
    let Revoke { token, client_id, client_secret, .. } = call.params;
    tokens::revoke(&call.cx, &token, &client_id, &client_secret).await?;
    Ok(Answer::ok("oauth2Done", Object::new()))
}

/// Tokens, which nobody may keep on the way (RFC 6749, section 5.1).
pub(crate) fn token_answer(issued: Issued) -> Answer {
    let mut wire = object(json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
        "refresh_token": issued.refresh_token.unwrap_or_default(),
        "scope": issued.scopes.join(" "),
    }));
    if !issued.details.is_empty() {
        wire.insert("authorization_details".to_owned(), issued.details.into());
    }
    if let Some(id_token) = issued.id_token {
        wire.insert("id_token".to_owned(), id_token.into());
    }
    Answer::ok("oauth2Token", wire).header("cache-control", "no-store").header("pragma", "no-cache")
}

fn grant(grant: &Grant) -> Object {
    let request = &grant.request;
    object(json!({
        "$id": grant.id.as_str(),
        "$createdAt": grant.created.to_wire(),
        "$updatedAt": grant.updated.to_wire(),
        "userId": grant.user_id.as_ref().map_or("", |id| id.as_str()),
        "appId": grant.app_id.as_str(),
        "scopes": request.scopes,
        "resources": request.resources,
        "authorizationDetails": details_text(&request.details),
        "prompt": request.prompt,
        "redirectUri": request.redirect_uri,
        "authTime": grant.auth_time.map_or(0, cairn_std::Timestamp::epoch_seconds),
        "expire": grant.expires.to_wire(),
    }))
}
