//! Passwords, addresses and the end of an account on the account API: what is changed with a proof, by session or by mail.
//!
//! INVARIANT: asking for a new password tells nobody whether an address has an account: both ways run the same queries and send
//! one mail. Every change that others could have made ends their sessions and is told to the owner.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::users::User;
use cairn_model::vouchers::VoucherKind;
use cairn_store::Tx;

use crate::account_mail::{self, Page, Purpose};
use crate::mail::{Kind, Mailbox};
use crate::users::{self, Address, change_address};
use crate::{Cx, accounts, email_policies, password_rules, revocations, vouchers};

/// Bytes of a password at most: more is work for nothing.
const PASSWORD_BYTES_MAX: usize = 1_024;

/// Send a link that sets a new password.
///
/// # Errors
/// `worker:*` where the mail cannot be sent.
pub async fn request(cx: &Cx, email: &str) -> Result<(), Error> {
    let email = email.trim().to_lowercase();
    let letter = account_mail::prepare(cx, Kind::AccountReset).await?;
    let wanted = email.clone();
    let found: Option<User> = cx
        .store()
        .read(cx.project_ref(), |tx| async move { tx.user_by_email(&wanted).await.map_err(Error::from) })
        .await?;
    let owner = found.filter(|user| user.is_active && user.password_hash.is_some());
    // Stored in both cases, so that both cost the same; one that is nobody's can be spent by nobody.
    let drawn = vouchers::draw(cx, VoucherKind::PasswordReset, owner.as_ref().map(|user| &user.id), &email);
    let voucher = drawn.voucher;
    cx.store()
        .write(cx.project_ref(), move |tx| async move { vouchers::insert(&tx, &voucher).await })
        .await?;
    if let Some(user) = owner {
        let to = Mailbox::new(&user.name, &email);
        account_mail::send_link(cx, letter, Purpose::Reset, &to, Page::ResetPassword, &drawn.token).await
    } else {
        let news = letter.about(Kind::AccountNothing);
        account_mail::tell(cx, news, Purpose::Reset, &Mailbox::new("", &email)).await
    }
}

/// Set a new password with the link of a mail. All sessions end, and nobody is signed in.
///
/// # Errors
/// `token:invalid_reset`, `token:expired_reset`; those of the password's rules, before the token is spent.
pub async fn reset(cx: &Cx, token: &str, password: &str) -> Result<(), Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    check_form(cx, password)?;
    let hash = cx.app.passwords.hash(password).await?;
    let policies = cx.project.settings.policies.clone();
    let user = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let voucher = vouchers::spend(&tx, VoucherKind::PasswordReset, &lookup, now).await?;
            let invalid = || Fault::ResetTokenInvalid.error();
            let user_id = voucher.user_id.ok_or_else(invalid)?;
            let mut user = tx.user_by_id(&user_id).await?.ok_or_else(invalid)?;
            if user.email.as_deref() != Some(&*voucher.detail) {
                return Err(Fault::TokenEmailMismatch.error());
            }
            password_rules::set(&mut user, hash, &policies, now);
            // The mail went to the address: whoever read it holds it.
            user.is_email_verified = true;
            tx.user_update(&user).await?;
            tx.voucher_spend_all_of_user(&user.id, now).await?;
            revocations::end_others(&tx, &user.id, None).await?;
            Ok::<_, Error>(user)
        })
        .await?;
    alert_user(cx, &user, "Your password was set anew with a link from a mail.").await;
    Ok(())
}

/// Change the caller's password. The caller's other sessions end.
///
/// # Errors
/// `user:password_not_set`, `password:incorrect`, `general:bad_request` for the same password; those of its rules.
pub async fn change_password(cx: &Cx, current: &str, password: &str) -> Result<(), Error> {
    let known = accounts::own(cx)?.clone();
    prove(cx, &known, current).await.map_err(|error| match error.fault() {
        Fault::WrongPassword => Fault::PasswordIncorrect.error().source(error),
        _ => error,
    })?;
    if current == password {
        return Err(Fault::GeneralBadRequest.with("reason", "the new password is the current one"));
    }
    let user = store_password(cx, known, password).await?;
    alert_user(cx, &user, "Your password was changed.").await;
    Ok(())
}

/// Set the first password of an account that has none. The caller's other sessions end.
///
/// # Errors
/// `password:already_set`; those of its rules.
pub async fn set_first_password(cx: &Cx, password: &str) -> Result<(), Error> {
    let known = accounts::own(cx)?.clone();
    if known.password_hash.is_some() {
        return Err(Fault::PasswordAlreadySet.error());
    }
    store_password(cx, known, password).await.map(drop)
}

