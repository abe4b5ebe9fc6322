//! What was done in a project, by whom and from where.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// How long entries are kept where nothing else is set: 14 days.
pub const LOG_SECONDS_DEFAULT: i64 = 1_209_600;
/// How long entries of the console are kept where nothing else is set: half a year.
pub const CONSOLE_LOG_SECONDS_DEFAULT: i64 = 15_778_800;
/// Characters of a user agent that an entry keeps.
pub const LOG_USER_AGENT_CHARS_MAX: usize = 512;

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogActor {
    /// A user of the project.
    User,
    /// A console user at work on the project.
    Admin,
    /// An application with a key.
    Key,
    /// Nobody who is known.
    Guest,
}

impl LogActor {
    /// Its name, as it is stored and told.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
            Self::Key => "keyProject",
            Self::Guest => "guest",
        }
    }

    /// The actor with this name; a guest where there is none.
    pub fn of(name: &str) -> Self {
        [Self::User, Self::Admin, Self::Key]
            .into_iter()
            .find(|actor| actor.name() == name)
            .unwrap_or(Self::Guest)
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// The order of making; also its id.
    pub seq: i64,
    /// What happened: `user.update`, `session.create`.
    pub event: String,
    /// What it happened to: `user/ID`, `team/ID`.
    pub resource: String,
    /// The user whom the entry is about; empty where it is about nobody.
    pub subject_id: UserId,
    /// Who did it; empty for guests and keys.
    pub actor_id: UserId,
    /// What the actor was.
    pub actor: LogActor,
    /// The actor's address at that time.
    pub actor_email: String,
    /// The actor's name at that time.
    pub actor_name: String,
    /// `admin` where the console acted, `default` elsewhere.
    pub mode: String,
    /// The client's address.
    pub ip: String,
    /// The country of that address, two letters, or empty.
    pub country: String,
    /// The client's own description of itself.
    pub user_agent: String,
    /// When it happened.
    pub created: Timestamp,
}
