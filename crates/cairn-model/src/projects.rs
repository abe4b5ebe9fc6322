//! Projects: the registry row that the platform keeps, and the settings that the project keeps itself.

use std::collections::BTreeSet;

use cairn_std::Timestamp;

use crate::ids::{ProjectId, TeamId};
use crate::oauth2::Oauth2Server;
use crate::sessions::{SESSION_SECONDS_DEFAULT, SESSIONS_PER_USER_DEFAULT};

/// A row of the registry.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// The id that clients use.
    pub id: ProjectId,
    /// The project's number, never used again.
    pub number: i64,
    /// The order of making.
    pub seq: i64,
    /// The organization that owns it.
    pub team_id: TeamId,
    /// The name that people gave it.
    pub name: String,
    /// The region whose database keeps it.
    pub region: String,
    /// Labels that administrators gave.
    pub labels: Vec<String>,
    /// Whether its removal has begun.
    pub is_going: bool,
    /// What older clients keep about a project.
    pub about: About,
    /// Whether a client has said hello: the first `ping`.
    pub pinged_at: Option<Timestamp>,
    /// The last use, to the day.
    pub accessed_at: Option<Timestamp>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// What clients before 1.9.5 keep about a project; nothing depends on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// What the project is for.
    pub description: String,
    /// An address or id of its logo.
    pub logo: String,
    /// Its own address.
    pub url: String,
    /// The owner's name in law.
    pub legal_name: String,
    /// The owner's country.
    pub legal_country: String,
    /// The owner's state.
    pub legal_state: String,
    /// The owner's city.
    pub legal_city: String,
    /// The owner's street.
    pub legal_address: String,
    /// The owner's tax number.
    pub legal_tax_id: String,
}

/// The first region, whose database keeps the platform too; the only one of the embedded store.
pub const REGION_DEFAULT: &str = "default";

/// Labels of a project at most.
pub const LABELS_MAX: usize = 1_000;

/// Services that a project can turn off, in the order in which they are listed.
pub const SERVICES: [&str; 18] = [
    "account",
    "avatars",
    "databases",
    "tablesdb",
    "locale",
    "health",
    "project",
    "storage",
    "teams",
    "users",
    "vcs",
    "sites",
    "functions",
    "proxy",
    "graphql",
    "migrations",
    "messaging",
    "advisor",
];

/// Protocols that a project can turn off.
pub const PROTOCOLS: [&str; 3] = ["rest", "graphql", "websocket"];

/// Sign-in ways that a project can turn off, each with the name that clients before 1.9.5 know it by.
pub const AUTH_METHODS: [(&str, &str); 7] = [
    ("email-password", "emailPassword"),
    ("magic-url", "usersAuthMagicURL"),
    ("email-otp", "emailOtp"),
    ("anonymous", "anonymous"),
    ("invites", "invites"),
    ("jwt", "JWT"),
    ("phone", "phone"),
];

/// Users of a project at most, whatever is chosen.
pub const USERS_LIMIT_MAX: i64 = 10_000;
/// Earlier passwords that may be kept.
pub const PASSWORD_HISTORY_MAX: i64 = 20;
/// Test phone numbers of a project at most.
pub const MOCK_PHONES_MAX: usize = 5_000;

/// What a project's owners have chosen. Everything has a default, so that a new project stores nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Services that are turned off for everyone but keys and admins.
    pub disabled_services: BTreeSet<String>,
    /// Protocols that are turned off: `rest`, `graphql`, `websocket`.
    pub disabled_protocols: BTreeSet<String>,
    /// Sign-in ways that are turned off: `email-password`, `anonymous`, `jwt`, ...
    pub disabled_auth_methods: BTreeSet<String>,
    /// Rules about accounts.
    pub policies: Policies,
    /// The project's own mail server.
    pub smtp: Smtp,
    /// Numbers that get no message: their code is fixed.
    pub mock_phones: Vec<MockPhone>,
    /// The server that other people's applications sign the project's users in through.
    pub oauth2: Oauth2Server,
    /// When any of it was last changed.
    pub updated: Option<Timestamp>,
}

impl Settings {
    /// The choices of the console itself, whose members see each other.
    pub fn of_console() -> Self {
        let policies = Policies { memberships: MembershipPrivacy::OPEN, ..Policies::default() };
        Self { policies, ..Self::default() }
    }
}

/// Rules about accounts of a project.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct Policies {
    /// Users at most.
    pub users_max: Option<i64>,
    /// Seconds that a session lasts; [`SESSION_SECONDS_DEFAULT`] where nothing was chosen.
    pub session_seconds: Option<i64>,
    /// Sessions per user at most; [`SESSIONS_PER_USER_DEFAULT`] where nothing was chosen.
    pub sessions_per_user_max: Option<i64>,
    /// How many earlier passwords may not come back; 0 is none.
    pub password_history: i64,
    /// What a password must have in it.
    pub password_strength: PasswordStrength,
    /// Whether common passwords are refused.
    pub refuses_common_passwords: bool,
    /// Whether passwords that hold the user's own data are refused.
    pub refuses_personal_passwords: bool,
    /// Whether a sign-in from a new client is told to the user.
    pub alerts_on_session: bool,
    /// Whether a changed password ends the user's other sessions.
    pub ends_sessions_on_password_change: bool,
    /// What members of a team may see of each other.
    pub memberships: MembershipPrivacy,
    /// What may complete a second-factor challenge.
    pub mfa_factors: MfaFactors,
    /// Which e-mail addresses are taken.
    pub emails: EmailPolicies,
}

