//! Password hashes that other systems made: read, kept, compared, never made anew.
//!
//! INVARIANT: what one comparison costs is bounded when a hash is taken in, and again when it is compared.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ctr::cipher::{KeyIvInit, StreamCipher};
use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::digest::Digest;
use subtle::ConstantTimeEq;

use super::{argon2_matches, is_affordable};

#[cfg(test)]
mod tests;

/// The highest cost of bcrypt: two to its power rounds.
const BCRYPT_COST_MAX: u32 = 16;
/// The highest cost of a portable hash: two to its power rounds of MD5.
const PHPASS_COST_MAX: u32 = 20;
/// Memory that one comparison with scrypt may take.
const SCRYPT_BYTES_MAX: u64 = 268_435_456;
/// Lanes that one comparison with scrypt may have.
const SCRYPT_LANES_MAX: u32 = 16;
/// Bytes of a scrypt hash at most.
const SCRYPT_LENGTH_MAX: usize = 128;
/// The alphabet of portable hashes, least significant character first.
const PHPASS_ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Versions of SHA that a hash can be of.
pub const SHA_VERSIONS: [&str; 11] = [
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512/224",
    "sha512/256",
    "sha512",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
];

/// How a hash was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scheme", rename_all = "snake_case")]
pub enum Scheme {
    /// Argon2, a PHC string.
    Argon2,
    /// bcrypt, in the form of `crypt`.
    Bcrypt,
    /// MD5 in hex.
    Md5,
    /// The portable hash of phpass, or what that falls back to.
    Phpass,
    /// scrypt in hex.
    Scrypt {
        /// The salt.
        salt: String,
        /// The cost, a power of two.
        cpu: u64,
        /// The block size.
        memory: u32,
        /// Lanes.
        parallel: u32,
        /// Bytes of the hash.
        length: usize,
    },
    /// scrypt with a signer key, as Firebase does it; all in base64.
    ScryptModified {
        /// The salt.
        salt: String,
        /// What follows the salt.
        separator: String,
        /// The project's key.
        signer_key: String,
    },
    /// SHA in hex.
    Sha {
        /// One of [`SHA_VERSIONS`].
        version: String,
    },
}

/// A hash with the way in which it was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashed {
    /// How it was made.
    #[serde(flatten)]
    pub scheme: Scheme,
    /// The hash.
    pub hash: String,
}

impl Hashed {
    /// The hash that the store keeps as `text`: a PHC string of our own, or what [`Hashed::to_text`] made.
    pub fn of(text: &str) -> Self {
        let imported = text.starts_with('{').then(|| serde_json::from_str(text).ok()).flatten();
        imported.unwrap_or_else(|| Self { scheme: Scheme::Argon2, hash: text.to_owned() })
    }

    /// The text that the store keeps.
    pub fn to_text(&self) -> String {
        match self.scheme {
            Scheme::Argon2 => self.hash.clone(),
            _ => serde_json::to_string(self).expect("a hash has string keys only"),
        }
    }

    /// Whether the hash has the form of its scheme, and its comparison a bounded cost; else why not.
    pub fn check(&self) -> Result<(), &'static str> {
        let is_sound = match &self.scheme {
            Scheme::Argon2 => is_affordable(&self.hash),
            Scheme::Bcrypt => is_bcrypt(&self.hash),
            Scheme::Md5 => is_hex(&self.hash, 16),
            Scheme::Phpass => phpass_cost(&self.hash).is_some() || is_bcrypt(&self.hash),
            Scheme::Scrypt { length, .. } => {
                self.scrypt_params().is_some() && is_hex(&self.hash, *length) && *length <= SCRYPT_LENGTH_MAX
            }
            Scheme::ScryptModified { salt, separator, signer_key } => {
                [&self.hash, salt, separator, signer_key].iter().all(|text| STANDARD.decode(text).is_ok())
            }
            Scheme::Sha { version } => {
                is_hex(&self.hash, sha(version, b"").map_or(usize::MAX, |digest| digest.len()))
            }
        };
        if is_sound {
            Ok(())
        } else {
            Err("is no hash of this kind, or one that is too costly to compare with")
        }
    }

    /// Whether `password` is the one behind it.
    pub(super) fn is_match(&self, password: &str) -> bool {
        if self.check().is_err() {
            return false;
        }
        let bytes = password.as_bytes();
        match &self.scheme {
            Scheme::Argon2 => argon2_matches(password, &self.hash),
            Scheme::Bcrypt => bcrypt::verify(bytes, &self.hash).unwrap_or(false),
            Scheme::Md5 => is_digest(&self.hash, &Md5::digest(bytes)),
            Scheme::Phpass if is_bcrypt(&self.hash) => bcrypt::verify(bytes, &self.hash).unwrap_or(false),
            Scheme::Phpass => phpass(bytes, &self.hash)
                .is_some_and(|expected| expected.as_bytes().ct_eq(self.hash.as_bytes()).into()),
            Scheme::Scrypt { salt, length, .. } => {
                let Some(params) = self.scrypt_params() else { return false };
                let mut derived = vec![0; *length];
                scrypt::scrypt(bytes, salt.as_bytes(), &params, &mut derived).is_ok()
                    && is_digest(&self.hash, &derived)
            }
            Scheme::ScryptModified { salt, separator, signer_key } => {
                scrypt_modified(bytes, salt, separator, signer_key).is_some_and(|expected| {
                    STANDARD.decode(&self.hash).is_ok_and(|known| expected.ct_eq(&known).into())
                })
            }
            Scheme::Sha { version } => {
                sha(version, bytes).is_some_and(|digest| is_digest(&self.hash, &digest))
            }
        }
    }

    /// The parameters of scrypt, where they are usable and bounded.
    fn scrypt_params(&self) -> Option<scrypt::Params> {
        let Scheme::Scrypt { cpu, memory, parallel, .. } = &self.scheme else { return None };
        let bytes = cpu.checked_mul(u64::from(*memory))?.checked_mul(128)?;
        if !cpu.is_power_of_two() || *cpu < 2 || bytes > SCRYPT_BYTES_MAX || *parallel > SCRYPT_LANES_MAX {
            return None;
        }
        scrypt::Params::new(u8::try_from(cpu.ilog2()).ok()?, *memory, *parallel).ok()
    }
}

