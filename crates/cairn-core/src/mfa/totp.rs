//! Time-based one-time codes (RFC 6238): HMAC-SHA-1, six digits, steps of thirty seconds.
//!
//! Pure: what was used before is the caller's to remember, by the step that [`matching_step`] tells.

use cairn_std::{Rng, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::ConstantTimeEq;

#[cfg(test)]
mod tests;

/// Seconds of one step.
pub const STEP_SECONDS: i64 = 30;
/// Digits of a code.
pub const DIGITS: usize = 6;
/// Steps by which a clock may be off, to either side.
const SKEW_STEPS: i64 = 1;
/// Bytes of a secret: as many as the hash has.
const SECRET_BYTES: usize = 20;
/// The alphabet of secrets as people type them (RFC 4648, base 32).
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// What stays as it is in a URI (RFC 3986).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A new secret, as authenticators take it.
pub fn new_secret(rng: &Rng) -> String {
    encode(&rng.bytes::<SECRET_BYTES>())
}

/// The URI that a QR code shows to an authenticator.
pub fn uri(secret: &str, issuer: &str, account: &str) -> String {
    let escape = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    // A colon parts issuer and account: it cannot stand in either.
    let (issuer, account) = (escape(&issuer.replace(':', " ")), escape(&account.replace(':', " ")));
    format!("otpauth://totp/{issuer}%3A{account}?issuer={issuer}&secret={secret}")
}

/// The newest step near `now` whose code this is; `None` for a wrong code.
pub fn matching_step(secret: &str, code: &str, now: Timestamp) -> Option<i64> {
    let key = decode(secret)?;
    let present = now.epoch_seconds().div_euclid(STEP_SECONDS);
    let mut found = None;
    // All are compared: the time tells nothing.
    for step in present - SKEW_STEPS..=present + SKEW_STEPS {
        if code_of(&key, step).as_bytes().ct_eq(code.as_bytes()).into() {
            found = Some(step);
        }
    }
    found
}

/// The code of a step.
fn code_of(key: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(key).expect("any length of key will do");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let start = usize::from(digest[digest.len() - 1] & 0xf);
    let word: [u8; 4] = digest[start..start + 4].try_into().expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
}

/// The code that an authenticator with this secret shows at `now`, for tests and for who writes clients.
pub fn code_at(secret: &str, now: Timestamp) -> Option<String> {
    Some(code_of(&decode(secret)?, now.epoch_seconds().div_euclid(STEP_SECONDS)))
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let mut number = 0_u64;
        for place in 0..5 {
            number = (number << 8) | u64::from(group.get(place).copied().unwrap_or(0));
        }
        let digits = (group.len() * 8).div_ceil(5);
        for place in 0..digits {
            let digit = usize::try_from((number >> (35 - 5 * place)) & 0x1f).expect("five bits");
            text.push(char::from(ALPHABET[digit]));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut number, mut bits) = (Vec::new(), 0_u32, 0);
    for byte in text.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte)?;
        number = (number << 5) | u32::try_from(digit).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(number >> bits).ok()?);
            number &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}
