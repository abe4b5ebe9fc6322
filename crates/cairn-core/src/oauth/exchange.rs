//! A code becomes tokens, old tokens become new ones, and tokens become a person.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cairn_faults::{Error, Fault};
use cairn_model::oauth::{CallbackTold, ClientProof, OauthState, Provider, ProviderKind};
use cairn_net::Request;
use cairn_std::Timestamp;
use serde_json::{Map, Value};

use super::{Client, Person, Tokens, apple, begin, mock, profile};
use crate::Cx;

/// Bytes of a provider's answer at most.
pub(super) const ANSWER_BYTES_MAX: usize = 1_048_576;
/// How long a provider may take for one answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Characters of a token at most, as the reference keeps them.
const TOKEN_CHARS_MAX: usize = 16_384;
/// Characters of a provider's own words that are logged.
const WORDS_CHARS_MAX: usize = 300;

/// Ask the provider who came back.
///
/// # Errors
/// `user_oauth2_provider_failure` when the code is not exchanged, `user_oauth2_provider_error` when the profile is not
/// told, `user_missing_id` when it tells nobody.
pub async fn identify(
    cx: &Cx,
    provider: &'static Provider,
    state: &OauthState,
    code: &str,
    base: &str,
) -> Result<Person, Error> {
    let mut client = Client::load(cx, provider, base).await?;
    client.discover(cx).await?;
    let verifier = begin::verifier(cx, state)?;
    let mut form = vec![("grant_type", "authorization_code"), ("code", code)];
    if provider.authorize.callback == CallbackTold::Twice {
        form.push(("redirect_uri", &state.callback));
    }
    if !verifier.is_empty() {
        form.push(("code_verifier", &verifier));
    }
    let answer = ask(cx, &client, provider.token.url, form).await?;
    let tokens = read_tokens(&client, &answer, cx.now())?;
    if tokens.access.is_empty() {
        return Err(failure(&client).detail("the answer holds no access token"));
    }
    profile::person(cx, &client, &answer, tokens).await
}

/// New tokens for old ones.
///
/// # Errors
/// What the provider's status says: `user_oauth2_bad_request`, `user_oauth2_unauthorized`, `user_oauth2_provider_error`.
pub async fn refresh(cx: &Cx, provider: &'static Provider, refresh: &str) -> Result<Tokens, Error> {
    let mut client = Client::load(cx, provider, "").await?;
    client.discover(cx).await?;
    let url = match provider.token.refresh_url {
        "" => provider.token.url,
        url => url,
    };
    let form = vec![("grant_type", "refresh_token"), ("refresh_token", refresh)];
    let answer = ask(cx, &client, url, form).await.map_err(by_status)?;
    let mut tokens = read_tokens(&client, &answer, cx.now())?;
    if tokens.access.is_empty() {
        return Err(by_status(failure(&client).detail("the answer holds no access token")));
    }
    // A provider that keeps the refresh token does not repeat it (RFC 6749, section 6).
    if tokens.refresh.is_empty() {
        refresh.clone_into(&mut tokens.refresh);
    }
    Ok(tokens)
}

/// Where the provider's status is kept on an error.
const STATUS: &str = "provider_status";

/// The fault that tells the provider's status, as it counts where nobody waits at a redirect.
pub(super) fn by_status(error: Error) -> Error {
    let told = [Fault::UserOauth2ProviderFailure, Fault::UserOauth2ProviderError];
    if !told.contains(&error.fault()) {
        return error;
    }
    let fault = match error.param(STATUS) {
        Some("400") => Fault::UserOauth2BadRequest,
        Some("401") => Fault::UserOauth2Unauthorized,
        _ => Fault::UserOauth2ProviderError,
    };
    fault.error().source(error)
}

/// The same for a profile that is not told; a code that was not exchanged has a fault of its own.
pub(crate) fn profile_by_status(error: Error) -> Error {
    if error.fault() == Fault::UserOauth2ProviderFailure { error } else { by_status(error) }
}

fn failure(client: &Client) -> Error {
    Fault::UserOauth2ProviderFailure.with("provider", client.provider.id)
}

