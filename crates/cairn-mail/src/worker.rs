//! Mail through a process of its own: what is handed over, how both sides know each other, and what is answered.
//!
//! One POST hands over one mail, the caller waits, and the answer tells what became of it. Both sides hold one secret:
//!
//! INVARIANT: a request proves the secret over its time, path and body, so that nobody else has mail sent; an answer proves it
//! over the request's own proof, so that nobody else, and no answer of another time, can say that a mail was delivered.
//! The secret itself never travels.

mod client;
mod desk;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

pub use client::Worker;
pub use desk::{Asked, Desk, Told};

/// The path that takes a mail.
pub const MAILS: &str = "/mails";
/// The path that takes a mail server to be tried out.
pub const CHECKS: &str = "/checks";
/// The header that says when a request was made, in milliseconds since 1970.
pub const AT: &str = "x-cairn-worker-at";
/// The header with the proof of a request or an answer.
pub const PROOF: &str = "x-cairn-worker-proof";
/// Bytes of a request's body at most: the longest words that a project can have, twice, and escaped.
pub const BODY_BYTES_MAX: usize = 67_108_864;
/// How far the clocks of both sides may be apart, and how long a request can be sent again by who overheard it.
const APART_MS_MAX: i64 = 300_000;

/// What both sides know.
#[derive(Clone)]
pub struct WorkerSecret(Vec<u8>);

impl WorkerSecret {
    /// The secret of this text.
    pub fn new(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// The proof of a request.
    fn of_request(&self, path: &str, at: &str, body: &[u8]) -> String {
        hex::encode(self.mac(&[b"request", path.as_bytes(), at.as_bytes(), body]).finalize().into_bytes())
    }

    /// The proof of the answer to the request with this proof.
    fn of_answer(&self, request: &str, status: u16, body: &[u8]) -> String {
        let status = status.to_string();
        let parts: [&[u8]; 4] = [b"answer", request.as_bytes(), status.as_bytes(), body];
        hex::encode(self.mac(&parts).finalize().into_bytes())
    }

    /// Whether a request carries its proof; compared in a time that does not tell where they differ.
    fn is_request(&self, path: &str, at: &str, body: &[u8], proof: &str) -> bool {
        let mac = self.mac(&[b"request", path.as_bytes(), at.as_bytes(), body]);
        hex::decode(proof).is_ok_and(|proof| mac.verify_slice(&proof).is_ok())
    }

    /// Whether an answer carries its proof.
    fn is_answer(&self, request: &str, status: u16, body: &[u8], proof: &str) -> bool {
        let status = status.to_string();
        let mac = self.mac(&[b"answer", request.as_bytes(), status.as_bytes(), body]);
        hex::decode(proof).is_ok_and(|proof| mac.verify_slice(&proof).is_ok())
    }

    /// Each part stands behind its length, so that no two lists of parts read alike.
    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length of key will do");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }
}

impl fmt::Debug for WorkerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WorkerSecret(..)")
    }
}
