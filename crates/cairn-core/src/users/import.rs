//! Users who come with a password hash that another system made.
//!
//! The hash is compared as that system does until the user signs in; then one of our own takes its place.

use cairn_faults::Error;

use super::{Profile, address_targets, admit, blank, insert};
use crate::passwords::Hashed;
use crate::{Cx, password_rules};

/// A user to be made with a hash.
#[derive(Clone, Debug)]
pub struct NewImport {
    /// The id, or `unique()`.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The hash of the password.
    pub password: Hashed,
    /// The name; may be empty.
    pub name: String,
}

/// Make a user with the hash of a password that nobody here knows.
///
/// # Errors
/// `general_argument_invalid` for what is no hash of its kind or would take too long to compare with,
/// `user_already_exists`.
pub async fn import(cx: &Cx, new: NewImport) -> Result<Profile, Error> {
    admit(cx)?;
    new.password.check().map_err(|reason| Error::invalid_param("password", reason))?;
    let mut user = blank(cx, &cx.id_or_new(&new.id));
    let hash = new.password.to_text();
    user.name = new.name;
    user.email = Some(new.email.to_lowercase());
    let now = user.created;
    password_rules::set(&mut user, hash, &cx.project.settings.policies, now);
    let targets = address_targets(cx, &user);
    cx.store().write(cx.project_ref(), move |tx| async move { insert(&tx, user, targets).await }).await
}
