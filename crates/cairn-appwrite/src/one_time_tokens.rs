//! Links and codes that are sent to people: sign-in, proof of an address, recovery.

use cairn_core::one_time_tokens::{self, IssuedToken, NewCustomToken, NewMagicUrl, NewSignIn, Typed};
use cairn_core::tokens::session_value;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{
    IdChoice, Rule, boolean, custom_id, email, integer, password, phone, text, uid, url,
};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::UserId;
use cairn_model::one_time_tokens::OneTimeToken;
use serde_json::json;

use crate::ACCOUNT;
use crate::models::{SESSION, TOKEN};
use crate::sessions::begun;
use crate::wire::{Object, maybe, object, require_redirect};

/// Characters of a secret at most, as clients send it.
const SECRET_CHARS_MAX: usize = 256;
const SIGN_IN: &[&str] = &["sessions.write"];
const PUBLIC: &[&str] = &["public"];

const BY_EMAIL: &[&str] = &["url:{url},email:{param-email}", "url:{url},ip:{ip}"];
const BY_USER: &[&str] = &["ip:{ip},userId:{param-userId}"];

/// Faults of what sends a mail to an address that may be new.
const SENT_TO_EMAIL: &[Fault] = &[
    Fault::GeneralSmtpDisabled,
    Fault::UserAuthMethodUnsupported,
    Fault::UserCountExceeded,
    Fault::UserConsoleCountExceeded,
    Fault::UserAlreadyExists,
    Fault::UserEmailDisposable,
    Fault::UserEmailFree,
    Fault::UserEmailNotCanonical,
    Fault::UserEmailNotCorporate,
    Fault::UserEmailNotWhitelisted,
    Fault::UserIpNotWhitelisted,
    Fault::SetupCodeRequired,
];
const SIGNED_IN: &[Fault] = &[
    Fault::UserInvalidToken,
    Fault::UserBlocked,
    Fault::UserSessionAlreadyExists,
    Fault::UserEmailNotVerified,
    Fault::UserPhoneNotVerified,
];
const COMPLETED: &[Fault] = &[Fault::UserNotFound, Fault::UserInvalidToken];