fn is_hex(text: &str, bytes: usize) -> bool {
    bytes > 0 && text.len() == bytes.saturating_mul(2) && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether the hex text is of these bytes, in a time that does not tell where they differ.
fn is_digest(text: &str, digest: &[u8]) -> bool {
    hex::decode(text).is_ok_and(|known| known.ct_eq(digest).into())
}

/// `$2y$12$` and 53 characters, with a cost that is bounded.
fn is_bcrypt(hash: &str) -> bool {
    let parts: Vec<&str> = hash.split('$').collect();
    let ["", kind, cost, rest] = parts.as_slice() else { return false };
    let is_bounded = cost.parse().is_ok_and(|cost: u32| (4..=BCRYPT_COST_MAX).contains(&cost));
    ["2", "2a", "2b", "2x", "2y"].contains(kind) && rest.len() == 53 && is_bounded
}

fn sha(version: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match version {
        "sha1" => Sha1::digest(bytes).to_vec(),
        "sha224" => sha2::Sha224::digest(bytes).to_vec(),
        "sha256" => sha2::Sha256::digest(bytes).to_vec(),
        "sha384" => sha2::Sha384::digest(bytes).to_vec(),
        "sha512/224" => sha2::Sha512_224::digest(bytes).to_vec(),
        "sha512/256" => sha2::Sha512_256::digest(bytes).to_vec(),
        "sha512" => sha2::Sha512::digest(bytes).to_vec(),
        "sha3-224" => sha3::Sha3_224::digest(bytes).to_vec(),
        "sha3-256" => sha3::Sha3_256::digest(bytes).to_vec(),
        "sha3-384" => sha3::Sha3_384::digest(bytes).to_vec(),
        "sha3-512" => sha3::Sha3_512::digest(bytes).to_vec(),
        _ => return None,
    })
}

/// The cost of a portable hash: `$P$` or `$H$`, one character of cost, eight of salt, 22 of digest.
fn phpass_cost(hash: &str) -> Option<u32> {
    let rest = hash.strip_prefix("$P$").or_else(|| hash.strip_prefix("$H$"))?;
    let is_sound = rest.len() == 31 && rest.bytes().all(|b| PHPASS_ALPHABET.contains(&b));
    let first = *rest.as_bytes().first()?;
    let cost = PHPASS_ALPHABET.iter().position(|b| *b == first)?;
    let cost = u32::try_from(cost).ok()?;
    (is_sound && (7..=PHPASS_COST_MAX).contains(&cost)).then_some(cost)
}

/// The portable hash of a password with the cost and the salt of `hash`.
fn phpass(password: &[u8], hash: &str) -> Option<String> {
    let cost = phpass_cost(hash)?;
    let salt = hash.get(4..12)?;
    let mut digest = Md5::new().chain_update(salt).chain_update(password).finalize();
    for _ in 0..1_u32 << cost {
        digest = Md5::new().chain_update(digest).chain_update(password).finalize();
    }
    let mut text = hash.get(..12)?.to_owned();
    // Groups of three bytes, the lowest six bits first.
    for group in digest.chunks(3) {
        let number = group.iter().rev().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        for place in 0..=group.len() {
            let digit = usize::try_from((number >> (6 * place)) & 0x3f).expect("six bits");
            text.push(char::from(PHPASS_ALPHABET[digit]));
        }
    }
    Some(text)
}

/// The signer key, encrypted with what scrypt makes of the password.
fn scrypt_modified(password: &[u8], salt: &str, separator: &str, signer_key: &str) -> Option<Vec<u8>> {
    let mut salted = STANDARD.decode(salt).ok()?;
    salted.extend(STANDARD.decode(separator).ok()?);
    let mut derived = [0_u8; 64];
    scrypt::scrypt(password, &salted, &scrypt::Params::new(14, 8, 1).ok()?, &mut derived).ok()?;
    let mut signed = STANDARD.decode(signer_key).ok()?;
    let key: [u8; 32] = derived[..32].try_into().ok()?;
    let mut cipher = ctr::Ctr128BE::<aes::Aes256>::new(&key.into(), &[0; 16].into());
    cipher.apply_keystream(&mut signed);
    Some(signed)
}
