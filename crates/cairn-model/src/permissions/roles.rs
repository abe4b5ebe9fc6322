//! Whom a permission is for.

use std::collections::HashSet;
use std::fmt;

use crate::ids::{ID_CHARS_MAX, is_key, is_label, key_rule};
use crate::reason::Reason;

/// Longest role within a team, in characters: project roles read `project-<id>-<role>` with 36 for each part.
const TEAM_ROLE_CHARS_MAX: usize = 81;

/// Whether a user's address or phone number is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verification {
    /// It is.
    Verified,
    /// It is not.
    Unverified,
}

impl Verification {
    /// The word after the slash.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Unverified => "unverified",
        }
    }
}

/// Someone, or a group of people, to whom something can be allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Everyone, signed in or not.
    Any,
    /// Everyone who is not signed in.
    Guests,
    /// Everyone who is signed in, perhaps only with or without verification.
    Users(Option<Verification>),
    /// One user.
    User(String, Option<Verification>),
    /// The members of a team, perhaps only those with a role in it.
    Team(String, Option<String>),
    /// One membership.
    Member(String),
    /// The users who carry a label.
    Label(String),
}

impl Role {
    /// One user, verified or not.
    pub fn user(id: impl Into<String>) -> Self {
        Self::User(id.into(), None)
    }

    /// All members of a team.
    pub fn team(id: impl Into<String>) -> Self {
        Self::Team(id.into(), None)
    }

    /// Read the text between the quotes of a permission.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let (head, dimension) = match text.split_once('/') {
            Some((head, dimension)) => (head, Some(dimension)),
            None => (text, None),
        };
        let (name, id) = match head.split_once(':') {
            Some((name, id)) => (name, Some(id)),
            None => (head, None),
        };
        if dimension == Some("") {
            return Err(Reason::new(format!("The role \"{text}\" has nothing after the slash.")));
        }
        match name {
            "any" => plain(text, Self::Any, id, dimension),
            "guests" => plain(text, Self::Guests, id, dimension),
            "users" => {
                no_id(text, id)?;
                Ok(Self::Users(verification(text, dimension)?))
            }
            "user" => Ok(Self::User(key(text, id)?, verification(text, dimension)?)),
            "team" => Ok(Self::Team(key(text, id)?, team_role(text, dimension)?)),
            "member" => {
                no_dimension(text, dimension)?;
                Ok(Self::Member(key(text, id)?))
            }
            "label" => {
                no_dimension(text, dimension)?;
                label(text, id)
            }
            _ => Err(Reason::new(format!(
                "\"{name}\" is not a role; the roles are any, guests, users, user, team, member, label."
            ))),
        }
    }
}

fn plain(text: &str, role: Role, id: Option<&str>, dimension: Option<&str>) -> Result<Role, Reason> {
    no_id(text, id)?;
    no_dimension(text, dimension)?;
    Ok(role)
}

fn no_id(text: &str, id: Option<&str>) -> Result<(), Reason> {
    match id {
        None => Ok(()),
        Some(_) => Err(Reason::new(format!("The role \"{text}\" takes no ID."))),
    }
}

fn no_dimension(text: &str, dimension: Option<&str>) -> Result<(), Reason> {
    match dimension {
        None => Ok(()),
        Some(_) => Err(Reason::new(format!("The role \"{text}\" takes nothing after a slash."))),
    }
}

fn key(text: &str, id: Option<&str>) -> Result<String, Reason> {
    let id = id.unwrap_or_default();
    if id.is_empty() {
        return Err(Reason::new(format!("The role \"{text}\" needs an ID.")));
    }
    if is_key(id, ID_CHARS_MAX) {
        return Ok(id.to_owned());
    }
    Err(Reason::new(format!("The ID of the role \"{text}\" {}.", key_rule(ID_CHARS_MAX))))
}

fn label(text: &str, id: Option<&str>) -> Result<Role, Reason> {
    let id = id.unwrap_or_default();
    if is_label(id) {
        return Ok(Role::Label(id.to_owned()));
    }
    Err(Reason::new(format!(
        "The label of the role \"{text}\" must have 1 to {ID_CHARS_MAX} characters out of A-Z, a-z and 0-9."
    )))
}

fn verification(text: &str, dimension: Option<&str>) -> Result<Option<Verification>, Reason> {
    match dimension {
        None => Ok(None),
        Some("verified") => Ok(Some(Verification::Verified)),
        Some("unverified") => Ok(Some(Verification::Unverified)),
        Some(_) => {
            Err(Reason::new(format!("The role \"{text}\" must have verified or unverified after the slash.")))
        }
    }
}

fn team_role(text: &str, dimension: Option<&str>) -> Result<Option<String>, Reason> {
    match dimension {
        Some(role) if !is_key(role, TEAM_ROLE_CHARS_MAX) => Err(Reason::new(format!(
            "What follows the slash in the role \"{text}\" {}.",
            key_rule(TEAM_ROLE_CHARS_MAX)
        ))),
        role => Ok(role.map(ToOwned::to_owned)),
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Guests => f.write_str("guests"),
            Self::Users(None) => f.write_str("users"),
            Self::Users(Some(state)) => write!(f, "users/{}", state.name()),
            Self::User(id, None) => write!(f, "user:{id}"),
            Self::User(id, Some(state)) => write!(f, "user:{id}/{}", state.name()),
            Self::Team(id, None) => write!(f, "team:{id}"),
            Self::Team(id, Some(role)) => write!(f, "team:{id}/{role}"),
            Self::Member(id) => write!(f, "member:{id}"),
            Self::Label(name) => write!(f, "label:{name}"),
        }
    }
}

/// The roles that a caller holds.
///
/// Exact: whoever builds it adds `any`, `users`, `users/verified`, each team with and without the role in it, and so on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleSet(HashSet<Role>);

impl RoleSet {
    /// What someone holds who is not signed in.
    pub fn guest() -> Self {
        [Role::Any, Role::Guests].into_iter().collect()
    }

    /// What every signed-in user holds: `any`, `users` and `user`, the latter two with the verification too.
    pub fn user(id: &str, verification: Verification) -> Self {
        [
            Role::Any,
            Role::Users(None),
            Role::Users(Some(verification)),
            Role::User(id.to_owned(), None),
            Role::User(id.to_owned(), Some(verification)),
        ]
        .into_iter()
        .collect()
    }

    /// Add a role.
    pub fn insert(&mut self, role: Role) {
        self.0.insert(role);
    }

    /// Whether the caller holds `role`.
    pub fn contains(&self, role: &Role) -> bool {
        self.0.contains(role)
    }

    /// The roles, in the order of their text, so that what is derived from them is stable.
    pub fn sorted(&self) -> Vec<String> {
        let mut texts: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        texts.sort_unstable();
        texts
    }

    /// The roles in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.0.iter()
    }
}

impl FromIterator<Role> for RoleSet {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}

impl Extend<Role> for RoleSet {
    fn extend<I: IntoIterator<Item = Role>>(&mut self, roles: I) {
        self.0.extend(roles);
    }
}
