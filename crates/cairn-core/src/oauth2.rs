//! A project as an OAuth2 and OpenID server for its own users.
//!
//! `authorize` asks, `grants` decides, `tokens` gives, `devices` does the same for screens without a browser; `claims` says who a
//! user is. Applications themselves are in `apps`, what users allowed in `consents`.
//!
//! INVARIANT: of any number of uses of one code, device code or refresh token exactly one finds it: whoever moves its row goes
//! on. A code or refresh token that is shown again was stolen from somebody, so everything that came of it ends.
//! INVARIANT: nobody is sent to an address that the application has not registered.
//! INVARIANT: codes and tokens are random and kept as keyed hashes; nothing about them can be read from a backup.

use std::borrow::Cow;

use cairn_faults::{Error, Fault, oauth_code};
use cairn_model::apps::{Application, ClientKind, SecretKind};
use cairn_model::ids::AppId;
use cairn_model::oauth2::{AuthRequest, Lifetimes, Oauth2Server, ResponseKind, scopes};
use cairn_model::users::User;
use cairn_store::Tx;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

pub(crate) use requests::{checked_details, written};

use crate::cx::ClientProof;
use crate::{App, Cx, accounts, bearers};

pub mod authorize;
pub mod claims;
pub mod devices;
pub mod grants;
mod requests;
pub mod resources;
pub mod settings;
#[cfg(test)]
pub(crate) mod tests;
pub mod tokens;

/// Seconds in which a user decides.
pub(crate) const GRANT_SECONDS: i64 = 600;
/// Seconds in which a code is spent.
pub(crate) const CODE_SECONDS: i64 = 120;
/// Seconds that a pushed request waits for its user.
pub(crate) const PUSHED_SECONDS: i64 = 90;
/// Seconds for which what has ended is remembered, so that a stolen code is known when it is shown again.
const REMEMBERED_SECONDS: i64 = 86_400;
/// Grants under way in one project at most; the oldest ones are forgotten.
const GRANTS_MAX: i64 = 100_000;
/// What the handle of a pushed request begins with (RFC 9126).
pub(crate) const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// The project's server.
///
/// # Errors
/// `oauth2_server_disabled`, and `general_access_forbidden` for the console.
pub(crate) fn server(cx: &Cx) -> Result<&Oauth2Server, Error> {
    require_project(cx)?;
    let server = &cx.project.settings.oauth2;
    if server.is_enabled { Ok(server) } else { Err(Fault::Oauth2ServerDisabled.error()) }
}

/// Who the server is, to others: the beginning of all its addresses.
pub fn issuer(cx: &Cx) -> String {
    issuer_of(&cx.app, cx.project.id())
}

/// Who the server of a project is.
pub fn issuer_of(app: &App, project: &str) -> String {
    format!("{}/v1/oauth2/{project}", app.options.public_url.trim_end_matches('/'))
}

/// What clients need to know of the server (RFC 8414, OpenID Connect Discovery).
///
/// # Errors
/// `oauth2_server_disabled`.
pub fn metadata(cx: &Cx) -> Result<Value, Error> {
    let server = server(cx)?;
    let issuer = issuer(cx);
    let at = |path: &str| format!("{issuer}/{path}");
    let scopes: Vec<&str> =
        scopes::IDENTITY.into_iter().chain(server.scopes.iter().map(String::as_str)).collect();
    let mut told = json!({
        "issuer": issuer,
        "authorization_endpoint": at("authorize"),
        "pushed_authorization_request_endpoint": at("par"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"),
        "revocation_endpoint": at("revoke"),
        "jwks_uri": at(".well-known/jwks.json"),
        "scopes_supported": scopes,
        "response_types_supported": ResponseKind::ALL.map(ResponseKind::name),
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "implicit", "refresh_token", tokens::DEVICE_CODE],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "name", "updated_at",
            "email", "email_verified", "phone_number", "phone_number_verified"],
        "authorization_details_types_supported": server.details_types,
        "authorization_response_iss_parameter_supported": true,
    });
    if !server.verification_url.is_empty() {
        told["device_authorization_endpoint"] = at("device_authorization").into();
    }
    Ok(told)
}

/// How long the tokens of an application live.
pub(crate) fn lifetimes(server: &Oauth2Server, app: &Application) -> Lifetimes {
    match app.kind {
        ClientKind::Public => server.public,
        ClientKind::Confidential => server.confidential,
    }
}

/// An application that says who it is, as a request has it.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    id: AppId,
    /// The keyed hash of the secret that it shows.
    secret_lookup: Option<String>,
}

impl Client {
    /// Of the header, else of the parameters.
    pub(crate) fn of(cx: &Cx, id: &str, secret: &str) -> Result<Self, Error> {
        let (id, secret) = match &cx.request.client {
            Some(ClientProof { id: named, .. }) if !id.is_empty() && id != named => {
                return Err(Fault::Oauth2InvalidClient.with("reason", "two clients are named"));
            }
            Some(proof) => (proof.id.as_str(), proof.secret.as_str()),
            None => (id, secret),
        };
        let secret_lookup = (!secret.is_empty()).then(|| cx.app.secrets.lookup(secret));
        Ok(Self { id: AppId::from(id), secret_lookup })
    }

