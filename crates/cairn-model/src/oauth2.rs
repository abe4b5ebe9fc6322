//! A project as an OAuth2 and OpenID server for its own users: settings, grants, consents, tokens, scopes.
//!
//! Sign-in through other people's servers is in `oauth`.

use cairn_std::Timestamp;

use crate::ids::{AppId, ConsentId, GrantId, InstallationId, TokenFamilyId, UserId};

pub mod scopes;
#[cfg(test)]
mod tests;

/// Scopes in one request, and in a project's list, at most.
pub const SCOPES_MAX: usize = 100;
/// Characters of a scope, and of a type of details, at most.
pub const SCOPE_CHARS_MAX: usize = 128;
/// Resources in one request at most.
pub const RESOURCES_MAX: usize = 20;
/// Bytes of authorization details at most.
pub const DETAILS_BYTES_MAX: usize = 16_384;
/// Seconds that a token may live at most: ten years.
pub const TOKEN_SECONDS_MAX: i64 = 315_360_000;
/// Seconds that a device has at most: a day.
pub const DEVICE_SECONDS_MAX: i64 = 86_400;
/// Characters of the shortest and of the longest code that people type.
pub const USER_CODE_CHARS: (i64, i64) = (6, 32);

/// What a project's owners have chosen for their server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Oauth2Server {
    /// Whether there is one.
    pub is_enabled: bool,
    /// The page on which users allow or refuse.
    pub authorization_url: String,
    /// Scopes that applications may ask for beside the built-in ones.
    pub scopes: Vec<String>,
    /// Scopes of a request that names none.
    pub default_scopes: Vec<String>,
    /// Types of authorization details that applications may ask for.
    pub details_types: Vec<String>,
    /// How long tokens of confidential clients live.
    pub confidential: Lifetimes,
    /// How long tokens of public clients live.
    pub public: Lifetimes,
    /// Seconds that a token of an installation lives.
    pub installation_seconds: i64,
    /// Whether confidential clients bind their codes to a verifier, too.
    pub needs_pkce: bool,
    /// The page on which users type a device's code; empty where there is no device flow.
    pub verification_url: String,
    /// Characters of the code that people type.
    pub user_code_chars: i64,
    /// Of what it consists.
    pub user_code_format: UserCodeFormat,
    /// Seconds that a device waits at most.
    pub device_seconds: i64,
    /// The private key that signs id tokens (P-256, PKCS #8), encrypted; empty until the server was first enabled.
    pub sealed_key: String,
}

/// How long tokens live, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token.
    pub access_seconds: i64,
    /// A refresh token.
    pub refresh_seconds: i64,
}

impl Lifetimes {
    /// When the last of the tokens that are made now ends.
    pub fn end(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(self.refresh_seconds.max(self.access_seconds))
    }
}

impl Default for Oauth2Server {
    fn default() -> Self {
        Self {
            is_enabled: false,
            authorization_url: String::new(),
            scopes: Vec::new(),
            default_scopes: Vec::new(),
            details_types: Vec::new(),
            confidential: Lifetimes { access_seconds: 28_800, refresh_seconds: 31_536_000 },
            public: Lifetimes { access_seconds: 3_600, refresh_seconds: 2_592_000 },
            installation_seconds: 3_600,
            needs_pkce: false,
            verification_url: String::new(),
            user_code_chars: 8,
            user_code_format: UserCodeFormat::Alphanumeric,
            device_seconds: 600,
            sealed_key: String::new(),
        }
    }
}

impl Oauth2Server {
    /// Whether applications may ask for the scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        scopes::IDENTITY.contains(&scope) || self.scopes.iter().any(|known| known == scope)
    }
}

/// Of what the code consists that people type from one screen into another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCodeFormat {
    /// Digits, for remote controls.
    Numeric,
    /// Letters.
    Alphabetic,
    /// Both.
    Alphanumeric,
}

impl UserCodeFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Numeric, Self::Alphabetic, Self::Alphanumeric];

    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Alphabetic => "alphabetic",
            Self::Alphanumeric => "alphanumeric",
        }
    }

    /// The format of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The characters, none of which people take for another. Letters are no vowels: codes spell nothing (RFC 8628,
    /// section 6.1).
    pub fn alphabet(self) -> &'static [u8] {
        match self {
            Self::Numeric => b"0123456789",
            Self::Alphabetic => b"BCDFGHJKLMNPQRSTVWXZ",
            Self::Alphanumeric => b"BCDFGHJKLMNPQRSTVWXZ23456789",
        }
    }
}

/// A code that people typed, as it was drawn: without case, spaces and hyphens.
pub fn typed_user_code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// What an application asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthRequest {
    /// Scopes.
    pub scopes: Vec<String>,
    /// For which servers the tokens are meant (RFC 8707).
    pub resources: Vec<String>,
    /// On what, as a JSON list (RFC 9396); empty for none.
    pub details: String,
    /// Where the user is sent; empty in the device flow.
    pub redirect_uri: String,
    /// What the user brings there.
    pub response: ResponseKind,
    /// What the application wants back unchanged.
    pub state: Option<String>,
    /// What the id token repeats.
    pub nonce: Option<String>,
    /// The hash of the verifier (RFC 7636, S256).
    pub challenge: Option<String>,
    /// What the consent page should do: words of OpenID.
    pub prompt: String,
    /// Seconds since the user proved who they are, at most.
    pub max_age: Option<i64>,
}

