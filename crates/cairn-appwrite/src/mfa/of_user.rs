//! Users' second factors, as an administrator sees and resets them.

use cairn_core::mfa::{self, challenges, recovery};
use cairn_faults::Fault;
use cairn_http::rules::{boolean, one_of, text, uid};
use cairn_http::{Answer, Call, Reply, Route, handler, params};
use cairn_model::ids::{ChallengeId, UserId};
use serde_json::json;

use super::{KINDS, challenge, codes, factors, second};
use crate::models::{MFA_CHALLENGE_SECRET, MFA_FACTORS, MFA_RECOVERY_CODES, USER};
use crate::users::{MISSING, OfUser, READ, RESOURCE, SUBJECT, WRITE, user};

const CODES: &str = "/v1/users/{userId}/mfa/recovery-codes";

pub(super) const ROUTES: &[Route] = &[
    Route::patch("/v1/users/{userId}/mfa", "users.updateMFA", handler!(update_user_mfa))
        .ok(&USER)
        .also(&["users.updateMfa"])
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(MISSING),
    Route::get("/v1/users/{userId}/mfa/factors", "users.listMFAFactors", handler!(list_user_factors))
        .ok(&MFA_FACTORS)
        .also(&["users.listMfaFactors"])
        .scopes(READ)
        .faults(MISSING),
    Route::get(
        "/v1/users/{userId}/mfa/challenges/{challengeId}",
        "users.getMFAChallenge",
        handler!(get_user_challenge),
    )
    .ok(&MFA_CHALLENGE_SECRET)
    .scopes(READ)
    .faults(&[Fault::UserNotFound, Fault::UserInvalidToken]),
    Route::delete(
        "/v1/users/{userId}/mfa/authenticators/{type}",
        "users.deleteMFAAuthenticator",
        handler!(delete_user_authenticator),
    )
    .nothing()
    .also(&["users.deleteMfaAuthenticator"])
    .scopes(WRITE)
    .audited("user.update", RESOURCE, SUBJECT)
    .faults(&[Fault::UserNotFound, Fault::UserAuthenticatorNotFound]),
    // COMPAT(appwrite): codes are made by PATCH and made anew by PUT.
    Route::patch(CODES, "users.createMFARecoveryCodes", handler!(create_user_codes))
        .created(&MFA_RECOVERY_CODES)
        .also(&["users.createMfaRecoveryCodes"])
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(&[Fault::UserNotFound, Fault::UserRecoveryCodesAlreadyExists]),
    Route::put(CODES, "users.updateMFARecoveryCodes", handler!(update_user_codes))
        .ok(&MFA_RECOVERY_CODES)
        .also(&["users.updateMfaRecoveryCodes"])
        .scopes(WRITE)
        .audited("user.update", RESOURCE, SUBJECT)
        .faults(&[Fault::UserNotFound, Fault::UserRecoveryCodesNotFound]),
    Route::get(CODES, "users.getMFARecoveryCodes", handler!(get_user_codes))
        .ok(&MFA_RECOVERY_CODES)
        .also(&["users.getMfaRecoveryCodes"])
        .scopes(READ)
        .faults(&[Fault::UserNotFound, Fault::UserRecoveryCodesNotFound]),
];

params! {
    pub(crate) struct UpdateUserMfa {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// Whether a second factor is asked for.
        mfa: bool = "mfa" => boolean(),
    }
}

async fn update_user_mfa(call: Call<UpdateUserMfa>) -> Reply {
    let UpdateUserMfa { user_id, mfa } = call.params;
    Ok(Answer::ok("user", user(&mfa::update_of(&call.cx, &UserId(user_id), second(mfa)).await?)))
}

async fn list_user_factors(call: Call<OfUser>) -> Reply {
    let found = mfa::factors_of(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::ok("mfaFactors", factors(found)))
}

params! {
    pub(crate) struct OfUserChallenge {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The id of the challenge.
        challenge_id: String = "challengeId" => text(1, 256),
    }
}

async fn get_user_challenge(call: Call<OfUserChallenge>) -> Reply {
    let OfUserChallenge { user_id, challenge_id } = call.params;
    let (found, code) = challenges::get_of(&call.cx, &UserId(user_id), &ChallengeId(challenge_id)).await?;
    let mut shown = challenge(&found);
    shown.insert("code".to_owned(), json!(code));
    Ok(Answer::ok("mfaChallengeSecret", shown))
}

params! {
    pub(crate) struct OfUserAuthenticator {
        /// The id of the user.
        user_id: String = "userId" => uid(),
        /// The kind of authenticator: `totp`.
        _kind: &'static str = "type" => one_of(KINDS),
    }
}

async fn delete_user_authenticator(call: Call<OfUserAuthenticator>) -> Reply {
    mfa::delete_authenticator_of(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::no_content())
}

async fn create_user_codes(call: Call<OfUser>) -> Reply {
    let made = recovery::create_of(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::created("mfaRecoveryCodes", codes(&made)))
}

async fn update_user_codes(call: Call<OfUser>) -> Reply {
    let made = recovery::regenerate_of(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::ok("mfaRecoveryCodes", codes(&made)))
}

async fn get_user_codes(call: Call<OfUser>) -> Reply {
    let found = recovery::list_of(&call.cx, &UserId(call.params.user_id)).await?;
    Ok(Answer::ok("mfaRecoveryCodes", codes(&found)))
}
