//! Accounts of a project.

use cairn_std::Timestamp;

use crate::ids::{SessionId, TargetId, UserId};
use crate::permissions::{Role, RoleSet, Verification};
use crate::teams::Membership;

/// Users of the console that may be kept in one project of the reference (`APP_LIMIT_USERS`).
pub const USERS_MAX: i64 = 10_000;

/// An account.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts of an account")]
pub struct User {
    /// The id that clients use.
    pub id: UserId,
    /// The order of making among the project's users.
    pub seq: i64,
    /// The name shown to others; may be empty.
    pub name: String,
    /// The e-mail address, in lower case.
    pub email: Option<String>,
    /// The phone number, `+` and digits.
    pub phone: Option<String>,
    /// The password's hash: a PHC string, or what was imported in a form that the use cases know.
    pub password_hash: Option<String>,
    /// When the password was last set.
    pub password_updated: Option<Timestamp>,
    /// Hashes of earlier passwords, newest last; kept only while the project's policy asks for them.
    pub password_history: Vec<String>,
    /// `false` once an administrator blocked the account.
    pub is_active: bool,
    /// Whether the e-mail address was proved.
    pub is_email_verified: bool,
    /// Whether the phone number was proved.
    pub is_phone_verified: bool,
    /// Whether a second factor is asked for.
    pub has_mfa: bool,
    /// Whether the user may act as others.
    pub is_impersonator: bool,
    /// Whether the password must be changed before anything else.
    pub needs_new_password: bool,
    /// Labels that administrators gave.
    pub labels: Vec<String>,
    /// The user's preferences: a JSON object as text.
    pub prefs: String,
    /// The last use, to the day.
    pub accessed_at: Option<Timestamp>,
    /// When the account was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl User {
    /// Whether an address or a number of the account is proved.
    pub fn verification(&self) -> Verification {
        if self.is_email_verified || self.is_phone_verified {
            Verification::Verified
        } else {
            Verification::Unverified
        }
    }

    /// Whether the account can be signed in to by a stranger's means only: no address, number or password.
    pub fn is_anonymous(&self) -> bool {
        self.email.is_none() && self.phone.is_none() && self.password_hash.is_none()
    }

    /// Every role that the account holds, through itself, its labels and its confirmed memberships.
    pub fn roles(&self, memberships: &[Membership]) -> RoleSet {
        let mut roles = RoleSet::user(self.id.as_str(), self.verification());
        for membership in memberships.iter().filter(|membership| membership.is_confirmed) {
            let team = membership.team_id.as_str();
            roles.insert(Role::Team(team.to_owned(), None));
            roles.insert(Role::Member(membership.id.as_str().to_owned()));
            roles.extend(membership.roles.iter().map(|role| Role::Team(team.to_owned(), Some(role.clone()))));
        }
        roles.extend(self.labels.iter().cloned().map(Role::Label));
        roles
    }
}

/// An address that messages to a user can be sent to.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The id that clients use.
    pub id: TargetId,
    /// The order of making.
    pub seq: i64,
    /// The user that it belongs to.
    pub user_id: UserId,
    /// A name for people; may be empty.
    pub name: String,
    /// The messaging provider, when one was chosen.
    pub provider_id: Option<String>,
    /// `email`, `sms` or `push`.
    pub provider_type: String,
    /// The address, number or token.
    pub identifier: String,
    /// The session in which its client made it, and with which it goes.
    pub session_id: Option<SessionId>,
    /// Whether the provider said that the address is dead.
    pub is_expired: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}
