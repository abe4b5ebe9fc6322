//! Sign-up on the account API: no account exists until its address is proved.
//!
//! INVARIANT: neither the answer nor the work done tells whether an address has an account: both ways make one hash, run the
//! same queries and send one mail. Whoever holds the address learns from the mail what happened.

use crate::mail::{Kind, Mailbox};
use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::signups::Signup;
use cairn_model::vouchers::VoucherKind;
use cairn_std::Timestamp;
use cairn_store::{OnConflict, PERSONAS_HANDLE_KEY, Tx};

use crate::account_mail::{self, Page, Purpose};
use crate::bearers::{self, Channel, Issued};
use crate::password_rules::{self, Personal};
use crate::sessions::Proof;
use crate::{Cx, accounts, devices, email_policies, personas, users, vouchers};

/// The address that nobody signs up with: none has an `@` alone.
const NOBODY: &str = "@";

/// What somebody signs up with.
#[derive(Clone, Debug)]
pub struct NewSignup {
    /// The address.
    pub email: String,
    /// The handle.
    pub handle: String,
    /// The name that is shown.
    pub name: String,
    /// The password.
    pub password: String,
}

/// What a client holds once its address is proved.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The session; none where the token was for an account that exists.
    pub issued: Option<Issued>,
    /// What makes the device known.
    pub device: Option<String>,
}

/// Begin a sign-up and send the link that finishes it. An address that has an account, or waits for its link, costs the same
/// work: a hash, as many statements, a mail.
///
/// # Errors
/// `user:handle_already_exists`; those of the password's rules; `worker:*` where the mail cannot be sent. The sign-up stays
/// then: the link can be asked for again.
pub async fn create(cx: &Cx, new: NewSignup) -> Result<(), Error> {
    accounts::require_method(cx, "email-password")?;
    let email = new.email.trim().to_lowercase();
    email_policies::Check::of(cx).admit(Some(&email))?;
    let policies = &cx.project.settings.policies;
    password_rules::check_form(policies, &new.password)?;
    let about = Personal { id: &new.handle, email: Some(&email), name: &new.name, phone: None };
    password_rules::check_personal(policies, &new.password, about)?;
    let letter = account_mail::prepare(cx, Kind::AccountSignUp).await?;
    let password_hash = cx.app.passwords.hash(&new.password).await?;
    let now = cx.now();
    let (gate, id) = (accounts::Gate::of(cx), cx.new_id());
    let drawn = vouchers::draw(cx, VoucherKind::SignUp, None, &email);
    let signup = Signup {
        id,
        email: email.clone(),
        handle: new.handle,
        name: new.name.clone(),
        password_hash,
        expires: now.plus_seconds(VoucherKind::SignUp.seconds()),
        created: now,
    };
    let voucher = drawn.voucher;
    let is_new = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            tx.signup_delete_expired(now).await?;
            personas::require_free(&tx, &signup.handle, now).await?;
            let has_account = tx.user_by_email(&signup.email).await?.is_some();
            let waits = tx.signup_by_email(&signup.email).await?.is_some();
            gate.admit(&tx).await?;
            if has_account || waits {
                // As many statements as for an address that is new, for a sign-up and a token that are nobody's.
                tx.signup_delete(NOBODY).await?;
                let voucher = cairn_model::vouchers::Voucher { detail: NOBODY.to_owned(), ..voucher };
                vouchers::replace(&tx, &voucher).await?;
                return Ok::<_, Error>(false);
            }
            tx.signup_insert(&signup).await.on_any_conflict(Fault::HandleAlreadyExists)?;
            vouchers::replace(&tx, &voucher).await?;
            Ok(true)
        })
        .await?;
    let to = Mailbox::new(&new.name, &email);
    if is_new {
        account_mail::send_link(cx, letter, Purpose::Verification, &to, Page::VerifyEmail, &drawn.token).await
    } else {
        account_mail::tell(cx, letter.about(Kind::AccountExists), Purpose::Verification, &to).await
    }
}

