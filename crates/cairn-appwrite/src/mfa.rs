//! Second factors of the person who asks, and as an administrator sees those of others.

mod of_user;

use cairn_core::mfa::{self, Factors, Second, challenges, recovery};
use cairn_faults::Fault;
use cairn_http::limits::RateLimit;
use cairn_http::rules::{boolean, choices, one_of, text};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::ChallengeId;
use cairn_model::mfa::{Challenge, Factor};
use serde_json::json;

use crate::account::shown;
use crate::models::{MFA_CHALLENGE, MFA_FACTORS, MFA_RECOVERY_CODES, MFA_TYPE, OWN_ACCOUNT, SESSION};
use crate::sessions::{Current, wire};
use crate::wire::{Object, object};
use crate::{ACCOUNT, OWN};

const AUTHENTICATOR: &str = "/v1/account/mfa/authenticators/{type}";
const CHALLENGES: &str = "/v1/account/mfa/challenges";
const CODES: &str = "/v1/account/mfa/recovery-codes";
/// The one kind of authenticator.
pub(crate) const KINDS: &[&str] = &["totp"];
/// What a challenge can ask for.
const FACTORS: &[(&str, Factor)] = &[
    ("email", Factor::Email),
    ("phone", Factor::Phone),
    ("totp", Factor::Totp),
    ("recoveryCode", Factor::RecoveryCode),
    ("custom", Factor::Custom),
];
const BY_USER: RateLimit = RateLimit::per_hour(10).by(&["url:{url},userId:{userId}"]);

/// The routes of users' second factors, for administrators.
pub const OF_USER_ROUTES: &[Route] = of_user::ROUTES;

/// The routes of this capability.
pub const ROUTES: &[Route] = &[
    Route::patch("/v1/account/mfa", "account.updateMFA", handler!(update_account_mfa))
        .ok(&OWN_ACCOUNT)
        .scopes(ACCOUNT)
        .audited("user.update", OWN, ""),
    Route::post(AUTHENTICATOR, "account.createMFAAuthenticator", handler!(create_authenticator))
        .ok(&MFA_TYPE)
        .also(&["account.createMfaAuthenticator"])
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[Fault::UserAuthenticatorAlreadyVerified]),
    Route::put(AUTHENTICATOR, "account.updateMFAAuthenticator", handler!(update_authenticator))
        .ok(&OWN_ACCOUNT)
        .also(&["account.updateMfaAuthenticator"])
        .scopes(ACCOUNT)
        .limit(BY_USER)
        .audited("user.update", OWN, "")
        .faults(&[
            Fault::UserAuthenticatorNotFound,
            Fault::UserAuthenticatorAlreadyVerified,
            Fault::UserInvalidToken,
        ]),
    Route::delete(AUTHENTICATOR, "account.deleteMFAAuthenticator", handler!(delete_authenticator))
        .nothing()
        .also(&["account.deleteMfaAuthenticator"])
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[Fault::UserChallengeRequired, Fault::UserAuthenticatorNotFound]),
    Route::post(CHALLENGES, "account.createMFAChallenge", handler!(create_challenge))
        .created(&MFA_CHALLENGE)
        .also(&["account.createMfaChallenge"])
        .aliases(&["/v1/account/mfa/challenge"])
        .scopes(ACCOUNT)
        .before_factors()
        .limit(BY_USER)
        .audited("challenge.create", OWN, "")
        .faults(&[
            Fault::UserAuthMethodUnsupported,
            Fault::GeneralSmtpDisabled,
            Fault::GeneralPhoneDisabled,
            Fault::UserEmailNotFound,
            Fault::UserEmailNotVerified,
            Fault::UserPhoneNotFound,
            Fault::UserPhoneNotVerified,
        ]),
    Route::put(CHALLENGES, "account.updateMFAChallenge", handler!(update_challenge))
        .ok(&SESSION)
        .also(&["account.updateMfaChallenge"])
        .aliases(&["/v1/account/mfa/challenge"])
        .scopes(ACCOUNT)
        .before_factors()
        .limit(RateLimit::per_hour(10).by(&["url:{url},challengeId:{param-challengeId}"]))
        .audited("challenges.update", OWN, "")
        .faults(&[
            Fault::UserInvalidToken,
            Fault::UserAuthMethodUnsupported,
            Fault::UserAuthenticatorNotFound,
            Fault::UserSessionNotFound,
        ]),
    Route::get("/v1/account/mfa/factors", "account.listMFAFactors", handler!(list_factors))
        .ok(&MFA_FACTORS)
        .also(&["account.listMfaFactors"])
        .scopes(ACCOUNT)
        .before_factors(),
    Route::post(CODES, "account.createMFARecoveryCodes", handler!(create_codes))
        .created(&MFA_RECOVERY_CODES)
        .also(&["account.createMfaRecoveryCodes"])
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[Fault::UserRecoveryCodesAlreadyExists]),
    Route::patch(CODES, "account.updateMFARecoveryCodes", handler!(update_codes))
        .ok(&MFA_RECOVERY_CODES)
        .also(&["account.updateMfaRecoveryCodes"])
        .scopes(ACCOUNT)
        .audited("user.update", OWN, "")
        .faults(&[Fault::UserChallengeRequired, Fault::UserRecoveryCodesNotFound]),
    Route::get(CODES, "account.getMFARecoveryCodes", handler!(get_codes))
        .ok(&MFA_RECOVERY_CODES)
        .also(&["account.getMfaRecoveryCodes"])
        .scopes(ACCOUNT)
        .faults(&[Fault::UserChallengeRequired, Fault::UserRecoveryCodesNotFound]),
];

