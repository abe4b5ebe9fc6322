//! Sign-in with what a provider's own library gave to a client: Google's id tokens, GitHub's access tokens.
//!
//! INVARIANT: a token counts only if it was made for this project's application: its audience is the application's id, or the
//! provider says so. Anybody's token for another application would open the account here.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cairn_faults::{Error, Fault};
use cairn_net::{Request, Url};
use cairn_std::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::{Value, json};

use super::exchange::{ANSWER_BYTES_MAX, PATIENCE, profile_failure};
use super::{Client, Person, Tokens, profile, provider};
use crate::Cx;

/// The provider of id tokens.
const GOOGLE: &str = "google";
/// The provider of access tokens.
const GITHUB: &str = "github";
/// Who issues Google's id tokens, by both of its names.
const ISSUERS: [&str; 2] = ["accounts.google.com", "https://accounts.google.com"];
/// How far ahead a provider's clock may be.
const AHEAD_SECONDS: i64 = 60;
/// How long keys are taken to be the provider's.
const KEYS_SECONDS: i64 = 3_600;
/// How long a key that is not there is not asked for again.
const KEYS_REST_SECONDS: i64 = 60;
/// Keys that are kept at most.
const KEYS_MAX: usize = 32;
/// How long the provider may take to tell them.
const KEYS_PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of that answer at most.
const KEYS_BYTES_MAX: usize = 262_144;

/// The public keys of id tokens, as they were last told.
#[derive(Default)]
pub(crate) struct IdTokenKeys(Mutex<Option<Told>>);

#[derive(Clone)]
struct Told {
    keys: Vec<Key>,
    at: Timestamp,
}

/// An RSA key, by its name.
#[derive(Clone)]
struct Key {
    name: String,
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

/// Who an id token of Google's tells, with the nonce that was asked for.
pub(crate) struct IdTokenPerson {
    /// The person.
    pub(crate) person: Person,
    /// The nonce; empty where the token has none.
    pub(crate) nonce: String,
}

/// Whom an id token of Google's tells.
///
/// # Errors
/// `google:invalid_id_token`, also where it is meant for another application or over; `google:jwks_fetch_failed` and
/// `google:jwks_parse_failed` where Google's keys are not told; those of the provider's settings.
pub(crate) async fn by_id_token(cx: &Cx, token: &str) -> Result<IdTokenPerson, Error> {
    let client = Client::load(cx, provider(cx, GOOGLE)?, "").await?;
    let claims = claims(cx, token).await?;
    let text = |name: &str| claims[name].as_str().unwrap_or_default();
    let seconds = |name: &str| claims[name].as_i64().unwrap_or_default();
    let now = cx.now().epoch_seconds();
    let problem = match () {
        () if !ISSUERS.contains(&text("iss")) => Some("it is not of Google's"),
        () if text("aud") != client.id => Some("it is meant for another application"),
        () if seconds("exp") <= now => Some("its time is over"),
        () if seconds("iat") > now + AHEAD_SECONDS => Some("it is of a time to come"),
        () => None,
    };
    if let Some(problem) = problem {
        return Err(invalid(problem));
    }
    let nonce = text("nonce").to_owned();
    Ok(IdTokenPerson { person: profile::read(&client, &claims, Tokens::default())?, nonce })
}

fn invalid(why: &str) -> Error {
    Fault::GoogleIdTokenInvalid.error().detail(why)
}

/// The claims of a token that one of Google's keys signed.
async fn claims(cx: &Cx, token: &str) -> Result<Value, Error> {
    let malformed = || invalid("it is no signed token");
    let (signed, signature) = token.rsplit_once('.').ok_or_else(malformed)?;
    let (header, body) = signed.split_once('.').ok_or_else(malformed)?;
    let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed());
    let object = |part: &str| serde_json::from_slice::<Value>(&bytes(part)?).map_err(|_| malformed());
    let header = object(header)?;
    // The algorithm is ours to choose.
    if header["alg"] != "RS256" {
        return Err(invalid("it is not signed with RS256"));
    }
    let name = header["kid"].as_str().unwrap_or_default();
    let key = key(cx, name).await?.ok_or_else(|| invalid("no key of Google's signed it"))?;
    let public = RsaPublicKeyComponents { n: &key.modulus, e: &key.exponent };
    let is_signed = public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(signature)?).is_ok();
    if is_signed { object(body) } else { Err(invalid("its signature is not of that key")) }
}

