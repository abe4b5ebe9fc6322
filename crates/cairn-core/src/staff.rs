//! Who runs a community on the account API: roles, bans, and the gate before what takes a role.
//!
//! Roles are given by administrators, or by the project's owner as labels (`admin`, `mod`): so the first one comes to be.
//! INVARIANT: what has ended by itself counts for nothing from that moment on; it is read anew in each transaction.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::staff::{Ban, PERMISSIONS, PERMISSIONS_OF_MODERATORS, StaffRole, is_in_force};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::users;

/// What a user is in the community, now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// The roles, the lesser first.
    pub roles: Vec<StaffRole>,
    /// The ban, if one is in force.
    pub ban: Option<Ban>,
}

impl Standing {
    /// Whether the user holds this role or a higher one.
    pub fn is_at_least(&self, role: StaffRole) -> bool {
        self.roles.iter().any(|held| *held >= role)
    }
}

/// What a user is in the community.
pub(crate) async fn standing(tx: &Tx, user: &User, now: Timestamp) -> Result<Standing, Error> {
    let granted = tx.grant_list(&user.id).await?;
    let granted = granted.into_iter().filter(|grant| is_in_force(grant.expires, now)).map(|grant| grant.role);
    let labelled = user.labels.iter().filter_map(|label| StaffRole::of_name(label));
    let mut roles: Vec<StaffRole> = granted.chain(labelled).collect();
    roles.sort_unstable();
    roles.dedup();
    let ban = tx.ban_by_user(&user.id).await?.filter(|ban| is_in_force(ban.expires, now));
    Ok(Standing { roles, ban })
}

/// The gate of everything that takes a role.
///
/// # Errors
/// `user:banned`, `user:permission_insufficient`, `user:not_verified`, in this order.
pub(crate) async fn require(
    tx: &Tx,
    caller: &UserId,
    role: StaffRole,
    now: Timestamp,
) -> Result<User, Error> {
    let user = users::load(tx, caller).await?;
    let standing = standing(tx, &user, now).await?;
    if standing.ban.is_some() {
        return Err(Fault::UserBlocked.with("user", caller));
    }
    if !standing.is_at_least(role) {
        return Err(Fault::UserUnauthorized.with("role", role.name()));
    }
    if !user.is_email_verified {
        return Err(Fault::AccountNotVerified.error());
    }
    Ok(user)
}

/// The permissions that a user has: none while banned, all for administrators, some for moderators, else those of groups.
pub(crate) async fn permissions(tx: &Tx, user: &User, now: Timestamp) -> Result<Vec<String>, Error> {
    let standing = standing(tx, user, now).await?;
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    if standing.ban.is_some() {
        return Ok(Vec::new());
    }
    if standing.is_at_least(StaffRole::Admin) {
        return Ok(named(&PERMISSIONS));
    }
    if standing.is_at_least(StaffRole::Mod) {
        return Ok(named(&PERMISSIONS[..PERMISSIONS_OF_MODERATORS]));
    }
    let mut held = Vec::new();
    for member in tx.group_member_list_of_user(&user.id).await? {
        if is_in_force(member.expires, now) {
            held.extend(tx.group_permissions(&member.group_id).await?);
        }
    }
    held.sort_unstable();
    held.dedup();
    Ok(held)
}
