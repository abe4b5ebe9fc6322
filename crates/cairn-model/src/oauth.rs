//! Providers of identity: what is known of each, as data.
//!
//! A row tells where a provider is asked for a sign-in, how a code is exchanged for tokens, and where in its answers
//! the user is found. What speaks the protocol is in `cairn-core`; what a project's owners enter is [`ProviderSettings`].
//! COMPAT(appwrite): ids, names, fields, endpoints and scopes follow the reference 1.9 (`app/config/oAuthProviders.php`).

use std::collections::BTreeMap;

use cairn_std::Timestamp;

use crate::ids::{IdentityId, UserId};

mod providers;
#[cfg(test)]
mod tests;

pub use providers::providers;

/// Characters of a client id at most.
pub const CLIENT_ID_CHARS_MAX: usize = 256;
/// Characters of a secret at most; a key file may have more ([`KEY_FILE_CHARS_MAX`]).
pub const SECRET_CHARS_MAX: usize = 512;
/// Characters of a key file at most.
pub const KEY_FILE_CHARS_MAX: usize = 4_096;
/// Ways in which a provider may be told to ask its user.
pub const PROMPTS: [&str; 4] = ["none", "login", "consent", "select_account"];
/// Scopes that a caller may add at most, and the characters of each.
pub const SCOPES_MAX: usize = 100;
/// Characters of one scope at most.
pub const SCOPE_CHARS_MAX: usize = 4_096;
/// Identities of one user at most.
pub const IDENTITIES_PER_USER_MAX: usize = 100;

/// A provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Provider {
    /// Its id, in paths and in the store.
    pub id: &'static str,
    /// Its name, for people.
    pub name: &'static str,
    /// The SDK's method that sets it up; `None` where there is none.
    pub method: Option<&'static str>,
    /// Who may use it.
    pub kind: ProviderKind,
    /// What a project's owners enter; exactly one client id and one secret.
    pub fields: &'static [Field],
    /// Where a user is sent.
    pub authorize: Authorize,
    /// How a code becomes tokens.
    pub token: Exchange,
    /// How the user is found.
    pub profile: Profile,
}

/// Who may use a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Everybody.
    Real,
    /// Tests of applications, in development mode: the server plays the provider itself.
    Mock,
}

/// One thing that a project's owners enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its name inside the JSON text that older clients send as the secret.
    pub old: &'static str,
    /// What the provider calls it.
    pub label: &'static str,
    /// What it looks like.
    pub example: &'static str,
    /// A mistake that is easily made.
    pub hint: &'static str,
    /// What it is.
    pub kind: FieldKind,
    /// What stands for it where nothing was entered.
    pub default: &'static str,
    /// Whether the provider cannot be enabled without it.
    pub is_required: bool,
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// The public name of the application.
    ClientId,
    /// What proves the application; never shown again.
    Secret,
    /// A private key in PEM, from which secrets are made; never shown again.
    KeyFile,
    /// Text, which is percent-encoded in URLs.
    Text,
    /// A host, alone or as a URL.
    Host,
    /// A URL.
    Url,
    /// Some of [`PROMPTS`], separated by spaces.
    Prompt,
    /// Seconds.
    Seconds,
}

/// Where a user is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorize {
    /// The address; `{field}` stands for what was entered.
    pub url: &'static str,
    /// Scopes that are always asked for.
    pub scopes: &'static [&'static str],
    /// The parameter that carries them; empty where the provider takes none.
    pub scope_param: &'static str,
    /// What stands between two of them.
    pub separator: &'static str,
    /// More parameters; those that stay empty are left out.
    pub params: &'static [(&'static str, &'static str)],
    /// Where the address to return to is told.
    pub callback: CallbackTold,
    /// Whether the address to return to must not say `localhost`.
    pub is_callback_numeric: bool,
    /// Whether the code is bound to a secret of ours (RFC 7636, S256).
    pub has_pkce: bool,
}

/// Where the address to return to is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackTold {
    /// When the user is sent, and again with the code.
    Twice,
    /// When the user is sent.
    Once,
    /// Nowhere: the provider knows it.
    Never,
}

/// How a code becomes tokens, and old tokens new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The address.
    pub url: &'static str,
    /// Another address for refreshing; empty where it is the same.
    pub refresh_url: &'static str,
    /// How the application proves itself.
    pub client: ClientProof,
    /// Where the tokens are in the answer, as a JSON pointer.
    pub root: &'static str,
    /// Where the access token is below that.
    pub access: &'static str,
}

/// How an application proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProof {
    /// Id and secret in the form.
    Form,
    /// Id and secret in the header `Authorization`.
    Basic,
    /// The same, and the id in the form too.
    BasicAndId,
    /// The id alone: the proof is PKCE's.
    Public,
    /// Id and secret in the query string of a GET.
    Query,
    /// Apple's: the id, and a token signed with the key file.
    SignedKey,
}

