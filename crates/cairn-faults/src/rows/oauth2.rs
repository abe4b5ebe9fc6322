//! Applications of others, and the project as their OAuth2 and OpenID server.
//!
//! [`crate::table`] says how a row is written.

macro_rules! rows_oauth2 {
    ($next:ident $($rest:ident)* ; $($rows:tt)*) => {
        $next! { $($rest)* ; $($rows)*

            /// There is no such application.
            ///
            /// The id is mistyped, the application was deleted, or it is not the caller's to see. List the
            /// applications to see those that there are.
            AppNotFound {
                kind: NotFound,
                message: "There is no such application.",
                appwrite: 404 "app_not_found",
            }
            /// An application with this id exists already.
            ///
            /// Choose another id, or let the server make one with `unique()`.
            AppAlreadyExists {
                kind: Conflict,
                message: "An application with this id exists already.",
                appwrite: 409 "app_already_exists",
            }
            /// The owner has too many applications.
            ///
            /// A user or a team may own a bounded number of applications. Delete one that nobody uses.
            AppLimitExceeded {
                kind: Conflict,
                message: "The owner has too many applications.",
                appwrite: 409 "app_limit_exceeded",
            }
            /// There is no such client secret.
            ///
            /// The id is mistyped, the secret was deleted, or it is another application's.
            AppSecretNotFound {
                kind: NotFound,
                message: "There is no such client secret.",
                appwrite: 404 "app_secret_not_found",
            }
            /// There is no such key of the application.
            ///
            /// The id is mistyped, the key was deleted, or it is another application's.
            AppKeyNotFound {
                kind: NotFound,
                message: "There is no such key of the application.",
                appwrite: 404 "app_key_not_found",
            }
            /// The application has too many secrets or keys.
            ///
            /// Delete one that is not in use any more.
            AppSecretLimitExceeded {
                kind: Conflict,
                message: "The application has too many secrets or keys.",
                appwrite: 409 "app_secret_limit_exceeded",
            }
            /// Only the application itself may do this.
            ///
            /// Send a key of the application as `X-Appwrite-Key` and its id as `X-Appwrite-App`.
            AppKeyRequired {
                kind: Unauthorized,
                message: "Only the application itself may do this.",
                appwrite: 401 "app_key_required",
            }
            /// The application is installed in this team already.
            ///
            /// Update the installation that there is.
            InstallationAlreadyExists {
                kind: Conflict,
                message: "The application is installed in this team already.",
                appwrite: 409 "installation_already_exists",
            }
            /// The project is no OAuth2 server.
            ///
            /// The project's owners switch the server on, with the page on which users allow or refuse.
            Oauth2ServerDisabled {
                kind: Forbidden,
                message: "The project is no OAuth2 server.",
                appwrite: 403 "oauth2_server_disabled",
            }
            /// There is no such grant.
            ///
            /// The id or the code is mistyped, it ended, it was decided already, or it is another user's. Let
            /// the application ask again.
            Oauth2GrantNotFound {
                kind: NotFound,
                message: "There is no such grant.",
                appwrite: 404 "oauth2_grant_not_found",
            }
            /// There is no such consent.
            ///
            /// The id is mistyped, the consent was withdrawn, or it is another user's.
            Oauth2ConsentNotFound {
                kind: NotFound,
                message: "There is no such consent.",
                appwrite: 404 "oauth2_consent_not_found",
            }
            /// There are no such tokens.
            ///
            /// The id is mistyped, the tokens have ended, or they were issued under another consent.
            Oauth2TokenNotFound {
                kind: NotFound,
                message: "There are no such tokens.",
                appwrite: 404 "oauth2_token_not_found",
            }
            /// The OAuth2 request is not valid.
            ///
            /// A parameter is missing, stands twice, or has a value that makes no sense.
            Oauth2InvalidRequest {
                kind: Invalid,
                message: "The OAuth2 request is not valid: {reason}.",
                appwrite: 400 "oauth2_invalid_request",
            }
            /// The redirect address is not registered.
            ///
            /// It is compared letter by letter with those of the application; of loopback addresses alone the
            /// port is free. The user is not sent anywhere.
            Oauth2InvalidRedirectUri {
                kind: Invalid,
                message: "The redirect address is not registered.",
                appwrite: 400 "oauth2_invalid_redirect_uri",
            }
            /// The application is unknown, disabled, or did not prove itself.
            ///
            /// Check the client id; a confidential application sends one of its client secrets, too.
            Oauth2InvalidClient {
                kind: Unauthorized,
                message: "The application is unknown, disabled, or did not prove itself.",
                appwrite: 401 "oauth2_invalid_client",
            }
            /// The code or token is not valid any more.
            ///
            /// It ended, was spent or revoked, belongs to another application, or the verifier or the redirect
            /// address is another one. What was spent and is shown again ends all tokens that came of it. Let
            /// the user sign in again.
            Oauth2InvalidGrant {
                kind: Invalid,
                message: "The code or token is not valid any more.",
                appwrite: 400 "oauth2_invalid_grant",
            }
            /// The application may not use this flow.
            ///
            /// The device flow must be switched on for the application, and the project needs a page on which
            /// codes are typed.
            Oauth2UnauthorizedClient {
                kind: Forbidden,
                message: "The application may not use this flow.",
                appwrite: 400 "oauth2_unauthorized_client",
            }
            /// There is no such grant type.
            ///
            /// Tokens are given for an authorization code, a refresh token or a device code.
            Oauth2UnsupportedGrantType {
                kind: Invalid,
                message: "There is no such grant type.",
                appwrite: 400 "oauth2_unsupported_grant_type",
            }
            /// There is no such response type.
            ///
            /// An authorization gives a code, an id token, or both.
            Oauth2UnsupportedResponseType {
                kind: Invalid,
                message: "There is no such response type.",
                appwrite: 400 "oauth2_unsupported_response_type",
            }
            /// A scope cannot be asked for.
            ///
            /// Applications may ask for the scopes of OpenID and for those that the project's owners have
            /// listed; a user can allow no more than was asked for.
            Oauth2InvalidScope {
                kind: Invalid,
                message: "The scope {scope} cannot be asked for.",
                appwrite: 400 "oauth2_invalid_scope",
            }
            /// The resource cannot be a target of tokens.
            ///
            /// A resource is an absolute address without a fragment, and tokens are given for those alone that
            /// the user has allowed.
            Oauth2InvalidTarget {
                kind: Invalid,
                message: "The resource cannot be a target of tokens.",
                appwrite: 400 "oauth2_invalid_target",
            }
            /// The authorization details are not valid.
            ///
            /// They are a JSON list of objects, each with a type that the project accepts.
            Oauth2InvalidAuthorizationDetails {
                kind: Invalid,
                message: "The authorization details are not valid: {reason}.",
                appwrite: 400 "oauth2_invalid_authorization_details",
            }
            /// The user has not decided yet.
            ///
            /// Ask again after the interval.
            Oauth2AuthorizationPending {
                kind: NotReady,
                message: "The user has not decided yet.",
                appwrite: 400 "oauth2_authorization_pending",
            }
            /// The device asks too often.
            ///
            /// The interval is five seconds longer from now on.
            Oauth2SlowDown {
                kind: RateLimited,
                message: "The device asks too often.",
                appwrite: 400 "oauth2_slow_down",
            }
            /// The user refuses.
            ///
            /// Nothing comes of this grant any more.
            Oauth2AccessDenied {
                kind: Forbidden,
                message: "The user refuses.",
                appwrite: 400 "oauth2_access_denied",
            }
            /// The device code has ended.
            ///
            /// Begin the device flow again.
            Oauth2ExpiredToken {
                kind: Invalid,
                message: "The device code has ended.",
                appwrite: 400 "oauth2_expired_token",
            }
            /// The user must sign in.
            ///
            /// The application asked for an answer without any page, and nobody is signed in, or it was too
            /// long ago.
            Oauth2LoginRequired {
                kind: Unauthorized,
                message: "The user must sign in.",
                appwrite: 401 "oauth2_login_required",
            }
            /// The user must be asked.
            ///
            /// The application asked for an answer without any page, and the user has not allowed this before.
            Oauth2ConsentRequired {
                kind: Forbidden,
                message: "The user must be asked.",
                appwrite: 403 "oauth2_consent_required",
            }
            /// The access token is not valid any more.
            ///
            /// It ended or was revoked, the consent was withdrawn, or the application is disabled. Get a new
            /// one with the refresh token.
            Oauth2InvalidToken {
                kind: Unauthorized,
                message: "The access token is not valid any more.",
                appwrite: 401 "oauth2_invalid_token",
            }
        }
    };
}
