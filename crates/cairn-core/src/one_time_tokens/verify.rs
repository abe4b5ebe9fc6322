//! Proving an e-mail address or a phone number.

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::one_time_tokens::{OneTimeKind, OneTimeToken};
use cairn_model::users::User;

use super::{Draft, IssuedToken, draw_secret, link, redeem};
use crate::mail::{self, Kind, Mailbox};
use crate::{Cx, accounts, sms, users};

/// Characters of the secret in a link that proves an address.
const VERIFICATION_CHARS: usize = 256;
/// How long a code lasts that proves a number; one that signs in lasts shorter.
const PHONE_SECONDS: i64 = 3_600;

/// Send the caller a link that proves the e-mail address.
///
/// # Errors
/// `general_smtp_disabled`, `user_email_not_found`, `user_email_already_verified`.
pub async fn create_email_verification(cx: &Cx, url: &str) -> Result<IssuedToken, Error> {
    let id = accounts::own(cx)?.id.clone();
    link(url, &[])?;
    let letter = mail::prepare(cx, Kind::Verification).await?;
    let draft = Draft::new(cx, OneTimeKind::Verification, draw_secret(cx, VERIFICATION_CHARS));
    let (issued, user) = issue(cx, id, draft, |user| {
        if user.email.is_none() {
            return Err(Fault::UserEmailNotFound.error());
        }
        if user.is_email_verified { Err(Fault::UserEmailAlreadyVerified.error()) } else { Ok(()) }
    })
    .await?;
    let expire = issued.token.expires.to_wire();
    let params = [("userId", user.id.as_str()), ("secret", &issued.secret), ("expire", &expire)];
    let redirect = link(url, &params)?;
    let to = Mailbox::new(&user.name, user.email.unwrap_or_default());
    letter.send(cx, &to, |values| values.with("user", &user.name).with("redirect", redirect));
    Ok(issued)
}

/// Send the caller a code that proves the phone number.
///
/// # Errors
/// `general_phone_disabled`, `user_phone_not_found`, `user_phone_already_verified`.
pub async fn create_phone_verification(cx: &Cx) -> Result<IssuedToken, Error> {
    accounts::require_method(cx, "phone")?;
    let own = accounts::own(cx)?;
    let sms = sms::prepare(cx)?;
    let number = own.phone.clone().ok_or_else(|| Fault::UserPhoneNotFound.error())?;
    let fixed = sms::fixed_code(cx, &number);
    let is_sent = fixed.is_none();
    let code = fixed.unwrap_or_else(|| sms::draw_code(cx));
    let draft = Draft::new(cx, OneTimeKind::Phone, code).lasting(PHONE_SECONDS);
    let expected = number.clone();
    let (issued, _) = issue(cx, own.id.clone(), draft, move |user| {
        // The number is read again: the code goes to the one that it proves.
        if user.phone.as_ref() != Some(&expected) {
            return Err(Fault::UserPhoneNotFound.error());
        }
        if user.is_phone_verified { Err(Fault::UserPhoneAlreadyVerified.error()) } else { Ok(()) }
    })
    .await?;
    if is_sent {
        sms.send(cx, &number, &issued.secret);
    }
    Ok(issued)
}

async fn issue(
    cx: &Cx,
    id: UserId,
    draft: Draft,
    check: impl FnOnce(&User) -> Result<(), Error> + Clone + Send + 'static,
) -> Result<(IssuedToken, User), Error> {
    let (app, secret) = (cx.app.clone(), draft.secret.clone());
    let (token, user) = cx
        .store()
        .write(cx.project_ref(), move |tx| async move {
            let user = users::load(&tx, &id).await?;
            check(&user)?;
            let token = draft.keep(&tx, &app.secrets, &user).await?;
            Ok::<_, Error>((token, user))
        })
        .await?;
    Ok((IssuedToken { token, secret, phrase: None }, user))
}

/// Take a link's secret as proof of the user's e-mail address.
///
/// # Errors
/// `user_not_found`, `user_invalid_token`.
pub async fn complete_email_verification(cx: &Cx, id: &UserId, secret: &str) -> Result<OneTimeToken, Error> {
    complete(cx, id, OneTimeKind::Verification, secret, |user| user.is_email_verified = true).await
}

/// Take a code as proof of the user's phone number.
///
/// # Errors
/// `user_not_found`, `user_invalid_token`.
pub async fn complete_phone_verification(cx: &Cx, id: &UserId, secret: &str) -> Result<OneTimeToken, Error> {
    complete(cx, id, OneTimeKind::Phone, secret, |user| user.is_phone_verified = true).await
}

async fn complete(
    cx: &Cx,
    id: &UserId,
    kind: OneTimeKind,
    secret: &str,
    prove: impl FnOnce(&mut User) + Clone + Send + 'static,
) -> Result<OneTimeToken, Error> {
    let (app, id, secret, now) = (cx.app.clone(), id.clone(), secret.to_owned(), cx.now());
    cx.store()
        .write(cx.project_ref(), move |tx| async move {
            let mut user = users::load(&tx, &id).await?;
            let used = redeem(&tx, &app, &user, &[kind], &secret, now).await?;
            let token = used.ok_or_else(|| Fault::UserInvalidToken.error())?;
            prove(&mut user);
            user.updated = now;
            tx.user_update(&user).await?;
            Ok(token)
        })
        .await
}