/// What an authorization gives to the application.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseKind {
    /// A code.
    #[default]
    Code,
    /// An id token.
    IdToken,
    /// Both.
    CodeAndIdToken,
}

impl ResponseKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Code, Self::IdToken, Self::CodeAndIdToken];

    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::IdToken => "id_token",
            Self::CodeAndIdToken => "code id_token",
        }
    }

    /// The kind of this name, its words in any order.
    pub fn of_name(name: &str) -> Option<Self> {
        let mut words: Vec<&str> = name.split_whitespace().collect();
        words.sort_unstable();
        Self::ALL.into_iter().find(|kind| kind.name() == words.join(" "))
    }

    /// Whether there is a code.
    pub fn has_code(self) -> bool {
        self != Self::IdToken
    }

    /// Whether there is an id token.
    pub fn has_id_token(self) -> bool {
        self != Self::Code
    }
}

/// How far a grant has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// Pushed by the application: no user has been asked.
    Pushed,
    /// Begun by a device: no user has been asked.
    Waiting,
    /// A user is being asked.
    Pending,
    /// The user allows it; tokens can be fetched, once.
    Approved,
    /// The user refuses.
    Rejected,
    /// Tokens were fetched.
    Spent,
}

impl GrantState {
    /// Every state.
    pub const ALL: [Self; 6] =
        [Self::Pushed, Self::Waiting, Self::Pending, Self::Approved, Self::Rejected, Self::Spent];

    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pushed => "pushed",
            Self::Waiting => "waiting",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Spent => "spent",
        }
    }

    /// The state of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What an application asks of a user, from the question to the code that is spent for tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The id that clients use.
    pub id: GrantId,
    /// The application.
    pub app_id: AppId,
    /// The user, once it is known who is asked.
    pub user_id: Option<UserId>,
    /// How far it has come.
    pub state: GrantState,
    /// What is asked.
    pub request: AuthRequest,
    /// The keyed hash of a pushed request's handle, or of a device's code.
    pub handle: Option<String>,
    /// The keyed hash of the code that people type.
    pub user_code: Option<String>,
    /// The keyed hash of the code that is spent for tokens.
    pub code: Option<String>,
    /// The tokens that came of it.
    pub family_id: Option<TokenFamilyId>,
    /// When the user proved who they are.
    pub auth_time: Option<Timestamp>,
    /// When the device asked last.
    pub polled: Option<Timestamp>,
    /// Seconds between two questions of the device at least.
    pub interval_seconds: i64,
    /// When the present state ends.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// What a user has allowed an application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The id that clients use.
    pub id: ConsentId,
    /// The order of making.
    pub seq: i64,
    /// The user.
    pub user_id: UserId,
    /// The application.
    pub app_id: AppId,
    /// Scopes.
    pub scopes: Vec<String>,
    /// For which servers.
    pub resources: Vec<String>,
    /// On what, as a JSON list; empty for none.
    pub details: String,
    /// When the last token of it ends; `None` until there is one.
    pub expires: Option<Timestamp>,
    /// When it was given.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Consent {
    /// Whether what is asked was allowed before and still is.
    pub fn covers(&self, request: &AuthRequest, now: Timestamp) -> bool {
        let is_live = self.expires.is_none_or(|expires| expires > now);
        let has_details = request.details.is_empty() || request.details == self.details;
        is_live
            && has_details
            && request.scopes.iter().all(|scope| self.scopes.contains(scope))
            && request.resources.iter().all(|resource| self.resources.contains(resource))
    }
}

/// Tokens that replace each other: those of one device of a user, or of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFamily {
    /// The id that clients use.
    pub id: TokenFamilyId,
    /// The order of making.
    pub seq: i64,
    /// The application.
    pub app_id: AppId,
    /// The user for whom it acts.
    pub user_id: Option<UserId>,
    /// The consent under which it was issued.
    pub consent_id: Option<ConsentId>,
    /// The installation for which it was issued.
    pub installation_id: Option<InstallationId>,
    /// What it may do.
    pub scopes: Vec<String>,
    /// For which servers.
    pub resources: Vec<String>,
    /// On what, as a JSON list; empty for none.
    pub details: String,
    /// When the user proved who they are.
    pub auth_time: Option<Timestamp>,
    /// When the present access token ends.
    pub access_expires: Timestamp,
    /// When everything of it has ended.
    pub expires: Timestamp,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last refreshed.
    pub updated: Timestamp,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Shown with every request.
    Access,
    /// Spent for new tokens.
    Refresh,
}

impl TokenKind {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Access, Self::Refresh].into_iter().find(|kind| kind.name() == name)
    }
}

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The keyed hash, to find it by.
    pub lookup: String,
    /// What it is for.
    pub kind: TokenKind,
    /// The tokens that it belongs to.
    pub family_id: TokenFamilyId,
    /// When it ends.
    pub expires: Timestamp,
    /// When it was spent.
    pub used: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
}
