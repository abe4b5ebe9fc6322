//! Sending a browser to the provider, and recognizing it when it comes back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_faults::{Error, Fault};
use cairn_model::oauth::{CallbackTold, OauthState, Provider};
use serde_json::Value;

use super::{Client, signed_in};
use crate::Cx;
use crate::secrets::{hash_secret, is_equal, pkce_challenge};

/// Seconds in which a browser must come back.
pub const STATE_SECONDS: i64 = 600;
/// Seconds for which a sign-in is remembered after that, to tell "too late" from "never begun".
const REMEMBERED_SECONDS: i64 = 86_400;
/// Sign-ins under way in one project at most; the oldest ones are forgotten.
const STATES_MAX: i64 = 10_000;
/// Bytes of what travels through the provider, before it is written in hex.
const STATE_BYTES: usize = 32;
/// Bytes of a PKCE verifier before it is encoded: 43 characters, the least that RFC 7636 allows.
const VERIFIER_BYTES: usize = 32;
const VERIFIER_SEALED_FOR: &str = "oauth pkce verifier";

/// A sign-in that begins.
#[derive(Clone, Debug)]
pub struct Begin<'a> {
    /// The provider.
    pub provider: &'static Provider,
    /// Scopes beside the provider's own.
    pub scopes: &'a [String],
    /// What the surface wants to be reminded of.
    pub memo: String,
    /// Where this server is reached: scheme and host.
    pub base: &'a str,
    /// The address to return to.
    pub callback: String,
    /// What the browser keeps and will show again; a caller with a key may leave it out, because its server begins and
    /// somebody else's browser comes back.
    pub browser: Option<&'a str>,
}

/// Begin a sign-in: the address to send the browser to.
///
/// # Errors
/// `project_provider_disabled`, and the fault of an address that makes no sense.
pub async fn begin(cx: &Cx, begin: Begin<'_>) -> Result<String, Error> {
    let provider = begin.provider;
    let mut client = Client::load(cx, provider, begin.base).await?;
    client.discover(cx).await?;
    let state = cx.app.ids.secret_hex(STATE_BYTES);
    let verifier = provider.authorize.has_pkce.then(|| {
        let bytes: [u8; VERIFIER_BYTES] = cx.app.ids.rng().bytes();
        URL_SAFE_NO_PAD.encode(bytes)
    });
    let callback = if provider.authorize.is_callback_numeric {
        begin.callback.replacen("://localhost", "://127.0.0.1", 1)
    } else {
        begin.callback
    };
    let address = address(&client, begin.scopes, &callback, &state, verifier.as_deref())?;
    let row = OauthState {
        hash: hash_secret(&state),
        provider: provider.id.to_owned(),
        memo: begin.memo,
        callback,
        sealed_verifier: verifier
            .map_or_else(String::new, |text| cx.app.secrets.seal(VERIFIER_SEALED_FOR, &text)),
        browser_hash: begin.browser.map(hash_secret),
        user_id: signed_in(cx).cloned(),
        expires: cx.now().plus_seconds(STATE_SECONDS),
    };
    let before = cx.now().plus_seconds(-REMEMBERED_SECONDS);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            tx.oauth_states_sweep(before, STATES_MAX - 1).await?;
            tx.oauth_state_insert(&row).await.map_err(Error::from)
        })
        .await?;
    Ok(address)
}

fn address(
    client: &Client,
    scopes: &[String],
    callback: &str,
    state: &str,
    verifier: Option<&str>,
) -> Result<String, Error> {
    let authorize = &client.provider.authorize;
    let mut url = client.url(authorize.url, &Value::Null, Fault::OauthAuthUrlInvalid)?;
    let mut all: Vec<&str> = authorize.scopes.to_vec();
    for scope in scopes.iter().map(String::as_str) {
        if !all.contains(&scope) {
            all.push(scope);
        }
    }
    let scope = all.join(authorize.separator);
    let challenge = verifier.map(pkce_challenge);
    let mut query = url.query_pairs_mut();
    query.append_pair("response_type", "code").append_pair("client_id", &client.id);
    if authorize.callback != CallbackTold::Never {
        query.append_pair("redirect_uri", callback);
    }
    if !authorize.scope_param.is_empty() && !scope.is_empty() {
        query.append_pair(authorize.scope_param, &scope);
    }
    query.append_pair("state", state);
    if let Some(challenge) = challenge {
        query.append_pair("code_challenge", &challenge).append_pair("code_challenge_method", "S256");
    }
    for (name, template) in authorize.params {
        let value = client.filled(template, &Value::Null);
        if !value.is_empty() {
            query.append_pair(name, &value);
        }
    }
    drop(query);
    Ok(url.into())
}

/// Recognize a browser that comes back; its sign-in is forgotten, so that it works once.
///
/// # Errors
/// The faults of a state that is nobody's, somebody else's, used, or too old.
pub async fn take_state(
    cx: &Cx,
    provider: &Provider,
    state: &str,
    browser: Option<&str>,
) -> Result<OauthState, Error> {
    let hash = hash_secret(state);
    let (id, shown, now) = (provider.id, browser.map(hash_secret), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let invalid = || Fault::OauthStateInvalid.with("provider", id);
            let row = tx.oauth_state(&hash).await?.ok_or_else(invalid)?;
            let is_same_browser = match (&row.browser_hash, &shown) {
                (None, _) => true,
                (Some(kept), Some(shown)) => is_equal(kept, shown),
                (Some(_), None) => false,
            };
            // Somebody else's browser learns nothing, and takes nothing away from the right one.
            if row.provider != id || !is_same_browser {
                return Err(invalid());
            }
            if row.expires <= now {
                return Err(Fault::OauthStateExpired.with("provider", id));
            }
            if tx.oauth_state_delete(&hash).await? { Ok(row) } else { Err(invalid()) }
        })
        .await
}

/// The PKCE verifier of a sign-in; empty without.
pub(super) fn verifier(cx: &Cx, state: &OauthState) -> Result<String, Error> {
    match state.sealed_verifier.as_str() {
        "" => Ok(String::new()),
        sealed => cx.app.secrets.open(VERIFIER_SEALED_FOR, sealed),
    }
}