params! {
    pub(crate) struct UpdateMfa {
        /// Whether a second factor is asked for.
        mfa: bool = "mfa" => boolean(),
    }
}

async fn update_account_mfa(call: Call<UpdateMfa>) -> Reply {
    let changed = mfa::update(&call.cx, second(call.params.mfa)).await?;
    Ok(Answer::ok("account", shown(&call.cx, &changed)))
}

/// The switch in words.
pub(crate) fn second(is_asked: bool) -> Second {
    if is_asked { Second::Asked } else { Second::Spared }
}

params! {
    pub(crate) struct OfAuthenticator {
        /// The kind of authenticator: `totp`.
        _kind: &'static str = "type" => one_of(KINDS),
    }
}

async fn create_authenticator(call: Call<OfAuthenticator>) -> Reply {
    let made = mfa::create_authenticator(&call.cx).await?;
    Ok(Answer::ok("mfaType", object(json!({ "secret": made.secret, "uri": made.uri }))))
}

params! {
    pub(crate) struct UpdateAuthenticator {
        /// The kind of authenticator: `totp`.
        _kind: &'static str = "type" => one_of(KINDS),
        /// A code that the authenticator shows.
        otp: String = "otp" => text(1, 256),
    }
}

async fn update_authenticator(call: Call<UpdateAuthenticator>) -> Reply {
    let changed = mfa::verify_authenticator(&call.cx, &call.params.otp).await?;
    Ok(Answer::ok("account", shown(&call.cx, &changed)))
}

async fn delete_authenticator(call: Call<OfAuthenticator>) -> Reply {
    mfa::delete_authenticator(&call.cx).await?;
    Ok(Answer::no_content())
}

params! {
    pub(crate) struct CreateChallenge {
        /// What proves the user: `email`, `phone`, `totp`, `recoveryCode` or `custom`.
        factor: Factor = "factor" => choices(FACTORS),
    }
}

async fn create_challenge(call: Call<CreateChallenge>) -> Reply {
    let made = challenges::create(&call.cx, call.params.factor).await?;
    Ok(Answer::created("mfaChallenge", challenge(&made)))
}

params! {
    pub(crate) struct UpdateChallenge {
        /// The id of the challenge.
        challenge_id: String = "challengeId" => text(1, 256),
        /// The code.
        otp: String = "otp" => text(1, 256),
    }
}

async fn update_challenge(call: Call<UpdateChallenge>) -> Reply {
    let UpdateChallenge { challenge_id, otp } = call.params;
    let session = challenges::answer(&call.cx, &ChallengeId(challenge_id), &otp).await?;
    Ok(Answer::ok("session", wire(&session, Current::Yes)))
}

async fn list_factors(call: Call<()>) -> Reply {
    Ok(Answer::ok("mfaFactors", factors(mfa::factors(&call.cx).await?)))
}

async fn create_codes(call: Call<()>) -> Reply {
    Ok(Answer::created("mfaRecoveryCodes", codes(&recovery::create(&call.cx).await?)))
}

async fn update_codes(call: Call<()>) -> Reply {
    Ok(Answer::ok("mfaRecoveryCodes", codes(&recovery::regenerate(&call.cx).await?)))
}

async fn get_codes(call: Call<()>) -> Reply {
    Ok(Answer::ok("mfaRecoveryCodes", codes(&recovery::list(&call.cx).await?)))
}

/// Recovery codes.
pub(crate) fn codes(codes: &[String]) -> Object {
    object(json!({ "recoveryCodes": codes }))
}

/// Which factors there are.
pub(crate) fn factors(has: Factors) -> Object {
    object(json!({
        "totp": has.totp,
        "phone": has.phone,
        "email": has.email,
        "recoveryCode": has.recovery_code,
        "custom": has.custom,
    }))
}

/// A challenge, without its code.
pub(crate) fn challenge(of: &Challenge) -> Object {
    object(json!({
        "$id": of.id.as_str(),
        "$createdAt": of.created.to_wire(),
        "userId": of.user_id.as_str(),
        "expire": of.expires.to_wire(),
    }))
}
