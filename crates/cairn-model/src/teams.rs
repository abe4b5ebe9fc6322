//! Teams and who is in them.

use cairn_std::Timestamp;

use crate::ids::{MembershipId, TeamId, UserId};

/// The role that a team's maker gets, and the only one that may change the team.
pub const OWNER: &str = "owner";

/// A group of users.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// The id that clients use.
    pub id: TeamId,
    /// The order of making.
    pub seq: i64,
    /// The name that people gave it.
    pub name: String,
    /// Confirmed memberships.
    pub total: i64,
    /// The team's preferences: a JSON object as text.
    pub prefs: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// One user's place in a team.
#[derive(Clone, Debug, PartialEq)]
pub struct Membership {
    /// The id that clients use.
    pub id: MembershipId,
    /// The order of making.
    pub seq: i64,
    /// The team.
    pub team_id: TeamId,
    /// The user.
    pub user_id: UserId,
    /// What the user is in the team.
    pub roles: Vec<String>,
    /// When the user was invited.
    pub invited: Timestamp,
    /// When the user accepted.
    pub joined: Option<Timestamp>,
    /// Whether the user accepted, or was put in by a key.
    pub is_confirmed: bool,
    /// The hash of the invitation's secret; empty when there is none.
    pub secret_hash: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Membership {
    /// Whether the member may change the team.
    pub fn is_owner(&self) -> bool {
        self.is_confirmed && self.roles.iter().any(|role| role == OWNER)
    }
}
