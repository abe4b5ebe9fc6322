//! The second factor on the account API: an authenticator and backup codes, the same that every surface asks for.
//!
//! It is on while the account asks for a second factor and has an authenticator that was proved. Backup codes are kept as
//! keyed hashes alone: nobody sees them a second time.
//! INVARIANT: a code counts once, whichever surface it was shown to.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::mfa::{Authenticator, RecoveryCode};
use cairn_model::users::User;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::mfa::recovery::Keeping;
use crate::mfa::{self, Enrolment, recovery};
use crate::{Cx, accounts, recoveries, users};

/// Backup codes that a user is given at once.
const BACKUP_CODES: usize = 10;
/// Characters of a code of an authenticator.
const CODE_CHARS: usize = 6;
/// What backup codes are written in: as many letters as divide a byte's values evenly, without those that look alike.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a backup code.
const BACKUP_CODE_CHARS: usize = 8;

/// Whether the second factor is on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is off.
    Off,
    /// It is on.
    On {
        /// Since when.
        since: Timestamp,
        /// Backup codes that are left.
        backup_codes: usize,
    },
}

/// Whether the caller's second factor is on.
pub async fn status(cx: &Cx) -> Result<Status, Error> {
    let id = accounts::own(cx)?.id.clone();
    cx.store()
        .read(cx.project_ref(), |tx| async move {
            let user = users::load(&tx, &id).await?;
            let Some(authenticator) = enabled(&tx, &user).await? else { return Ok(Status::Off) };
            let backup_codes = tx.recovery_code_list(&id).await?.len();
            Ok(Status::On { since: authenticator.updated, backup_codes })
        })
        .await
}

/// Give the caller an authenticator, which counts once a code of it was shown; an earlier one that never did is replaced.
///
/// # Errors
/// `totp:already_enabled`; `totp:secret_generation_failed` where it cannot be kept.
pub async fn set_up(cx: &Cx) -> Result<Enrolment, Error> {
    let user = accounts::own(cx)?;
    let (enrolment, fresh) = mfa::enrol(cx, user, crate::mail::project_name(cx));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = users::load(&tx, &fresh.user_id).await?;
            if enabled(&tx, &user).await?.is_some() {
                return Err(Fault::TotpAlreadyEnabled.error());
            }
            Ok(tx.authenticator_put(&fresh).await?)
        })
        .await
        .map_err(unmade)?;
    Ok(enrolment)
}

/// Turn the second factor on with a code of the new authenticator; the backup codes.
///
/// # Errors
/// `totp:already_enabled`, `totp:not_enabled` where nothing was set up, `totp:invalid_code`.
pub async fn enable(cx: &Cx, code: &str) -> Result<Vec<String>, Error> {
    let id = accounts::own(cx)?.id.clone();
    let (shown, kept) = draw_backup_codes(cx, &id);
    let (app, code, now) = (cx.app.clone(), code.to_owned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            if enabled(&tx, &user).await?.is_some() {
                return Err(Fault::TotpAlreadyEnabled.error());
            }
            let known = tx.authenticator_of(&id).await?.ok_or_else(|| Fault::TotpNotEnabled.error())?;
            if !mfa::use_code(&tx, &app.secrets, &known, &code, now).await? {
                return Err(Fault::TotpCodeInvalid.error());
            }
            tx.authenticator_verify(&id, now).await?;
            tx.recovery_code_replace(&id, &kept).await?;
            user.has_mfa = true;
            user.updated = now;
            Ok(tx.user_update(&user).await?)
        })
        .await?;
    Ok(shown)
}

