//! Apple's client secret: a token that the application signs for itself with a key file (ES256).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use cairn_faults::{Error, Fault};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;

use super::Client;
use crate::Cx;

/// Seconds that a secret counts. Apple allows six months; one is made for every exchange, so minutes are enough.
const SECRET_SECONDS: i64 = 300;
/// Whom the secret is meant for.
const AUDIENCE: &str = "https://appleid.apple.com";

/// A secret for one exchange.
///
/// # Errors
/// `user_oauth2_provider_failure` when the key file is none.
pub(super) fn client_secret(cx: &Cx, client: &Client) -> Result<String, Error> {
    let part = |name: &str| client.parts.get(name).map(String::as_str).unwrap_or_default();
    let now = cx.now().epoch_seconds();
    let header = json!({ "alg": "ES256", "kid": part("keyId") });
    let claims = json!({
        "iss": part("teamId"),
        "iat": now,
        "exp": now + SECRET_SECONDS,
        "aud": AUDIENCE,
        "sub": client.id,
    });
    let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let broken = || {
        Fault::UserOauth2ProviderFailure
            .with("provider", client.provider.id)
            .detail("the key file is no private key of the curve P-256 in PKCS #8")
    };
    let der = pem_body(&client.secret).ok_or_else(broken)?;
    // The library takes no other source of randomness; a signature is no id and decides nothing.
    let random = SystemRandom::new();
    let key =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &random).map_err(|_| broken())?;
    let signature = key.sign(&random, signed.as_bytes()).map_err(|_| broken())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}

/// The bytes between the marks of a PEM text; its line breaks may have been lost on the way through a form.
fn pem_body(pem: &str) -> Option<Vec<u8>> {
    let (_, behind) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = behind.split_once("-----END PRIVATE KEY-----")?;
    let body: String = body.replace("\\n", "").chars().filter(|c| !c.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}