/// Send the link once more; older ones end.
///
/// With a session it is for the caller's own address. Without one, nobody learns whether the address waits.
///
/// # Errors
/// `email:already_verified` for the caller's own; `worker:*` where the mail cannot be sent.
pub async fn resend(cx: &Cx, email: &str) -> Result<(), Error> {
    let email = email.trim().to_lowercase();
    let own = cx.identity().map(|identity| identity.user.clone());
    let own = own.filter(|user| user.email.as_deref() == Some(&*email));
    if own.as_ref().is_some_and(|user| user.is_email_verified) {
        return Err(Fault::AccountEmailAlreadyVerified.error());
    }
    let letter = account_mail::prepare(cx, Kind::AccountSignUp).await?;
    let now = cx.now();
    let (kind, user_id) = match &own {
        Some(user) => (VoucherKind::Verification, Some(&user.id)),
        None => (VoucherKind::SignUp, None),
    };
    let drawn = vouchers::draw(cx, kind, user_id, &email);
    let (voucher, wanted, is_own) = (drawn.voucher, email.clone(), own.is_some());
    let is_waiting = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let waiting = tx.signup_by_email(&wanted).await?.filter(|signup| now < signup.expires);
            // The new link lasts as long as the old one would have.
            let expires = if is_own { voucher.expires } else { waiting.as_ref().map_or(now, |w| w.expires) };
            vouchers::replace(&tx, &cairn_model::vouchers::Voucher { expires, ..voucher }).await?;
            Ok::<_, Error>(is_own || waiting.is_some())
        })
        .await?;
    let to = Mailbox::new("", &email);
    if is_waiting {
        account_mail::send_link(cx, letter, Purpose::Verification, &to, Page::VerifyEmail, &drawn.token).await
    } else {
        account_mail::tell(cx, letter.about(Kind::AccountNothing), Purpose::Verification, &to).await
    }
}

/// Finish a sign-up: the account is made, and its owner is signed in. Or prove the address of an account that exists.
///
/// # Errors
/// `token:invalid_verification`, `token:expired_verification`, `token:email_mismatch`; `user:email_already_exists` and
/// `user:handle_already_exists` where somebody was faster.
pub async fn verify(cx: &Cx, token: &str, channel: Channel) -> Result<Arrived, Error> {
    let (lookup, now) = (cx.app.secrets.lookup(token), cx.now());
    let seq = cx.next_seq();
    let blank = users::blank(cx, "");
    let gate = accounts::Gate::of(cx);
    let (session, device) =
        (bearers::draw(cx, &UserId::from(""), Proof::password(""), channel), devices::draw(cx));
    let (drawn, known) = (session.clone(), device.device.clone());
    let target = users::new_target(cx, &UserId::from(""), "email", "");
    let is_new = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            if tx.voucher_by_lookup(VoucherKind::Verification, &lookup).await?.is_some() {
                return verify_own(&tx, &lookup, now).await.map(|()| false);
            }
            let voucher = vouchers::spend(&tx, VoucherKind::SignUp, &lookup, now).await?;
            let gone = || Fault::VerificationTokenInvalid.error();
            let signup = tx.signup_by_email(&voucher.detail).await?.ok_or_else(gone)?;
            gate.admit(&tx).await?;
            if tx.user_by_email(&signup.email).await?.is_some() {
                return Err(Fault::UserEmailAlreadyExists.error());
            }
            tx.signup_delete(&signup.email).await?;
            let user = cairn_model::users::User {
                id: UserId::from(signup.id),
                seq,
                name: signup.name,
                email: Some(signup.email.clone()),
                password_hash: Some(signup.password_hash),
                password_updated: Some(now),
                is_email_verified: true,
                ..blank
            };
            let target =
                cairn_model::users::Target { user_id: user.id.clone(), identifier: signup.email, ..target };
            let persona = personas::draw(&user, signup.handle, now);
            users::insert(&tx, user.clone(), vec![target]).await.map_err(taken)?;
            tx.persona_insert(&persona).await.on_conflict(PERSONAS_HANDLE_KEY, Fault::HandleAlreadyExists)?;
            devices::remember(&tx, known.of(&user.id)).await?;
            drawn.of(&user.id).begin(&tx).await?;
            Ok(true)
        })
        .await?;
    let arrived = Arrived { issued: Some(session.issued()), device: Some(device.token) };
    Ok(if is_new { arrived } else { Arrived { issued: None, device: None } })
}

/// Prove the address of an account that exists.
async fn verify_own(tx: &Tx, lookup: &str, now: Timestamp) -> Result<(), Error> {
    let voucher = vouchers::spend(tx, VoucherKind::Verification, lookup, now).await?;
    let user_id = voucher.user_id.ok_or_else(|| Fault::VerificationTokenInvalid.error())?;
    let mut user = users::load(tx, &user_id).await?;
    if user.email.as_deref() != Some(&*voucher.detail) {
        return Err(Fault::TokenEmailMismatch.error());
    }
    user.is_email_verified = true;
    user.updated = now;
    Ok(tx.user_update(&user).await?)
}

/// The address became somebody's in between.
fn taken(error: Error) -> Error {
    match error.fault() {
        Fault::UserAlreadyExists => Fault::UserEmailAlreadyExists.error().source(error),
        _ => error,
    }
}
