//! A message with its headers.

use std::time::{Duration, UNIX_EPOCH};

use lettre::Address;
use lettre::message::{Mailbox as Header, MultiPart};

use crate::template::{Filled, one_line};
use crate::{MailError, MailErrorKind};

#[cfg(test)]
mod tests;

/// Characters of a name in a header at most.
const NAME_CHARS_MAX: usize = 256;

/// Somebody's address, with a name where one is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The name; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

impl Mailbox {
    /// An address with a name.
    pub fn new(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { name: name.into(), address: address.into() }
    }

    fn header(&self) -> Result<Header, MailError> {
        let refused =
            || MailError::new(MailErrorKind::Address, "this is no e-mail address that mail can be sent to");
        // The parser is lenient about what a quoted local part may hold; a header is not.
        if self.address.contains(|c: char| c.is_control() || c.is_whitespace()) {
            return Err(refused());
        }
        let address: Address = self.address.parse().map_err(|_| refused())?;
        let name: String = one_line(&self.name).trim().chars().take(NAME_CHARS_MAX).collect();
        Ok(Header::new(Some(name).filter(|name| !name.is_empty()), address))
    }
}

/// One mail to one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// A name that no other message has, without `@`; part of `Message-ID`.
    pub id: String,
    /// When it was written, in milliseconds since 1970.
    pub date_ms: i64,
    /// Who sends it.
    pub from: Mailbox,
    /// Where answers go, when elsewhere.
    pub reply_to: Option<Mailbox>,
    /// Whom it is for.
    pub to: Mailbox,
    /// What it says.
    pub content: Filled,
}

impl Message {
    /// The message in the form in which it travels.
    ///
    /// # Errors
    /// [`MailErrorKind::Address`] where an address cannot stand in a header.
    pub(crate) fn build(&self) -> Result<lettre::Message, MailError> {
        let from = self.from.header()?;
        let id =
            format!("<{}@{}>", one_line(&self.id).replace(['<', '>', '@', ' '], ""), from.email.domain());
        let date = UNIX_EPOCH + Duration::from_millis(self.date_ms.max(0).unsigned_abs());
        let mut builder =
            lettre::Message::builder().message_id(Some(id)).date(date).from(from).to(self.to.header()?);
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(reply_to.header()?);
        }
        let parts = MultiPart::alternative_plain_html(self.content.text.clone(), self.content.html.clone());
        let built = builder.subject(one_line(&self.content.subject)).multipart(parts);
        built.map_err(|error| {
            MailError::caused(MailErrorKind::Address, "the message cannot be put together", error)
        })
    }
}
