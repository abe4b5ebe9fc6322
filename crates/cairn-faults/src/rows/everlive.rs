//! What only the Everlive contract knows; its texts are compared by clients and stand as they are.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_everlive {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// The user name is taken.
            ///
            /// Choose another one.
            UsernameAlreadyExists planned {
                kind: Conflict,
                message: "The user name is taken.",
                everlive: 400 201 "A user with the same username already exists.",
            }
            /// The registration carries no password.
            ///
            /// Send `Password`.
            RegisterPasswordMissing planned {
                kind: Invalid,
                message: "The registration carries no password.",
                everlive: 400 202 "No password was specified.",
            }
            /// The registration carries no user name.
            ///
            /// Send `Username`.
            RegisterUsernameMissing planned {
                kind: Invalid,
                message: "The registration carries no user name.",
                everlive: 400 203 "No username was specified.",
            }
            /// The password is not a text, or is empty.
            ///
            /// Send a text of at least one character.
            PasswordLiteralInvalid planned {
                kind: Invalid,
                message: "The password is not a text, or is empty.",
                everlive: 400 204 "The password you specified is not a valid password literal.",
            }
            /// The user whose password shall change does not exist.
            ///
            /// Check the user name.
            PasswordUserNotFound planned {
                kind: Invalid,
                message: "The user whose password shall change does not exist.",
                everlive: 400 206 "The specified user was not found.",
            }
            /// The user's data are wrong.
            ///
            /// An address or a role in them cannot be used.
            UserDataInvalid planned {
                kind: Invalid,
                message: "The user's data are wrong.",
                everlive: 400 207 "The specified user data is invalid.",
            }
            /// The reset code is wrong.
            ///
            /// It was used or has expired. Ask for a new one.
            ResetCodeInvalid planned {
                kind: Forbidden,
                message: "The reset code is wrong.",
                everlive: 403 208 "The specified reset code is invalid.",
            }
            /// The verification code is wrong.
            ///
            /// It was used or has expired. Ask for a new one.
            VerificationCodeInvalid planned {
                kind: Invalid,
                message: "The verification code is wrong.",
                everlive: 400 209 "The specified verification code is invalid.",
            }
            /// The user is verified already.
            ///
            /// Nothing is left to do.
            UserAlreadyVerified planned {
                kind: Forbidden,
                message: "The user is verified already.",
                everlive: 403 210 "The specified user is already verified.",
            }
            /// The operation needs an e-mail address that the user lacks.
            ///
            /// Add one first.
            UserEmailUndefined planned {
                kind: Invalid,
                message: "The operation needs an e-mail address that the user lacks.",
                everlive: 400 213 "The specified user has no email address defined.",
            }
            /// There is no such identity provider here.
            ///
            /// Take one that the application has configured.
            IdentityProviderUnsupported planned {
                kind: Invalid,
                message: "There is no such identity provider here.",
                everlive: 400 214 "The specified identity provider is not supported.",
            }
            /// The request carries no token of the identity provider.
            ///
            /// Send `Token`.
            IdentityTokenMissing planned {
                kind: Invalid,
                message: "The request carries no token of the identity provider.",
                everlive: 400 215 "No token was specified.",
            }
            /// The request names no identity provider.
            ///
            /// Send `Provider`.
            IdentityProviderMissing planned {
                kind: Invalid,
                message: "The request names no identity provider.",
                everlive: 400 216 "No identity provider was specified.",
            }
            /// The token leads to no user of the identity provider.
            ///
            /// It expired, or was made for another application.
            IdentityTokenUnresolved planned {
                kind: Invalid,
                message: "The token leads to no user of the identity provider.",
                everlive: 400 217 "Cannot retrieve a user for the specified token.",
            }
            /// The user is linked to this provider already.
            ///
            /// Nothing is left to do.
            IdentityAlreadyLinked planned {
                kind: Conflict,
                message: "The user is linked to this provider already.",
                everlive: 400 218 "The user is already linked with the specified provider.",
            }
            /// Users of an identity provider cannot do this.
            ///
            /// They have no password here and need no verification.
            IdentityOperationUnsupported planned {
                kind: Invalid,
                message: "Users of an identity provider cannot do this.",
                everlive: 400 221 "The operation is not supported for the given user.",
            }
            /// The application's quota does not allow this.
            ///
            /// Raise the quota or wait.
            AccountQuotaLimited planned {
                kind: Forbidden,
                message: "The application's quota does not allow this.",
                everlive: 403 222 "The account quota is limited for this operation.",
            }
            /// The account behind the application is disabled.
            ///
            /// Ask the operator.
            AccountDisabled planned {
                kind: Forbidden,
                message: "The account behind the application is disabled.",
                everlive: 403 223 "The account is disabled.",
            }
            /// The access token has expired.
            ///
            /// Sign in again.
            AccessTokenExpired planned {
                kind: Forbidden,
                message: "The access token has expired.",
                everlive: 403 302 "Your access token has expired.",
            }
            /// The address lacks the API version.
            ///
            /// Put `/v1` before the application's id.
            ApiVersionMissing planned {
                kind: Invalid,
                message: "The address lacks the API version.",
                everlive: 400 605 "Missing or invalid API version.",
            }
            /// The list of fields is wrong.
            ///
            /// It must be a JSON object of field names.
            FieldsExpressionInvalid planned {
                kind: Invalid,
                message: "The list of fields is wrong.",
                everlive: 400 616 "Invalid fields expression.",
            }
            /// The application is closed for maintenance.
            ///
            /// Stop sending requests and come back later.
            ApplicationMaintenance planned {
                kind: Unavailable,
                message: "The application is closed for maintenance.",
                everlive: 503 670 "Application is down for maintenance",
            }
            /// The file's content type is missing.
            ///
            /// Send `ContentType` beside the content.
            FileContentTypeMissing planned {
                kind: Invalid,
                message: "The file's content type is missing.",
                everlive: 400 701 "ContentType not specified.",
            }
            /// The file's content is missing or wrong.
            ///
            /// Send it as base64.
            FileContentInvalid planned {
                kind: Invalid,
                message: "The file's content is missing or wrong.",
                everlive: 400 702 "Missing or invalid file content.",
            }
            /// The application's own code failed.
            ///
            /// Its log says why.
            CloudCodeFailed planned {
                kind: Internal,
                message: "The application's own code failed.",
                everlive: 500 901 "An error occurred during execution of custom server code.",
            }
            /// The application's own code took too long.
            ///
            /// Every path of it must call `done`.
            CloudCodeTimeout planned {
                kind: Internal,
                message: "The application's own code took too long.",
                everlive: 500 902 "Server timed Out",
            }
            /// The application's own code cancelled the operation.
            ///
            /// Its author decided so.
            CloudCodeCanceled planned {
                kind: Internal,
                message: "The application's own code cancelled the operation.",
                everlive: 500 910 "The request was canceled by custom server code.",
            }
            /// The application's own code set an error.
            ///
            /// Its author chose the text.
            CloudCodeError planned {
                kind: Invalid,
                message: "The application's own code set an error.",
                everlive: 400 960 "The request was processed but an error was generated by custom server code.",
            }
            /// The mail template cannot be filled.
            ///
            /// Correct the template.
            MailTemplateInvalid planned {
                kind: Invalid,
                message: "The mail template cannot be filled.",
                everlive: 400 1000 "Error processing email template.",
            }
        }
    };
}
