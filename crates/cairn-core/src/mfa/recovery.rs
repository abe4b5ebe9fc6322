//! Recovery codes: for who has lost every other factor. Each counts once.
//!
//! They are found by a keyed hash. The API shows them again to who answered a challenge a short time ago, so that they
//! are kept encrypted beside it; a surface that never does keeps the hash alone ([`Keeping::HashAlone`]).

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::mfa::{RECOVERY_CODES, RecoveryCode};
use cairn_store::Tx;

use super::require_fresh;
use crate::secrets::Secrets;
use crate::{Cx, accounts, users};

/// What recovery codes are encrypted for.
const PURPOSE: &str = "recovery code";
/// Bytes of a code before it is written in hex.
const CODE_BYTES: usize = 5;

/// What of a code is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Enough to show it again.
    Readable,
    /// Enough to know it when it is shown.
    HashAlone,
}

/// Whether a user has codes that are replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Before {
    /// There must be none.
    None,
    /// There must be some, used ones not counted.
    Some,
}

/// Give the caller recovery codes.
///
/// # Errors
/// `user_recovery_codes_already_exists`.
pub async fn create(cx: &Cx) -> Result<Vec<String>, Error> {
    let id = accounts::own(cx)?.id.clone();
    replace(cx, id, Before::None).await
}

/// Give the caller new recovery codes in the place of the old ones.
///
/// # Errors
/// `user_challenge_required`, `user_recovery_codes_not_found`.
pub async fn regenerate(cx: &Cx) -> Result<Vec<String>, Error> {
    let id = accounts::own(cx)?.id.clone();
    require_fresh(cx)?;
    replace(cx, id, Before::Some).await
}

/// The caller's unused recovery codes.
///
/// # Errors
/// `user_challenge_required`, `user_recovery_codes_not_found`.
pub async fn list(cx: &Cx) -> Result<Vec<String>, Error> {
    let id = accounts::own(cx)?.id.clone();
    require_fresh(cx)?;
    read(cx, id).await
}

/// Give a user recovery codes, as an administrator.
///
/// # Errors
/// `user_recovery_codes_already_exists`.
pub async fn create_of(cx: &Cx, id: &UserId) -> Result<Vec<String>, Error> {
    users::admit(cx)?;
    replace(cx, id.clone(), Before::None).await
}

/// Give a user new recovery codes in the place of the old ones, as an administrator.
///
/// # Errors
/// `user_recovery_codes_not_found`.
pub async fn regenerate_of(cx: &Cx, id: &UserId) -> Result<Vec<String>, Error> {
    users::admit(cx)?;
    replace(cx, id.clone(), Before::Some).await
}

/// A user's unused recovery codes, as an administrator sees them.
///
/// # Errors
/// `user_recovery_codes_not_found`.
pub async fn list_of(cx: &Cx, id: &UserId) -> Result<Vec<String>, Error> {
    users::admit(cx)?;
    read(cx, id.clone()).await
}

async fn replace(cx: &Cx, id: UserId, before: Before) -> Result<Vec<String>, Error> {
    let shown: Vec<String> = (0..RECOVERY_CODES).map(|_| cx.app.ids.secret_hex(CODE_BYTES)).collect();
    let kept = kept(cx, &id, &shown, Keeping::Readable);
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            users::load(&tx, &id).await?;
            match (before, tx.recovery_code_list(&id).await?.is_empty()) {
                (Before::None, false) => Err(Fault::UserRecoveryCodesAlreadyExists.error()),
                (Before::Some, true) => Err(Fault::UserRecoveryCodesNotFound.error()),
                _ => Ok(tx.recovery_code_replace(&id, &kept).await?),
            }
        })
        .await?;
    Ok(shown)
}

async fn read(cx: &Cx, id: UserId) -> Result<Vec<String>, Error> {
    let codes: Vec<RecoveryCode> = cx
        .store()
        .read(cx.project_ref(), |tx| async move {
            users::load(&tx, &id).await?;
            Ok::<_, Error>(tx.recovery_code_list(&id).await?)
        })
        .await?;
    if codes.is_empty() {
        return Err(Fault::UserRecoveryCodesNotFound.error());
    }
    let readable = codes.iter().filter(|code| !code.sealed.is_empty());
    readable.map(|code| cx.app.secrets.open(PURPOSE, &code.sealed)).collect()
}

/// What is kept of codes that a user is shown; nothing is stored yet.
pub(crate) fn kept(cx: &Cx, id: &UserId, shown: &[String], keeping: Keeping) -> Vec<RecoveryCode> {
    let keep = |code: &String| RecoveryCode {
        lookup: lookup(&cx.app.secrets, id, code),
        seq: cx.next_seq(),
        sealed: match keeping {
            Keeping::Readable => cx.app.secrets.seal(PURPOSE, code),
            Keeping::HashAlone => String::new(),
        },
    };
    shown.iter().map(keep).collect()
}

/// Whether this is an unused recovery code of the user; it is used from now on.
pub(crate) async fn use_code(tx: &Tx, secrets: &Secrets, id: &UserId, code: &str) -> Result<bool, Error> {
    Ok(tx.recovery_code_use(id, &lookup(secrets, id, code)).await?)
}

/// The keyed hash of a code; the user is part of it, so that equal codes of two users are not seen to be.
fn lookup(secrets: &Secrets, id: &UserId, code: &str) -> String {
    secrets.lookup(&format!("{PURPOSE}:{id}:{code}"))
}
