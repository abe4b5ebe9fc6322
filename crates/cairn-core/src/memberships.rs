//! Who is in which team.
//!
//! INVARIANT: a team's number of members is its number of confirmed memberships; every change of one changes both.
//! INVARIANT: an invitation is accepted once, by the person whom it is for, with the secret that was sent to them.

mod accept;
mod invite;
mod join;
mod seen;
#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::{MembershipId, TeamId, UserId};
use cairn_model::permissions::Verification;
use cairn_model::teams::{Membership, OWNER, Team};
use cairn_store::{MEMBERSHIP_FIELDS, Page, Tx};

use crate::Cx;
use crate::listing::ListRequest;
use crate::teams::{is_owner, is_unrestricted, require_owner, visible};
use crate::users;

pub use accept::{Acceptance, Accepted, accept};
pub use join::{Invitation, create};
pub use seen::SeenUser;

/// A membership with what the caller may see of its user and team.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The membership.
    pub membership: Membership,
    /// The team's name.
    pub team_name: String,
    /// What the caller may see of the user.
    pub user: SeenUser,
}

/// A page of a team's memberships.
pub async fn list(cx: &Cx, team: &TeamId, request: &ListRequest) -> Result<Page<Member>, Error> {
    let listing = request.listing(&MEMBERSHIP_FIELDS)?;
    let (seer, team) = (cx.clone(), team.clone());
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let team = visible(&seer, &tx, &team).await?;
            let page = tx.membership_list_in_team(&team.id, &listing).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for membership in page.items {
                items.push(member(&seer, &tx, membership, &team).await?);
            }
            Ok(Page { items, total: page.total })
        })
        .await
}

/// A membership of a team.
pub async fn get(cx: &Cx, team: &TeamId, id: &MembershipId) -> Result<Member, Error> {
    let (seer, team, id) = (cx.clone(), team.clone(), id.clone());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let team = visible(&seer, &tx, &team).await?;
            let found = tx.membership_by_id(&id).await?;
            let membership = found.ok_or_else(|| Fault::MembershipNotFound.with("membership", &id))?;
            check_team(&membership, &team)?;
            member(&seer, &tx, membership, &team).await
        })
        .await
}

/// A page of a user's memberships, as an administrator sees them.
pub async fn list_of_user(cx: &Cx, user: &UserId, request: &ListRequest) -> Result<Page<Member>, Error> {
    users::admit(cx)?;
    let (user, listing) = (user.clone(), request.listing(&MEMBERSHIP_FIELDS)?);
    cx.store()
        .read_long(cx.project_ref(), |tx| async move {
            let user = users::load(&tx, &user).await?;
            let page = tx.membership_page_of_user(&user.id, &listing).await?;
            let mut items = Vec::with_capacity(page.items.len());
            for membership in page.items {
                let team = tx.team_by_id(&membership.team_id).await?;
                let team_name = team.map(|team| team.name).unwrap_or_default();
                items.push(Member { membership, team_name, user: SeenUser::brief(&user) });
            }
            Ok::<_, Error>(Page { items, total: page.total })
        })
        .await
}

/// Give a member other roles.
///
/// # Errors
/// `user_unauthorized` to all but owners, keys and admins; `membership_downgrade_prohibited` to the last owner of an
/// organization.
pub async fn update_roles(
    cx: &Cx,
    team: &TeamId,
    id: &MembershipId,
    roles: Vec<String>,
) -> Result<Member, Error> {
    let (actor, team, id, now) = (cx.clone(), team.clone(), id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let team = visible(&actor, &tx, &team).await?;
            let found = tx.membership_by_id(&id).await?;
            let mut membership = found.ok_or_else(|| Fault::MembershipNotFound.with("membership", &id))?;
            check_team(&membership, &team)?;
            let user = users::load(&tx, &membership.user_id).await?;
            let keeps_owner = roles.iter().any(|role| role == OWNER);
            if !keeps_owner && is_own(&actor, &membership) && is_last_owner(&actor, &tx, &membership).await? {
                return Err(Fault::MembershipDowngradeProhibited.error());
            }
            require_owner(&actor, &team.id)?;
            membership.roles = roles;
            membership.updated = now;
            tx.membership_update(&membership).await?;
            Ok(Member { membership, team_name: team.name, user: SeenUser::brief(&user) })
        })
        .await
}

/// End a membership: one's own, or anybody's as an owner.
///
/// # Errors
/// `membership_deletion_prohibited` to the last owner of an organization.
pub async fn delete(cx: &Cx, team: &TeamId, id: &MembershipId) -> Result<(), Error> {
    let (actor, team, id, now) = (cx.clone(), team.clone(), id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let found = tx.membership_by_id(&id).await?;
            let membership = found.ok_or_else(|| Fault::TeamInviteNotFound.with("membership", &id))?;
            let is_own = is_own(&actor, &membership);
            let team = if is_own && membership.team_id == team {
                // Also an invited person, to whom the team is not visible yet, may say no.
                tx.team_by_id(&team).await?.ok_or_else(|| Fault::TeamNotFound.with("team", &team))?
            } else {
                visible(&actor, &tx, &team).await?
            };
            check_team(&membership, &team)?;
            if is_own && is_last_owner(&actor, &tx, &membership).await? {
                return Err(Fault::MembershipDeletionProhibited.error());
            }
            if !is_own {
                require_owner(&actor, &team.id)?;
            }
            tx.membership_delete(&membership).await?;
            if membership.is_confirmed {
                tx.team_count_members(&team.id, -1, now).await?;
            }
            Ok(())
        })
        .await
}

async fn member(cx: &Cx, tx: &Tx, membership: Membership, team: &Team) -> Result<Member, Error> {
    let user = tx.user_by_id(&membership.user_id).await?;
    let mut seen = match &user {
        Some(user) if is_unrestricted(cx) => SeenUser::whole(user),
        Some(user) => SeenUser::by(user, &cx.project.settings.policies.memberships),
        None => SeenUser::default(),
    };
    if let Some(user) = user.filter(|user| seen.has_mfa && user.verification() == Verification::Unverified) {
        // Without a proved address an authenticator alone makes a second factor.
        let authenticator = tx.authenticator_of(&user.id).await?;
        seen.has_mfa = authenticator.is_some_and(|known| known.is_verified);
    }
    Ok(Member { membership, team_name: team.name.clone(), user: seen })
}

fn is_own(cx: &Cx, membership: &Membership) -> bool {
    cx.user_id() == Some(&membership.user_id)
}

/// Whether an organization of the console would be left without owner. Other teams may be.
async fn is_last_owner(cx: &Cx, tx: &Tx, membership: &Membership) -> Result<bool, Error> {
    if !cx.is_console() || !is_owner(cx, &membership.team_id) {
        return Ok(false);
    }
    let has_role = membership.roles.iter().any(|role| role == OWNER);
    Ok(has_role && tx.membership_count_with_role(&membership.team_id, OWNER, 2).await? == 1)
}

fn check_team(membership: &Membership, team: &Team) -> Result<(), Error> {
    if membership.team_id == team.id {
        Ok(())
    } else {
        Err(Fault::TeamMembershipMismatch.with("membership", &membership.id))
    }
}