/// How the user is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The address; `{field}` stands for what was entered, `{token:/pointer}` for a part of the tokens' answer.
    pub url: &'static str,
    /// How it is asked.
    pub source: Source,
    /// More headers.
    pub headers: &'static [(&'static str, &'static str)],
    /// More documents, each put into the profile under a name.
    pub more: &'static [(&'static str, &'static str)],
    /// Where the user is in the answer, as a JSON pointer.
    pub root: &'static str,
    /// The user's id below that.
    pub id: &'static str,
    /// The user's e-mail address.
    pub email: &'static str,
    /// All addresses, where there may be several.
    pub emails: Option<Emails>,
    /// Whether the address was proved to the provider.
    pub verified: Verified,
    /// The user's name; what is found is joined with spaces.
    pub name: &'static [&'static str],
}

/// How a profile is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// With the access token in the header `Authorization`, as `Bearer`.
    Bearer,
    /// The same with another word in front.
    Scheme(&'static str),
    /// As `Bearer`, by POST.
    PostBearer,
    /// With the access token in this parameter of the query string.
    Query(&'static str),
    /// Not at all: it is in the id token that came with the access token, straight from the provider.
    IdToken,
}

/// A list of addresses, of which a proved one is taken, the primary one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emails {
    /// The list.
    pub list: &'static str,
    /// The address in an entry.
    pub address: &'static str,
    /// Whether it was proved.
    pub verified: &'static str,
    /// Whether it is the primary one.
    pub primary: &'static str,
}

/// Whether an address was proved to the provider. What is missing or anything else was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The provider does not tell.
    Never,
    /// True, or the text `true`.
    Flag(&'static str),
    /// The number 1.
    One(&'static str),
    /// A text that is not empty, such as the time of the proof.
    Present(&'static str),
}

/// The provider called `id`.
pub fn provider(id: &str) -> Option<&'static Provider> {
    providers().find(|provider| provider.id == id)
}

impl Provider {
    /// The field that names the application.
    pub fn client_id(&self) -> &'static Field {
        self.field_of(&[FieldKind::ClientId])
    }

    /// The field that proves the application.
    pub fn secret(&self) -> &'static Field {
        self.field_of(&[FieldKind::Secret, FieldKind::KeyFile])
    }

    fn field_of(&self, kinds: &[FieldKind]) -> &'static Field {
        let found = self.fields.iter().find(|field| kinds.contains(&field.kind));
        found.expect("a test asks every row for its client id and its secret")
    }

    /// The fields that are neither.
    pub fn parts(&self) -> impl Iterator<Item = &'static Field> {
        const NAMED: [FieldKind; 3] = [FieldKind::ClientId, FieldKind::Secret, FieldKind::KeyFile];
        self.fields.iter().filter(|field| !NAMED.contains(&field.kind))
    }
}

/// What a project's owners have entered for a provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Whether users may sign in through it.
    pub is_enabled: bool,
    /// The public name of the application.
    pub client_id: String,
    /// What proves the application, encrypted; empty where nothing was entered.
    pub sealed_secret: String,
    /// The other fields by name; those that are empty are left out.
    pub parts: BTreeMap<String, String>,
}

impl ProviderSettings {
    /// What was entered for a field, or else its default.
    pub fn part<'a>(&'a self, field: &'a Field) -> &'a str {
        self.parts.get(field.name).map_or(field.default, String::as_str)
    }

    /// Whether all is there that a sign-in needs; whether it is right, only the provider knows.
    pub fn is_complete(&self, provider: &Provider) -> bool {
        let has_parts = || provider.parts().all(|field| !field.is_required || !self.part(field).is_empty());
        let filled = |name: &str| self.parts.get(name).is_some_and(|part| !part.is_empty());
        // OpenID Connect: one address from which the others follow, or all of them.
        let has_endpoints = || {
            provider.id != "oidc"
                || filled("wellKnownURL")
                || ["authorizationURL", "tokenURL", "userInfoURL"].into_iter().all(filled)
        };
        !self.client_id.is_empty() && !self.sealed_secret.is_empty() && has_parts() && has_endpoints()
    }
}

/// The providers that a project's owners have entered something for.
pub type AllProviderSettings = BTreeMap<String, ProviderSettings>;

/// A user's link to a provider.
#[derive(Clone, Debug, PartialEq)]
pub struct UserIdentity {
    /// The id that clients use.
    pub id: IdentityId,
    /// The order of making.
    pub seq: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// The provider's id.
    pub provider: String,
    /// Who the user is there; one of a provider belongs to one user.
    pub provider_uid: String,
    /// The address that the provider told last; not an identifier of anybody.
    pub provider_email: String,
    /// The provider's tokens, encrypted.
    pub tokens: SealedTokens,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A provider's tokens, as the store keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedTokens {
    /// The access token, encrypted; may be empty.
    pub access: String,
    /// The refresh token, encrypted; may be empty.
    pub refresh: String,
    /// When the access token ends.
    pub expires: Option<Timestamp>,
}

/// A sign-in that was begun and has not come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OauthState {
    /// The hash of the text that travels through the provider.
    pub hash: String,
    /// The provider's id.
    pub provider: String,
    /// What the surface wants to be reminded of, as it wrote it.
    pub memo: String,
    /// The address to return to, as the provider was told it.
    pub callback: String,
    /// The PKCE verifier, encrypted; empty without.
    pub sealed_verifier: String,
    /// The hash of what the browser must show; `None` where a server that holds a key began.
    pub browser_hash: Option<String>,
    /// Who was signed in then, and gets the identity.
    pub user_id: Option<UserId>,
    /// When it is too late to come back.
    pub expires: Timestamp,
}
