//! Whose keys a request is about, where they are not a project's, and whether its caller may handle them.

use cairn_faults::{Error, Fault};
use cairn_model::keys::KeyRing;
use cairn_model::permissions::Role;

use crate::{Cx, accounts, projects, teams};

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
