//! A project's settings of its OAuth2 server, as they are kept among the others.

use cairn_model::oauth2::{Lifetimes, Oauth2Server, UserCodeFormat};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Oauth2ServerRow {
    is_enabled: bool,
    authorization_url: String,
    scopes: Vec<String>,
    default_scopes: Vec<String>,
    details_types: Vec<String>,
    access_seconds: i64,
    refresh_seconds: i64,
    public_access_seconds: i64,
    public_refresh_seconds: i64,
    installation_seconds: i64,
    needs_pkce: bool,
    verification_url: String,
    user_code_chars: i64,
    user_code_format: String,
    device_seconds: i64,
    sealed_key: String,
}

impl Default for Oauth2ServerRow {
    fn default() -> Self {
        (&Oauth2Server::default()).into()
    }
}

impl From<Oauth2ServerRow> for Oauth2Server {
    fn from(row: Oauth2ServerRow) -> Self {
        let lifetimes = |access_seconds, refresh_seconds| Lifetimes { access_seconds, refresh_seconds };
        Self {
            is_enabled: row.is_enabled,
            authorization_url: row.authorization_url,
            scopes: row.scopes,
            default_scopes: row.default_scopes,
            details_types: row.details_types,
            confidential: lifetimes(row.access_seconds, row.refresh_seconds),
            public: lifetimes(row.public_access_seconds, row.public_refresh_seconds),
            installation_seconds: row.installation_seconds,
            needs_pkce: row.needs_pkce,
            verification_url: row.verification_url,
            user_code_chars: row.user_code_chars,
            user_code_format: UserCodeFormat::of_name(&row.user_code_format)
                .unwrap_or(UserCodeFormat::Alphanumeric),
            device_seconds: row.device_seconds,
            sealed_key: row.sealed_key,
        }
    }
}

impl From<&Oauth2Server> for Oauth2ServerRow {
    fn from(server: &Oauth2Server) -> Self {
        let server = server.clone();
        Self {
            is_enabled: server.is_enabled,
            authorization_url: server.authorization_url,
            scopes: server.scopes,
            default_scopes: server.default_scopes,
            details_types: server.details_types,
            access_seconds: server.confidential.access_seconds,
            refresh_seconds: server.confidential.refresh_seconds,
            public_access_seconds: server.public.access_seconds,
            public_refresh_seconds: server.public.refresh_seconds,
            installation_seconds: server.installation_seconds,
            needs_pkce: server.needs_pkce,
            verification_url: server.verification_url,
            user_code_chars: server.user_code_chars,
            user_code_format: server.user_code_format.name().to_owned(),
            device_seconds: server.device_seconds,
            sealed_key: server.sealed_key,
        }
    }
}
