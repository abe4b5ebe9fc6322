//! The bodies of requests and answers, as JSON.

use cairn_net::Allowed;
use serde::{Deserialize, Serialize};

use crate::{Filled, MailError, MailErrorKind, MailServer, Mailbox, Message, Security};

/// A mail, and the mail server that delivers it where that is not the worker's own.
#[derive(Serialize, Deserialize)]
pub(super) struct MailWire {
    pub(super) server: Option<ServerWire>,
    message: MessageWire,
}

/// A mail server to be tried out.
#[derive(Serialize, Deserialize)]
pub(super) struct CheckWire {
    pub(super) server: ServerWire,
}

/// What became of it.
#[derive(Serialize, Deserialize)]
pub(super) struct OutcomeWire {
    is_done: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ServerWire {
    host: String,
    port: u16,
    security: String,
    username: String,
    password: String,
}

#[derive(Serialize, Deserialize)]
struct MessageWire {
    id: String,
    date_ms: i64,
    from: MailboxWire,
    reply_to: Option<MailboxWire>,
    to: MailboxWire,
    subject: String,
    html: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
struct MailboxWire {
    name: String,
    address: String,
}

impl MailWire {
    pub(super) fn new(server: Option<&MailServer>, message: &Message) -> Self {
        Self { server: server.map(ServerWire::new), message: MessageWire::new(message) }
    }

    pub(super) fn message(self) -> Message {
        let MessageWire { id, date_ms, from, reply_to, to, subject, html, text } = self.message;
        Message {
            id,
            date_ms,
            from: from.into(),
            reply_to: reply_to.map(Into::into),
            to: to.into(),
            content: Filled { subject, html, text },
        }
    }
}

impl ServerWire {
    pub(super) fn new(server: &MailServer) -> Self {
        let MailServer { host, port, security, username, password, .. } = server.clone();
        Self { host, port, security: security.name().to_owned(), username, password }
    }

    /// A mail server that somebody else named leads to these addresses only.
    pub(super) fn within(&self, reach: &Allowed) -> MailServer {
        MailServer {
            host: self.host.clone(),
            port: self.port,
            security: Security::by_name(&self.security),
            username: self.username.clone(),
            password: self.password.clone(),
            trusted_pem: None,
            reach: Some(reach.clone()),
        }
    }
}

impl MessageWire {
    fn new(message: &Message) -> Self {
        let Message { id, date_ms, from, reply_to, to, content } = message.clone();
        Self {
            id,
            date_ms,
            from: from.into(),
            reply_to: reply_to.map(Into::into),
            to: to.into(),
            subject: content.subject,
            html: content.html,
            text: content.text,
        }
    }
}

impl From<Mailbox> for MailboxWire {
    fn from(Mailbox { name, address }: Mailbox) -> Self {
        Self { name, address }
    }
}

impl From<MailboxWire> for Mailbox {
    fn from(MailboxWire { name, address }: MailboxWire) -> Self {
        Self { name, address }
    }
}

impl OutcomeWire {
    pub(super) fn new(outcome: &Result<(), MailError>) -> Self {
        match outcome {
            Ok(()) => Self { is_done: true, kind: None, what: None },
            Err(error) => Self {
                is_done: false,
                kind: Some(error.kind().name().to_owned()),
                what: Some(error.to_string()),
            },
        }
    }

    /// What it tells; `None` where that makes no sense.
    pub(super) fn outcome(self) -> Option<Result<(), MailError>> {
        if self.is_done {
            return Some(Ok(()));
        }
        let kind = MailErrorKind::by_name(&self.kind?)?;
        Some(Err(MailError::reported(kind, self.what.unwrap_or_default())))
    }
}
