//! Applications of others that act for a project's users and teams: OAuth2 clients.

use cairn_std::Timestamp;
use url::{Host, Url};

use crate::ids::{AppId, AppSecretId, InstallationId, TeamId, UserId};
use crate::reason::Reason;

#[cfg(test)]
mod tests;

/// Most characters of an address.
pub const URI_CHARS_MAX: usize = 2_048;
/// Addresses, contacts, tags, images and scopes in one list at most.
pub const ITEMS_MAX: usize = 100;
/// Characters of a tag at most.
pub const TAG_CHARS_MAX: usize = 64;
/// Labels of an application at most.
pub const APP_LABELS_MAX: usize = 1_000;
/// Client secrets, and keys, of one application at most.
pub const SECRETS_PER_APP_MAX: usize = 100;
/// Applications that one user, or one team, may own.
pub const APPS_PER_OWNER_MAX: i64 = 1_000;

/// An application.
#[derive(Clone, Debug, PartialEq)]
pub struct Application {
    /// The id that clients use; the `client_id` of OAuth2.
    pub id: AppId,
    /// The order of making.
    pub seq: i64,
    /// The name that people gave it.
    pub name: String,
    /// Whether it can keep a secret.
    pub kind: ClientKind,
    /// Whether it may do anything.
    pub is_enabled: bool,
    /// Whether it may use the device flow (RFC 8628).
    pub has_device_flow: bool,
    /// The team that owns it, if one does.
    pub team_id: Option<TeamId>,
    /// The user who owns it, if one does.
    pub user_id: Option<UserId>,
    /// What the project's own servers mark it with.
    pub labels: Vec<String>,
    /// Where users may be sent with a code.
    pub redirect_uris: Vec<String>,
    /// What people are told about it, and what it asks of teams.
    pub about: AppAbout,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// What people are told about an application, and what it asks of teams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppAbout {
    /// What it is for.
    pub description: String,
    /// In a few words.
    pub tagline: String,
    /// Its home page.
    pub client_uri: String,
    /// Its logo.
    pub logo_uri: String,
    /// How it treats people's data.
    pub privacy_policy_url: String,
    /// Its terms of service.
    pub terms_url: String,
    /// Where people find help.
    pub support_url: String,
    /// Where people have their data deleted.
    pub data_deletion_url: String,
    /// Addresses of those who answer for it.
    pub contacts: Vec<String>,
    /// Words by which people find it.
    pub tags: Vec<String>,
    /// Pictures of it.
    pub images: Vec<String>,
    /// Where users may be sent after they signed out.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it asks of a team that installs it.
    pub installation_scopes: Vec<String>,
    /// Where people go after they installed it; empty for nowhere.
    pub installation_redirect_url: String,
}

/// Whether a client can keep a secret (RFC 6749, section 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientKind {
    /// It cannot: pages, apps, programs on people's own machines. Every code of it is bound to a verifier (PKCE).
    Public,
    /// It can: servers.
    Confidential,
}

impl ClientKind {
    /// The name on the wire and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Confidential => "confidential",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Public, Self::Confidential].into_iter().find(|kind| kind.name() == name)
    }
}

/// What an application proves itself with; only its hash is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSecret {
    /// The id that clients use.
    pub id: AppSecretId,
    /// The order of making.
    pub seq: i64,
    /// The application.
    pub app_id: AppId,
    /// For what it is shown.
    pub kind: SecretKind,
    /// The keyed hash, to find it by.
    pub lookup: String,
    /// The last characters, for people to know it by.
    pub hint: String,
    /// Who made it; empty for a key of the project.
    pub creator_id: String,
    /// The maker's name.
    pub creator_name: String,
    /// The last use, to the day.
    pub accessed_at: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// For what a secret of an application is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// To the token endpoint, as `client_secret`.
    Client,
    /// To the API, as the application itself: to see its installations and get tokens of them.
    Key,
}

impl SecretKind {
    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Key => "key",
        }
    }

    /// The kind of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Client, Self::Key].into_iter().find(|kind| kind.name() == name)
    }
}

/// An application's place in a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// The id that clients use.
    pub id: InstallationId,
    /// The order of making.
    pub seq: i64,
    /// The application.
    pub app_id: AppId,
    /// The team.
    pub team_id: TeamId,
    /// What the application may do: what it asked for when the installation was made or last changed.
    pub scopes: Vec<String>,
    /// On what, as a JSON list of RFC 9396.
    pub details: String,
    /// Who made it; empty for a key of the project.
    pub creator_id: String,
    /// The maker's name.
    pub creator_name: String,
    /// When a token was last issued for it.
    pub accessed_at: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Application {
    /// Whether users may be sent to this address: one that is registered, letter by letter.
    ///
    /// A program on the user's own machine listens where there is room, so the port of a loopback address is free (RFC
    /// 8252, section 7.3).
    pub fn allows_redirect(&self, uri: &str) -> bool {
        let is_known = |known: &String| known == uri || is_loopback_twin(known, uri);
        self.redirect_uris.iter().any(is_known)
    }
}

fn is_loopback_twin(known: &str, uri: &str) -> bool {
    let (Ok(known), Ok(mut asked)) = (Url::parse(known), Url::parse(uri)) else { return false };
    let is_plain = |url: &Url| url.scheme() == "http" && is_loopback(url) && url.username().is_empty();
    // Compared as they were written but for the port: a text that parses to something else is another address.
    let is_as_written = asked.as_str() == uri && uri.len() <= URI_CHARS_MAX;
    is_plain(&known)
        && is_plain(&asked)
        && is_as_written
        && asked.set_port(known.port()).is_ok()
        && asked == known
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Check an address to which users are sent: https, http on the user's own machine, or a scheme that an app has of its own
/// (RFC 8252, section 7.1), without a fragment.
///
/// # Errors
/// Why it is none.
pub fn check_redirect_uri(uri: &str) -> Result<(), Reason> {
    let is_plain = !uri.is_empty() && uri.len() <= URI_CHARS_MAX && uri.bytes().all(|b| b.is_ascii_graphic());
    if !is_plain || uri.contains(['#', '\\']) {
        return Err(Reason::new(format!(
            "must be an address of at most {URI_CHARS_MAX} characters without spaces and without a fragment"
        )));
    }
    let url = Url::parse(uri).map_err(|_| Reason::new("must be a complete address"))?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    let is_fine = match url.scheme() {
        "https" => url.has_host() && !has_user,
        "http" => is_loopback(&url) && !has_user,
        // A name that belongs to somebody, written backwards: `javascript:` and `data:` are nobody's.
        own => own.contains('.'),
    };
    if is_fine {
        return Ok(());
    }
    Err(Reason::new("must be https, http on the user's own machine, or of a scheme like com.example.app"))
}
