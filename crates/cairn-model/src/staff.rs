//! Who runs a community: roles, groups with permissions, and bans.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// What a role lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StaffRole {
    /// Moderates.
    Mod,
    /// Does everything.
    Admin,
}

impl StaffRole {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Mod, Self::Admin];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mod => "mod",
            Self::Admin => "admin",
        }
    }

    /// The role with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// A role that a user holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Who holds it.
    pub user_id: UserId,
    /// The role.
    pub role: StaffRole,
    /// Why it was given.
    pub reason: String,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Who gave it.
    pub created_by: String,
    /// When it was given.
    pub created: Timestamp,
}

/// A ban: the user still signs in, and may do nothing that takes a role or a permission.
#[derive(Clone, Debug, PartialEq)]
pub struct Ban {
    /// Who is banned.
    pub user_id: UserId,
    /// Why.
    pub reason: String,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Who banned.
    pub created_by: String,
    /// When.
    pub created: Timestamp,
}

/// People with the same permissions.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The id that clients use.
    pub id: String,
    /// The order of making.
    pub seq: i64,
    /// The name, unique in a project.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created: Timestamp,
}

/// Somebody's place in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupMember {
    /// The id that clients use.
    pub id: String,
    /// The order of making.
    pub seq: i64,
    /// The group.
    pub group_id: String,
    /// Who.
    pub user_id: UserId,
    /// Why.
    pub reason: Option<String>,
    /// When it ends by itself.
    pub expires: Option<Timestamp>,
    /// Who added them.
    pub created_by: String,
    /// When.
    pub created: Timestamp,
}

/// A permission that groups can have, by its name on the wire.
pub const PERMISSIONS: [&str; 4] = ["board:pin_post", "board:lock_post", "board:moderate", "board:manage"];
/// How many of [`PERMISSIONS`] moderators have by their role.
pub const PERMISSIONS_OF_MODERATORS: usize = 3;
/// Permission names of one request at most.
pub const PERMISSIONS_PER_REQUEST_MAX: usize = 100;

/// Whether something that ends by itself still holds.
pub fn is_in_force(expires: Option<Timestamp>, now: Timestamp) -> bool {
    expires.is_none_or(|expires| now < expires)
}