    /// The application, where it is enabled.
    pub(crate) async fn named(&self, tx: &Tx) -> Result<Application, Error> {
        let app = tx.app_by_id(&self.id).await?.filter(|app| app.is_enabled);
        app.ok_or_else(|| Fault::Oauth2InvalidClient.with("client", &self.id))
    }

    /// The application, where it is enabled and has proved itself if it can.
    pub(crate) async fn proven(&self, tx: &Tx) -> Result<Application, Error> {
        let app = self.named(tx).await?;
        if app.kind == ClientKind::Public {
            return Ok(app);
        }
        let unproven = || Fault::Oauth2InvalidClient.with("client", &self.id);
        let lookup = self.secret_lookup.as_deref().ok_or_else(unproven)?;
        let secret = tx.app_secret_by_lookup(SecretKind::Client, lookup).await?;
        secret.filter(|secret| secret.app_id == app.id).ok_or_else(unproven)?;
        Ok(app)
    }

    /// The application, where it is enabled; what the header names must prove itself, the SDK's methods have no secret to show.
    pub(crate) async fn asking(&self, cx: &Cx, tx: &Tx) -> Result<Application, Error> {
        if cx.request.client.is_some() { self.proven(tx).await } else { self.named(tx).await }
    }

    /// As [`Client::proven`], and a note that its secret was used, in a transaction that writes anyway.
    pub(crate) async fn proven_now(&self, cx: &Cx, tx: &Tx) -> Result<Application, Error> {
        let app = self.proven(tx).await?;
        if let Some(lookup) = self.secret_lookup.as_deref().filter(|_| app.kind == ClientKind::Confidential) {
            tx.app_secret_accessed(lookup, cx.now()).await?;
        }
        Ok(app)
    }
}

/// A random text with its keyed hash, drawn before the transaction that keeps the hash.
#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) plain: String,
    pub(crate) lookup: String,
}

pub(crate) fn draw(cx: &Cx) -> Drawn {
    let plain = bearers::new_token(cx);
    Drawn { lookup: cx.app.secrets.lookup(&plain), plain }
}

/// Forget what ended long ago, in a transaction that adds something.
pub(crate) async fn sweep(cx: &Cx, tx: &Tx) -> Result<(), Error> {
    let before = cx.now().plus_seconds(-REMEMBERED_SECONDS);
    tx.grant_sweep(before, GRANTS_MAX - 1).await?;
    Ok(tx.token_sweep(before).await?)
}

/// Where a user is sent back to, with these values: behind a question mark, or behind a hash where an id token is among
/// them (OpenID Connect Core, section 3.2.2.5).
pub(crate) fn sent_back(cx: &Cx, request: &AuthRequest, values: &[(&str, Cow<'_, str>)]) -> String {
    if request.redirect_uri.is_empty() {
        return String::new();
    }
    let mut query = Serializer::new(String::new());
    for (name, value) in values {
        query.append_pair(name, value);
    }
    if let Some(state) = &request.state {
        query.append_pair("state", state);
    }
    // Who answers, so that an application with several servers takes nobody's answer for another's (RFC 9207).
    query.append_pair("iss", &issuer(cx));
    let mark = match (request.response.has_id_token(), request.redirect_uri.contains('?')) {
        (true, _) => '#',
        (false, true) => '&',
        (false, false) => '?',
    };
    format!("{}{mark}{}", request.redirect_uri, query.finish())
}

/// Where a user is sent back to with an error.
pub(crate) fn sent_back_with(cx: &Cx, request: &AuthRequest, error: &Error) -> String {
    let code = oauth_code(error.fault()).unwrap_or("server_error");
    let values = [("error", code.into()), ("error_description", error.to_string().into())];
    sent_back(cx, request, &values)
}

/// An address with more values behind it.
pub(crate) fn with_query(address: &str, values: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(values.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    let (address, fragment) = match address.split_once('#') {
        Some((address, fragment)) => (address, format!("#{fragment}")),
        None => (address, String::new()),
    };
    let mark = if address.contains('?') { '&' } else { '?' };
    if query.is_empty() {
        format!("{address}{fragment}")
    } else {
        format!("{address}{mark}{query}{fragment}")
    }
}

/// The caller, as a user who asks in person: not through an application.
pub(crate) fn person(cx: &Cx) -> Result<&User, Error> {
    match cx.application {
        Some(_) => Err(Fault::UserUnauthorized.error()),
        None => accounts::own(cx),
    }
}

/// The caller, as a user who decides in person: tokens outlive JWTs, and nobody decides for somebody else.
pub(crate) fn decider(cx: &Cx) -> Result<&User, Error> {
    let is_another = cx.identity().is_some_and(|identity| identity.impersonator.is_some());
    if cx.is_by_jwt || is_another {
        return Err(Fault::UserUnauthorized.error());
    }
    person(cx)
}

/// Refuse the console, which has users but no applications of others.
pub(crate) fn require_project(cx: &Cx) -> Result<(), Error> {
    if cx.is_console() { Err(Fault::GeneralAccessForbidden.error()) } else { Ok(()) }
}
