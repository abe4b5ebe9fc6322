//! How a project words its mails.

use cairn_std::Timestamp;

/// The language that is meant where none is named.
pub const LOCALE_DEFAULT: &str = "en";

/// Mails that a project can word, by their name on the wire, in the order in which they are listed.
pub const KINDS: [&str; 7] =
    ["verification", "magicSession", "recovery", "invitation", "mfaChallenge", "sessionAlert", "otpSession"];

/// A project's own words for one kind of mail in one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailTemplate {
    /// The kind, one of [`KINDS`].
    pub kind: String,
    /// The language, in lower case.
    pub locale: String,
    /// The subject, with places like `{{user}}`.
    pub subject: String,
    /// The body, HTML or plain text, with such places.
    pub message: String,
    /// The sender's name; the project's where it is empty.
    pub sender_name: String,
    /// The sender's address; the project's where it is empty.
    pub sender_email: String,
    /// Where answers go; the project's where it is empty.
    pub reply_to_email: String,
    /// Whose answers they are.
    pub reply_to_name: String,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
}
