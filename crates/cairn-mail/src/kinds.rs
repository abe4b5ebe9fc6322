//! What mails are about.

/// What a mail is about. [`Kind::WORDED`] can be worded by a project.
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
    /// The account API: a link that finishes a sign-up or proves an address.
    AccountSignUp,
    /// The account API: somebody signed up with an address that has an account.
    AccountExists,
    /// The account API: somebody asked for a link for an address that has no use for one.
    AccountNothing,
    /// The account API: a link that sets a new password.
    AccountReset,
    /// The account API: a link that moves an account to another address.
    AccountEmailChange,
    /// The account API: a link that makes a device known.
    AccountDevice,
    /// The account API: a link that deletes an account.
    AccountDeletion,
    /// The account API: something happened to an account.
    AccountAlert,
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

    /// The kinds of the account API; a project does not word them.
    pub const ACCOUNT: [Self; 8] = [
        Self::AccountSignUp,
        Self::AccountExists,
        Self::AccountNothing,
        Self::AccountReset,
        Self::AccountEmailChange,
        Self::AccountDevice,
        Self::AccountDeletion,
        Self::AccountAlert,
    ];

    /// Whether the mail carries a link.
    pub const fn has_link(self) -> bool {
        matches!(
            self,
            Self::Verification
                | Self::MagicSession
                | Self::Recovery
                | Self::Invitation
                | Self::AccountSignUp
                | Self::AccountReset
                | Self::AccountEmailChange
                | Self::AccountDevice
                | Self::AccountDeletion
        )
    }

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
            Self::AccountSignUp => "accountSignUp",
            Self::AccountExists => "accountExists",
            Self::AccountNothing => "accountNothing",
            Self::AccountReset => "accountReset",
            Self::AccountEmailChange => "accountEmailChange",
            Self::AccountDevice => "accountDevice",
            Self::AccountDeletion => "accountDeletion",
            Self::AccountAlert => "accountAlert",
        }
    }

    /// The kind of this name, of those that a project can word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::WORDED.into_iter().find(|kind| kind.name() == name)
    }
}
