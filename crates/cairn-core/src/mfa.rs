//! Second factors of the user who asks: the authenticator, which factors there are, and whether one is asked for.
//!
//! INVARIANT: a code of an authenticator counts once: the step that it belongs to is used up with it.
//! INVARIANT: what takes a factor away or shows recovery codes wants a challenge answered a short time ago.
//! Challenges are in [`challenges`], recovery codes in [`recovery`]; [`totp`] is the arithmetic alone. The functions
//! over a transaction serve every surface.

pub mod challenges;
pub mod recovery;
#[cfg(test)]
mod tests;
pub mod totp;

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::mfa::{Authenticator, FRESH_SECONDS, Factor};
use cairn_model::sessions::Session;
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::secrets::Secrets;
use crate::users::{self, Profile};
use crate::{Cx, accounts};

/// What authenticators' secrets are encrypted for.
const SECRET_PURPOSE: &str = "authenticator";
/// The issuer of codes for the console, which has no project's name.
const CONSOLE_ISSUER: &str = "Cairn";

/// A new authenticator, as its owner sees it this once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// The secret, in base 32.
    pub secret: String,
    /// The same with names, for a QR code.
    pub uri: String,
}

/// Which factors a user can complete a challenge with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct Factors {
    /// An authenticator that was verified.
    pub totp: bool,
    /// An e-mail address that was verified.
    pub email: bool,
    /// A phone number that was verified.
    pub phone: bool,
    /// Unused recovery codes.
    pub recovery_code: bool,
    /// Codes that the project's own servers hand over.
    pub custom: bool,
}

/// Whether a second factor is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Second {
    /// It is.
    Asked,
    /// It is not.
    Spared,
}

/// Give the caller an authenticator that counts once a code of it was shown.
///
/// # Errors
/// `user_authenticator_already_verified`.
pub async fn create_authenticator(cx: &Cx) -> Result<Enrolment, Error> {
    let user = accounts::own(cx)?;
    let issuer = cx.project.registry.as_ref().map_or(CONSOLE_ISSUER, |project| project.name.as_str());
    let (enrolment, fresh) = enrol(cx, user, issuer);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &fresh.user_id).await?;
            if tx.authenticator_of(&fresh.user_id).await?.is_some_and(|known| known.is_verified) {
                return Err(Fault::UserAuthenticatorAlreadyVerified.error());
            }
            Ok(tx.authenticator_put(&fresh).await?)
        })
        .await?;
    Ok(enrolment)
}

/// Draw an authenticator for a user; nothing is stored.
pub(crate) fn enrol(cx: &Cx, user: &User, issuer: &str) -> (Enrolment, Authenticator) {
    let (secret, now) = (totp::new_secret(cx.app.ids.rng()), cx.now());
    let names = [user.email.as_deref(), user.phone.as_deref(), Some(user.name.as_str())];
    let account = names.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or(user.id.as_str());
    let uri = totp::uri(&secret, issuer, account);
    let authenticator = Authenticator {
        user_id: user.id.clone(),
        sealed_secret: cx.app.secrets.seal(SECRET_PURPOSE, &secret),
        is_verified: false,
        step: 0,
        created: now,
        updated: now,
    };
    (Enrolment { secret, uri }, authenticator)
}

/// Show a code of the caller's new authenticator, which counts from now on; so does the session as proved by it.
///
/// # Errors
/// `user_authenticator_not_found`, `user_authenticator_already_verified`, `user_invalid_token`.
pub async fn verify_authenticator(cx: &Cx, code: &str) -> Result<Profile, Error> {
    let (app, code, now) = (cx.app.clone(), code.to_owned(), cx.now());
    let (id, session) = (accounts::own(cx)?.id.clone(), cx.session().cloned());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let known = tx.authenticator_of(&id).await?;
            let known = known.ok_or_else(|| Fault::UserAuthenticatorNotFound.error())?;
            if known.is_verified {
                return Err(Fault::UserAuthenticatorAlreadyVerified.error());
            }
            if !use_code(&tx, &app.secrets, &known, &code, now).await? {
                return Err(Fault::UserInvalidToken.error());
            }
            tx.authenticator_verify(&id, now).await?;
            if let Some(session) = session {
                prove(&tx, &session, &[Factor::Totp], None).await?;
            }
            let user = users::load(&tx, &id).await?;
            users::profile(&tx, user).await
        })
        .await
}

/// Take the caller's authenticator away.
///
/// # Errors
/// `user_challenge_required`, `user_authenticator_not_found`.
pub async fn delete_authenticator(cx: &Cx) -> Result<(), Error> {
    let id = accounts::own(cx)?.id.clone();
    require_fresh(cx)?;
    remove_authenticator(cx, id).await
}

/// Take a user's authenticator away, as an administrator.
///
/// # Errors
/// `user_authenticator_not_found`.
pub async fn delete_authenticator_of(cx: &Cx, id: &UserId) -> Result<(), Error> {
    users::admit(cx)?;
    remove_authenticator(cx, id.clone()).await
}

