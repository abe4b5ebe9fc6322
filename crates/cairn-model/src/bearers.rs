//! Opaque tokens by which a session of the account API is held, and the tokens that renew them.
//!
//! A token is 32 random bytes in the client's hands; the store keeps its keyed hash. The row outlives the session: an end that
//! is remembered can be told apart from a token that never was.

use cairn_std::Timestamp;

use crate::ids::{SessionId, UserId};

/// A token of a session.
#[derive(Clone, Debug, PartialEq)]
pub struct Bearer {
    /// The keyed hash of the token.
    pub lookup: String,
    /// What the token does.
    pub kind: BearerKind,
    /// Whose session it is.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// When it ends, however active the session is.
    pub expires_max: Timestamp,
    /// When a refresh token was spent; it may be shown once.
    pub used: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
}

/// What a token does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BearerKind {
    /// It acts with the session: the cookie of a browser, or the token of an application.
    Session,
    /// An application gets new tokens for it, once.
    Refresh,
}

impl BearerKind {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Refresh => "refresh",
        }
    }

    /// The kind with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Session, Self::Refresh].into_iter().find(|kind| kind.name() == name)
    }
}
