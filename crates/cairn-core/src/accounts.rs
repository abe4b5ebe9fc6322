//! The account of the person who asks: sign-up, and what one may change of oneself.

mod secrets;
mod sign_up;
#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::users::User;

use crate::users::{self, Profile};
use crate::{Actor, Cx};

pub use secrets::{update_email, update_password, update_phone};
pub(crate) use sign_up::{Gate, check_lists};
pub use sign_up::{NewAccount, create};

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
/// COMPAT(appwrite): organizations of which the caller is the last owner stay as they are.
pub async fn delete(cx: &Cx) -> Result<(), Error> {
    let (id, now) = (own(cx)?.id.clone(), cx.now());
    cx.store().write(cx.project_ref(), move |tx| async move { users::remove(&tx, &id, now).await }).await
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
