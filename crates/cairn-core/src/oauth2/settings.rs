//! What a project's owners choose for their OAuth2 server.

use cairn_faults::Error;
use cairn_model::oauth2::{Oauth2Server, UserCodeFormat};
use cairn_model::projects::Settings;

use super::claims;
use crate::{Cx, settings};

/// New values of the server; `None` leaves one alone.
#[derive(Clone, Debug, Default)]
pub struct ServerPatch {
    /// Whether there is one.
    pub is_enabled: bool,
    /// The page on which users allow or refuse.
    pub authorization_url: String,
    /// Scopes beside the built-in ones.
    pub scopes: Option<Vec<String>>,
    /// Scopes of a request that names none.
    pub default_scopes: Option<Vec<String>>,
    /// Types of authorization details.
    pub details_types: Option<Vec<String>>,
    /// Seconds of a confidential client's access token.
    pub access_seconds: Option<i64>,
    /// Seconds of its refresh token.
    pub refresh_seconds: Option<i64>,
    /// Seconds of a public client's access token.
    pub public_access_seconds: Option<i64>,
    /// Seconds of its refresh token.
    pub public_refresh_seconds: Option<i64>,
    /// Seconds of an installation's token.
    pub installation_seconds: Option<i64>,
    /// Whether confidential clients bind their codes to a verifier, too.
    pub needs_pkce: Option<bool>,
    /// The page on which users type a device's code; an empty text ends the device flow.
    pub verification_url: Option<String>,
    /// Characters of that code.
    pub user_code_chars: Option<i64>,
    /// Of what it consists.
    pub user_code_format: Option<UserCodeFormat>,
    /// Seconds that a device waits at most.
    pub device_seconds: Option<i64>,
}

/// Change the server. Its key is made when it is first changed, and stays.
///
/// # Errors
/// `general_argument_invalid` when it is to be enabled without its page, or a default scope is none of its scopes.
pub async fn update(cx: &Cx, patch: ServerPatch) -> Result<Settings, Error> {
    // Encrypting draws randomness, which a transaction must not.
    let key = claims::new_sealed_key(&cx.app)?;
    settings::try_change(cx, move |settings| {
        let server = &mut settings.oauth2;
        apply(server, patch);
        if server.sealed_key.is_empty() {
            server.sealed_key = key;
        }
        check(server)
    })
    .await
}

fn apply(server: &mut Oauth2Server, patch: ServerPatch) {
    fn set<T>(place: &mut T, value: Option<T>) {
        if let Some(value) = value {
            *place = value;
        }
    }
    server.is_enabled = patch.is_enabled;
    server.authorization_url = patch.authorization_url;
    set(&mut server.scopes, patch.scopes);
    set(&mut server.default_scopes, patch.default_scopes);
    set(&mut server.details_types, patch.details_types);
    set(&mut server.confidential.access_seconds, patch.access_seconds);
    set(&mut server.confidential.refresh_seconds, patch.refresh_seconds);
    set(&mut server.public.access_seconds, patch.public_access_seconds);
    set(&mut server.public.refresh_seconds, patch.public_refresh_seconds);
    set(&mut server.installation_seconds, patch.installation_seconds);
    set(&mut server.needs_pkce, patch.needs_pkce);
    set(&mut server.verification_url, patch.verification_url);
    set(&mut server.user_code_chars, patch.user_code_chars);
    set(&mut server.user_code_format, patch.user_code_format);
    set(&mut server.device_seconds, patch.device_seconds);
}

fn check(server: &Oauth2Server) -> Result<(), Error> {
    if server.is_enabled && server.authorization_url.is_empty() {
        return Err(Error::invalid_param("/authorizationUrl", "The server cannot be enabled without it."));
    }
    if let Some(place) = server.default_scopes.iter().position(|scope| !server.has_scope(scope)) {
        let pointer = format!("/defaultScopes/{place}");
        return Err(Error::invalid_param(pointer, "A default scope must be one of the server's scopes."));
    }
    Ok(())
}
