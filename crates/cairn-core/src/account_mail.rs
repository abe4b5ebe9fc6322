//! Mail of the account API: links to the pages of an application, and news for people. Handed over while the caller waits.
//!
//! INVARIANT: links begin with the configured address of the application, never with what a request says of itself.

use cairn_faults::{Error, Fault};

use crate::Cx;
use crate::mail::{self, Kind, Letter, MailError, MailErrorKind, Mailbox};

/// A page of the application that takes a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Proves an address.
    VerifyEmail,
    /// Sets a new password.
    ResetPassword,
    /// Moves the account to another address.
    ConfirmEmailChange,
    /// Makes a device known.
    VerifyDevice,
    /// Deletes the account.
    ConfirmDeletion,
}

impl Page {
    fn path(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify-email",
            Self::ResetPassword => "reset-password",
            Self::ConfirmEmailChange => "confirm-email-change",
            Self::VerifyDevice => "verify-device",
            Self::ConfirmDeletion => "confirm-deletion",
        }
    }
}

/// What a mail is for, when it cannot be handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It proves an address.
    Verification,
    /// It sets a new password.
    Reset,
}

/// Begin a mail, before anything is written: without a mail server nothing is.
///
/// # Errors
/// `worker:connection_failed` without a mail server.
pub(crate) async fn prepare(cx: &Cx, kind: Kind) -> Result<Letter, Error> {
    mail::prepare(cx, kind).await.map_err(|error| match error.fault() {
        Fault::GeneralSmtpDisabled => Fault::WorkerUnreachable.error().source(error),
        _ => error,
    })
}

/// Hand over a mail with a link that carries the token.
///
/// # Errors
/// `worker:*`, by what the mail server said and what the mail is for.
pub(crate) async fn send_link(
    cx: &Cx,
    letter: Letter,
    purpose: Purpose,
    to: &Mailbox,
    page: Page,
    token: &str,
) -> Result<(), Error> {
    let base = cx.app.options.account.url.trim_end_matches('/');
    let link = format!("{base}/{}?token={token}", page.path());
    let minutes = |values: mail::Values| values.with("user", &to.name).with("redirect", &link);
    letter.deliver(cx, to, minutes).await.map_err(|error| failed(error, purpose))
}

/// Hand over a mail that only tells something.
///
/// # Errors
/// As [`send_link`].
pub(crate) async fn tell(cx: &Cx, letter: Letter, purpose: Purpose, to: &Mailbox) -> Result<(), Error> {
    let base = cx.app.options.account.url.clone();
    let values = |values: mail::Values| values.with("user", &to.name).with("redirect", &base);
    letter.deliver(cx, to, values).await.map_err(|error| failed(error, purpose))
}

/// Tell somebody about their own account, later and without anybody's waiting: nothing hangs on it.
pub(crate) async fn alert(cx: &Cx, to: &Mailbox, event: &str) {
    if let Ok(letter) = mail::prepare(cx, Kind::AccountAlert).await {
        letter.send(cx, to, |values| values.with("user", &to.name).with("event", event));
    }
}

fn failed(error: MailError, purpose: Purpose) -> Error {
    // A worker that tells of its own attempt was reached and understood: it is the mail that failed.
    let fault = match (error.kind(), purpose) {
        (MailErrorKind::Unreachable, _) if !error.is_reported() => Fault::WorkerUnreachable,
        (MailErrorKind::Encryption | MailErrorKind::Unreadable, _) if !error.is_reported() => {
            Fault::WorkerAnswerInvalid
        }
        (_, Purpose::Verification) => Fault::VerificationMailFailed,
        (_, Purpose::Reset) => Fault::ResetMailFailed,
    };
    fault.error().source(error)
}
