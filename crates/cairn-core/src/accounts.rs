//! The account of the person who asks: sign-up, and what one may change of oneself.

mod push_targets;
mod secrets;
mod sign_up;
#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::teams::OWNER;
use cairn_model::users::User;
use cairn_store::Tx;

use crate::users::{self, Profile};
use crate::{Actor, Cx};

pub use push_targets::{create_push_target, delete_push_target, update_push_target};
pub use secrets::{update_email, update_password, update_phone};
pub(crate) use sign_up::{Gate, check_lists};
pub use sign_up::{NewAccount, create, create_with_code};

/// The caller's account.
pub async fn get(cx: &Cx) -> Result<Profile, Error> {
    let user = own(cx)?.clone();
    cx.store().read(cx.project_ref(), |tx| async move { users::profile(&tx, user).await }).await
}

/// The caller's preferences, a JSON object as text.
pub fn prefs(cx: &Cx) -> Result<String, Error> {
    Ok(own(cx)?.prefs.clone())
}

/// Rename the caller.
pub async fn update_name(cx: &Cx, name: String) -> Result<Profile, Error> {
    let id = &own(cx)?.id;
    users::edit(cx, id, move |user| user.name = name).await
}

/// Replace the caller's preferences, a JSON object as text.
pub async fn update_prefs(cx: &Cx, prefs: String) -> Result<Profile, Error> {
    let id = &own(cx)?.id;
    users::edit(cx, id, move |user| user.prefs = prefs).await
}

/// Block the caller: the account stays, but only an administrator can open it again.
pub async fn block(cx: &Cx) -> Result<Profile, Error> {
    let id = &own(cx)?.id;
    users::edit(cx, id, |user| user.is_active = false).await
}

/// Delete the caller with everything that is the caller's own.
///
/// # Errors
/// `user_deletion_prohibited` at the console while others are members of an organization that would be left without
/// an owner. COMPAT(appwrite): one without other members stays as it is.
pub async fn delete(cx: &Cx) -> Result<(), Error> {
    let (id, now, is_console) = (own(cx)?.id.clone(), cx.now(), cx.is_console());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if is_console {
                keep_owners(&tx, &id).await?;
            }
            users::remove(&tx, &id, now).await
        })
        .await
}

/// Refuse to take the last owner from an organization that has other members.
async fn keep_owners(tx: &Tx, id: &UserId) -> Result<(), Error> {
    for membership in tx.membership_list_of_user(id).await? {
        if !membership.is_confirmed || !membership.roles.iter().any(|role| role == OWNER) {
            continue;
        }
        let owners = tx.membership_count_with_role(&membership.team_id, OWNER, 2).await?;
        let team = tx.team_by_id(&membership.team_id).await?;
        if owners < 2 && team.is_some_and(|team| team.total > 1) {
            return Err(Fault::UserDeletionProhibited.with("team", &membership.team_id));
        }
    }
    Ok(())
}

/// The caller, as a user of this very project.
///
/// An admin is a user of the console: whoever has the same id here is somebody else.
pub(crate) fn own(cx: &Cx) -> Result<&User, Error> {
    match &cx.actor {
        Actor::User(identity) => Ok(&identity.user),
        Actor::Guest | Actor::Key(_) | Actor::Admin(_) => Err(Fault::UserUnauthorized.error()),
    }
}

/// Whether the project allows this way of signing in; keys and admins are not asked.
///
/// # Errors
/// `user_auth_method_unsupported`.
pub(crate) fn require_method(cx: &Cx, method: &'static str) -> Result<(), Error> {
    if !cx.is_privileged() && cx.project.settings.disabled_auth_methods.contains(method) {
        return Err(Fault::UserAuthMethodUnsupported.with("method", method));
    }
    Ok(())
}
