//! Mail: texts from templates, messages that nobody breaks out of, delivery by SMTP.
//!
//! What is sent to whom, and when, is decided in `cairn-core`. Here:
//! - [`template`]: the texts of each [`Kind`] of mail per language, and filling in what they leave open;
//! - [`message`]: a message with its headers;
//! - [`smtp`]: one delivery to one mail server;
//! - [`worker`]: handing deliveries to a process of their own, and that process's side of it.
//!
//! INVARIANT: a value that is filled in (a name, a team, an address) stays a value: no line break of it reaches a
//! header, no markup of it reaches the HTML part.

mod kinds;
pub mod message;
pub mod smtp;
pub mod template;
mod texts;
pub mod worker;

pub use kinds::Kind;
pub use message::{Mailbox, Message};
pub use smtp::{MailError, MailErrorKind, MailServer, Security};
pub use template::{Filled, Template, Values};
pub use worker::{Desk, Worker};
