//! What failures are called by the standards of OAuth2 and OpenID, for clients that know these alone.
//!
//! The code stands beside the Appwrite contract's type, and in the address that a user is sent back to.

use crate::Fault;

/// The `error` of RFC 6749 and those that extend it; `None` for a failure that is none of theirs.
pub fn oauth_code(fault: Fault) -> Option<&'static str> {
    Some(match fault {
        Fault::Oauth2ServerDisabled => "temporarily_unavailable",
        Fault::Oauth2InvalidRequest | Fault::Oauth2InvalidRedirectUri => "invalid_request",
        Fault::Oauth2InvalidClient => "invalid_client",
        Fault::Oauth2InvalidGrant => "invalid_grant",
        Fault::Oauth2UnauthorizedClient => "unauthorized_client",
        Fault::Oauth2UnsupportedGrantType => "unsupported_grant_type",
        Fault::Oauth2UnsupportedResponseType => "unsupported_response_type",
        Fault::Oauth2InvalidScope => "invalid_scope",
        Fault::Oauth2InvalidTarget => "invalid_target",
        Fault::Oauth2InvalidAuthorizationDetails => "invalid_authorization_details",
        Fault::Oauth2AuthorizationPending => "authorization_pending",
        Fault::Oauth2SlowDown => "slow_down",
        Fault::Oauth2AccessDenied => "access_denied",
        Fault::Oauth2ExpiredToken => "expired_token",
        Fault::Oauth2LoginRequired => "login_required",
        Fault::Oauth2ConsentRequired => "consent_required",
        Fault::Oauth2InvalidToken => "invalid_token",
        _ => return None,
    })
}
