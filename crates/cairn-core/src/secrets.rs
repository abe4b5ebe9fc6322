//! The server's secret key and what is made with it.
//!
//! What the API gives back (keys, provider secrets) is encrypted and found by a keyed hash; what it never gives back
//! (session secrets, codes) is hashed.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use cairn_faults::{Error, Fault};
use cairn_std::Rng;
use cairn_std::ids::hex_text;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

#[cfg(test)]
mod tests;

const NONCE_BYTES: usize = 12;

/// The key that everything secret hangs on: `_APP_OPENSSL_KEY_V1`, or the one made into the data directory.
#[derive(Clone)]
pub struct SecretKey(Vec<u8>);

impl SecretKey {
    /// A key of these bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// Encryption, keyed hashes and plain hashes.
pub struct Secrets {
    cipher: Aes256Gcm,
    lookup_key: [u8; 32],
    token_key: Vec<u8>,
    rng: Rng,
}

impl Secrets {
    /// All that is made with `key`.
    pub fn new(key: &SecretKey, rng: Rng) -> Self {
        let derive = |purpose: &str| keyed_hash(&key.0, purpose.as_bytes());
        let cipher = Aes256Gcm::new_from_slice(&derive("cairn: encryption at rest")).expect("32 bytes");
        Self { cipher, lookup_key: derive("cairn: look-up of secrets"), token_key: key.0.clone(), rng }
    }

    /// Encrypt a secret for the store; `purpose` must be the same on opening.
    pub fn seal(&self, purpose: &str, secret: &str) -> String {
        let nonce: [u8; NONCE_BYTES] = self.rng.bytes();
        let payload = Payload { msg: secret.as_bytes(), aad: purpose.as_bytes() };
        let mut sealed = nonce.to_vec();
        let encrypted = self.cipher.encrypt(&Nonce::from(nonce), payload);
        sealed.extend(encrypted.expect("a secret is far below the cipher's limit"));
        STANDARD_NO_PAD.encode(sealed)
    }

    /// Decrypt what [`Secrets::seal`] made.
    ///
    /// # Errors
    /// `general_server_error` when the text was made with another key or for another purpose.
    pub fn open(&self, purpose: &str, sealed: &str) -> Result<String, Error> {
        let fault = || {
            Fault::GeneralServerError
                .error()
                .detail("a stored secret cannot be decrypted; was the secret key changed?")
        };
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| fault())?;
        let (nonce, encrypted) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or_else(fault)?;
        let payload = Payload { msg: encrypted, aad: purpose.as_bytes() };
        let plain = self.cipher.decrypt(&Nonce::from(*nonce), payload).map_err(|_| fault())?;
        String::from_utf8(plain).map_err(|_| fault())
    }

    /// The keyed hash by which a secret is found in the store.
    pub fn lookup(&self, secret: &str) -> String {
        hex_text(&keyed_hash(&self.lookup_key, secret.as_bytes()))
    }

    /// The key that signs tokens.
    pub(crate) fn token_key(&self) -> &[u8] {
        &self.token_key
    }
}

/// The hash under which a secret that is never given back is kept.
///
/// One round is enough: every such secret is random and long.
pub fn hash_secret(secret: &str) -> String {
    hex_text(&Sha256::digest(secret.as_bytes()))
}

/// What stands for a verifier until it is shown (RFC 7636, method S256).
pub(crate) fn pkce_challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether two texts are equal, in a time that does not tell where they differ.
pub fn is_equal(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

fn keyed_hash(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("any length of key will do");
    mac.update(message);
    mac.finalize().into_bytes().into()
}
