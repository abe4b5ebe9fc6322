//! Projects: the registry row that the platform keeps, and the settings that the project keeps itself.

use std::collections::BTreeSet;

use cairn_std::Timestamp;

use crate::ids::{ProjectId, TeamId};

/// A row of the registry.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// The id that clients use.
    pub id: ProjectId,
    /// The project's number, never used again.
    pub number: i64,
    /// The order of making.
    pub seq: i64,
    /// The organization that owns it.
    pub team_id: TeamId,
    /// The name that people gave it.
    pub name: String,
    /// Where it is kept.
    pub region: String,
    /// Labels that administrators gave.
    pub labels: Vec<String>,
    /// Whether its removal has begun.
    pub is_going: bool,
    /// The last use, to the day.
    pub accessed_at: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// What a project's owners have chosen. Everything has a default, so that a new project stores nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Services that are turned off for everyone but keys and admins.
    pub disabled_services: BTreeSet<String>,
    /// Protocols that are turned off: `rest`, `graphql`, `websocket`.
    pub disabled_protocols: BTreeSet<String>,
    /// Sign-in ways that are turned off: `email-password`, `anonymous`, `jwt`, ...
    pub disabled_auth_methods: BTreeSet<String>,
    /// Rules about accounts.
    pub policies: Policies,
}

/// Rules about accounts of a project.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Policies {
    /// Users at most.
    pub users_max: Option<i64>,
    /// Seconds that a session lasts.
    pub session_seconds: Option<i64>,
    /// Sessions per user at most.
    pub sessions_per_user_max: Option<i64>,
    /// How many earlier passwords may not come back; 0 is none.
    pub password_history: i64,
    /// Whether common passwords are refused.
    pub refuses_common_passwords: bool,
    /// Whether passwords that hold the user's own data are refused.
    pub refuses_personal_passwords: bool,
    /// Whether a sign-in from a new client is told to the user.
    pub alerts_on_session: bool,
    /// Whether a changed password ends the user's other sessions.
    pub ends_sessions_on_password_change: bool,
    /// What members of a team may see of each other.
    pub memberships: MembershipPrivacy,
}

/// What members of a team may see of each other.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "five independent switches of the contract")]
pub struct MembershipPrivacy {
    /// Whether ids are shown.
    pub shows_user_id: bool,
    /// Whether e-mail addresses are shown.
    pub shows_email: bool,
    /// Whether phone numbers are shown.
    pub shows_phone: bool,
    /// Whether names are shown.
    pub shows_name: bool,
    /// Whether the second-factor status is shown.
    pub shows_mfa: bool,
}

impl Default for MembershipPrivacy {
    fn default() -> Self {
        Self { shows_user_id: true, shows_email: true, shows_phone: true, shows_name: true, shows_mfa: true }
    }
}
