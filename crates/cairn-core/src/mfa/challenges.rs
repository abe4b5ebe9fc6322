//! Challenges: a question for a second factor, and its answer, which completes the session.
//!
//! INVARIANT: a challenge is answered once, and wrong answers are counted whatever becomes of the request.

use cairn_faults::{Error, Fault};
use cairn_model::ids::{ChallengeId, UserId};
use cairn_model::mfa::{CHALLENGE_SECONDS, CHALLENGES_PER_USER_MAX, Challenge, Factor};
use cairn_model::sessions::Session;
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use super::{prove, recovery, use_code};
use crate::secrets::{Secrets, is_equal};
use crate::{Cx, accounts, users};

/// What codes that the project's own servers hand over are encrypted for.
const PURPOSE: &str = "challenge code";
/// One more than the highest code.
const CODES: u64 = 1_000_000;

/// Ask the caller for a second factor.
///
/// # Errors
/// `user_auth_method_unsupported` where the project does not let the factor count, `general_smtp_disabled`,
/// `general_phone_disabled`, and the faults of addresses that are not there or not proved.
pub async fn create(cx: &Cx, factor: Factor) -> Result<Challenge, Error> {
    let user = accounts::own(cx)?.clone();
    require_allowed(cx, factor)?;
    require_way(&user, factor)?;
    let code = draw_code(cx);
    let (id, now) = (ChallengeId::from(cx.new_id()), cx.now());
    let has_code = matches!(factor, Factor::Email | Factor::Phone | Factor::Custom);
    let challenge = Challenge {
        seq: cx.next_seq(),
        user_id: user.id.clone(),
        factor,
        code_hash: if has_code { hash(&cx.app.secrets, &id, &code) } else { String::new() },
        sealed_code: match factor {
            Factor::Custom => cx.app.secrets.seal(PURPOSE, &code),
            _ => String::new(),
        },
        attempts: 0,
        expires: now.plus_seconds(CHALLENGE_SECONDS),
        created: now,
        id,
    };
    let kept = challenge.clone();
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &kept.user_id).await?;
            Ok::<_, Error>(tx.challenge_insert(&kept, CHALLENGES_PER_USER_MAX).await?)
        })
        .await?;
    Ok(challenge)
}

/// Refuse a factor for which there is no way to the user.
fn require_way(user: &User, factor: Factor) -> Result<(), Error> {
    match factor {
        Factor::Email => Err(Fault::GeneralSmtpDisabled.error()),
        Factor::Phone => Err(Fault::GeneralPhoneDisabled.error()),
        _ => {
            let _ = user;
            Ok(())
        }
    }
}

/// Answer a challenge of the caller, whose session counts as proved by the factor from now on.
///
/// # Errors
/// `user_invalid_token` for a challenge that is not there, over or answered wrongly; `user_auth_method_unsupported`,
/// `user_authenticator_not_found`.
pub async fn answer(cx: &Cx, id: &ChallengeId, code: &str) -> Result<Session, Error> {
    let user_id = accounts::own(cx)?.id.clone();
    let session = cx.session().cloned().ok_or_else(|| Fault::UserSessionNotFound.error())?;
    let (actor, id, code, now) = (cx.clone(), id.clone(), code.to_owned(), cx.now());
    let answered: Option<Session> = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let Some(challenge) = tx.challenge_by_id(&user_id, &id).await? else { return Ok(None) };
            if !challenge.is_open(now) {
                return Ok(None);
            }
            // Asked again: turning a factor off ends its open challenges too.
            require_allowed(&actor, challenge.factor)?;
            if !is_right(&tx, &actor.app.secrets, &challenge, &code, now).await? {
                tx.challenge_missed(&user_id, &id).await?;
                return Ok(None);
            }
            tx.challenge_delete(&user_id, &id).await?;
            prove(&tx, &session, &[challenge.factor], Some(now)).await.map(Some)
        })
        .await?;
    answered.ok_or_else(|| Fault::UserInvalidToken.error())
}

async fn is_right(
    tx: &Tx,
    secrets: &Secrets,
    challenge: &Challenge,
    code: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let user_id = &challenge.user_id;
    match challenge.factor {
        Factor::Totp => {
            let known = tx.authenticator_of(user_id).await?.filter(|known| known.is_verified);
            let known = known.ok_or_else(|| Fault::UserAuthenticatorNotFound.error())?;
            use_code(tx, secrets, &known, code, now).await
        }
        Factor::RecoveryCode => recovery::use_code(tx, secrets, user_id, code).await,
        Factor::Email | Factor::Phone | Factor::Custom => {
            Ok(is_equal(&challenge.code_hash, &hash(secrets, &challenge.id, code)))
        }
    }
}

/// A challenge that the project's own servers hand over, with its code, as an administrator sees it.
///
/// # Errors
/// `user_invalid_token` for one that is not there, over, or of another kind.
pub async fn get_of(cx: &Cx, user: &UserId, id: &ChallengeId) -> Result<(Challenge, String), Error> {
    users::admit(cx)?;
    let (user, id, now) = (user.clone(), id.clone(), cx.now());
    let found: Option<Challenge> = cx
        .store()
        .read(cx.project_ref(), |tx| async move {
            users::load(&tx, &user).await?;
            Ok::<_, Error>(tx.challenge_by_id(&user, &id).await?)
        })
        .await?;
    let found = found.filter(|challenge| challenge.factor == Factor::Custom && challenge.is_open(now));
    let challenge = found.ok_or_else(|| Fault::UserInvalidToken.error())?;
    let code = cx.app.secrets.open(PURPOSE, &challenge.sealed_code)?;
    Ok((challenge, code))
}

fn require_allowed(cx: &Cx, factor: Factor) -> Result<(), Error> {
    if factor.is_allowed(&cx.project.settings.policies.mfa_factors) {
        return Ok(());
    }
    Err(Fault::UserAuthMethodUnsupported.with("factor", factor.name()))
}

/// Six digits.
fn draw_code(cx: &Cx) -> String {
    // The remainder favours no code by more than one in ten billion.
    format!("{:06}", cx.app.ids.rng().u64() % CODES)
}

/// The keyed hash of a code: six digits are too few for a plain one.
fn hash(secrets: &Secrets, id: &ChallengeId, code: &str) -> String {
    secrets.lookup(&format!("{PURPOSE}:{id}:{code}"))
}
