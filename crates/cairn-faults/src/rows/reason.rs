//! What only the account API with `domain:reason` codes knows.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_reason {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// The current password is wrong.
            ///
            /// A change of password or address asks for the current password first.
            WrongPassword {
                kind: Unauthorized,
                message: "The current password is wrong.",
                reason: 401 "user:invalid_password",
            }
            /// The account has no password.
            ///
            /// It signs in through a provider. Set a first password to use this.
            PasswordNotSet {
                kind: Unauthorized,
                message: "The account has no password.",
                reason: 401 "user:password_not_set",
            }
            /// The session is not valid.
            ///
            /// Sign in again.
            SessionInvalid {
                kind: Unauthorized,
                message: "The session is not valid.",
                reason: 401 "user:invalid_session",
            }
            /// The account's address is not verified.
            ///
            /// Follow the link in the mail first.
            AccountNotVerified {
                kind: Unauthorized,
                message: "The account's address is not verified.",
                reason: 401 "user:not_verified",
            }
            /// The handle is taken.
            ///
            /// Choose another one.
            HandleAlreadyExists {
                kind: Conflict,
                message: "The handle is taken.",
                reason: 409 "user:handle_already_exists",
            }
            /// The pending token has expired.
            ///
            /// Begin the sign-up again.
            PendingTokenExpired {
                kind: Unauthorized,
                message: "The pending token has expired.",
                reason: 401 "user:token_expired",
            }
            /// There is no refresh token.
            ///
            /// Sign in again.
            RefreshTokenMissing {
                kind: Unauthorized,
                message: "There is no refresh token.",
                reason: 401 "user:no_refresh_token",
            }
            /// The session holds no usable user id.
            ///
            /// Sign in again.
            SessionUserInvalid {
                kind: Unauthorized,
                message: "The session holds no usable user id.",
                reason: 401 "session:invalid_user_id",
            }
            /// The session has expired.
            ///
            /// Sessions end after their longest life, however active they are. Sign in again.
            SessionExpired {
                kind: Unauthorized,
                message: "The session has expired.",
                reason: 401 "session:expired",
            }
            /// The provider's authorization address is unusable.
            ///
            /// The operator should correct the provider's settings.
            OauthAuthUrlInvalid {
                kind: Invalid,
                message: "The provider's authorization address is unusable.",
                reason: 400 "oauth:invalid_auth_url",
            }
            /// The provider's token address is unusable.
            ///
            /// The operator should correct the provider's settings.
            OauthTokenUrlInvalid {
                kind: Invalid,
                message: "The provider's token address is unusable.",
                reason: 400 "oauth:invalid_token_url",
            }
            /// The address to return to is unusable.
            ///
            /// The operator should correct the provider's settings.
            OauthRedirectUrlInvalid {
                kind: Invalid,
                message: "The address to return to is unusable.",
                reason: 400 "oauth:invalid_redirect_url",
            }
            /// The identity is linked already.
            ///
            /// One identity belongs to one account.
            OauthAccountAlreadyLinked {
                kind: Conflict,
                message: "The identity is linked already.",
                reason: 409 "oauth:account_already_linked",
            }
            /// The account has no link to this provider.
            ///
            /// List the links to see those that exist.
            OauthConnectionNotFound {
                kind: NotFound,
                message: "The account has no link to this provider.",
                reason: 404 "oauth:connection_not_found",
            }
            /// The last way to sign in cannot be removed.
            ///
            /// Set a password first.
            OauthLastConnection {
                kind: Invalid,
                message: "The last way to sign in cannot be removed.",
                reason: 400 "oauth:cannot_unlink_last_connection",
            }
            /// The provider's picture has an unusable address.
            ///
            /// Nothing is needed; the account has no picture.
            OauthImageUrlInvalid {
                kind: Invalid,
                message: "The provider's picture has an unusable address.",
                reason: 400 "oauth:invalid_image_url",
            }
            /// The state does not belong to this sign-in.
            ///
            /// It was used, or was made for another provider or browser. Begin again.
            OauthStateInvalid {
                kind: Invalid,
                message: "The state does not belong to this sign-in.",
                reason: 400 "oauth:invalid_state",
            }
            /// The state has expired.
            ///
            /// Begin again.
            OauthStateExpired {
                kind: Invalid,
                message: "The state has expired.",
                reason: 400 "oauth:state_expired",
            }
            /// A new account needs a handle.
            ///
            /// Choose one and finish the sign-up.
            OauthHandleRequired {
                kind: Invalid,
                message: "A new account needs a handle.",
                reason: 400 "oauth:handle_required",
            }
            /// The identity's e-mail address belongs to an account.
            ///
            /// Sign in to that account and link the provider there.
            OauthEmailAlreadyExists {
                kind: Conflict,
                message: "The identity's e-mail address belongs to an account.",
                reason: 409 "oauth:email_already_exists",
            }
            /// The provider has not verified the e-mail address.
            ///
            /// Verify it there first.
            OauthEmailNotVerified {
                kind: Invalid,
                message: "The provider has not verified the e-mail address.",
                reason: 400 "oauth:email_not_verified",
            }
            /// The change needs the current password.
            ///
            /// Send it too.
            PasswordRequiredForUpdate {
                kind: Invalid,
                message: "The change needs the current password.",
                reason: 400 "password:required_for_update",
            }
            /// The current password does not match.
            ///
            /// Check it and send the change again.
            PasswordIncorrect {
                kind: Invalid,
                message: "The current password does not match.",
                reason: 400 "password:incorrect",
            }
            /// An account that signs in through a provider has no password to change.
            ///
            /// Set a first password instead.
            PasswordUpdateOauthOnly {
                kind: Invalid,
                message: "An account that signs in through a provider has no password to change.",
                reason: 400 "password:cannot_update_oauth_only",
            }
            /// The request carries no new password.
            ///
            /// Send it too.
            NewPasswordMissing {
                kind: Invalid,
                message: "The request carries no new password.",
                reason: 400 "password:new_password_missing",
            }
            /// The account has a password already.
            ///
            /// Change it instead.
            PasswordAlreadySet {
                kind: Invalid,
                message: "The account has a password already.",
                reason: 400 "password:already_set",
            }
            /// The verification link is not valid.
            ///
            /// It was used or replaced by a newer one. Ask for a new mail.
            VerificationTokenInvalid {
                kind: Invalid,
                message: "The verification link is not valid.",
                reason: 400 "token:invalid_verification",
            }
            /// The verification link has expired.
            ///
            /// Ask for a new mail.
            VerificationTokenExpired {
                kind: Invalid,
                message: "The verification link has expired.",
                reason: 400 "token:expired_verification",
            }
            /// The link is for another e-mail address.
            ///
            /// The address changed since. Ask for a new mail.
            TokenEmailMismatch {
                kind: Invalid,
                message: "The link is for another e-mail address.",
                reason: 400 "token:email_mismatch",
            }
            /// The reset link is not valid.
            ///
            /// It was used. Ask for a new mail.
            ResetTokenInvalid {
                kind: Invalid,
                message: "The reset link is not valid.",
                reason: 400 "token:invalid_reset",
            }
            /// The reset link has expired.
            ///
            /// Ask for a new mail.
            ResetTokenExpired {
                kind: Invalid,
                message: "The reset link has expired.",
                reason: 400 "token:expired_reset",
            }
            /// The link to change the address is not valid.
            ///
            /// It was used or has expired. Ask for the change again.
            EmailChangeTokenInvalid {
                kind: Invalid,
                message: "The link to change the address is not valid.",
                reason: 400 "token:invalid_email_change",
            }
            /// The account's address is verified already.
            ///
            /// Nothing is left to do.
            AccountEmailAlreadyVerified {
                kind: Invalid,
                message: "The account's address is verified already.",
                reason: 400 "email:already_verified",
            }
            /// The second factor is on already.
            ///
            /// Switch it off first to set it up anew.
            TotpAlreadyEnabled {
                kind: Conflict,
                message: "The second factor is on already.",
                reason: 409 "totp:already_enabled",
            }
            /// The second factor is off.
            ///
            /// Set it up first.
            TotpNotEnabled {
                kind: Invalid,
                message: "The second factor is off.",
                reason: 400 "totp:not_enabled",
            }
            /// The code is wrong.
            ///
            /// Codes live half a minute and work once. Wait for the next one.
            TotpCodeInvalid {
                kind: Invalid,
                message: "The code is wrong.",
                reason: 400 "totp:invalid_code",
            }
            /// The token between the two factors is not valid.
            ///
            /// It works for one attempt. Sign in again.
            TotpTemporaryTokenInvalid {
                kind: Invalid,
                message: "The token between the two factors is not valid.",
                reason: 400 "totp:temp_token_invalid",
            }
            /// The token between the two factors has expired.
            ///
            /// Sign in again.
            TotpTemporaryTokenExpired {
                kind: Invalid,
                message: "The token between the two factors has expired.",
                reason: 400 "totp:temp_token_expired",
            }
            /// No backup code is left.
            ///
            /// Use the authenticator, then make new backup codes.
            TotpBackupCodesExhausted {
                kind: Unauthorized,
                message: "No backup code is left.",
                reason: 401 "totp:backup_code_exhausted",
            }
            /// The secret of the second factor could not be made.
            ///
            /// Try again; the operator should look at the log.
            TotpSecretFailed {
                kind: Internal,
                message: "The secret of the second factor could not be made.",
                reason: 500 "totp:secret_generation_failed",
            }
            /// The picture of the second factor's secret could not be made.
            ///
            /// Type the secret by hand; the operator should look at the log.
            TotpQrFailed {
                kind: Internal,
                message: "The picture of the second factor's secret could not be made.",
                reason: 500 "totp:qr_generation_failed",
            }
            /// The upload failed.
            ///
            /// Send the file again.
            UploadFailed {
                kind: Invalid,
                message: "The upload failed.",
                reason: 400 "file:upload_error",
            }
            /// The uploaded file does not exist.
            ///
            /// Send the file again.
            UploadNotFound {
                kind: Invalid,
                message: "The uploaded file does not exist.",
                reason: 400 "file:not_found",
            }
            /// The uploaded file cannot be read.
            ///
            /// The part is cut off or malformed. Send the file again.
            UploadUnreadable {
                kind: Invalid,
                message: "The uploaded file cannot be read.",
                reason: 400 "file:read_error",
            }
            /// The client's network address cannot be understood.
            ///
            /// A proxy in front sent something else in its header.
            ClientAddressInvalid {
                kind: Invalid,
                message: "The client's network address cannot be understood.",
                reason: 400 "general:invalid_ip_address",
            }
            /// The proof of being human is missing.
            ///
            /// Send `X-Turnstile-Token`.
            TurnstileTokenMissing {
                kind: Invalid,
                message: "The proof of being human is missing.",
                reason: 400 "turnstile:token_missing",
            }
            /// The proof of being human was not accepted.
            ///
            /// Solve the challenge again.
            TurnstileFailed {
                kind: Forbidden,
                message: "The proof of being human was not accepted.",
                reason: 403 "turnstile:verification_failed",
            }
            /// The service that checks for humans does not answer.
            ///
            /// Try again later.
            TurnstileUnavailable {
                kind: Unavailable,
                message: "The service that checks for humans does not answer.",
                reason: 503 "turnstile:service_error",
            }
            /// The search failed.
            ///
            /// The search engine does not answer or refused the query.
            SearchFailed planned {
                kind: Internal,
                message: "The search failed.",
                reason: 500 "meilisearch:query_failed",
            }
            /// The event could not be published.
            ///
            /// Try again later.
            EventPublishFailed planned {
                kind: Unavailable,
                message: "The event could not be published.",
                reason: 503 "eventstream:publish_failed",
            }
            /// The mail could not be queued.
            ///
            /// Try again later.
            WorkerUnreachable {
                kind: Unavailable,
                message: "The mail could not be queued.",
                reason: 503 "worker:connection_failed",
            }
            /// The mail service's answer could not be understood.
            ///
            /// Try again later.
            WorkerAnswerInvalid {
                kind: Upstream,
                message: "The mail service's answer could not be understood.",
                reason: 502 "worker:response_invalid",
            }
            /// The verification mail could not be sent.
            ///
            /// Ask for it again later.
            VerificationMailFailed {
                kind: Upstream,
                message: "The verification mail could not be sent.",
                reason: 502 "worker:verification_email_send_failed",
            }
            /// The mail to reset the password could not be sent.
            ///
            /// Ask for it again later.
            ResetMailFailed {
                kind: Upstream,
                message: "The mail to reset the password could not be sent.",
                reason: 502 "worker:password_reset_email_send_failed",
            }
            /// A token could not be signed.
            ///
            /// The operator should look at the log.
            TokenCreationFailed {
                kind: Internal,
                message: "A token could not be signed.",
                reason: 500 "system:token_creation_error",
            }
        }
    };
}