async fn store_password(cx: &Cx, known: User, password: &str) -> Result<User, Error> {
    check_form(cx, password)?;
    let policies = cx.project.settings.policies.clone();
    password_rules::check_personal(&policies, password, (&known).into())?;
    password_rules::check_history(cx, password, &known.password_history).await?;
    let hash = cx.app.passwords.hash(password).await?;
    let (now, own) = (cx.now(), cx.session().map(|session| session.id.clone()));
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = reload(&tx, &known).await?;
            password_rules::set(&mut user, hash, &policies, now);
            tx.user_update(&user).await?;
            tx.voucher_spend_all_of_user(&user.id, now).await?;
            revocations::end_others(&tx, &user.id, own.as_ref()).await?;
            Ok(user)
        })
        .await
}

/// Send a link that moves the account to another address; the present one is told.
///
/// # Errors
/// `user:password_not_set`, `user:invalid_password`, `general:bad_request` for the same address,
/// `user:email_already_exists`, `worker:*`.
pub async fn request_email_change(cx: &Cx, password: &str, email: &str) -> Result<(), Error> {
    let known = accounts::own(cx)?.clone();
    let email = email.trim().to_lowercase();
    prove(cx, &known, password).await?;
    if known.email.as_deref() == Some(&*email) {
        return Err(Fault::GeneralBadRequest.with("reason", "the new address is the present one"));
    }
    email_policies::Check::of(cx).admit(Some(&email))?;
    let letter = account_mail::prepare(cx, Kind::AccountEmailChange).await?;
    let drawn = vouchers::draw(cx, VoucherKind::EmailChange, Some(&known.id), &email);
    let (voucher, wanted) = (drawn.voucher, email.clone());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.user_by_email(&wanted).await?.is_some() {
                return Err(Fault::UserEmailAlreadyExists.error());
            }
            vouchers::insert(&tx, &voucher).await
        })
        .await?;
    let to = Mailbox::new(&known.name, &email);
    let purpose = Purpose::Verification;
    account_mail::send_link(cx, letter, purpose, &to, Page::ConfirmEmailChange, &drawn.token).await?;
    alert_user(cx, &known, "Somebody asked to move your account to another address.").await;
    Ok(())
}

/// Move an account to the address that the link was sent to. All sessions end; both addresses are told.
///
/// # Errors
/// `token:invalid_email_change`, `user:not_found`, `user:email_already_exists`.
pub async fn confirm_email_change(cx: &Cx, token: &str) -> Result<(), Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    let blank = Address::Email.target(cx, &UserId::from(""), Some(""));
    let (old, user) = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let voucher = vouchers::spend(&tx, VoucherKind::EmailChange, &lookup, now).await?;
            let user_id = voucher.user_id.ok_or_else(|| Fault::EmailChangeTokenInvalid.error())?;
            let mut user = users::load(&tx, &user_id).await?;
            let old = user.clone();
            let fresh = blank.map(|target| cairn_model::users::Target {
                user_id: user_id.clone(),
                identifier: voucher.detail,
                ..target
            });
            let moved = change_address(&tx, &mut user, Address::Email, fresh, now).await;
            moved.map_err(|error| match error.fault() {
                Fault::UserTargetAlreadyExists => Fault::UserEmailAlreadyExists.error().source(error),
                _ => error,
            })?;
            user.is_email_verified = true;
            tx.user_update(&user).await?;
            tx.voucher_spend_all_of_user(&user_id, now).await?;
            revocations::end_others(&tx, &user_id, None).await?;
            Ok::<_, Error>((old, user))
        })
        .await?;
    for told in [&old, &user] {
        alert_user(cx, told, "Your account was moved to another address.").await;
    }
    Ok(())
}

/// The account's owner is told of what happened, where there is an address.
pub(crate) async fn alert_user(cx: &Cx, user: &User, event: &str) {
    if let Some(email) = &user.email {
        account_mail::alert(cx, &Mailbox::new(&user.name, email), event).await;
    }
}

/// Whether the password is the caller's own.
///
/// # Errors
/// `user:password_not_set`, `user:invalid_password`.
pub(crate) async fn prove(cx: &Cx, user: &User, password: &str) -> Result<(), Error> {
    let hash = user.password_hash.as_ref().ok_or_else(|| Fault::PasswordNotSet.error())?;
    if cx.app.passwords.is_match(password, hash).await? { Ok(()) } else { Err(Fault::WrongPassword.error()) }
}

fn check_form(cx: &Cx, password: &str) -> Result<(), Error> {
    if password.len() > PASSWORD_BYTES_MAX {
        return Err(Fault::GeneralBadRequest.with("reason", "the password is too long"));
    }
    password_rules::check_form(&cx.project.settings.policies, password)
}

/// The caller as stored now, whose password must still be the one that was proved.
async fn reload(tx: &Tx, known: &User) -> Result<User, Error> {
    let user = users::load(tx, &known.id).await?;
    if user.password_hash == known.password_hash { Ok(user) } else { Err(Fault::WrongPassword.error()) }
}
