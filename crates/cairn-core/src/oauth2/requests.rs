//! What an application asks for: read from the parameters that it sends.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cairn_faults::{Error, Fault};
use cairn_model::apps::{Application, ClientKind};
use cairn_model::oauth2::{
    AuthRequest, DETAILS_BYTES_MAX, Oauth2Server, RESOURCES_MAX, ResponseKind, SCOPES_MAX, scopes,
};
use serde_json::Value;
use url::Url;

use super::authorize::Ask;

/// The only way to hash a verifier that tells nothing of it.
const CHALLENGE_METHOD: &str = "S256";
/// Characters of a challenge: a SHA-256 in Base64.
const CHALLENGE_CHARS: usize = 43;
/// What a consent page can be asked for (OpenID Connect Core, section 3.1.2.1).
const PROMPTS: [&str; 4] = ["none", "login", "consent", "select_account"];

pub(super) fn invalid(reason: &'static str) -> Error {
    Fault::Oauth2InvalidRequest.with("reason", reason)
}

/// What is asked, all rules applied; the redirect address was checked before.
pub(super) fn read(server: &Oauth2Server, app: &Application, ask: &Ask) -> Result<AuthRequest, Error> {
    let response = ResponseKind::of_name(&ask.response_type)
        .ok_or_else(|| Fault::Oauth2UnsupportedResponseType.with("type", &ask.response_type))?;
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let request = AuthRequest {
        scopes: asked_scopes(server, &ask.scope)?,
        resources: asked_resources(&ask.resource, &ask.audience)?,
        details: asked_details(server, &ask.authorization_details)?,
        redirect_uri: ask.redirect_uri.clone(),
        response,
        state: given(&ask.state),
        nonce: given(&ask.nonce),
        challenge: challenge(server, app, response, ask)?,
        prompt: prompt(&ask.prompt)?,
        max_age: ask.max_age,
    };
    if response.has_id_token() {
        if request.nonce.is_none() {
            return Err(invalid("an id token needs a nonce"));
        }
        if !request.scopes.iter().any(|scope| scope == "openid") {
            return Err(invalid("an id token needs the scope openid"));
        }
    }
    Ok(request)
}

/// The scopes that are asked for, each once.
pub(super) fn asked_scopes(server: &Oauth2Server, text: &str) -> Result<Vec<String>, Error> {
    let mut asked: Vec<String> = Vec::new();
    for scope in text.split_whitespace() {
        if !server.has_scope(scope) {
            return Err(Fault::Oauth2InvalidScope.with("scope", scope));
        }
        if !asked.iter().any(|known| known == scope) {
            asked.push(scope.to_owned());
        }
    }
    if asked.is_empty() {
        asked.clone_from(&server.default_scopes);
    }
    if asked.is_empty() || asked.len() > SCOPES_MAX {
        return Err(Fault::Oauth2InvalidScope.with("scope", text));
    }
    Ok(asked)
}

/// The servers for which tokens are asked, each once (RFC 8707).
pub(super) fn asked_resources(resource: &str, audience: &str) -> Result<Vec<String>, Error> {
    let mut asked: Vec<String> = Vec::new();
    for uri in resource.split_whitespace().chain(audience.split_whitespace()) {
        let is_absolute = !uri.contains('#') && Url::parse(uri).is_ok_and(|url| !url.cannot_be_a_base());
        if !is_absolute {
            return Err(Fault::Oauth2InvalidTarget.with("resource", uri));
        }
        if !asked.iter().any(|known| known == uri) {
            asked.push(uri.to_owned());
        }
    }
    if asked.len() > RESOURCES_MAX {
        return Err(Fault::Oauth2InvalidTarget.with("limit", RESOURCES_MAX));
    }
    Ok(asked)
}

/// Authorization details whose types the project accepts; empty for none (RFC 9396).
pub(super) fn asked_details(server: &Oauth2Server, text: &str) -> Result<String, Error> {
    let details = checked_details(text)?;
    let is_known = |entry: &Value| {
        server.details_types.iter().any(|known| Some(known.as_str()) == entry["type"].as_str())
    };
    if details.iter().all(is_known) { Ok(written(&details)) } else { Err(refused("a type is not accepted")) }
}

/// Authorization details of any type; empty for none.
pub(crate) fn checked_details(text: &str) -> Result<Vec<Value>, Error> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if text.len() > DETAILS_BYTES_MAX {
        return Err(refused("they are too long").with("limit", DETAILS_BYTES_MAX));
    }
    let parsed: Result<Vec<Value>, _> = serde_json::from_str(text);
    let details = parsed.map_err(|error| refused("they are no JSON list").source(error))?;
    let has_type = |entry: &Value| entry["type"].as_str().is_some_and(|kind| !kind.is_empty());
    if details.iter().all(has_type) { Ok(details) } else { Err(refused("an entry has no type")) }
}

/// Details as they are kept.
pub(crate) fn written(details: &[Value]) -> String {
    if details.is_empty() { String::new() } else { Value::from(details).to_string() }
}

fn refused(reason: &'static str) -> Error {
    Fault::Oauth2InvalidAuthorizationDetails.with("reason", reason)
}

fn challenge(
    server: &Oauth2Server,
    app: &Application,
    response: ResponseKind,
    ask: &Ask,
) -> Result<Option<String>, Error> {
    let is_needed = response.has_code() && (app.kind == ClientKind::Public || server.needs_pkce);
    if ask.code_challenge.is_empty() {
        return if is_needed { Err(invalid("a code challenge is needed")) } else { Ok(None) };
    }
    if ask.code_challenge_method != CHALLENGE_METHOD {
        return Err(invalid("the code challenge method must be S256"));
    }
    let is_hash =
        ask.code_challenge.len() == CHALLENGE_CHARS && URL_SAFE_NO_PAD.decode(&ask.code_challenge).is_ok();
    if is_hash { Ok(Some(ask.code_challenge.clone())) } else { Err(invalid("the code challenge is no hash")) }
}

fn prompt(text: &str) -> Result<String, Error> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.iter().any(|word| !PROMPTS.contains(word)) {
        return Err(invalid("a prompt is unknown"));
    }
    if words.contains(&"none") && words.len() > 1 {
        return Err(invalid("the prompt none stands alone"));
    }
    Ok(words.join(" "))
}

/// Whether a user allows no more than was asked: the scopes that stay, those of OpenID always.
pub(super) fn narrowed(asked: &[String], allowed: &str) -> Result<Vec<String>, Error> {
    let allowed: Vec<&str> = allowed.split_whitespace().collect();
    if let Some(more) = allowed.iter().find(|scope| !asked.iter().any(|known| known == *scope)) {
        return Err(Fault::Oauth2InvalidScope.with("scope", *more));
    }
    let stays =
        |scope: &&String| scopes::IDENTITY.contains(&scope.as_str()) || allowed.contains(&scope.as_str());
    Ok(asked.iter().filter(stays).cloned().collect())
}
