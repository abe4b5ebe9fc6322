//! Signing in: password, second factor, device; for browsers with cookies, for applications with tokens.

use cairn_core::bearers::Channel;
use cairn_core::logins::{self, Done, How, Login, Step};
use cairn_core::turnstile;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{Rule, boolean, email, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::json;

use crate::rules::{candidate, token};
use crate::sessions::{to_app, to_browser};
use crate::wire::object;

/// Sign-ins of one address, and of one client, in an hour.
const SIGN_INS: RateLimit =
    RateLimit::per_hour(30).by(&["url:{url},email:{param-email},ip:{ip}", "url:{url},email:{param-email}"]);
/// Attempts with one token, and of one client, in an hour.
const ATTEMPTS: RateLimit = RateLimit::per_hour(30).by(&["url:{url},ip:{ip}"]);
const SIGN_IN_FAULTS: &[Fault] = &[
    Fault::UserInvalidCredentials,
    Fault::UserBlocked,
    Fault::WorkerUnreachable,
    Fault::WorkerAnswerInvalid,
    Fault::VerificationMailFailed,
    Fault::TurnstileTokenMissing,
    Fault::TurnstileFailed,
    Fault::TurnstileUnavailable,
];
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
    Route::post("/v0/auth/login", "auth.login", handler!(login)).limit(SIGN_INS).faults(SIGN_IN_FAULTS),
    Route::post("/v0/app/auth/login", "appAuth.login", handler!(app_login))
        .limit(SIGN_INS)
        .faults(SIGN_IN_FAULTS),
    Route::post("/v0/auth/totp/verify", "auth.verifyTotp", handler!(verify_totp))
        .limit(ATTEMPTS)
        .faults(SECOND_FACTOR_FAULTS),
    Route::post("/v0/app/auth/totp/verify", "appAuth.verifyTotp", handler!(app_verify_totp))
        .limit(ATTEMPTS)
        .faults(SECOND_FACTOR_FAULTS),
    Route::post("/v0/auth/device/verify", "auth.verifyDevice", handler!(verify_device))
        .limit(ATTEMPTS)
        .faults(&[Fault::DeviceTokenInvalid, Fault::UserNotFound]),
    Route::post("/v0/app/auth/device/verify", "appAuth.verifyDevice", handler!(app_verify_device))
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

fn how<P>(call: &Call<P>, channel: Channel, is_remembered: bool) -> How {
    How { channel, is_remembered, device: call.exchange.held.device.clone() }
}

async fn login(call: Call<SignIn>) -> Reply {
    turnstile::require(&call.cx, "auth.login").await?;
    let how = how(&call, Channel::Browser, call.params.remember_me);
    let SignIn { email, password, .. } = call.params;
    Ok(answer(&call.exchange, logins::create(&call.cx, Login { email, password, how }).await?))
}

async fn app_login(call: Call<SignIn>) -> Reply {
    turnstile::require(&call.cx, "appAuth.login").await?;
    let how = how(&call, Channel::App, false);
    let SignIn { email, password, .. } = call.params;
    Ok(answer(&call.exchange, logins::create(&call.cx, Login { email, password, how }).await?))
}

async fn verify_totp(call: Call<VerifyTotp>) -> Reply {
    let how = how(&call, Channel::Browser, false);
    let VerifyTotp { temp_token, code } = &call.params;
    Ok(answer(&call.exchange, logins::verify_second_factor(&call.cx, temp_token, code, how).await?))
}

async fn app_verify_totp(call: Call<VerifyTotp>) -> Reply {
    let how = how(&call, Channel::App, false);
    let VerifyTotp { temp_token, code } = &call.params;
    Ok(answer(&call.exchange, logins::verify_second_factor(&call.cx, temp_token, code, how).await?))
}

async fn verify_device(call: Call<VerifyDevice>) -> Reply {
    let done = logins::verify_device(&call.cx, &call.params.token, Channel::Browser).await?;
    Ok(answer(&call.exchange, Step::Done(done)))
}

async fn app_verify_device(call: Call<VerifyDevice>) -> Reply {
    let done = logins::verify_device(&call.cx, &call.params.token, Channel::App).await?;
    Ok(answer(&call.exchange, Step::Done(done)))
}

/// How far a sign-in came, as its client is told: a token for applications, cookies for browsers.
fn answer(exchange: &cairn_http::exchange::Exchange, step: Step) -> Answer {
    let accepted = |body| Answer::accepted("step", object(body)).header("cache-control", "no-store");
    match step {
        Step::SecondFactor(token) => accepted(json!({ "temp_token": token })),
        Step::Device => accepted(json!({ "status": "device_verification_required" })),
        Step::Done(Done { issued, device, .. }) if issued.refresh_token.is_some() => to_app(issued, device),
        Step::Done(Done { issued, is_remembered, device }) => {
            to_browser(exchange, &issued, is_remembered, device)
        }
    }
}
