//! Keys that stand for an application instead of a user.

use cairn_std::Timestamp;

use crate::ids::{KeyId, TeamId, UserId};

/// Where a stored key hangs: what it is for, and whose it is. Ids of keys are unique on one ring.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyRing {
    /// The project's own: act with their scopes, without a user.
    Standard,
    /// The project's own: lift the origin check and the rate limits of a developer's client, and grant nothing.
    Dev,
    /// A console user's: act as that user, with their scopes alone.
    Account(UserId),
    /// An organization's: act as the organization, with their scopes alone.
    Organization(TeamId),
}

impl KeyRing {
    /// The name of the kind in the store.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Dev => "dev",
            Self::Account(_) => "account",
            Self::Organization(_) => "organization",
        }
    }

    /// The id of the user or the organization that holds it; empty for the project.
    pub fn owner(&self) -> &str {
        match self {
            Self::Standard | Self::Dev => "",
            Self::Account(user) => user.as_str(),
            Self::Organization(team) => team.as_str(),
        }
    }

    /// The ring that the store names so.
    pub fn of(kind: &str, owner: &str) -> Option<Self> {
        match kind {
            "standard" => Some(Self::Standard),
            "dev" => Some(Self::Dev),
            "account" => Some(Self::Account(owner.into())),
            "organization" => Some(Self::Organization(owner.into())),
            _ => None,
        }
    }
}

/// A stored key.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The id that clients use.
    pub id: KeyId,
    /// The order of making.
    pub seq: i64,
    /// What it is for, and whose it is.
    pub ring: KeyRing,
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
