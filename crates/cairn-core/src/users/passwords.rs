//! A user's password, set by an administrator.

use cairn_faults::Error;
use cairn_model::ids::UserId;

use super::{Profile, admit, get, load, profile};
use crate::Cx;
use crate::password_rules::{self, Personal};

/// Set a user's password; an empty one can never be used to sign in.
///
/// The user's sessions end where the project's policy says so.
pub async fn update_password(cx: &Cx, id: &UserId, password: &str) -> Result<Profile, Error> {
    admit(cx)?;
    let policies = &cx.project.settings.policies;
    let known = get(cx, id).await?.user;
    let hash = if password.is_empty() {
        None
    } else {
        let about = Personal {
            id: id.as_str(),
            email: known.email.as_deref(),
            name: &known.name,
            phone: known.phone.as_deref(),
        };
        password_rules::check_form(policies, password)?;
        password_rules::check_personal(policies, password, about)?;
        password_rules::check_history(cx, password, &known.password_history).await?;
        Some(cx.app.passwords.hash(password).await?)
    };
    let (id, now, policies) = (id.clone(), cx.now(), policies.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = load(&tx, &id).await?;
            if let Some(hash) = &hash {
                user.password_history = password_rules::remember(&policies, user.password_history, hash);
                if policies.ends_sessions_on_password_change {
                    tx.session_delete_all(&id).await?;
                }
            }
            user.password_hash = hash;
            user.password_updated = Some(now);
            user.needs_new_password = false;
            user.updated = now;
            tx.user_update(&user).await?;
            profile(&tx, user).await
        })
        .await
}
