//! The form of ids and keys that clients choose, and the macro that makes one type per kind of id.

use crate::reason::Reason;

#[cfg(test)]
mod tests;

/// Longest id or key in characters (the reference's `MAX_UID_DEFAULT_LENGTH`).
pub const ID_CHARS_MAX: usize = 36;

/// Declare id types: a string each, not interchangeable.
macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub String);

        impl $name {
            /// The id as it appears on the wire.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )+};
}

id_types! {
    /// A user's link to a provider of identity.
    IdentityId,
    /// A project.
    ProjectId,
    /// A database of a project.
    DatabaseId,
    /// A collection, or table, of a database.
    CollectionId,
    /// A document, or row, of a collection.
    DocumentId,
    /// An account of a project.
    UserId,
    /// A team of a project.
    TeamId,
    /// One user's place in a team.
    MembershipId,
    /// A sign-in of a user.
    SessionId,
    /// An address that messages to a user can be sent to.
    TargetId,
    /// A question for a user's second factor.
    ChallengeId,
    /// A key of a project.
    KeyId,
    /// An application that a project's clients run in.
    PlatformId,
    /// An address that is told of events.
    WebhookId,
    /// A secret that was sent to a user.
    OneTimeTokenId,
    /// A variable of a project, function or site.
    VariableId,
    /// A set of staged changes of documents.
    TransactionId,
    /// An application of others, which acts for a project's users and teams.
    AppId,
    /// A client secret or a key of an application.
    AppSecretId,
    /// An application's place in a team.
    InstallationId,
    /// What an application asks of a user.
    GrantId,
    /// What a user has allowed an application.
    ConsentId,
    /// The tokens that one consent or one installation was given at once, with those that replace them.
    TokenFamilyId,
}

/// Whether `text` is a well-formed id or key: 1 to `chars_max` of `A-Z a-z 0-9 _ . -`, the first a letter or digit.
pub fn is_key(text: &str, chars_max: usize) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.len() <= chars_max
        && bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Whether `text` is a well-formed label: 1 to 36 ASCII letters and digits.
pub fn is_label(text: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Whether `text` is a well-formed project id: 1 to 36 of `a-z 0-9 -`, the first a letter or digit.
pub fn is_project_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.len() <= ID_CHARS_MAX
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// Check an id or key of at most 36 characters.
pub fn check_key(text: &str) -> Result<(), Reason> {
    if is_key(text, ID_CHARS_MAX) { Ok(()) } else { Err(Reason::new(key_rule(ID_CHARS_MAX))) }
}

/// The rule of [`is_key`] in words.
pub fn key_rule(chars_max: usize) -> String {
    format!(
        "must have 1 to {chars_max} characters out of A-Z, a-z, 0-9, underscore, period and hyphen, \
         and begin with a letter or digit"
    )
}