/// Turn the second factor off with a code of the authenticator or a backup code; its owner is told.
///
/// # Errors
/// `totp:not_enabled`, `totp:invalid_code`.
pub async fn disable(cx: &Cx, code: &str) -> Result<(), Error> {
    let user = accounts::own(cx)?.clone();
    let (app, id, code, now) = (cx.app.clone(), user.id.clone(), code.to_owned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            let known = require(&tx, &user).await?;
            let is_right = if code.len() == BACKUP_CODE_CHARS {
                recovery::use_code(&tx, &app.secrets, &id, &code).await?
            } else {
                mfa::use_code(&tx, &app.secrets, &known, &code, now).await?
            };
            if !is_right {
                return Err(Fault::TotpCodeInvalid.error());
            }
            tx.authenticator_delete(&id).await?;
            tx.recovery_code_replace(&id, &[]).await?;
            user.has_mfa = false;
            user.updated = now;
            Ok(tx.user_update(&user).await?)
        })
        .await?;
    recoveries::alert_user(cx, &user, "The second factor was turned off.").await;
    Ok(())
}

/// Give the caller new backup codes in the place of the old ones, for a code of the authenticator.
///
/// # Errors
/// `totp:not_enabled`, `totp:invalid_code`.
pub async fn regenerate_backup_codes(cx: &Cx, code: &str) -> Result<Vec<String>, Error> {
    let id = accounts::own(cx)?.id.clone();
    let (shown, kept) = draw_backup_codes(cx, &id);
    let (app, code, now) = (cx.app.clone(), code.to_owned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let user = users::load(&tx, &id).await?;
            let known = require(&tx, &user).await?;
            if !mfa::use_code(&tx, &app.secrets, &known, &code, now).await? {
                return Err(Fault::TotpCodeInvalid.error());
            }
            Ok(tx.recovery_code_replace(&id, &kept).await?)
        })
        .await?;
    Ok(shown)
}

/// A secret that cannot be kept was not made.
fn unmade(error: Error) -> Error {
    match error.fault() {
        Fault::StoreFailed | Fault::StorageFull | Fault::CommitOutcomeUnknown => {
            Fault::TotpSecretFailed.error().source(error)
        }
        _ => error,
    }
}

/// Whether a user's second factor is on.
pub(crate) async fn is_enabled(cx: &Cx, user: &User) -> Result<bool, Error> {
    let user = user.clone();
    cx.store().read(cx.project_ref(), |tx| async move { Ok(enabled(&tx, &user).await?.is_some()) }).await
}

/// Use up a code of the user: one of the authenticator, or a backup code.
///
/// # Errors
/// `totp:not_enabled`, `totp:invalid_code` also for a code that was used, `totp:backup_code_exhausted` where a backup code is
/// shown and none is left.
pub(crate) async fn verify(cx: &Cx, user: &User, code: &str) -> Result<(), Error> {
    let (app, user, code, now) = (cx.app.clone(), user.clone(), code.to_owned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let known = require(&tx, &user).await?;
            let is_right = match code.len() {
                CODE_CHARS => mfa::use_code(&tx, &app.secrets, &known, &code, now).await?,
                BACKUP_CODE_CHARS if tx.recovery_code_list(&user.id).await?.is_empty() => {
                    return Err(Fault::TotpBackupCodesExhausted.error());
                }
                BACKUP_CODE_CHARS => recovery::use_code(&tx, &app.secrets, &user.id, &code).await?,
                _ => false,
            };
            if is_right { Ok(()) } else { Err(Fault::TotpCodeInvalid.error()) }
        })
        .await
}

/// The authenticator of a user whose second factor is on.
async fn enabled(tx: &Tx, user: &User) -> Result<Option<Authenticator>, Error> {
    let known = tx.authenticator_of(&user.id).await?;
    Ok(known.filter(|known| known.is_verified && user.has_mfa))
}

async fn require(tx: &Tx, user: &User) -> Result<Authenticator, Error> {
    enabled(tx, user).await?.ok_or_else(|| Fault::TotpNotEnabled.error())
}

fn draw_backup_codes(cx: &Cx, id: &UserId) -> (Vec<String>, Vec<RecoveryCode>) {
    let letter = || char::from(ALPHABET[usize::from(cx.app.ids.rng().bytes::<1>()[0]) % ALPHABET.len()]);
    let code = || (0..BACKUP_CODE_CHARS).map(|_| letter()).collect();
    let shown: Vec<String> = std::iter::repeat_with(code).take(BACKUP_CODES).collect();
    let kept = recovery::kept(cx, id, &shown, Keeping::HashAlone);
    (shown, kept)
}