/// The routes that sign in.
pub const SIGN_IN_ROUTES: &[Route] = &[
    Route::post(
        "/v1/account/tokens/magic-url",
        "account.createMagicURLToken",
        handler!(create_magic_url_token),
    )
    .created(&TOKEN)
    .aliases(&["/v1/account/sessions/magic-url"])
    .scopes(SIGN_IN)
    .audited("session.create", "user/{response.userId}", "{response.userId}")
    .limit(RateLimit::per_hour(60).by(BY_EMAIL))
    .faults(SENT_TO_EMAIL),
    Route::post("/v1/account/tokens/email", "account.createEmailToken", handler!(create_email_token))
        .created(&TOKEN)
        .scopes(SIGN_IN)
        .audited("session.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(BY_EMAIL))
        .faults(SENT_TO_EMAIL),
    Route::post("/v1/account/tokens/phone", "account.createPhoneToken", handler!(create_phone_token))
        .created(&TOKEN)
        .aliases(&["/v1/account/sessions/phone"])
        .scopes(SIGN_IN)
        .audited("session.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(&["url:{url},phone:{param-phone}", "url:{url},ip:{ip}"]))
        .faults(&[
            Fault::GeneralPhoneDisabled,
            Fault::UserAuthMethodUnsupported,
            Fault::UserCountExceeded,
            Fault::UserConsoleCountExceeded,
            Fault::UserAlreadyExists,
            Fault::UserEmailNotWhitelisted,
            Fault::UserIpNotWhitelisted,
            Fault::SetupCodeRequired,
        ]),
    Route::post("/v1/account/sessions/token", "account.createSession", handler!(create_session))
        .created(&SESSION)
        .scopes(SIGN_IN)
        .audited("session.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(BY_USER).reset_on_created())
        .faults(SIGNED_IN),
    Route::put("/v1/account/sessions/magic-url", "account.updateMagicURLSession", handler!(create_session))
        .created(&SESSION)
        .scopes(SIGN_IN)
        .audited("session.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(BY_USER).reset_on_created())
        .faults(SIGNED_IN),
    Route::put("/v1/account/sessions/phone", "account.updatePhoneSession", handler!(create_session))
        .created(&SESSION)
        .scopes(SIGN_IN)
        .audited("session.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(BY_USER))
        .faults(SIGNED_IN),
    Route::post("/v1/users/{userId}/tokens", "users.createToken", handler!(create_user_token))
        .created(&TOKEN)
        .scopes(&["users.write"])
        .audited("tokens.create", "user/{request.userId}", "{request.userId}")
        .faults(&[Fault::UserNotFound]),
];

/// The routes that prove an address, and those that set a lost password.
pub const PROOF_ROUTES: &[Route] = &[
    Route::post(
        "/v1/account/verifications/email",
        "account.createEmailVerification",
        handler!(create_email_verification),
    )
    .created(&TOKEN)
    .aliases(&["/v1/account/verification"])
    .also(&["account.createVerification"])
    .scopes(ACCOUNT)
    .audited("verification.create", "user/{response.userId}", "{response.userId}")
    .limit(RateLimit::per_hour(10).by(&["url:{url},userId:{userId}"]))
    .faults(&[Fault::GeneralSmtpDisabled, Fault::UserEmailNotFound, Fault::UserEmailAlreadyVerified]),
    Route::put(
        "/v1/account/verifications/email",
        "account.updateEmailVerification",
        handler!(update_email_verification),
    )
    .ok(&TOKEN)
    .aliases(&["/v1/account/verification"])
    .also(&["account.updateVerification"])
    .scopes(PUBLIC)
    .audited("verification.update", "user/{response.userId}", "{response.userId}")
    .limit(RateLimit::per_hour(10).by(&["url:{url},userId:{param-userId}"]))
    .faults(COMPLETED),
    Route::post(
        "/v1/account/verifications/phone",
        "account.createPhoneVerification",
        handler!(create_phone_verification),
    )
    .created(&TOKEN)
    .aliases(&["/v1/account/verification/phone"])
    .scopes(ACCOUNT)
    .audited("verification.create", "user/{response.userId}", "{response.userId}")
    .limit(RateLimit::per_hour(10).by(&["url:{url},userId:{userId}", "url:{url},ip:{ip}"]))
    .faults(&[
        Fault::GeneralPhoneDisabled,
        Fault::UserAuthMethodUnsupported,
        Fault::UserPhoneNotFound,
        Fault::UserPhoneAlreadyVerified,
    ]),
    Route::put(
        "/v1/account/verifications/phone",
        "account.updatePhoneVerification",
        handler!(update_phone_verification),
    )
    .ok(&TOKEN)
    .aliases(&["/v1/account/verification/phone"])
    .scopes(PUBLIC)
    .audited("verification.update", "user/{response.userId}", "{response.userId}")
    .limit(RateLimit::per_hour(10).by(&["userId:{param-userId}"]))
    .faults(COMPLETED),
    Route::post("/v1/account/recovery", "account.createRecovery", handler!(create_recovery))
        .created(&TOKEN)
        .scopes(SIGN_IN)
        .audited("recovery.create", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(BY_EMAIL))
        .faults(&[Fault::GeneralSmtpDisabled, Fault::UserNotFound, Fault::UserBlocked]),
    Route::put("/v1/account/recovery", "account.updateRecovery", handler!(update_recovery))
        .ok(&TOKEN)
        .scopes(SIGN_IN)
        .before_password()
        .audited("recovery.update", "user/{response.userId}", "{response.userId}")
        .limit(RateLimit::per_hour(10).by(&["url:{url},userId:{param-userId}"]))
        .faults(&[
            Fault::UserNotFound,
            Fault::UserInvalidToken,
            Fault::UserPasswordMismatch,
            Fault::PasswordRecentlyUsed,
            Fault::PasswordPersonalData,
        ]),
];

params! {
    pub(crate) struct CreateMagicUrlToken {
        /// The id of the account that is made for an unknown address, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// The page that the link leads to, of a platform of the project.
        url: Option<String> = "url" => maybe(url()),
        /// Whether the mail and the answer show a security phrase.
        phrase: bool = "phrase" => boolean().or(false, json!(false)),
    }
}

async fn create_magic_url_token(call: Call<CreateMagicUrlToken>) -> Reply {
    if let Some(url) = &call.params.url {
        require_redirect(&call.cx, &call.exchange, url)?;
    }
    let CreateMagicUrlToken { user_id, email, url, phrase } = call.params;
    let user_id = user_id.or_make(|| call.cx.new_id());
    let sign_in = NewSignIn { user_id, address: email, has_phrase: phrase };
    let issued = one_time_tokens::create_magic_url(&call.cx, NewMagicUrl { sign_in, url }).await?;
    let shown = issued_wire(&issued, call.cx.is_privileged());
    Ok(Answer::created("token", shown))
}

params! {
    pub(crate) struct CreateEmailToken {
        /// The id of the account that is made for an unknown address, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The e-mail address.
        email: String = "email" => email(),
        /// Whether the mail and the answer show a security phrase.
        phrase: bool = "phrase" => boolean().or(false, json!(false)),
    }
}

async fn create_email_token(call: Call<CreateEmailToken>) -> Reply {
    let CreateEmailToken { user_id, email, phrase } = call.params;
    let user_id = user_id.or_make(|| call.cx.new_id());
    let new = NewSignIn { user_id, address: email, has_phrase: phrase };
    let issued = one_time_tokens::create_email_code(&call.cx, new).await?;
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

params! {
    pub(crate) struct CreatePhoneToken {
        /// The id of the account that is made for an unknown number, or `unique()`.
        user_id: IdChoice = "userId" => custom_id(),
        /// The phone number, `+` and digits.
        phone: String = "phone" => phone(),
    }
}

async fn create_phone_token(call: Call<CreatePhoneToken>) -> Reply {
    let CreatePhoneToken { user_id, phone } = call.params;
    let user_id = user_id.or_make(|| call.cx.new_id());
    let new = NewSignIn { user_id, address: phone, has_phrase: false };
    let mut issued = one_time_tokens::create_phone_code(&call.cx, new).await?;
    // COMPAT(appwrite): keys see this one secret in the form of a session's value.
    issued.secret = session_value(issued.token.user_id.as_str(), &issued.secret);
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

params! {
    pub(crate) struct OfToken {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The secret of a link or code.
        secret: String = "secret" => text(1, SECRET_CHARS_MAX),
    }
}

async fn create_session(call: Call<OfToken>) -> Reply {
    let id = UserId(call.params.user_id.clone());
    let issued = one_time_tokens::create_session(&call.cx, &id, &call.params.secret).await?;
    begun(&call, &issued)
}

params! {
    pub(crate) struct CreateUserToken {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Characters of the secret, 4 to 128.
        length: i64 = "length" => integer(4, 128).or(6, json!(6)),
        /// Seconds that the token lasts, a minute to a year.
        expire: i64 = "expire" => integer(60, 31_536_000).or(900, json!(900)),
    }
}

async fn create_user_token(call: Call<CreateUserToken>) -> Reply {
    let CreateUserToken { user_id, length, expire } = call.params;
    let new = NewCustomToken { chars: usize::try_from(length).unwrap_or_default(), seconds: expire };
    let issued = one_time_tokens::create_custom(&call.cx, &UserId(user_id), new).await?;
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

params! {
    pub(crate) struct CreateEmailVerification {
        /// The page that the link leads to, of a platform of the project.
        url: String = "url" => url(),
    }
}

async fn create_email_verification(call: Call<CreateEmailVerification>) -> Reply {
    require_redirect(&call.cx, &call.exchange, &call.params.url)?;
    let issued = one_time_tokens::create_email_verification(&call.cx, &call.params.url).await?;
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

async fn update_email_verification(call: Call<OfToken>) -> Reply {
    let OfToken { user_id, secret } = call.params;
    let used = one_time_tokens::complete_email_verification(&call.cx, &UserId(user_id), &secret).await?;
    Ok(Answer::ok("token", wire(&used)))
}

async fn create_phone_verification(call: Call<()>) -> Reply {
    let issued = one_time_tokens::create_phone_verification(&call.cx).await?;
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

async fn update_phone_verification(call: Call<OfToken>) -> Reply {
    let OfToken { user_id, secret } = call.params;
    let used = one_time_tokens::complete_phone_verification(&call.cx, &UserId(user_id), &secret).await?;
    Ok(Answer::ok("token", wire(&used)))
}

params! {
    pub(crate) struct CreateRecovery {
        /// The e-mail address of the account.
        email: String = "email" => email(),
        /// The page that the link leads to, of a platform of the project.
        url: String = "url" => url(),
    }
}

async fn create_recovery(call: Call<CreateRecovery>) -> Reply {
    require_redirect(&call.cx, &call.exchange, &call.params.url)?;
    let CreateRecovery { email, url } = call.params;
    let issued = one_time_tokens::create_recovery(&call.cx, &email, &url).await?;
    Ok(Answer::created("token", issued_wire(&issued, call.cx.is_privileged())))
}

params! {
    pub(crate) struct UpdateRecovery {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The secret of the link.
        secret: String = "secret" => text(1, SECRET_CHARS_MAX),
        /// The new password, 8 to 256 characters.
        password: String = "password" => password(),
        /// The same once more, from clients of before 1.5.
        password_again: Option<String> = "passwordAgain" => text(0, 256).optional(),
    }
}

async fn update_recovery(call: Call<UpdateRecovery>) -> Reply {
    let UpdateRecovery { user_id, secret, password, password_again } = call.params;
    let typed = Typed { password, again: password_again };
    let used = one_time_tokens::complete_recovery(&call.cx, &UserId(user_id), &secret, &typed).await?;
    Ok(Answer::ok("token", wire(&used)))
}

/// A token that was just made. Its secret is in the message; only keys and admins see it here too.
fn issued_wire(issued: &IssuedToken, shows_secret: bool) -> Object {
    let mut shown = wire(&issued.token);
    if shows_secret {
        shown.insert("secret".to_owned(), json!(issued.secret));
    }
    shown.insert("phrase".to_owned(), json!(issued.phrase.as_deref().unwrap_or_default()));
    shown
}

fn wire(token: &OneTimeToken) -> Object {
    object(json!({
        "$id": token.id.as_str(),
        "$createdAt": token.created.to_wire(),
        "userId": token.user_id.as_str(),
        "secret": "",
        "expire": token.expires.to_wire(),
        "phrase": "",
    }))
}
