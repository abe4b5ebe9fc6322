//! A new password for those who lost theirs.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::one_time_tokens::{OneTimeKind, OneTimeToken};
use cairn_model::users::User;

use super::{Draft, IssuedToken, draw_secret, find, link, redeem};
use crate::mail::{self, Kind, Mailbox};
use crate::{Cx, password_rules, revocations, users};

/// Characters of the secret in a link that sets a password.
const RECOVERY_CHARS: usize = 256;

/// Send a link that sets a new password.
///
/// COMPAT(appwrite): an unknown address is told apart; the route is rate limited.
///
/// # Errors
/// `general_smtp_disabled`, `user_not_found`, `user_blocked`.
pub async fn create_recovery(cx: &Cx, email: &str, url: &str) -> Result<IssuedToken, Error> {
    link(url, &[])?;
    let letter = mail::prepare(cx, Kind::Recovery).await?;
    let draft = Draft::new(cx, OneTimeKind::Recovery, draw_secret(cx, RECOVERY_CHARS));
    let (app, email, secret) = (cx.app.clone(), email.to_lowercase(), draft.secret.clone());
    let (token, user) = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let user: User = tx.user_by_email(&email).await?.ok_or_else(|| Fault::UserNotFound.error())?;
            if !user.is_active {
                return Err(Fault::UserBlocked.with("user", &user.id));
            }
            let token = draft.keep(&tx, &app.secrets, &user).await?;
            Ok::<_, Error>((token, user))
        })
        .await?;
    let expire = token.expires.to_wire();
    let redirect = link(url, &[("userId", user.id.as_str()), ("secret", &secret), ("expire", &expire)])?;
    let to = Mailbox::new(&user.name, user.email.unwrap_or_default());
    letter.send(cx, &to, |values| values.with("user", &user.name).with("redirect", redirect));
    Ok(IssuedToken { token, secret, phrase: None })
}

/// A new password as it was typed.
#[derive(Clone)]
pub struct Typed {
    /// The password.
    pub password: String,
    /// The second time, where the client asks for one.
    pub again: Option<String>,
}

/// Set a new password with the secret of a link. It also proves the address that the link was sent to.
///
/// # Errors
/// `user_password_mismatch`, `user_not_found`, `user_invalid_token`, and those of the project's rules on passwords.
pub async fn complete_recovery(
    cx: &Cx,
    id: &UserId,
    secret: &str,
    typed: &Typed,
) -> Result<OneTimeToken, Error> {
    let password = &*typed.password;
    if typed.again.as_deref().is_some_and(|again| again != password) {
        return Err(Fault::UserPasswordMismatch.error());
    }
    let policies = &cx.project.settings.policies;
    password_rules::check_form(policies, password)?;
    let known = proved(cx, id, secret).await?;
    password_rules::check_history(cx, password, &known.password_history).await?;
    password_rules::check_personal(policies, password, (&known).into())?;
    let hash = cx.app.passwords.hash(password).await?;
    let (app, id, secret, now) = (cx.app.clone(), id.clone(), secret.to_owned(), cx.now());
    let policies = policies.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            let used = redeem(&tx, &app, &user, &[OneTimeKind::Recovery], &secret, now).await?;
            let token = used.ok_or_else(|| Fault::UserInvalidToken.error())?;
            password_rules::set(&mut user, hash, &policies, now);
            // Whoever is signed in to an account whose address nobody had proved need not be who proves it now.
            let is_first_proof = !std::mem::replace(&mut user.is_email_verified, true);
            tx.user_update(&user).await?;
            if policies.ends_sessions_on_password_change || is_first_proof {
                revocations::end_others(&tx, &id, None).await?;
            } else {
                // Who lost a password may have lost it to somebody.
                revocations::end_tokens(&tx, &id).await?;
            }
            Ok(token)
        })
        .await
}

/// The user who shows the secret; hashing is too dear to be done for nobody.
async fn proved(cx: &Cx, id: &UserId, secret: &str) -> Result<User, Error> {
    let (app, id, secret, now) = (cx.app.clone(), id.clone(), secret.to_owned(), cx.now());
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let user = users::load(&tx, &id).await?;
            let found = find(&tx, &app, &user, &[OneTimeKind::Recovery], &secret, now).await?;
            if found.is_some() { Ok(user) } else { Err(Fault::UserInvalidToken.error()) }
        })
        .await
}
