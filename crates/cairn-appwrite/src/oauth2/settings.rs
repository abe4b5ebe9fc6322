//! What a project's owners choose for their OAuth2 server: `/v1/project/oauth2-server`.

use cairn_core::oauth2::settings::{self, ServerPatch};
use cairn_core::projects;
use cairn_http::rules::{Rule as _, UrlRule, array_of, boolean, choices, integer, text, url};
use cairn_http::{Call, Reply, Route, handler, params};
use cairn_model::oauth2::{
    DEVICE_SECONDS_MAX, SCOPE_CHARS_MAX, SCOPES_MAX, TOKEN_SECONDS_MAX, USER_CODE_CHARS, UserCodeFormat,
};

use crate::models::PROJECT;
use crate::projects::shown;
use crate::wire::OrEmpty;

/// What a scope's name may consist of (RFC 6749, section 3.3), quotes left out.
const SCOPE: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:_-/*";

const FORMATS: [(&str, UserCodeFormat); 3] = [
    ("numeric", UserCodeFormat::Numeric),
    ("alphabetic", UserCodeFormat::Alphabetic),
    ("alphanumeric", UserCodeFormat::Alphanumeric),
];

/// The routes of this capability.
pub(crate) const ROUTES: &[Route] =
    &[Route::put("/v1/project/oauth2-server", "project.updateOAuth2Server", handler!(update_oauth2_server))
        .ok(&PROJECT)
        .scopes(&["project.oauth2.write"])];

fn page() -> UrlRule {
    url().schemes(&["https", "http"])
}

params! {
    /// New values of the server; what is left out stays.
    pub(crate) struct UpdateOauth2Server {
        /// Whether there is one.
        enabled: bool = "enabled" => boolean(),
        /// The page on which users allow or refuse.
        authorization_url: String = "authorizationUrl" => OrEmpty(page()),
        /// Scopes that applications may ask for beside `openid`, `profile`, `email` and `phone`.
        scopes: Option<Vec<String>> = "scopes" => array_of(text(1, SCOPE_CHARS_MAX).only(SCOPE), SCOPES_MAX).optional(),
        /// Types of authorization details that applications may ask for.
        details_types: Option<Vec<String>> = "authorizationDetailsTypes" => array_of(text(1, SCOPE_CHARS_MAX), SCOPES_MAX).optional(),
        /// Seconds that an access token of a confidential application counts.
        access_seconds: Option<i64> = "accessTokenDuration" => integer(60, TOKEN_SECONDS_MAX).optional(),
        /// Seconds that its refresh token counts.
        refresh_seconds: Option<i64> = "refreshTokenDuration" => integer(60, TOKEN_SECONDS_MAX).optional(),
        /// Seconds that an access token of a public application counts.
        public_access_seconds: Option<i64> = "publicAccessTokenDuration" => integer(60, TOKEN_SECONDS_MAX).optional(),
        /// Seconds that its refresh token counts.
        public_refresh_seconds: Option<i64> = "publicRefreshTokenDuration" => integer(60, TOKEN_SECONDS_MAX).optional(),
        /// Seconds that a token of an installation counts.
        installation_seconds: Option<i64> = "installationAccessTokenDuration" => integer(60, TOKEN_SECONDS_MAX).optional(),
        /// Whether confidential applications bind their codes to a verifier, too.
        confidential_pkce: Option<bool> = "confidentialPkce" => boolean().optional(),
        /// The page on which users type a device's code.
        verification_url: Option<String> = "verificationUrl" => OrEmpty(page()).optional(),
        /// Characters of that code.
        user_code_chars: Option<i64> = "userCodeLength" => integer(USER_CODE_CHARS.0, USER_CODE_CHARS.1).optional(),
        /// Of what it consists: `numeric`, `alphabetic` or `alphanumeric`.
        user_code_format: Option<UserCodeFormat> = "userCodeFormat" => choices(&FORMATS).optional(),
        /// Seconds that a device waits at most.
        device_seconds: Option<i64> = "deviceCodeDuration" => integer(60, DEVICE_SECONDS_MAX).optional(),
        /// Scopes of a request that names none.
        default_scopes: Option<Vec<String>> = "defaultScopes" => array_of(text(1, SCOPE_CHARS_MAX).only(SCOPE), SCOPES_MAX).optional(),
    }
}

async fn update_oauth2_server(call: Call<UpdateOauth2Server>) -> Reply {
    let sent = call.params;
    projects::registry(&call.cx)?;
    let patch = ServerPatch {
        is_enabled: sent.enabled,
        authorization_url: sent.authorization_url,
        scopes: sent.scopes,
        default_scopes: sent.default_scopes,
        details_types: sent.details_types,
        access_seconds: sent.access_seconds,
        refresh_seconds: sent.refresh_seconds,
        public_access_seconds: sent.public_access_seconds,
        public_refresh_seconds: sent.public_refresh_seconds,
        installation_seconds: sent.installation_seconds,
        needs_pkce: sent.confidential_pkce,
        verification_url: sent.verification_url,
        user_code_chars: sent.user_code_chars,
        user_code_format: sent.user_code_format,
        device_seconds: sent.device_seconds,
    };
    settings::update(&call.cx, patch).await?;
    shown(&call.cx, &call.exchange).await
}
