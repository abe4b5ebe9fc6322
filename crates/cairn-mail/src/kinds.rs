//! What mails are about.

/// What a mail is about. All but the last can be worded by a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A link that proves an e-mail address.
    Verification,
    /// A link that signs in.
    MagicSession,
    /// A link that sets a new password.
    Recovery,
    /// A link that accepts an invitation to a team.
    Invitation,
    /// A code that answers a second-factor challenge.
    MfaChallenge,
    /// News of a sign-in from a new client.
    SessionAlert,
    /// A code that signs in.
    OtpSession,
    /// A sample that shows that a mail server works.
    SmtpTest,
}

impl Kind {
    /// The kinds that a project can word, in the order in which they are listed.
    pub const WORDED: [Self; 7] = [
        Self::Verification,
        Self::MagicSession,
        Self::Recovery,
        Self::Invitation,
        Self::MfaChallenge,
        Self::SessionAlert,
        Self::OtpSession,
    ];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Verification => "verification",
            Self::MagicSession => "magicSession",
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::MfaChallenge => "mfaChallenge",
            Self::SessionAlert => "sessionAlert",
            Self::OtpSession => "otpSession",
            Self::SmtpTest => "smtpTest",
        }
    }

    /// The kind of this name, of those that a project can word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::WORDED.into_iter().find(|kind| kind.name() == name)
    }
}
