//! Who a user is, to applications: id tokens, the user info endpoint, and the key by which others check what is signed.
//!
//! Id tokens are signed by the project's own key (ES256), which never leaves the server; access tokens are not signed but looked
//! up, so that they can be ended.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use cairn_faults::{Error, Fault};
use cairn_model::oauth2::{AuthRequest, Grant, TokenFamily};
use cairn_model::users::User;
use cairn_std::Timestamp;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{issuer, server};
use crate::cx::{ActingApp, ActingBy};
use crate::{App, Cx};

/// Seconds that an id token counts: it is read once, right away.
const ID_TOKEN_SECONDS: i64 = 3_600;
const KEY_SEALED_FOR: &str = "oauth2 signing key";
/// Characters of the name of a key.
const KEY_ID_CHARS: usize = 16;

/// What an id token tells beside the user.
pub(super) struct Told<'a> {
    client: &'a str,
    scopes: &'a [String],
    nonce: Option<&'a str>,
    auth_time: Option<Timestamp>,
}

impl<'a> Told<'a> {
    pub(super) fn of(grant: &'a Grant) -> Self {
        let AuthRequest { scopes, nonce, .. } = &grant.request;
        Self { client: grant.app_id.as_str(), scopes, nonce: nonce.as_deref(), auth_time: grant.auth_time }
    }

    pub(super) fn of_family(family: &'a TokenFamily, nonce: Option<&'a str>) -> Self {
        let (client, scopes) = (family.app_id.as_str(), &family.scopes[..]);
        Self { client, scopes, nonce, auth_time: family.auth_time }
    }
}

/// What an id token comes along with, and is bound to by a hash.
#[derive(Default)]
pub(super) struct Bound<'a> {
    pub(super) code: Option<&'a String>,
    pub(super) access_token: Option<&'a String>,
}

/// An id token of a user.
pub(super) fn id_token(cx: &Cx, user: &User, told: &Told<'_>, bound: Bound<'_>) -> Result<String, Error> {
    let now = cx.now().epoch_seconds();
    let mut claims = Map::from_iter([
        ("iss".to_owned(), json!(issuer(cx))),
        ("sub".to_owned(), json!(user.id.as_str())),
        ("aud".to_owned(), json!(told.client)),
        ("iat".to_owned(), json!(now)),
        ("exp".to_owned(), json!(now + ID_TOKEN_SECONDS)),
    ]);
    let half = |text: &String| {
        let hash = Sha256::digest(text.as_bytes());
        json!(URL_SAFE_NO_PAD.encode(&hash[..16]))
    };
    let more = [
        ("nonce", told.nonce.map(|nonce| json!(nonce))),
        ("auth_time", told.auth_time.map(|at| json!(at.epoch_seconds()))),
        ("c_hash", bound.code.map(half)),
        ("at_hash", bound.access_token.map(half)),
    ];
    claims.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    claims.extend(of_user(user, told.scopes));
    sign(cx, claims)
}

/// What the scopes let an application know of a user (OpenID Connect Core, section 5.4).
fn of_user(user: &User, scopes: &[String]) -> Map<String, Value> {
    let has = |scope: &str| scopes.iter().any(|held| held == scope);
    let mut claims = Map::new();
    let mut tell = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
    if has("profile") {
        tell("name", json!(user.name));
        tell("updated_at", json!(user.updated.epoch_seconds()));
    }
    if let Some(email) = user.email.as_ref().filter(|_| has("email")) {
        tell("email", json!(email));
        tell("email_verified", json!(user.is_email_verified));
    }
    if let Some(phone) = user.phone.as_ref().filter(|_| has("phone")) {
        tell("phone_number", json!(phone));
        tell("phone_number_verified", json!(user.is_phone_verified));
    }
    claims
}

/// What the application of this request may know of its user.
///
/// # Errors
/// `oauth2_invalid_token` for callers without a token of a user that has the scope `openid`.
pub fn user_info(cx: &Cx) -> Result<Map<String, Value>, Error> {
    server(cx)?;
    let invalid = || Fault::Oauth2InvalidToken.with("reason", "it tells nothing of a user");
    let Some(ActingApp { by: ActingBy::Token(family), .. }) = cx.application.as_deref() else {
        return Err(invalid());
    };
    let user = cx.user().map_err(|_| invalid())?;
    if !family.scopes.iter().any(|scope| scope == "openid") {
        return Err(invalid());
    }
    let mut claims = Map::from_iter([("sub".to_owned(), json!(user.id.as_str()))]);
    claims.extend(of_user(user, &family.scopes));
    Ok(claims)
}

fn sign(cx: &Cx, claims: Map<String, Value>) -> Result<String, Error> {
    let key = signing_key(cx)?;
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": key_id(&key) });
    let encode = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(Value::Object(claims)));
    // The library takes no other source of randomness; a signature is no id and decides nothing.
    let signature = key.sign(&SystemRandom::new(), signed.as_bytes()).map_err(|_| broken())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}

fn broken() -> Error {
    Fault::GeneralServerError.error().detail("the project's signing key cannot be read")
}

fn signing_key(cx: &Cx) -> Result<EcdsaKeyPair, Error> {
    let sealed = &server(cx)?.sealed_key;
    let opened = cx.app.secrets.open(KEY_SEALED_FOR, sealed)?;
    let der = STANDARD_NO_PAD.decode(opened).map_err(|_| broken())?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &SystemRandom::new())
        .map_err(|_| broken())
}

/// A new key, encrypted. A key of a curve cannot be drawn from the server's own source: the library has one.
pub(super) fn new_sealed_key(app: &App) -> Result<String, Error> {
    let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| broken())?;
    Ok(app.secrets.seal(KEY_SEALED_FOR, &STANDARD_NO_PAD.encode(der.as_ref())))
}

fn key_id(key: &EcdsaKeyPair) -> String {
    let mut id = URL_SAFE_NO_PAD.encode(Sha256::digest(key.public_key().as_ref()));
    id.truncate(KEY_ID_CHARS);
    id
}

/// The keys by which others check what the server signs (RFC 7517).
pub fn key_set(cx: &Cx) -> Result<Value, Error> {
    let key = signing_key(cx)?;
    // One byte that says "uncompressed", then the two coordinates.
    let point = key.public_key().as_ref();
    let (x, y) = point.get(1..).and_then(|rest| rest.split_at_checked(32)).ok_or_else(broken)?;
    Ok(json!({ "keys": [{
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": key_id(&key),
        "x": URL_SAFE_NO_PAD.encode(x),
        "y": URL_SAFE_NO_PAD.encode(y),
    }] }))
}