/// One request to the token endpoint: the answer as an object.
async fn ask(
    cx: &Cx,
    client: &Client,
    url: &'static str,
    mut form: Vec<(&str, &str)>,
) -> Result<Value, Error> {
    if client.provider.kind == ProviderKind::Mock {
        let field = |name: &str| form.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        let given = mock::Given {
            client_id: &client.id,
            client_secret: &client.secret,
            grant_type: field("grant_type"),
            code: field("code"),
            refresh_token: field("refresh_token"),
        };
        return mock::mock_token(&given).map_err(|why| failure(client).with(STATUS, 400).detail(why));
    }
    let mut url = client.url(url, &Value::Null, Fault::OauthTokenUrlInvalid)?;
    let signed = match client.provider.token.client {
        ClientProof::SignedKey => apple::client_secret(cx, client)?,
        _ => String::new(),
    };
    match client.provider.token.client {
        ClientProof::Form | ClientProof::Query => {
            form.extend([("client_id", client.id.as_str()), ("client_secret", &client.secret)]);
        }
        ClientProof::BasicAndId | ClientProof::Public => form.push(("client_id", &client.id)),
        ClientProof::SignedKey => {
            form.extend([("client_id", client.id.as_str()), ("client_secret", &signed)]);
        }
        ClientProof::Basic => {}
    }
    let mut request = if client.provider.token.client == ClientProof::Query {
        url.query_pairs_mut().extend_pairs(&form);
        Request::get(url)
    } else {
        Request::post(url).form(form)
    };
    if matches!(client.provider.token.client, ClientProof::Basic | ClientProof::BasicAndId) {
        let basic = STANDARD.encode(format!("{}:{}", client.id, client.secret));
        request = request.header("authorization", &format!("Basic {basic}"));
    }
    let request = request.header("accept", "application/json").at_most(ANSWER_BYTES_MAX).within(PATIENCE);
    let answer = cx.app.net.foreign().send(request).await.map_err(|error| failure(client).source(error))?;
    let told = read_answer(&answer.body);
    if !answer.is_ok() || told.get("error").is_some_and(|error| !error.is_null()) {
        let status = if answer.is_ok() { 400 } else { answer.status };
        return Err(failure(client).with(STATUS, status).detail(words(&told)));
    }
    Ok(told)
}

/// An answer of the token endpoint: JSON, or what forms are sent as. Anything else is an empty object.
fn read_answer(body: &[u8]) -> Value {
    if let Ok(Value::Object(told)) = serde_json::from_slice(body) {
        return Value::Object(told);
    }
    let pairs = url::form_urlencoded::parse(body).filter(|(_, value)| !value.is_empty());
    let told: Map<String, Value> =
        pairs.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect();
    Value::Object(told)
}

/// What a provider says about its refusal, for the log.
fn words(told: &Value) -> String {
    let text = |pointer: &str| match told.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        _ => String::new(),
    };
    let all = ["/error", "/error/status", "/error/message", "/error_description", "/message"].map(text);
    let said: Vec<&str> = all.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    said.join(": ").chars().filter(|c| !c.is_control()).take(WORDS_CHARS_MAX).collect()
}

fn read_tokens(client: &Client, answer: &Value, now: Timestamp) -> Result<Tokens, Error> {
    let exchange = &client.provider.token;
    let empty = Value::Null;
    let root = answer.pointer(exchange.root).unwrap_or(&empty);
    let text = |pointer: &str| root.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let seconds = root.get("expires_in").and_then(|seconds| match seconds {
        Value::String(text) => text.parse().ok(),
        seconds => seconds.as_i64(),
    });
    let tokens = Tokens {
        access: text(exchange.access),
        refresh: text("/refresh_token"),
        expires: seconds.filter(|seconds| *seconds > 0).map(|seconds| now.plus_seconds(seconds)),
    };
    if tokens.access.len() > TOKEN_CHARS_MAX || tokens.refresh.len() > TOKEN_CHARS_MAX {
        return Err(failure(client).detail("a token is longer than any that is kept"));
    }
    Ok(tokens)
}

/// An error of the profile's endpoint.
pub(super) fn profile_failure(client: &Client, status: Option<u16>) -> Error {
    let error = Fault::UserOauth2ProviderError.with("provider", client.provider.id);
    match status {
        Some(status) => error.with(STATUS, status),
        None => error,
    }
}
