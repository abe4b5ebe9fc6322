//! Passwords and addresses, and the end of the account.

use cairn_core::deletions::{self, Deletion};
use cairn_core::{recoveries, turnstile};
use cairn_faults::{Error, Fault};
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, email, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};

use crate::SESSION;
use crate::models::OR_MAILED;
use crate::rules::{candidate, new_password, token};

const BY_CLIENT: RateLimit = RateLimit::per_hour(30).by(&["url:{url},ip:{ip}"]);
const BY_ADDRESS: RateLimit =
    RateLimit::per_hour(10).by(&["url:{url},email:{param-email},ip:{ip}", "url:{url},email:{param-email}"]);
const BY_USER: RateLimit = RateLimit::per_hour(30).by(&["url:{url},userId:{userId}"]);

/// A mail that sets a new password has a code of its own when it cannot be sent.
const RESET_FAULTS: &[Fault] = &[
    Fault::WorkerUnreachable,
    Fault::WorkerAnswerInvalid,
    Fault::ResetMailFailed,
    Fault::TurnstileTokenMissing,
    Fault::TurnstileFailed,
    Fault::TurnstileUnavailable,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v0/auth/forgot-password", "auth.forgotPassword", handler!(forgot))
        .nothing()
        .limit(BY_ADDRESS)
        .faults(RESET_FAULTS),
    Route::post("/v0/auth/reset-password", "auth.resetPassword", handler!(reset))
        .nothing()
        .limit(BY_CLIENT)
        .faults(&[Fault::ResetTokenInvalid, Fault::ResetTokenExpired, Fault::TokenEmailMismatch]),
    Route::post("/v0/auth/change-password", "auth.changePassword", handler!(change))
        .nothing()
        .scopes(SESSION)
        .before_factors()
        .limit(BY_USER)
        .faults(&[Fault::PasswordNotSet, Fault::PasswordIncorrect]),
    Route::post("/v0/auth/set-initial-password", "auth.setInitialPassword", handler!(set_first))
        .nothing()
        .scopes(SESSION)
        .before_factors()
        .limit(BY_USER)
        .faults(&[Fault::PasswordAlreadySet]),
    Route::post("/v0/auth/change-email", "auth.changeEmail", handler!(change_email))
        .nothing()
        .scopes(SESSION)
        .before_factors()
        .limit(BY_USER)
        .faults(&[
            Fault::PasswordNotSet,
            Fault::WrongPassword,
            Fault::UserEmailAlreadyExists,
            Fault::WorkerUnreachable,
        ]),
    Route::post("/v0/auth/confirm-email-change", "auth.confirmEmailChange", handler!(confirm_email))
        .nothing()
        .limit(BY_CLIENT)
        .faults(&[Fault::EmailChangeTokenInvalid, Fault::UserNotFound, Fault::UserEmailAlreadyExists]),
    Route::delete("/v0/user/me", "user.delete", handler!(delete_own))
        .nothing()
        .or(&OR_MAILED)
        .scopes(SESSION)
        .before_factors()
        .limit(BY_USER)
        .faults(&[
            Fault::UserReauthenticationRequired,
            Fault::WrongPassword,
            Fault::TotpCodeInvalid,
            Fault::WorkerUnreachable,
        ]),
    Route::post("/v0/user/me/deletion/confirm", "user.confirmDeletion", handler!(confirm_deletion))
        .nothing()
        .limit(BY_CLIENT)
        .faults(&[Fault::DeletionTokenInvalid, Fault::UserNotFound]),
];

params! {
    /// Ask for a link that sets a new password.
    struct Forgot {
        /// The address of the account.
        email: String = "email" => email(),
    }
}

params! {
    /// Set a new password with the link of a mail.
    struct Reset {
        /// The token of the link.
        token: String = "token" => token(),
        /// The new password.
        new_password: String = "new_password" => new_password(),
    }
}

params! {
    /// Change one's password.
    struct Change {
        /// The present one.
        current_password: Option<String> = "current_password" => candidate().optional(),
        /// The new one.
        new_password: Option<String> = "new_password" => new_password().optional(),
    }
}

params! {
    /// Set one's first password.
    struct SetFirst {
        /// The password.
        new_password: String = "new_password" => new_password(),
    }
}

params! {
    /// Move the account to another address.
    struct ChangeEmail {
        /// The present password.
        password: String = "password" => candidate(),
        /// The new address; a link is sent to it.
        new_email: String = "new_email" => email(),
    }
}

params! {
    /// A link of a mail.
    struct Link {
        /// The token of the link.
        token: String = "token" => token(),
    }
}

params! {
    /// Delete one's account.
    struct DeleteOwn {
        /// The password, where there is one.
        password: Option<String> = "password" => candidate().optional(),
        /// The code of the second factor, where it is on.
        totp_code: Option<String> = "totp_code" => text(6, 8).optional(),
    }
}

async fn forgot(call: Call<Forgot>) -> Reply {
    turnstile::require(&call.cx, "auth.forgotPassword").await?;
    recoveries::request(&call.cx, &call.params.email).await?;
    Ok(Answer::no_content())
}

async fn reset(call: Call<Reset>) -> Reply {
    recoveries::reset(&call.cx, &call.params.token, &call.params.new_password).await?;
    Ok(Answer::no_content())
}

async fn change(call: Call<Change>) -> Reply {
    let (current, new) = asked(&call.cx, call.params)?;
    recoveries::change_password(&call.cx, &current, &new).await?;
    Ok(Answer::no_content())
}

/// Both passwords, or what is said of the one that is missing.
fn asked(cx: &cairn_core::Cx, sent: Change) -> Result<(String, String), Error> {
    let has_password = cx.user()?.password_hash.is_some();
    match (sent.current_password, sent.new_password) {
        (_, None) => Err(Fault::NewPasswordMissing.error()),
        (None, Some(_)) if !has_password => Err(Fault::PasswordUpdateOauthOnly.error()),
        (None, Some(_)) => Err(Fault::PasswordRequiredForUpdate.error()),
        (Some(current), Some(new)) => Ok((current, new)),
    }
}

async fn set_first(call: Call<SetFirst>) -> Reply {
    recoveries::set_first_password(&call.cx, &call.params.new_password).await?;
    Ok(Answer::no_content())
}

async fn change_email(call: Call<ChangeEmail>) -> Reply {
    let ChangeEmail { password, new_email } = &call.params;
    recoveries::request_email_change(&call.cx, password, new_email).await?;
    Ok(Answer::no_content())
}

async fn confirm_email(call: Call<Link>) -> Reply {
    recoveries::confirm_email_change(&call.cx, &call.params.token).await?;
    Ok(Answer::no_content())
}

async fn delete_own(call: Call<DeleteOwn>) -> Reply {
    let DeleteOwn { password, totp_code } = &call.params;
    match deletions::request(&call.cx, password.as_deref(), totp_code.as_deref()).await? {
        Deletion::Done => Ok(Answer::no_content().headers(vec![call.exchange.browser_scope().no_session()])),
        Deletion::Mailed => Ok(Answer { status: 202, ..Answer::no_content() }),
    }
}

async fn confirm_deletion(call: Call<Link>) -> Reply {
    deletions::confirm(&call.cx, &call.params.token).await?;
    Ok(Answer::no_content().headers(vec![call.exchange.browser_scope().no_session()]))
}
