//! Text messages to phones.
//!
//! As with mail, a use case asks for an [`Sms`] before its transaction and sends it after the commit. Numbers that a
//! project keeps for tests have a fixed code and get no message.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cairn_faults::{Error, Fault};

use crate::Cx;

/// Messages of the make-believe provider that are kept.
const KEPT_MAX: usize = 100;
/// Digits of a code.
pub(crate) const CODE_DIGITS: usize = 6;

/// Who delivers text messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsProvider {
    /// Nobody: messages are kept in memory, for tests and development.
    Mock,
}

impl SmsProvider {
    /// The provider of this name.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "mock" => Some(Self::Mock),
            _ => None,
        }
    }
}

/// What the server's own configuration says about text messages.
#[derive(Clone, Debug, Default)]
pub struct SmsOptions {
    /// Who delivers; without one, none is sent.
    pub provider: Option<SmsProvider>,
}

/// A message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentSms {
    /// The number, `+` and digits.
    pub number: String,
    /// What it says.
    pub text: String,
}

/// The messages of the make-believe provider, newest last.
#[derive(Default)]
pub struct Phones(Mutex<VecDeque<SentSms>>);

impl Phones {
    /// The messages that were sent last, oldest first.
    pub fn sent(&self) -> Vec<SentSms> {
        self.kept().iter().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<SentSms>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message of which only number and text are missing.
pub struct Sms(SmsProvider);

/// Begin a text message.
///
/// # Errors
/// `general_phone_disabled` without a provider, also for numbers that get no message.
pub fn prepare(cx: &Cx) -> Result<Sms, Error> {
    let provider = cx.app.options.sms.provider.ok_or_else(|| Fault::GeneralPhoneDisabled.error())?;
    Ok(Sms(provider))
}

impl Sms {
    /// Send it, after the commit of what it tells.
    pub fn send(self, cx: &Cx, number: &str, text: &str) {
        match self.0 {
            SmsProvider::Mock => {
                let mut kept = cx.app.phones.kept();
                if kept.len() == KEPT_MAX {
                    kept.pop_front();
                }
                kept.push_back(SentSms { number: number.to_owned(), text: text.to_owned() });
            }
        }
    }
}

/// The code that the project keeps for a test number.
pub fn fixed_code(cx: &Cx, number: &str) -> Option<String> {
    let found = cx.project.settings.mock_phones.iter().find(|known| known.number == number);
    found.map(|known| known.otp.clone())
}

/// A new code of six digits.
pub fn draw_code(cx: &Cx) -> String {
    let span = 10_u64.pow(u32::try_from(CODE_DIGITS).expect("few digits"));
    format!("{:06}", cx.app.ids.rng().u64() % span)
}
