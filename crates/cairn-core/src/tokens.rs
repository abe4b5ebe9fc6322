//! Signed tokens (JWT, HS256) and the opaque session value.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cairn_std::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use crate::secrets::Secrets;

#[cfg(test)]
mod tests;

/// Sign `claims`, adding when the token was made and when it ends.
pub fn sign(secrets: &Secrets, mut claims: Map<String, Value>, now: Timestamp, seconds: i64) -> String {
    claims.insert("iat".to_owned(), json!(now.epoch_seconds()));
    claims.insert("exp".to_owned(), json!(now.epoch_seconds().saturating_add(seconds)));
    let header = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"HS256"}"#);
    let body = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    let signed = format!("{header}.{body}");
    let signature = URL_SAFE_NO_PAD.encode(mac(secrets, &signed).finalize().into_bytes());
    format!("{signed}.{signature}")
}

/// Why a token does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenError {
    /// It is not a token of this server.
    Invalid,
    /// It was one.
    Expired,
}

/// The claims of a token that this server signed and that has not ended.
pub fn verify(secrets: &Secrets, token: &str, now: Timestamp) -> Result<Map<String, Value>, TokenError> {
    let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Invalid)?;
    let (header, body) = signed.split_once('.').ok_or(TokenError::Invalid)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Invalid);
    let parse =
        |bytes: &[u8]| serde_json::from_slice::<Map<String, Value>>(bytes).map_err(|_| TokenError::Invalid);
    // The algorithm is ours to choose: a token that names another one is not ours.
    if parse(&decode(header)?)?.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(TokenError::Invalid);
    }
    mac(secrets, signed).verify_slice(&decode(signature)?).map_err(|_| TokenError::Invalid)?;
    let claims = parse(&decode(body)?)?;
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64).ok_or(TokenError::Invalid);
    if seconds("iat")? > now.epoch_seconds().saturating_add(1) {
        return Err(TokenError::Invalid);
    }
    if seconds("exp")? <= now.epoch_seconds() {
        return Err(TokenError::Expired);
    }
    Ok(claims)
}

fn mac(secrets: &Secrets, message: &str) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secrets.token_key()).expect("any length of key will do");
    mac.update(message.as_bytes());
    mac
}

/// The opaque value that a client holds for a session.
pub fn session_value(user_id: &str, secret: &str) -> String {
    STANDARD.encode(json!({"id": user_id, "secret": secret}).to_string())
}

/// What a [`session_value`] says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SessionValue {
    /// Whose session it is.
    #[serde(rename = "id")]
    pub user_id: String,
    /// What proves it.
    pub secret: String,
}

impl SessionValue {
    /// Read a value; `None` when it is none.
    pub fn parse(value: &str) -> Option<Self> {
        let bytes = STANDARD.decode(value.trim()).ok()?;
        let read: Self = serde_json::from_slice(&bytes).ok()?;
        (!read.user_id.is_empty() && !read.secret.is_empty()).then_some(read)
    }
}
