//! Sign-up: no account exists until its address is proved.

use cairn_core::signups::{self, Arrived, NewSignup};
use cairn_core::turnstile;
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::email;
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use serde_json::json;

use crate::clients::{App, Browser, Client};
use crate::models::{MESSAGE, OR_NOTHING, TOKENS};
use crate::rules::{display_name, handle, mailing_faults, new_password, token};
use crate::sessions::to_client;
use crate::wire::object;

const SIGN_UPS: RateLimit = RateLimit::per_hour(30).by(&["url:{url},ip:{ip}"]);
const SIGN_UP_FAULTS: &[Fault] = mailing_faults![HandleAlreadyExists];
const RESEND_FAULTS: &[Fault] = mailing_faults![AccountEmailAlreadyVerified];
const VERIFY_FAULTS: &[Fault] = &[
    Fault::VerificationTokenInvalid,
    Fault::VerificationTokenExpired,
    Fault::TokenEmailMismatch,
    Fault::UserEmailAlreadyExists,
    Fault::HandleAlreadyExists,
];

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::post("/v0/auth/signup", "auth.signup", handler!(signup))
        .accepted(&MESSAGE)
        .limit(SIGN_UPS)
        .faults(SIGN_UP_FAULTS),
    Route::post("/v0/auth/verify-email", "auth.verifyEmail", handler!(verify::<Browser>))
        .nothing()
        .limit(SIGN_UPS)
        .before_factors()
        .faults(VERIFY_FAULTS),
    Route::post("/v0/app/auth/verify-email", "appAuth.verifyEmail", handler!(verify::<App>))
        .ok(&TOKENS)
        .or(&OR_NOTHING)
        .limit(SIGN_UPS)
        .before_factors()
        .faults(VERIFY_FAULTS),
    Route::post("/v0/auth/resend-verification-email", "auth.resendVerificationEmail", handler!(resend))
        .nothing()
        .limit(SIGN_UPS.by(&["url:{url},ip:{ip}", "url:{url},email:{param-email}"]))
        .before_factors()
        .faults(RESEND_FAULTS),
];

params! {
    /// Sign up.
    struct SignUp {
        /// The address; a link is sent to it.
        email: String = "email" => email(),
        /// The handle.
        handle: String = "handle" => handle(),
        /// The name that is shown.
        display_name: String = "display_name" => display_name(),
        /// The password.
        password: String = "password" => new_password(),
    }
}

params! {
    /// Finish a sign-up.
    struct VerifyEmail {
        /// The token of the link.
        token: String = "token" => token(),
    }
}

params! {
    /// Have the link sent once more.
    struct Resend {
        /// The address.
        email: String = "email" => email(),
    }
}

async fn signup(call: Call<SignUp>) -> Reply {
    turnstile::require(&call.cx, "auth.signup").await?;
    let SignUp { email, handle, display_name, password } = call.params;
    signups::create(&call.cx, NewSignup { email, handle, name: display_name, password }).await?;
    // The same for every address.
    Ok(Answer::accepted("message", object(json!({ "message": "A link was sent to the address." }))))
}

async fn verify<C: Client>(call: Call<VerifyEmail>) -> Reply {
    let arrived = signups::verify(&call.cx, &call.params.token, C::CHANNEL).await?;
    Ok(match arrived {
        Arrived { issued: Some(issued), device } => to_client(&call.exchange, issued, false, device),
        Arrived { issued: None, .. } => Answer::no_content(),
    })
}

async fn resend(call: Call<Resend>) -> Reply {
    turnstile::require(&call.cx, "auth.resendVerificationEmail").await?;
    signups::resend(&call.cx, &call.params.email).await?;
    Ok(Answer::no_content())
}
