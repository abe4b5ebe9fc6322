//! Rows: account.

macro_rules! rows_account {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*
            /// Account key expired.
            AccountKeyExpired {
                kind: Unauthorized,
                message: "Account key expired.",
                appwrite: 401 "account_key_expired",
            }
            /// Api key expired.
            ApiKeyExpired {
                kind: Unauthorized,
                message: "Api key expired.",
                appwrite: 401 "api_key_expired",
            }
            /// Password personal data.
            PasswordPersonalData {
                kind: Invalid,
                message: "Password personal data.",
                appwrite: 400 "password_personal_data",
            }
            /// Password recently used.
            PasswordRecentlyUsed {
                kind: Invalid,
                message: "Password recently used.",
                appwrite: 400 "password_recently_used",
            }
            /// Token expired.
            TokenExpired {
                kind: Unauthorized,
                message: "Token expired.",
                appwrite: 401 "token_expired",
            }
            /// Token not found.
            TokenNotFound {
                kind: NotFound,
                message: "Token not found.",
                appwrite: 404 "token_not_found",
            }
            /// Token resource type invalid.
            TokenResourceTypeInvalid {
                kind: Invalid,
                message: "Token resource type invalid.",
                appwrite: 400 "token_resource_type_invalid",
            }
            /// User already exists.
            UserAlreadyExists {
                kind: Conflict,
                message: "User already exists.",
                appwrite_1_0: 409 "user_already_exists",
                appwrite: 409 "user_already_exists",
            }
            /// User anonymous console prohibited.
            UserAnonymousConsoleProhibited {
                kind: Unauthorized,
                message: "User anonymous console prohibited.",
                appwrite_1_0: 401 "user_anonymous_console_prohibited",
                appwrite: 401 "user_anonymous_console_prohibited",
            }
            /// User api key and session set.
            UserApiKeyAndSessionSet {
                kind: Forbidden,
                message: "User api key and session set.",
                appwrite: 403 "user_api_key_and_session_set",
            }
            /// User auth method unsupported.
            UserAuthMethodUnsupported {
                kind: NotImplemented,
                message: "User auth method unsupported.",
                appwrite_1_0: 501 "user_auth_method_unsupported",
                appwrite: 501 "user_auth_method_unsupported",
            }
            /// User authenticator already verified.
            UserAuthenticatorAlreadyVerified {
                kind: Conflict,
                message: "User authenticator already verified.",
                appwrite: 409 "user_authenticator_already_verified",
            }
            /// User authenticator not found.
            UserAuthenticatorNotFound {
                kind: NotFound,
                message: "User authenticator not found.",
                appwrite: 404 "user_authenticator_not_found",
            }
            /// User blocked.
            UserBlocked {
                kind: Forbidden,
                message: "User blocked.",
                appwrite_1_0: 401 "user_blocked",
                appwrite: 403 "user_blocked",
            }
            /// User challenge required.
            UserChallengeRequired {
                kind: Unauthorized,
                message: "User challenge required.",
                appwrite: 401 "user_challenge_required",
            }
            /// User console count exceeded.
            UserConsoleCountExceeded {
                kind: NotImplemented,
                message: "User console count exceeded.",
                appwrite: 501 "user_console_count_exceeded",
            }
            /// User count exceeded.
            UserCountExceeded {
                kind: Invalid,
                message: "User count exceeded.",
                appwrite_1_0: 501 "user_count_exceeded",
                appwrite: 400 "user_count_exceeded",
            }
            /// User deletion prohibited.
            UserDeletionProhibited {
                kind: Invalid,
                message: "User deletion prohibited.",
                appwrite: 400 "user_deletion_prohibited",
            }
            /// User email already exists.
            UserEmailAlreadyExists {
                kind: Conflict,
                message: "User email already exists.",
                appwrite_1_0: 409 "user_email_already_exists",
                appwrite: 409 "user_email_already_exists",
            }
            /// User email already verified.
            UserEmailAlreadyVerified {
                kind: Conflict,
                message: "User email already verified.",
                appwrite: 409 "user_email_already_verified",
            }
            /// User email disposable.
            UserEmailDisposable {
                kind: Invalid,
                message: "User email disposable.",
                appwrite: 400 "user_email_disposable",
            }
            /// User email free.
            UserEmailFree {
                kind: Invalid,
                message: "User email free.",
                appwrite: 400 "user_email_free",
            }
            /// User email not canonical.
            UserEmailNotCanonical {
                kind: Invalid,
                message: "User email not canonical.",
                appwrite: 400 "user_email_not_canonical",
            }
            /// User email not corporate.
            UserEmailNotCorporate {
                kind: Invalid,
                message: "User email not corporate.",
                appwrite: 400 "user_email_not_corporate",
            }
            /// User email not found.
            UserEmailNotFound {
                kind: Invalid,
                message: "User email not found.",
                appwrite: 400 "user_email_not_found",
            }
            /// User email not verified.
            UserEmailNotVerified {
                kind: Invalid,
                message: "User email not verified.",
                appwrite: 400 "user_email_not_verified",
            }
            /// User email not whitelisted.
            UserEmailNotWhitelisted {
                kind: Unauthorized,
                message: "User email not whitelisted.",
                appwrite_1_0: 401 "user_email_not_whitelisted",
                appwrite: 401 "user_email_not_whitelisted",
            }
            /// User id missing.
            UserIdMissing {
                kind: Forbidden,
                message: "User id missing.",
                appwrite: 403 "user_id_missing",
            }
            /// User identity not found.
            UserIdentityNotFound {
                kind: NotFound,
                message: "User identity not found.",
                appwrite: 404 "user_identity_not_found",
            }
            /// User invalid code.
            UserInvalidCode {
                kind: Unauthorized,
                message: "User invalid code.",
                appwrite: 401 "user_invalid_code",
            }
            /// User invalid credentials.
            UserInvalidCredentials {
                kind: Unauthorized,
                message: "User invalid credentials.",
                appwrite_1_0: 401 "user_invalid_credentials",
                appwrite: 401 "user_invalid_credentials",
            }
            /// User invalid token.
            UserInvalidToken {
                kind: Unauthorized,
                message: "User invalid token.",
                appwrite_1_0: 401 "user_invalid_token",
                appwrite: 401 "user_invalid_token",
            }
            /// User ip not whitelisted.
            UserIpNotWhitelisted {
                kind: Unauthorized,
                message: "User ip not whitelisted.",
                appwrite_1_0: 401 "user_ip_not_whitelisted",
                appwrite: 401 "user_ip_not_whitelisted",
            }
            /// User jwt and cookie set.
            UserJwtAndCookieSet {
                kind: Forbidden,
                message: "User jwt and cookie set.",
                appwrite: 403 "user_jwt_and_cookie_set",
            }
            /// User jwt creation denied.
            UserJwtCreationDenied {
                kind: Forbidden,
                message: "User jwt creation denied.",
                appwrite: 403 "user_jwt_creation_denied",
            }
            /// User jwt invalid.
            UserJwtInvalid {
                kind: Unauthorized,
                message: "User jwt invalid.",
                appwrite_1_0: 401 "user_jwt_invalid",
                appwrite: 401 "user_jwt_invalid",
            }
            /// User missing id.
            UserMissingId {
                kind: Invalid,
                message: "User missing id.",
                appwrite_1_0: 400 "project_missing_user_id",
                appwrite: 400 "user_missing_id",
            }
            /// User more factors required.
            UserMoreFactorsRequired {
                kind: Unauthorized,
                message: "User more factors required.",
                appwrite: 401 "user_more_factors_required",
            }
            /// User not found.
            UserNotFound {
                kind: NotFound,
                message: "User not found.",
                appwrite_1_0: 404 "user_not_found",
                appwrite: 404 "user_not_found",
            }
            /// User oauth2 bad request.
            UserOauth2BadRequest {
                kind: Invalid,
                message: "User oauth2 bad request.",
                appwrite: 400 "user_oauth2_bad_request",
            }
            /// User oauth2 provider error.
            UserOauth2ProviderError {
                kind: Upstream,
                message: "User oauth2 provider error.",
                appwrite: 424 "user_oauth2_provider_error",
            }
            /// User oauth2 provider failure.
            UserOauth2ProviderFailure {
                kind: Upstream,
                message: "User oauth2 provider failure.",
                appwrite: 424 "user_oauth2_provider_failure",
            }
            /// User oauth2 unauthorized.
            UserOauth2Unauthorized {
                kind: Unauthorized,
                message: "User oauth2 unauthorized.",
                appwrite: 401 "user_oauth2_unauthorized",
            }
            /// User password mismatch.
            UserPasswordMismatch {
                kind: Invalid,
                message: "User password mismatch.",
                appwrite_1_0: 400 "user_password_mismatch",
                appwrite: 400 "user_password_mismatch",
            }
            /// User password reset required.
            UserPasswordResetRequired {
                kind: Invalid,
                message: "User password reset required.",
                appwrite_1_0: 412 "user_password_reset_required",
                appwrite: 412 "user_password_reset_required",
            }
            /// User phone already exists.
            UserPhoneAlreadyExists {
                kind: Conflict,
                message: "User phone already exists.",
                appwrite: 409 "user_phone_already_exists",
            }
            /// User phone already verified.
            UserPhoneAlreadyVerified {
                kind: Conflict,
                message: "User phone already verified.",
                appwrite: 409 "user_phone_already_verified",
            }
            /// User phone not found.
            UserPhoneNotFound {
                kind: Invalid,
                message: "User phone not found.",
                appwrite: 400 "user_phone_not_found",
            }
            /// User phone not verified.
            UserPhoneNotVerified {
                kind: Invalid,
                message: "User phone not verified.",
                appwrite: 400 "user_phone_not_verified",
            }
            /// User recovery codes already exists.
            UserRecoveryCodesAlreadyExists {
                kind: Conflict,
                message: "User recovery codes already exists.",
                appwrite: 409 "user_recovery_codes_already_exists",
            }
            /// User recovery codes not found.
            UserRecoveryCodesNotFound {
                kind: NotFound,
                message: "User recovery codes not found.",
                appwrite: 404 "user_recovery_codes_not_found",
            }
            /// User session already exists.
            UserSessionAlreadyExists {
                kind: Unauthorized,
                message: "User session already exists.",
                appwrite_1_0: 401 "user_session_already_exists",
                appwrite: 401 "user_session_already_exists",
            }
            /// User session not found.
            UserSessionNotFound {
                kind: NotFound,
                message: "User session not found.",
                appwrite_1_0: 404 "user_session_not_found",
                appwrite: 404 "user_session_not_found",
            }
            /// User target already exists.
            UserTargetAlreadyExists {
                kind: Conflict,
                message: "User target already exists.",
                appwrite: 409 "user_target_already_exists",
            }
            /// User target not found.
            UserTargetNotFound {
                kind: NotFound,
                message: "User target not found.",
                appwrite: 404 "user_target_not_found",
            }
            /// User unauthorized.
            UserUnauthorized {
                kind: Unauthorized,
                message: "User unauthorized.",
                appwrite_1_0: 401 "user_unauthorized",
                appwrite: 401 "user_unauthorized",
            }
        }
    };
}
