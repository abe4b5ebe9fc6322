//! Secrets that were sent to somebody and are good for one use: links and codes.
//!
//! Not to be confused with JWTs, which are signed and never stored.

use cairn_std::Timestamp;

use crate::ids::{OneTimeTokenId, UserId};

/// What a token is for. Each has its own lifetime and length, as in the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OneTimeKind {
    /// Proves an e-mail address.
    Verification,
    /// Sets a new password.
    Recovery,
    /// Signs in through a link.
    MagicUrl,
    /// Signs in through a code by e-mail.
    Email,
    /// Signs in through a code by phone, or proves the number.
    Phone,
    /// Signs in; made by a server, which hands it on.
    Custom,
}

impl OneTimeKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Verification, Self::Recovery, Self::MagicUrl, Self::Email, Self::Phone, Self::Custom];

    /// The kinds that a session can be made of.
    pub const SIGN_IN: [Self; 4] = [Self::MagicUrl, Self::Email, Self::Phone, Self::Custom];

    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::Recovery => "recovery",
            Self::MagicUrl => "magic-url",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Custom => "custom",
        }
    }

    /// The kind called `name`.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// How long a token lasts where nobody says otherwise.
    pub fn seconds(self) -> i64 {
        match self {
            Self::Verification | Self::Recovery | Self::MagicUrl => 3_600,
            Self::Email | Self::Phone | Self::Custom => 900,
        }
    }
}

/// A secret that was sent to a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OneTimeToken {
    /// The id that clients see.
    pub id: OneTimeTokenId,
    /// Whom it proves.
    pub user_id: UserId,
    /// What it is for.
    pub kind: OneTimeKind,
    /// The keyed hash of the secret, which only its receiver has.
    pub secret_hash: String,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
}

impl OneTimeToken {
    /// Whether it has not ended.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.expires
    }
}