/// The key of this name, asked for where it is not known; `None` where there is none.
async fn key(cx: &Cx, name: &str) -> Result<Option<Key>, Error> {
    let kept = cx.app.id_token_keys.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(told) = kept {
        let age = cx.now().epoch_seconds() - told.at.epoch_seconds();
        let found = told.keys.into_iter().find(|key| key.name == name);
        if (found.is_some() && age < KEYS_SECONDS) || age < KEYS_REST_SECONDS {
            return Ok(found);
        }
    }
    let keys = ask_keys(cx).await?;
    let found = keys.iter().find(|key| key.name == name).cloned();
    let told = Told { keys, at: cx.now() };
    *cx.app.id_token_keys.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(told);
    Ok(found)
}

async fn ask_keys(cx: &Cx) -> Result<Vec<Key>, Error> {
    let url = cx.app.options.account.google_keys_url.clone();
    let request = Request::get(url).within(KEYS_PATIENCE).at_most(KEYS_BYTES_MAX);
    let unreachable = || Fault::GoogleKeysUnreachable.error();
    let answer = cx.app.net.configured().send(request).await.map_err(|error| unreachable().source(error))?;
    if !answer.is_ok() {
        return Err(unreachable().detail(format_args!("status {}", answer.status)));
    }
    let unreadable = || Fault::GoogleKeysUnreadable.error();
    let told: Value = serde_json::from_slice(&answer.body).map_err(|error| unreadable().source(error))?;
    let listed = told["keys"].as_array().ok_or_else(|| unreadable().detail("there is no list of keys"))?;
    let part = |key: &Value, name: &str| {
        URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap_or_default()).ok().filter(|part| !part.is_empty())
    };
    let read = |key: &Value| {
        let name = key["kid"].as_str()?.to_owned();
        Some(Key { name, modulus: part(key, "n")?, exponent: part(key, "e")? })
    };
    let is_rsa = |key: &&Value| key["kty"] == "RSA";
    Ok(listed.iter().filter(is_rsa).take(KEYS_MAX).filter_map(read).collect())
}

/// Whom an access token of GitHub's tells.
///
/// # Errors
/// `github:invalid_token` where it was made for another application, revoked, or is none; `oauth:user_info_fetch_failed` and
/// `oauth:user_info_parse_failed` where GitHub does not tell; those of the provider's settings.
pub(crate) async fn by_access_token(cx: &Cx, token: &str) -> Result<Person, Error> {
    let client = Client::load(cx, provider(cx, GITHUB)?, "").await?;
    require_own(cx, &client, token).await?;
    let tokens = Tokens { access: token.to_owned(), ..Tokens::default() };
    profile::person(cx, &client, &Value::Null, tokens).await
}

/// Ask whether the token was made for this application: only that may be asked with the application's own secret.
async fn require_own(cx: &Cx, client: &Client, token: &str) -> Result<(), Error> {
    let url: Url = client.url(
        "https://api.github.com/applications/{client_id}/token",
        &Value::Null,
        Fault::UserOauth2ProviderError,
    )?;
    let basic = STANDARD.encode(format!("{}:{}", client.id, client.secret));
    let request = Request::post(url)
        .header("authorization", &format!("Basic {basic}"))
        .header("accept", "application/vnd.github+json")
        .body("application/json", json!({ "access_token": token }).to_string())
        .at_most(ANSWER_BYTES_MAX)
        .within(PATIENCE);
    let sent = cx.app.net.foreign().send(request).await;
    let answer = sent.map_err(|error| profile_failure(client, None).source(error))?;
    match answer.status {
        200 => Ok(()),
        404 | 422 => Err(Fault::GithubTokenInvalid.error()),
        status => Err(profile_failure(client, Some(status))),
    }
}
