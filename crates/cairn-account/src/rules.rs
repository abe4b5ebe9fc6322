//! Rules for parameters that only this surface has.

use cairn_http::rules::{Refusal, Rule, Shape, ShapeKind, TextRule, text};
use cairn_model::personas::{
    BIO_CHARS_MAX, DISPLAY_NAME_CHARS_MAX, HANDLE_CHARS_MAX, HANDLE_CHARS_MIN, check_bio, check_display_name,
    check_handle,
};
use cairn_model::reason::Reason;
use serde_json::Value;

/// Characters of a password at least.
const PASSWORD_CHARS_MIN: usize = 12;
/// Characters of a password at most.
const PASSWORD_CHARS_MAX: usize = 128;
/// Characters of a password that is only compared at most.
const CANDIDATE_CHARS_MAX: usize = 1_024;
/// Characters of a token at most.
const TOKEN_CHARS_MAX: usize = 512;
/// Entries of a list that is asked for at most.
pub(crate) const LIMIT_MAX: i64 = 100;

/// A text that a rule of the domain checks.
#[derive(Clone, Copy)]
pub(crate) struct Checked {
    chars_min: usize,
    chars_max: usize,
    check: fn(&str) -> Result<(), Reason>,
}

impl Rule for Checked {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Text).sized(self.chars_min, self.chars_max)
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let text = value.as_str().ok_or_else(|| Refusal::new("Value must be a text."))?;
        match (self.check)(text) {
            Ok(()) => Ok(text.to_owned()),
            Err(reason) => Err(Refusal::new(format!("Value {reason}."))),
        }
    }
}

/// A handle.
pub(crate) fn handle() -> Checked {
    Checked { chars_min: HANDLE_CHARS_MIN, chars_max: HANDLE_CHARS_MAX, check: check_handle }
}

/// A name that is shown.
pub(crate) fn display_name() -> Checked {
    Checked { chars_min: 1, chars_max: DISPLAY_NAME_CHARS_MAX, check: check_display_name }
}

/// A biography.
pub(crate) fn bio() -> Checked {
    Checked { chars_min: 1, chars_max: BIO_CHARS_MAX, check: check_bio }
}

/// Why something is done, of 1 to `chars_max` characters and not blank.
pub(crate) fn reason(chars_max: usize) -> Checked {
    Checked {
        chars_min: 1,
        chars_max,
        check: if chars_max > 500 { check_reason } else { check_short_reason },
    }
}

fn check_reason(text: &str) -> Result<(), Reason> {
    bounded(text, 1_000)
}

fn check_short_reason(text: &str) -> Result<(), Reason> {
    bounded(text, 500)
}

fn bounded(text: &str, chars_max: usize) -> Result<(), Reason> {
    if text.trim().is_empty() {
        return Err(Reason::new("must not be blank"));
    }
    if text.chars().count() > chars_max {
        return Err(Reason::new(format!("must have at most {chars_max} characters")));
    }
    Ok(())
}

/// A password that is set.
pub(crate) fn new_password() -> TextRule {
    text(PASSWORD_CHARS_MIN, PASSWORD_CHARS_MAX)
}

/// A password that is compared with the one that is set.
pub(crate) fn candidate() -> TextRule {
    text(1, CANDIDATE_CHARS_MAX)
}

/// A token out of a mail or an earlier answer.
pub(crate) fn token() -> TextRule {
    text(1, TOKEN_CHARS_MAX)
}

/// Faults of a route that mails a link and may ask for a proof that a person calls, with more of its own.
macro_rules! mailing_faults {
    ($($own:ident),* $(,)?) => {
        &[
            $(Fault::$own,)*
            Fault::WorkerUnreachable,
            Fault::WorkerAnswerInvalid,
            Fault::VerificationMailFailed,
            Fault::TurnstileTokenMissing,
            Fault::TurnstileFailed,
            Fault::TurnstileUnavailable,
        ]
    };
}
pub(crate) use mailing_faults;
