//! What a user is told on the account API, and which of it the user wants.

use cairn_std::Timestamp;

use crate::ids::UserId;

/// Notices that one user keeps at most; the oldest go.
pub const NOTICES_PER_USER_MAX: i64 = 1_000;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Boards and posts.
    Board,
    /// Other users.
    User,
    /// The service.
    System,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Board, Self::User, Self::System];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Board => "Board",
            Self::User => "User",
            Self::System => "System",
        }
    }

    /// The kind with this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What can have happened, by its name on the wire.
pub const NOTICE_ACTIONS: [&str; 3] = ["board_comment_created", "user_mentioned", "system_announcement"];

/// Something that a user is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The id that clients use.
    pub id: String,
    /// The order of making.
    pub seq: i64,
    /// Who is told.
    pub user_id: UserId,
    /// Who did it; nobody in particular where it is the service.
    pub actor_id: Option<UserId>,
    /// What it is about.
    pub kind: NoticeKind,
    /// What happened, one of [`NOTICE_ACTIONS`].
    pub action: String,
    /// More about it, a JSON object as text.
    pub additional: String,
    /// When the user read it.
    pub read: Option<Timestamp>,
    /// When it happened.
    pub created: Timestamp,
}

/// What a user wants to be told, and how.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NoticePreferences {
    /// Whether by mail too.
    pub email_enabled: bool,
    /// Whether by push too.
    pub push_enabled: bool,
    /// Actions that the user does not want to hear of.
    pub disabled_actions: Vec<String>,
    /// When that was last changed.
    pub updated: Option<Timestamp>,
}
