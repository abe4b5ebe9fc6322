//! A user's password, set by an administrator.

use cairn_faults::Error;
use cairn_model::ids::UserId;

use super::{Profile, admit, get, load, profile};
use crate::{Cx, password_rules, revocations};

/// Set a user's password; an empty one can never be used to sign in.
///
/// The user's sessions, and the tokens that applications hold, end where the project's policy says so.
pub async fn update_password(cx: &Cx, id: &UserId, password: &str) -> Result<Profile, Error> {
    admit(cx)?;
    let policies = &cx.project.settings.policies;
    let known = get(cx, id).await?.user;
    let hash = if password.is_empty() {
        None
    } else {
        password_rules::check_form(policies, password)?;
        password_rules::check_personal(policies, password, (&known).into())?;
        password_rules::check_history(cx, password, &known.password_history).await?;
        Some(cx.app.passwords.hash(password).await?)
    };
    let (id, now, policies) = (id.clone(), cx.now(), policies.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = load(&tx, &id).await?;
            if let Some(hash) = hash {
                password_rules::set(&mut user, hash, &policies, now);
                if policies.ends_sessions_on_password_change {
                    revocations::end_others(&tx, &id, None).await?;
                }
            } else {
                user.password_hash = None;
                user.password_updated = Some(now);
                user.needs_new_password = false;
            }
            user.updated = now;
            tx.user_update(&user).await?;
            profile(&tx, user).await
        })
        .await
}
