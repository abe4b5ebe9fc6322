//! The end of an account by its owner, on the account API.
//!
//! The handle and the name stay with the persona, so that what the user wrote keeps its author's name and nobody takes it over;
//! everything else that tells who the user was goes.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::vouchers::VoucherKind;
use cairn_std::Timestamp;
use cairn_store::Tx;

use crate::account_mail::{self, Page, Purpose};
use crate::mail::{Kind, Mailbox};
use crate::{Cx, accounts, personas, recoveries, second_factors, users, vouchers};

/// What came of the wish to delete an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// The account is gone.
    Done,
    /// A link was mailed, which deletes it.
    Mailed,
}

/// Delete the caller's account: at once with the password and the second factor, where there are such; else by mail.
///
/// # Errors
/// `user:reauthentication_required` where a factor is missing, `user:invalid_password`, `totp:invalid_code`, `worker:*`.
pub async fn request(cx: &Cx, password: Option<&str>, code: Option<&str>) -> Result<Deletion, Error> {
    let user = accounts::own(cx)?.clone();
    let has_second_factor = second_factors::is_enabled(cx, &user).await?;
    if user.password_hash.is_none() && !has_second_factor {
        return mail(cx, &user).await;
    }
    if user.password_hash.is_some() {
        let password = password.ok_or_else(|| Fault::UserReauthenticationRequired.error())?;
        recoveries::prove(cx, &user, password).await?;
    }
    if has_second_factor {
        let code = code.ok_or_else(|| Fault::UserReauthenticationRequired.error())?;
        second_factors::verify(cx, &user, code).await?;
    }
    let (id, now) = (user.id, cx.now());
    cx.store().write(cx.project_ref(), move |tx| async move { scrub(&tx, &id, now).await }).await?;
    Ok(Deletion::Done)
}

async fn mail(cx: &Cx, user: &cairn_model::users::User) -> Result<Deletion, Error> {
    let letter = account_mail::prepare(cx, Kind::AccountDeletion).await?;
    let drawn = vouchers::draw(cx, VoucherKind::Deletion, Some(&user.id), "");
    let voucher = drawn.voucher;
    cx.store()
        .write(cx.project_ref(), move |tx| async move { vouchers::insert(&tx, &voucher).await })
        .await?;
    let to = Mailbox::new(&user.name, user.email.as_deref().unwrap_or_default());
    let purpose = Purpose::Verification;
    account_mail::send_link(cx, letter, purpose, &to, Page::ConfirmDeletion, &drawn.token).await?;
    Ok(Deletion::Mailed)
}

/// Delete an account with the link that was mailed.
///
/// # Errors
/// `token:invalid_account_deletion`, `user:not_found`.
pub async fn confirm(cx: &Cx, token: &str) -> Result<(), Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let voucher = vouchers::spend(&tx, VoucherKind::Deletion, &lookup, now).await?;
            let id = voucher.user_id.ok_or_else(|| Fault::DeletionTokenInvalid.error())?;
            scrub(&tx, &id, now).await
        })
        .await
}

/// Remove an account and everything of it but the handle and the name.
async fn scrub(tx: &Tx, id: &UserId, now: Timestamp) -> Result<(), Error> {
    let user = users::load(tx, id).await?;
    personas::ensure(tx, &user, now).await?;
    let mut persona = personas::load(tx, id).await?;
    for picture in [persona.profile_image.take(), persona.banner_image.take()].into_iter().flatten() {
        tx.picture_delete(&picture).await?;
    }
    persona.last_name = if user.name.is_empty() { persona.handle.clone() } else { user.name };
    persona.bio = None;
    persona.deleted = Some(now);
    persona.updated = now;
    tx.persona_update(&persona).await?;
    users::remove(tx, id, now).await
}
