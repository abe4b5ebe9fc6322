//! The log of what people did on the account API: the public one of actions, and the one of moderation.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// How long entries are kept, in days.
pub const DEED_DAYS: i64 = 90;

/// Which log an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeedLog {
    /// Seen by everybody.
    Action,
    /// Seen by moderators.
    Moderation,
}

impl DeedLog {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Moderation => "moderation",
        }
    }
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq)]
pub struct Deed {
    /// The id that clients use.
    pub id: String,
    /// The order of happening.
    pub seq: i64,
    /// The log.
    pub log: DeedLog,
    /// What was done, `noun:verb`.
    pub action: String,
    /// Who did it.
    pub actor_id: Option<UserId>,
    /// What kind of thing it was done to.
    pub resource_type: String,
    /// The thing.
    pub resource_id: String,
    /// One line for people.
    pub summary: String,
    /// More about it, a JSON object as text.
    pub metadata: String,
    /// When.
    pub created: Timestamp,
}
