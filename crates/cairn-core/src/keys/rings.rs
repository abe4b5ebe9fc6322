//! Whose keys a request is about, and whether its caller may handle them.
//!
//! INVARIANT: nobody widens what a key may do by making another one with it.

use cairn_faults::{Error, Fault};
use cairn_model::keys::KeyRing;
use cairn_model::permissions::Role;

use crate::{Actor, Cx, accounts, projects, teams};

/// The keys of the console user who asks.
///
/// # Errors
/// `general_access_forbidden` in a project: its users have none. `user_unauthorized` to those who are not signed in.
pub fn of_account(cx: &Cx) -> Result<KeyRing, Error> {
    projects::check_console(cx)?;
    Ok(KeyRing::Account(accounts::own(cx)?.id.clone()))
}

/// The keys of the organization that the request names. They act as the organization: for its owners alone.
///
/// # Errors
/// `team_not_found` to those who are not in it, `user_unauthorized` to members who do not own it.
pub async fn of_organization(cx: &Cx) -> Result<KeyRing, Error> {
    let team = projects::own_organization(cx).await?;
    if !cx.has_role(&Role::team(team.as_str())) {
        return Err(Fault::TeamNotFound.with("team", team));
    }
    teams::require_owner(cx, &team)?;
    Ok(KeyRing::Organization(team))
}

/// Refuse a caller who shows a key and wants one of the same ring.
///
/// COMPAT(appwrite): an organization's key may make keys of its projects, a project's key may not.
pub(super) fn require_maker(cx: &Cx, ring: &KeyRing) -> Result<(), Error> {
    let is_denied = match (&cx.actor, ring) {
        (Actor::Key(_), KeyRing::Standard) => cx.acting_organization().is_none(),
        (Actor::Key(_), _) => true,
        _ => cx.account_key.is_some(),
    };
    if is_denied { Err(Fault::KeyCreationDenied.error()) } else { Ok(()) }
}
