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

use super::{CONSOLE_ISSUER, prove, recovery, use_code};
use crate::mail::{self, Kind, Letter, Mailbox};
use crate::secrets::{Secrets, is_equal};
use crate::sms::{self, Sms};
use crate::{Cx, accounts, users};

/// What codes that the project's own servers hand over are encrypted for.
const PURPOSE: &str = "challenge code";

/// Ask the caller for a second factor.
///
/// # Errors
/// `user_auth_method_unsupported` where the project does not let the factor count, `general_smtp_disabled`,
/// `general_phone_disabled`, and the faults of addresses that are not there or not proved.
pub async fn create(cx: &Cx, factor: Factor) -> Result<Challenge, Error> {
    let user = accounts::own(cx)?.clone();
    require_allowed(cx, factor)?;
    let way = Way::to(cx, &user, factor).await?;
    let code = way.code(cx);
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
    way.send(cx, &user, &code);
    Ok(challenge)
}

/// How a code comes to the user.
enum Way {
    /// By mail.
    Email(Box<Letter>, String),
    /// By text message.
    Phone(Sms, String),
    /// The number is one that the project keeps for tests, with its code.
    Fixed(String),
    /// The user has it already, or the project's own servers hand it over.
    Elsewhere,
}

impl Way {
    /// The way to a user, where there is one.
    async fn to(cx: &Cx, user: &User, factor: Factor) -> Result<Self, Error> {
        match factor {
            Factor::Email => {
                let letter = mail::prepare(cx, Kind::MfaChallenge).await?;
                let address = user.email.clone().ok_or_else(|| Fault::UserEmailNotFound.error())?;
                if !user.is_email_verified {
                    return Err(Fault::UserEmailNotVerified.error());
                }
                Ok(Self::Email(Box::new(letter), address))
            }
            Factor::Phone => {
                let sms = sms::prepare(cx)?;
                let number = user.phone.clone().ok_or_else(|| Fault::UserPhoneNotFound.error())?;
                if !user.is_phone_verified {
                    return Err(Fault::UserPhoneNotVerified.error());
                }
                Ok(sms::fixed_code(cx, &number).map_or(Self::Phone(sms, number), Self::Fixed))
            }
            Factor::Totp | Factor::RecoveryCode | Factor::Custom => Ok(Self::Elsewhere),
        }
    }

    fn code(&self, cx: &Cx) -> String {
        match self {
            Self::Fixed(code) => code.clone(),
            Self::Email(..) | Self::Phone(..) | Self::Elsewhere => sms::draw_code(cx),
        }
    }

    /// Send the code, after the commit.
    fn send(self, cx: &Cx, user: &User, code: &str) {
        match self {
            Self::Email(letter, address) => {
                let to = Mailbox::new(&user.name, address);
                letter.send(cx, &to, |values| values.with("user", &user.name).with("otp", code));
            }
            Self::Phone(sms, number) => {
                let project = cx.project.registry.as_ref().map_or(CONSOLE_ISSUER, |row| row.name.as_str());
                sms.send(cx, &number, &format!("{code} is your code for {project}."));
            }
            Self::Fixed(_) | Self::Elsewhere => {}
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

/// The keyed hash of a code: six digits are too few for a plain one.
fn hash(secrets: &Secrets, id: &ChallengeId, code: &str) -> String {
    secrets.lookup(&format!("{PURPOSE}:{id}:{code}"))
}