async fn remove_authenticator(cx: &Cx, id: UserId) -> Result<(), Error> {
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &id).await?;
            let was_there = tx.authenticator_delete(&id).await?;
            if was_there { Ok(()) } else { Err(Fault::UserAuthenticatorNotFound.error()) }
        })
        .await
}

/// The factors with which the caller can complete a challenge.
pub async fn factors(cx: &Cx) -> Result<Factors, Error> {
    let id = accounts::own(cx)?.id.clone();
    read_factors(cx, id).await
}

/// The factors with which a user can complete a challenge, as an administrator sees them.
pub async fn factors_of(cx: &Cx, id: &UserId) -> Result<Factors, Error> {
    users::admit(cx)?;
    read_factors(cx, id.clone()).await
}

async fn read_factors(cx: &Cx, id: UserId) -> Result<Factors, Error> {
    let policy = cx.project.settings.policies.mfa_factors.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let user = users::load(&tx, &id).await?;
            let totp = tx.authenticator_of(&id).await?.is_some_and(|known| known.is_verified);
            Ok(Factors {
                totp: policy.totp && totp,
                email: policy.email && user.email.is_some() && user.is_email_verified,
                phone: policy.phone && user.phone.is_some() && user.is_phone_verified,
                recovery_code: !tx.recovery_code_list(&id).await?.is_empty(),
                custom: policy.custom,
            })
        })
        .await
}

/// Say whether the caller is asked for a second factor from now on.
///
/// COMPAT(appwrite): the session that says so counts as proved by every factor that the user has, so that who turns it
/// on is not shut out; all others ask at once.
pub async fn update(cx: &Cx, second: Second) -> Result<Profile, Error> {
    let (id, session, now) = (accounts::own(cx)?.id.clone(), cx.session().cloned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = set(&tx, &id, second, now).await?;
            if let Some(session) = session.filter(|_| second == Second::Asked) {
                let has_totp = tx.authenticator_of(&id).await?.is_some_and(|known| known.is_verified);
                let has = [
                    (Factor::Totp, has_totp),
                    (Factor::Email, user.email.is_some() && user.is_email_verified),
                    (Factor::Phone, user.phone.is_some() && user.is_phone_verified),
                ];
                let held: Vec<Factor> =
                    has.into_iter().filter(|(_, has)| *has).map(|(factor, _)| factor).collect();
                prove(&tx, &session, &held, None).await?;
            }
            users::profile(&tx, user).await
        })
        .await
}

/// Say whether a user is asked for a second factor from now on, as an administrator.
pub async fn update_of(cx: &Cx, id: &UserId, second: Second) -> Result<Profile, Error> {
    users::admit(cx)?;
    let (id, now) = (id.clone(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = set(&tx, &id, second, now).await?;
            users::profile(&tx, user).await
        })
        .await
}

async fn set(tx: &Tx, id: &UserId, second: Second, now: Timestamp) -> Result<User, Error> {
    let mut user = users::load(tx, id).await?;
    user.has_mfa = second == Second::Asked;
    user.updated = now;
    tx.user_update(&user).await?;
    Ok(user)
}

/// Refuse a session that answered no challenge a short time ago.
///
/// # Errors
/// `user_challenge_required`.
pub(crate) fn require_fresh(cx: &Cx) -> Result<(), Error> {
    let answered = cx.session().and_then(|session| session.mfa_updated);
    if answered.is_some_and(|at| cx.now() <= at.plus_seconds(FRESH_SECONDS)) {
        return Ok(());
    }
    Err(Fault::UserChallengeRequired.error())
}

/// Whether this is a code of the authenticator that was not used yet; it is from now on.
pub(crate) async fn use_code(
    tx: &Tx,
    secrets: &Secrets,
    authenticator: &Authenticator,
    code: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let secret = secrets.open(SECRET_PURPOSE, &authenticator.sealed_secret)?;
    match totp::matching_step(&secret, code, now) {
        Some(step) => Ok(tx.authenticator_use_step(&authenticator.user_id, step).await?),
        None => Ok(false),
    }
}

/// Note that a session was proved by these factors too; `at` where that answered a challenge.
pub(crate) async fn prove(
    tx: &Tx,
    session: &Session,
    by: &[Factor],
    at: Option<Timestamp>,
) -> Result<Session, Error> {
    let all = tx.session_list(&session.user_id).await?;
    let found = all.into_iter().find(|known| known.id == session.id);
    // It may have ended since the request began.
    let mut session = found.ok_or_else(|| Fault::UserSessionNotFound.with("session", &session.id))?;
    for factor in by {
        if !session.factors.iter().any(|held| held == factor.name()) {
            session.factors.push(factor.name().to_owned());
        }
    }
    session.mfa_updated = at.or(session.mfa_updated);
    tx.session_update(&session).await?;
    Ok(session)
}
