//! Signing in through providers of identity.
//!
//! The protocol comes in three steps that no surface's rules touch: [`begin`] sends a browser to the provider,
//! [`take_state`] recognizes it when it comes back, [`identify`] asks the provider who it is. What that means for an
//! account is decided elsewhere: [`crate::oauth_sign_ins`] for `/v1`.
//!
//! INVARIANT: what travels through the provider is random, works once, for ten minutes, and only in the browser (or for
//! the server with a key) that began.
//! INVARIANT: no request to a provider is made inside a transaction.

use std::collections::BTreeMap;

use cairn_faults::{Error, Fault};
use cairn_model::ids::UserId;
use cairn_model::oauth::{
    FieldKind, Provider, ProviderKind, ProviderSettings, SealedTokens, provider as row_of,
};
use cairn_std::Timestamp;
use cairn_store::StoreError;

use crate::{Actor, Cx};

mod apple;
mod begin;
mod exchange;
mod mock;
pub(crate) mod native;
mod profile;
mod settings;
mod template;
#[cfg(test)]
mod tests;

pub use begin::{Begin, STATE_SECONDS, begin, take_state};
pub(crate) use exchange::profile_by_status;
pub use exchange::{identify, refresh};
pub use mock::{CODE as MOCK_CODE, Given, MockAnswer, mock_token, mock_user};
pub(crate) use settings::all_shown;
pub use settings::{Patch, Shown, ShownPart, get, list, update, update_old};

/// What the secret of a provider is encrypted for.
const SECRET_SEALED_FOR: &str = "oauth client secret";
/// What a provider's tokens are encrypted for.
const TOKENS_SEALED_FOR: &str = "oauth tokens";

/// The provider called `id`.
///
/// # Errors
/// `project_provider_unsupported` when there is none here; the mock ones are there in development mode alone.
pub fn provider(cx: &Cx, id: &str) -> Result<&'static Provider, Error> {
    let found = row_of(id).filter(|row| row.kind == ProviderKind::Real || cx.app.options.is_development);
    found.ok_or_else(|| Fault::ProjectProviderUnsupported.with("provider", id))
}

/// The user of the project who is signed in. An admin is the console's, and has no account here.
pub(crate) fn signed_in(cx: &Cx) -> Option<&UserId> {
    match &cx.actor {
        Actor::User(identity) => Some(&identity.user.id),
        Actor::Guest | Actor::Key(_) | Actor::Admin(_) => None,
    }
}

/// Who somebody is, as a provider tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The id there; never empty.
    pub uid: String,
    /// The e-mail address in lower case, where the provider tells a usable one.
    pub email: Option<String>,
    /// Whether the address was proved to the provider.
    pub is_email_verified: bool,
    /// The name; may be empty.
    pub name: String,
    /// Where the provider shows a picture; empty where it tells none. What stands there is not checked.
    pub picture: String,
    /// The provider's tokens.
    pub tokens: Tokens,
}

/// A provider's tokens in the clear.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tokens {
    /// The access token; may be empty.
    pub access: String,
    /// The refresh token; may be empty.
    pub refresh: String,
    /// When the access token ends, where the provider tells.
    pub expires: Option<Timestamp>,
}

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(..)")
    }
}

impl Tokens {
    /// Encrypt them for the store.
    pub(crate) fn seal(&self, cx: &Cx) -> SealedTokens {
        let seal = |token: &str| {
            if token.is_empty() { String::new() } else { cx.app.secrets.seal(TOKENS_SEALED_FOR, token) }
        };
        SealedTokens { access: seal(&self.access), refresh: seal(&self.refresh), expires: self.expires }
    }

    /// Decrypt what `Tokens::seal` made.
    ///
    /// # Errors
    /// `general_server_error` when the server's secret key was changed.
    pub fn open(cx: &Cx, sealed: &SealedTokens) -> Result<Self, Error> {
        let open = |token: &str| {
            if token.is_empty() { Ok(String::new()) } else { cx.app.secrets.open(TOKENS_SEALED_FOR, token) }
        };
        Ok(Self { access: open(&sealed.access)?, refresh: open(&sealed.refresh)?, expires: sealed.expires })
    }
}

/// A provider with what a project's owners have entered, ready to be used.
struct Client {
    provider: &'static Provider,
    id: String,
    secret: String,
    parts: BTreeMap<String, String>,
    /// Where this server is reached, for the mock providers.
    base: String,
    /// Where GitHub's API is.
    github_api: String,
}

impl Client {
    /// The provider as the project uses it.
    ///
    /// # Errors
    /// `project_provider_disabled` when it is switched off or something is missing.
    async fn load(cx: &Cx, provider: &'static Provider, base: &str) -> Result<Self, Error> {
        let all: Result<_, StoreError> =
            cx.store().read(cx.project_ref(), |tx| async move { tx.oauth_providers().await }).await;
        let own = all?.remove(provider.id).unwrap_or_default();
        if !own.is_enabled || !own.is_complete(provider) {
            return Err(Fault::ProjectProviderDisabled.with("provider", provider.id));
        }
        Self::open(cx, provider, &own, base)
    }

    fn open(cx: &Cx, provider: &'static Provider, own: &ProviderSettings, base: &str) -> Result<Self, Error> {
        let part = |field| {
            let text = own.part(field).trim();
            let text = match field.kind {
                FieldKind::Host => host_url(text),
                FieldKind::Url => text.trim_end_matches('/').to_owned(),
                _ => text.to_owned(),
            };
            (field.name.to_owned(), text)
        };
        Ok(Self {
            provider,
            id: own.client_id.clone(),
            secret: cx.app.secrets.open(SECRET_SEALED_FOR, &own.sealed_secret)?,
            parts: provider.parts().map(part).collect(),
            base: base.to_owned(),
            github_api: cx.app.options.account.github_api_url.as_str().trim_end_matches('/').to_owned(),
        })
    }
}

/// `https://host` of what people enter as a host, which may be a URL already.
fn host_url(text: &str) -> String {
    let text = text.trim_end_matches('/');
    if text.is_empty() || text.starts_with("https://") || text.starts_with("http://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    }
}
