//! Keys that stand for an application instead of a user.

use cairn_std::Timestamp;

use crate::ids::KeyId;

/// What a stored key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// Acts with its scopes, without a user.
    Standard,
    /// Lifts the origin check and the rate limits of a developer's client, and grants nothing.
    Dev,
}

impl KeyKind {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Dev => "dev",
        }
    }

    /// The kind called `name` in the store.
    pub fn by_name(name: &str) -> Option<Self> {
        [Self::Standard, Self::Dev].into_iter().find(|kind| kind.name() == name)
    }
}

/// A stored key of a project.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The id that clients use.
    pub id: KeyId,
    /// The order of making.
    pub seq: i64,
    /// What it is for.
    pub kind: KeyKind,
    /// The name that people gave it.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// The keyed hash of the secret, to find the key by.
    pub lookup: String,
    /// The secret, encrypted; the API gives it back.
    pub sealed_secret: String,
    /// When it ends, if ever.
    pub expires: Option<Timestamp>,
    /// The last use, to the day.
    pub accessed_at: Option<Timestamp>,
    /// The SDKs that used it.
    pub sdks: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Key {
    /// Whether the key has ended.
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}
