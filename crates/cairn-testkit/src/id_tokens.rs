//! Id tokens as Google signs them, with a key that is no secret.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

const KEY_PEM: &str = include_str!("id_tokens/key.pem");
/// The key's name.
const NAME: &str = "key-of-tests";

fn key() -> RsaKeyPair {
    let body: String = KEY_PEM.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).expect("the file is PEM");
    RsaKeyPair::from_pkcs8(&der).expect("the file holds an RSA key in PKCS #8")
}

/// A token with these claims.
pub fn signed(claims: &Value) -> String {
    signed_with(&json!({ "alg": "RS256", "kid": NAME, "typ": "JWT" }), claims)
}

/// A token with a header of one's own; the signature is the key's whatever it says.
///
/// # Panics
/// When the system gives no random bytes.
pub fn signed_with(header: &Value, claims: &Value) -> String {
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(header), encode(claims));
    let key = key();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).expect("it signs");
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The public key as its provider tells it.
pub fn keys() -> Value {
    let key = key();
    let public = ring::signature::RsaPublicKeyComponents::<Vec<u8>>::from(key.public_key());
    let (modulus, exponent) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    json!({ "keys": [{ "kty": "RSA", "kid": NAME, "alg": "RS256", "use": "sig", "n": modulus, "e": exponent }] })
}