impl Default for Policies {
    fn default() -> Self {
        Self {
            users_max: None,
            session_seconds: None,
            sessions_per_user_max: None,
            password_history: 0,
            password_strength: PasswordStrength::default(),
            refuses_common_passwords: false,
            refuses_personal_passwords: false,
            alerts_on_session: false,
            ends_sessions_on_password_change: true,
            memberships: MembershipPrivacy::CLOSED,
            mfa_factors: MfaFactors::default(),
            emails: EmailPolicies::default(),
        }
    }
}

impl Policies {
    /// How long a session lasts.
    pub fn session_seconds(&self) -> i64 {
        self.session_seconds.unwrap_or(SESSION_SECONDS_DEFAULT)
    }

    /// How many sessions a user may have.
    pub fn sessions_per_user_max(&self) -> i64 {
        self.sessions_per_user_max.unwrap_or(SESSIONS_PER_USER_DEFAULT)
    }
}

/// What a password must have in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct PasswordStrength {
    /// Characters at least, 8 to 256.
    pub chars_min: i64,
    /// Whether an upper-case letter.
    pub needs_uppercase: bool,
    /// Whether a lower-case letter.
    pub needs_lowercase: bool,
    /// Whether a digit.
    pub needs_number: bool,
    /// Whether something else.
    pub needs_symbol: bool,
}

impl Default for PasswordStrength {
    fn default() -> Self {
        Self {
            chars_min: 8,
            needs_uppercase: false,
            needs_lowercase: false,
            needs_number: false,
            needs_symbol: false,
        }
    }
}

/// Which e-mail addresses a project takes of new accounts and of changed ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct EmailPolicies {
    /// Whether other spellings of a mailbox are refused.
    pub denies_aliased: bool,
    /// Whether addresses that are thrown away after use are refused.
    pub denies_disposable: bool,
    /// Whether addresses that anybody gets for nothing are refused.
    pub denies_free: bool,
    /// Whether addresses of organizations alone are taken.
    pub is_corporate_only: bool,
}

/// What may complete a second-factor challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct MfaFactors {
    /// Codes of an authenticator.
    pub totp: bool,
    /// Codes by e-mail.
    pub email: bool,
    /// Codes by phone.
    pub phone: bool,
    /// What the project's own code decides.
    pub custom: bool,
}

impl Default for MfaFactors {
    fn default() -> Self {
        Self { totp: true, email: true, phone: true, custom: false }
    }
}

/// What members of a team may see of each other.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the contract")]
pub struct MembershipPrivacy {
    /// Whether ids are shown.
    pub shows_user_id: bool,
    /// Whether e-mail addresses are shown.
    pub shows_email: bool,
    /// Whether phone numbers are shown.
    pub shows_phone: bool,
    /// Whether names are shown.
    pub shows_name: bool,
    /// Whether the second-factor status is shown.
    pub shows_mfa: bool,
    /// Whether the last use is shown.
    pub shows_accessed_at: bool,
}

impl MembershipPrivacy {
    /// Nothing is shown, as in a new project.
    pub const CLOSED: Self = Self {
        shows_user_id: false,
        shows_email: false,
        shows_phone: false,
        shows_name: false,
        shows_mfa: false,
        shows_accessed_at: false,
    };

    /// Everything is shown, as in the console.
    pub const OPEN: Self = Self {
        shows_user_id: true,
        shows_email: true,
        shows_phone: true,
        shows_name: true,
        shows_mfa: true,
        shows_accessed_at: true,
    };
}

/// A project's own mail server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Smtp {
    /// Whether it is used.
    pub is_enabled: bool,
    /// Its host name.
    pub host: String,
    /// Its port; 0 where none was chosen.
    pub port: i64,
    /// The name to sign in with; may be empty.
    pub username: String,
    /// The password to sign in with, encrypted; may be empty.
    pub sealed_password: String,
    /// `tls`, `ssl` or empty.
    pub secure: String,
    /// The sender's address.
    pub sender_email: String,
    /// The sender's name.
    pub sender_name: String,
    /// Where answers go.
    pub reply_to_email: String,
    /// Whose answers they are.
    pub reply_to_name: String,
}

/// A phone number for tests: no message is sent, and the code is always the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockPhone {
    /// The number, `+` and digits.
    pub number: String,
    /// The code, six digits.
    pub otp: String,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}
