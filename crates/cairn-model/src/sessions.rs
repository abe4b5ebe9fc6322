//! Sign-ins of a user.

use cairn_std::Timestamp;

use crate::ids::{SessionId, UserId};
use crate::oauth::SealedTokens;

/// Sessions that one user may have at most when the project sets no limit (`APP_LIMIT_USER_SESSIONS_DEFAULT`).
pub const SESSIONS_PER_USER_DEFAULT: i64 = 10;
/// The highest limit that a project may set.
pub const SESSIONS_PER_USER_MAX: i64 = 100;
/// How long a session lasts when the project sets no duration: a year.
pub const SESSION_SECONDS_DEFAULT: i64 = 31_536_000;

/// A sign-in.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// The id that clients use.
    pub id: SessionId,
    /// The order of making.
    pub seq: i64,
    /// Whose sign-in it is.
    pub user_id: UserId,
    /// The hash of the secret; the secret itself is only in the client's hands.
    pub secret_hash: String,
    /// How the user signed in: `email`, `anonymous`, `token`, or the name of an OAuth2 provider.
    pub provider: String,
    /// Who the user is at that provider.
    pub provider_uid: String,
    /// The tokens of that provider, encrypted; empty for other ways of signing in.
    pub tokens: SealedTokens,
    /// What was proved so far: `password`, `anonymous`, `email`, `totp`, ...
    pub factors: Vec<String>,
    /// The address that the sign-in came from.
    pub ip: String,
    /// The country of that address, two letters, or empty.
    pub country: String,
    /// The client's own description of itself.
    pub user_agent: String,
    /// When a further factor was last proved.
    pub mfa_updated: Option<Timestamp>,
    /// When the session ends by itself.
    pub expires: Timestamp,
    /// When the user signed in.
    pub created: Timestamp,
    /// When the session was last changed.
    pub updated: Timestamp,
}

impl Session {
    /// Whether the session has not ended yet.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }
}
