//! English.

mod account;

use super::Text;
use crate::Kind;

const BLANK: Text = Text {
    subject: "",
    preview: "",
    hello: "Hello {{user}},",
    lead: "",
    button: "",
    link: "If the button does not work, open this address:",
    facts: &[],
    client: "It was asked for with {{agentClient}} on {{agentDevice}} {{agentOs}}. If that was not you, ignore this mail.",
    phrase: "The security phrase of this mail is {{phrase}}. Go on only if you were shown the same one.",
    note: "",
    thanks: "Kind regards,",
    signature: "{{project}} team",
};

static VERIFICATION: Text = Text {
    subject: "Confirm your address for {{project}}",
    preview: "One step is left to finish your account at {{project}}.",
    lead: "please confirm that this is the e-mail address of your account at {{project}}. The link works for one hour.",
    button: "Confirm the address",
    note: "If you did not ask for this, there is nothing to do.",
    ..BLANK
};

static MAGIC_SESSION: Text = Text {
    subject: "Sign in to {{project}}",
    preview: "Your link for {{project}}. It works once, within one hour.",
    lead: "this link signs you in to {{project}}. It works once, within one hour.",
    button: "Sign in to {{project}}",
    ..BLANK
};

static RECOVERY: Text = Text {
    subject: "Choose a new password for {{project}}",
    preview: "Your link for a new password at {{project}}.",
    lead: "with this link you choose a new password for your account at {{project}}. It works once, within one hour.",
    button: "Choose a new password",
    note: "If you did not ask for this, your password stays as it is.",
    ..BLANK
};

static INVITATION: Text = Text {
    subject: "Join {{team}} at {{project}}",
    preview: "{{owner}} invites you to {{team}} at {{project}}.",
    lead: "{{owner}} invites you to become a member of the team {{team}} at {{project}}.",
    button: "Join {{team}}",
    note: "If you do not want to, there is nothing to do.",
    ..BLANK
};

static MFA_CHALLENGE: Text = Text {
    subject: "Your code for {{project}}",
    preview: "The second step of your sign-in to {{project}}.",
    lead: "this code is the second step of your sign-in to {{project}}. It works once, within 15 minutes.",
    ..BLANK
};

static SESSION_ALERT: Text = Text {
    subject: "A new sign-in to {{project}}",
    preview: "Somebody signed in to your account at {{project}}.",
    lead: "somebody signed in to your account at {{project}} on {{date}}, {{year}} at {{time}} UTC.",
    facts: &["Device: {{device}}", "Address: {{ipAddress}}", "Country: {{country}}"],
    note: "If that was you, there is nothing to do. If not, change your password and end your other sessions.",
    ..BLANK
};

static OTP_SESSION: Text = Text {
    subject: "Your code for {{project}}",
    preview: "Sign in to {{project}} with it, within 15 minutes.",
    lead: "this code signs you in to {{project}}. It works once, within 15 minutes.",
    ..BLANK
};

static SMTP_TEST: Text = Text {
    subject: "A sample from your mail server",
    preview: "Your mail server works.",
    hello: "Hello,",
    lead: "this sample was sent with the mail server of your project. It works.",
    facts: &["From: {{from}}", "Answers to: {{replyTo}}"],
    signature: "Cairn",
    ..BLANK
};

/// The words of a kind.
pub(super) fn of(kind: Kind) -> &'static Text {
    match kind {
        Kind::Verification => &VERIFICATION,
        Kind::MagicSession => &MAGIC_SESSION,
        Kind::Recovery => &RECOVERY,
        Kind::Invitation => &INVITATION,
        Kind::MfaChallenge => &MFA_CHALLENGE,
        Kind::SessionAlert => &SESSION_ALERT,
        Kind::OtpSession => &OTP_SESSION,
        Kind::SmtpTest => &SMTP_TEST,
        Kind::AccountSignUp => &account::SIGN_UP,
        Kind::AccountExists => &account::EXISTS,
        Kind::AccountNothing => &account::NOTHING,
        Kind::AccountReset => &account::RESET,
        Kind::AccountEmailChange => &account::EMAIL_CHANGE,
        Kind::AccountDevice => &account::DEVICE,
        Kind::AccountDeletion => &account::DELETION,
        Kind::AccountAlert => &account::ALERT,
    }
}

/// As every language offers them.
#[expect(clippy::unnecessary_wraps, reason = "other languages lack kinds")]
pub(super) fn text(kind: Kind) -> Option<&'static Text> {
    Some(of(kind))
}
