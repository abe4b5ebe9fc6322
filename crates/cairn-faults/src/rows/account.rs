//! Sign-up, credentials, sessions and tokens: what a user meets on the way in.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_account {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// The account is blocked.
            ///
            /// Raised only after the password proved right, so that a stranger cannot learn who is
            /// blocked. An administrator can unblock the account.
            UserBlocked {
                kind: Forbidden,
                message: "The account is blocked.",
                appwrite_1_0: 401 "user_blocked",
                appwrite: 403 "user_blocked",
                reason: 403 "user:banned",
                everlive: 403 603 "Access Denied",
                discord: 403 20013,
            }
            /// The e-mail address or the password is wrong.
            ///
            /// The answer is the same for an unknown address and for a wrong password, so that nobody
            /// learns which addresses have accounts. Check both, or reset the password.
            UserInvalidCredentials {
                kind: Unauthorized,
                message: "The e-mail address or the password is wrong.",
                appwrite_1_0: 401 "user_invalid_credentials",
                appwrite: 401 "user_invalid_credentials",
                reason: 401 "auth:invalid_credentials",
                everlive: 403 205 "Invalid username or password.",
                discord: 400 50035,
            }
            /// The caller may not do this.
            ///
            /// The caller is known, but neither the item's permissions nor those of its collection give
            /// the right, or the caller tried to grant a role that it does not hold.
            UserUnauthorized {
                kind: Forbidden,
                message: "The caller may not do this.",
                appwrite_1_0: 401 "user_unauthorized",
                appwrite: 401 "user_unauthorized",
                reason: 403 "user:permission_insufficient",
                discord: 403 50013,
            }
            /// A session is active already.
            ///
            /// An anonymous account or a session can only be made by somebody who is not signed in.
            /// Delete the current session first.
            UserSessionAlreadyExists {
                kind: Conflict,
                message: "A session is active already.",
                appwrite_1_0: 401 "user_session_already_exists",
                appwrite: 401 "user_session_already_exists",
                discord: 400 50035,
            }
            /// There is no such session.
            ///
            /// The session ended, was deleted, or belongs to somebody else. List the sessions to see
            /// those that exist.
            UserSessionNotFound {
                kind: NotFound,
                message: "There is no such session.",
                appwrite_1_0: 404 "user_session_not_found",
                appwrite: 404 "user_session_not_found",
                reason: 401 "session:not_found",
                discord: 404 10020,
            }
            /// The JWT is not valid.
            ///
            /// It is malformed, expired, signed by somebody else, or its session has ended. Make a new
            /// one with a session.
            UserJwtInvalid {
                kind: Unauthorized,
                message: "The JWT is not valid.",
                appwrite_1_0: 401 "user_jwt_invalid",
                appwrite: 401 "user_jwt_invalid",
                reason: 401 "user:invalid_token",
                everlive: 403 301 "Invalid access token.",
                discord: 401 50014,
            }
            /// A JWT cannot be made with a JWT.
            ///
            /// Sign in with a session and make it with that.
            UserJwtCreationDenied {
                kind: Forbidden,
                message: "A JWT cannot be made with a JWT.",
                appwrite: 403 "user_jwt_creation_denied",
            }
            /// The request carries both a JWT and a session.
            ///
            /// It would be unclear who is calling. Send one of them.
            UserJwtAndCookieSet {
                kind: Forbidden,
                message: "The request carries both a JWT and a session.",
                appwrite: 403 "user_jwt_and_cookie_set",
            }
            /// The request carries both a key and a session.
            ///
            /// It would be unclear who is calling. Send one of them.
            UserApiKeyAndSessionSet {
                kind: Forbidden,
                message: "The request carries both a key and a session.",
                appwrite: 403 "user_api_key_and_session_set",
            }
            /// This way of signing in is switched off.
            ///
            /// The project's settings say which ways are open. Use another one, or switch it on there.
            UserAuthMethodUnsupported {
                kind: Forbidden,
                message: "This way of signing in is switched off.",
                appwrite_1_0: 501 "user_auth_method_unsupported",
                appwrite: 501 "user_auth_method_unsupported",
                discord: 403 40006,
            }
            /// The console has no anonymous accounts.
            ///
            /// Sign up with an e-mail address and a password.
            UserAnonymousConsoleProhibited {
                kind: Forbidden,
                message: "The console has no anonymous accounts.",
                appwrite_1_0: 401 "user_anonymous_console_prohibited",
                appwrite: 401 "user_anonymous_console_prohibited",
                discord: 403 50001,
            }
            /// The password is like an older one of this account.
            ///
            /// The project remembers a number of old passwords and refuses them. Choose one that was
            /// never used.
            PasswordRecentlyUsed {
                kind: Invalid,
                message: "The password is like an older one of this account.",
                appwrite: 400 "password_recently_used",
                discord: 400 50035,
            }
            /// The password contains data of its user.
            ///
            /// The project refuses passwords that hold the name, e-mail address, telephone number or id
            /// of their user. Choose another one.
            PasswordPersonalData {
                kind: Invalid,
                message: "The password contains data of its user.",
                appwrite: 400 "password_personal_data",
                discord: 400 50035,
            }
            /// The password must be changed before anything else.
            ///
            /// An administrator asked for a new password. Reset it and sign in again.
            UserPasswordResetRequired {
                kind: Invalid,
                message: "The password must be changed before anything else.",
                status: 412,
                appwrite_1_0: 412 "user_password_reset_required",
                appwrite: 412 "user_password_reset_required",
                discord: 403 40002,
            }
            /// The project takes no more users.
            ///
            /// The project's settings limit the number of accounts. Raise the limit or delete accounts.
            UserCountExceeded {
                kind: Forbidden,
                message: "The project takes no more users.",
                appwrite_1_0: 501 "user_count_exceeded",
                appwrite: 400 "user_count_exceeded",
                discord: 400 30001,
            }
            /// The console takes no more sign-ups.
            ///
            /// After the first account, sign-up to the console is closed. Ask an administrator for an
            /// invitation, or set `_APP_CONSOLE_WHITELIST_ROOT=disabled`.
            UserConsoleCountExceeded {
                kind: Forbidden,
                message: "The console takes no more sign-ups.",
                appwrite: 501 "user_console_count_exceeded",
                discord: 403 40006,
            }
            /// This e-mail address may not sign up to the console.
            ///
            /// The operator listed the addresses that may in `_APP_CONSOLE_WHITELIST_EMAILS`.
            UserEmailNotWhitelisted {
                kind: Forbidden,
                message: "This e-mail address may not sign up to the console.",
                appwrite_1_0: 401 "user_email_not_whitelisted",
                appwrite: 401 "user_email_not_whitelisted",
                discord: 403 50001,
            }
            /// Nobody may sign up to the console from this address.
            ///
            /// The operator listed the network addresses that may in `_APP_CONSOLE_WHITELIST_IPS`.
            UserIpNotWhitelisted {
                kind: Forbidden,
                message: "Nobody may sign up to the console from this address.",
                appwrite_1_0: 401 "user_ip_not_whitelisted",
                appwrite: 401 "user_ip_not_whitelisted",
                discord: 403 50001,
            }
            /// The first account of the console needs the setup code.
            ///
            /// The server printed a one-time code when it started. Type it on the console's first page,
            /// or send it as `X-Cairn-Setup-Code`.
            SetupCodeRequired {
                kind: Unauthorized,
                message: "The first account of the console needs the setup code.",
                like: UserEmailNotWhitelisted,
            }
            /// The request names no user.
            ///
            /// An account key acts for one user, who must be named in `X-Appwrite-User`.
            UserIdMissing {
                kind: Forbidden,
                message: "The request names no user.",
                appwrite: 403 "user_id_missing",
            }
            /// The ephemeral key has expired.
            ///
            /// Such keys live for minutes. Make a new one.
            ApiKeyExpired {
                kind: Unauthorized,
                message: "The ephemeral key has expired.",
                appwrite: 401 "api_key_expired",
                discord: 401 50014,
            }
            /// The account key has expired.
            ///
            /// Make a new one in the console.
            AccountKeyExpired {
                kind: Unauthorized,
                message: "The account key has expired.",
                appwrite: 401 "account_key_expired",
                discord: 401 50014,
            }
            /// The token is not valid.
            ///
            /// It was used, expired, or was never made for this user. Ask for a new one.
            UserInvalidToken {
                kind: Unauthorized,
                message: "The token is not valid.",
                appwrite_1_0: 401 "user_invalid_token",
                appwrite: 401 "user_invalid_token",
            }
            /// The code is not valid.
            ///
            /// Ask the administrator who gave it to you for a new one.
            UserInvalidCode {
                kind: Unauthorized,
                message: "The code is not valid.",
                appwrite: 401 "user_invalid_code",
            }
            /// The two passwords differ.
            ///
            /// Type the same password twice.
            UserPasswordMismatch {
                kind: Invalid,
                message: "The two passwords differ.",
                appwrite_1_0: 400 "user_password_mismatch",
                appwrite: 400 "user_password_mismatch",
            }
            /// Signing in needs another factor.
            ///
            /// The first factor was accepted. Answer a challenge with the second one.
            UserMoreFactorsRequired {
                kind: Unauthorized,
                message: "Signing in needs another factor.",
                appwrite: 401 "user_more_factors_required",
                discord: 401 60003,
            }
            /// This needs a challenge answered a short time ago.
            ///
            /// Make a challenge, answer it, then repeat the request within half an hour.
            UserChallengeRequired {
                kind: Unauthorized,
                message: "This needs a challenge answered a short time ago.",
                appwrite: 401 "user_challenge_required",
            }
            /// The account has no such authenticator.
            ///
            /// Add the authenticator first.
            UserAuthenticatorNotFound {
                kind: NotFound,
                message: "The account has no such authenticator.",
                appwrite: 404 "user_authenticator_not_found",
            }
            /// The authenticator is verified already.
            ///
            /// Nothing is left to do.
            UserAuthenticatorAlreadyVerified {
                kind: Conflict,
                message: "The authenticator is verified already.",
                appwrite: 409 "user_authenticator_already_verified",
            }
            /// The account has no recovery codes.
            ///
            /// Make them first.
            UserRecoveryCodesNotFound {
                kind: NotFound,
                message: "The account has no recovery codes.",
                appwrite: 404 "user_recovery_codes_not_found",
            }
            /// The account has recovery codes already.
            ///
            /// Regenerate them if they are lost; the old ones stop working.
            UserRecoveryCodesAlreadyExists {
                kind: Conflict,
                message: "The account has recovery codes already.",
                appwrite: 409 "user_recovery_codes_already_exists",
            }
            /// The identity provider found the request bad.
            ///
            /// The client settings for the provider are probably wrong.
            UserOauth2BadRequest {
                kind: Invalid,
                message: "The identity provider found the request bad.",
                appwrite: 400 "user_oauth2_bad_request",
            }
            /// The identity provider did not authorize the request.
            ///
            /// The client id or secret for the provider is probably wrong, or the code was used.
            UserOauth2Unauthorized {
                kind: Unauthorized,
                message: "The identity provider did not authorize the request.",
                appwrite: 401 "user_oauth2_unauthorized",
            }
            /// The identity provider reported an error.
            ///
            /// It said so when the browser came back (the user may have declined), did not tell the user's profile, or did
            /// not renew its tokens. Try again; if it stays, look at the provider's own pages.
            UserOauth2ProviderError {
                kind: Upstream,
                message: "The identity provider reported an error.",
                status: 424,
                appwrite: 424 "user_oauth2_provider_error",
                reason: 400 "oauth:user_info_fetch_failed",
            }
            /// The identity provider could not finish the sign-in.
            ///
            /// It did not exchange the code for tokens, or cannot be reached. Try again; if it stays, look at the provider's
            /// settings in the project.
            UserOauth2ProviderFailure {
                kind: Upstream,
                message: "The identity provider could not finish the sign-in.",
                status: 424,
                appwrite: 424 "user_oauth2_provider_failure",
                reason: 400 "oauth:token_exchange_failed",
            }
            /// The identity provider told no user id.
            ///
            /// Without an id the identity cannot be kept. The provider's scopes may be too narrow, or its answer is not what
            /// its documentation says.
            UserMissingId {
                kind: Invalid,
                message: "The identity provider told no user id.",
                appwrite_1_0: 400 "project_missing_user_id",
                appwrite: 400 "user_missing_id",
                reason: 500 "oauth:user_info_parse_failed",
            }
        }
    };
}
