//! Signing in: password, second factor, device; for browsers with cookies, for applications with tokens.

use cairn_core::logins::{self, Done, Login, Step};
use cairn_core::turnstile;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, boolean, email, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::json;

use crate::clients::{App, Browser, Client, how};
use crate::models::{OR_STEP, TOKENS};
use crate::rules::{candidate, mailing_faults, token};
use crate::sessions::to_client;
use crate::wire::object;

/// Sign-ins of one address, and of one client, in an hour.
const SIGN_INS: RateLimit =
    RateLimit::per_hour(30).by(&["url:{url},email:{param-email},ip:{ip}", "url:{url},email:{param-email}"]);
/// Attempts with one token, and of one client, in an hour.
const ATTEMPTS: RateLimit = RateLimit::per_hour(30).by(&["url:{url},ip:{ip}"]);
const SIGN_IN_FAULTS: &[Fault] = mailing_faults![UserInvalidCredentials, UserBlocked];
const SECOND_FACTOR_FAULTS: &[Fault] = &[
    Fault::TotpTemporaryTokenInvalid,
    Fault::TotpTemporaryTokenExpired,
    Fault::TotpNotEnabled,
    Fault::TotpCodeInvalid,
    Fault::TotpBackupCodesExhausted,
    Fault::UserNotFound,
    Fault::WorkerUnreachable,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v0/auth/login", "auth.login", handler!(login::<Browser>))
        .nothing()
        .or(&OR_STEP)
        .limit(SIGN_INS)
        .faults(SIGN_IN_FAULTS),
    Route::post("/v0/app/auth/login", "appAuth.login", handler!(login::<App>))
        .ok(&TOKENS)
        .or(&OR_STEP)
        .limit(SIGN_INS)
        .faults(SIGN_IN_FAULTS),
    Route::post("/v0/auth/totp/verify", "auth.verifyTotp", handler!(verify_totp::<Browser>))
        .nothing()
        .or(&OR_STEP)
        .limit(ATTEMPTS)
        .faults(SECOND_FACTOR_FAULTS),
    Route::post("/v0/app/auth/totp/verify", "appAuth.verifyTotp", handler!(verify_totp::<App>))
        .ok(&TOKENS)
        .or(&OR_STEP)
        .limit(ATTEMPTS)
        .faults(SECOND_FACTOR_FAULTS),
    Route::post("/v0/auth/device/verify", "auth.verifyDevice", handler!(verify_device::<Browser>))
        .nothing()
        .limit(ATTEMPTS)
        .faults(&[Fault::DeviceTokenInvalid, Fault::UserNotFound]),
    Route::post("/v0/app/auth/device/verify", "appAuth.verifyDevice", handler!(verify_device::<App>))
        .ok(&TOKENS)
        .limit(ATTEMPTS)
        .faults(&[Fault::DeviceTokenInvalid, Fault::UserNotFound]),
];

params! {
    /// Sign in.
    struct SignIn {
        /// The address of the account.
        email: String = "email" => email(),
        /// Its password.
        password: String = "password" => candidate(),
        /// Whether the session outlives the browser.
        remember_me: bool = "remember_me" => boolean().or(false, json!(false)),
    }
}

params! {
    /// Go on with the second factor.
    struct VerifyTotp {
        /// The token of the answer before.
        temp_token: String = "temp_token" => token(),
        /// Six digits of the authenticator, or a backup code of eight characters.
        code: String = "code" => text(6, 8),
    }
}

params! {
    /// Go on with the link that was mailed.
    struct VerifyDevice {
        /// The token of the link.
        token: String = "token" => token(),
    }
}

async fn login<C: Client>(call: Call<SignIn>) -> Reply {
    turnstile::require(&call.cx, C::LOGIN).await?;
    let how = how::<C, _>(&call);
    let SignIn { email, password, remember_me: is_remembered } = call.params;
    Ok(answer(&call.exchange, logins::create(&call.cx, Login { email, password, is_remembered, how }).await?))
}

async fn verify_totp<C: Client>(call: Call<VerifyTotp>) -> Reply {
    let how = how::<C, _>(&call);
    let VerifyTotp { temp_token, code } = &call.params;
    Ok(answer(&call.exchange, logins::verify_second_factor(&call.cx, temp_token, code, how).await?))
}

async fn verify_device<C: Client>(call: Call<VerifyDevice>) -> Reply {
    let done = logins::verify_device(&call.cx, &call.params.token, C::CHANNEL).await?;
    Ok(answer(&call.exchange, Step::Done(done)))
}

/// How far a sign-in came, as its client is told: a token for applications, cookies for browsers.
fn answer(exchange: &cairn_http::exchange::Exchange, step: Step) -> Answer {
    let accepted = |body| Answer::accepted("step", object(body)).header("cache-control", "no-store");
    match step {
        Step::SecondFactor(token) => accepted(json!({ "temp_token": token })),
        Step::Device => accepted(json!({ "status": "device_verification_required" })),
        Step::Done(Done { issued, is_remembered, device }) => {
            to_client(exchange, issued, is_remembered, device)
        }
    }
}
