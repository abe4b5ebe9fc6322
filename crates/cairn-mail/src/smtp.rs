//! One delivery to one mail server.
//!
//! A delivery has a connection of its own: mails are few, and a connection that is kept is one that breaks unseen.

use std::error::Error as StdError;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cairn_net::Allowed;
use lettre::transport::smtp::AsyncSmtpTransport;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncTransport as _, Tokio1Executor};

use crate::Message;
use crate::template::one_line;

#[cfg(test)]
mod tests;

/// How long a mail server may take for one step.
const STEP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a delivery may take in all.
const DELIVERY_TIMEOUT: Duration = Duration::from_secs(30);
/// Addresses of a server that are tried at most.
const ADDRESSES_MAX: usize = 4;
/// Characters of a server's own words that are kept.
const WORDS_CHARS_MAX: usize = 200;

/// How a mail server is spoken to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// Without encryption.
    #[default]
    None,
    /// Encrypted after a plain greeting (STARTTLS). A server that cannot is refused.
    StartTls,
    /// Encrypted from the start.
    Tls,
}

impl Security {
    /// The security of this name: `tls`, `ssl`, or none for every other.
    pub fn by_name(name: &str) -> Self {
        match name {
            "tls" => Self::StartTls,
            "ssl" => Self::Tls,
            _ => Self::None,
        }
    }

    /// Its name, which [`Security::by_name`] reads back.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::StartTls => "tls",
            Self::Tls => "ssl",
        }
    }
}

/// A mail server and how to sign in to it.
#[derive(Clone, Default)]
pub struct MailServer {
    /// Its host name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How it is spoken to.
    pub security: Security,
    /// The name to sign in with; empty for none.
    pub username: String,
    /// The password to sign in with.
    pub password: String,
    /// More certificates to trust, as PEM.
    pub trusted_pem: Option<Arc<[u8]>>,
    /// Which addresses the host may lead to; any where it is of the operator's own configuration, which is `None`.
    pub reach: Option<Allowed>,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, security, .. } = self;
        write!(f, "MailServer({host}:{port}, {security:?}, ..)")
    }
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailErrorKind {
    /// The message has an address that nothing can be sent to: trying again is no use.
    Address,
    /// The server was not reached, did not answer in time, or broke off.
    Unreachable,
    /// The connection could not be encrypted.
    Encryption,
    /// What answered does not speak SMTP.
    Unreadable,
    /// The server cannot take the message now.
    Busy,
    /// The server refused the sign-in or the message: trying again is no use.
    Refused,
}

impl MailErrorKind {
    /// Every kind with its name, by which a worker tells it.
    const NAMES: [(Self, &str); 6] = [
        (Self::Address, "address"),
        (Self::Unreachable, "unreachable"),
        (Self::Encryption, "encryption"),
        (Self::Unreadable, "unreadable"),
        (Self::Busy, "busy"),
        (Self::Refused, "refused"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("refused", |(_, name)| name)
    }

    pub(crate) fn by_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// Why a mail was not delivered.
#[derive(Debug)]
pub struct MailError {
    kind: MailErrorKind,
    what: String,
    is_reported: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl MailError {
    pub(crate) fn new(kind: MailErrorKind, what: impl Into<String>) -> Self {
        Self { kind, what: what.into(), is_reported: false, source: None }
    }

    pub(crate) fn caused(
        kind: MailErrorKind,
        what: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { kind, what: what.into(), is_reported: false, source: Some(source.into()) }
    }

    /// What a worker told of its own attempt.
    pub(crate) fn reported(kind: MailErrorKind, what: impl Into<String>) -> Self {
        Self { is_reported: true, ..Self::new(kind, what) }
    }

    /// What went wrong.
    pub fn kind(&self) -> MailErrorKind {
        self.kind
    }

    /// Whether a worker tells it of its own attempt: the worker itself was reached and understood.
    pub fn is_reported(&self) -> bool {
        self.is_reported
    }

    /// Whether the same delivery can succeed later.
    pub fn is_passing(&self) -> bool {
        !matches!(self.kind, MailErrorKind::Address | MailErrorKind::Refused)
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl StdError for MailError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

impl MailServer {
    /// Deliver a message.
    ///
    /// # Errors
    /// Any [`MailErrorKind`].
    pub async fn send(&self, message: &Message) -> Result<(), MailError> {
        let built = message.build()?;
        let delivery = async {
            let mut last = None;
            for address in self.addresses().await? {
                match self.transport(address)?.send(built.clone()).await {
                    Ok(_) => return Ok(()),
                    Err(error) => {
                        let error = failure(error);
                        // Another address of the same server may answer; one that did answer has decided.
                        if error.kind != MailErrorKind::Unreachable {
                            return Err(error);
                        }
                        last = Some(error);
                    }
                }
            }
            Err(last.unwrap_or_else(nowhere))
        };
        in_time(delivery).await
    }

    /// Greet the server, encrypt, sign in, and leave: whether mail could be delivered.
    ///
    /// # Errors
    /// Any [`MailErrorKind`] but that of addresses.
    pub async fn check(&self) -> Result<(), MailError> {
        let visit = async {
            let mut last = None;
            for address in self.addresses().await? {
                match self.transport(address)?.test_connection().await {
                    Ok(true) => return Ok(()),
                    Ok(false) => last = Some(nowhere()),
                    Err(error) => last = Some(failure(error)),
                }
            }
            Err(last.unwrap_or_else(nowhere))
        };
        in_time(visit).await
    }

    /// The server's addresses that may be connected to.
    async fn addresses(&self) -> Result<Vec<SocketAddr>, MailError> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let found = cairn_net::addresses(host, self.port, self.reach.as_ref()).await.map_err(|error| {
            MailError::caused(
                MailErrorKind::Unreachable,
                "the host name of the mail server is not known",
                error,
            )
        })?;
        let allowed: Vec<SocketAddr> = found.into_iter().take(ADDRESSES_MAX).collect();
        if allowed.is_empty() { Err(nowhere()) } else { Ok(allowed) }
    }

    fn transport(&self, address: SocketAddr) -> Result<Transport, MailError> {
        let mut builder = Transport::builder_dangerous(address.ip().to_string())
            .port(self.port)
            .timeout(Some(STEP_TIMEOUT))
            .tls(self.tls()?);
        if !self.username.is_empty() {
            builder = builder
                .credentials(Credentials::new(self.username.clone(), self.password.clone()))
                .authentication(vec![Mechanism::Plain, Mechanism::Login]);
        }
        Ok(builder.build())
    }

    fn tls(&self) -> Result<Tls, MailError> {
        if self.security == Security::None {
            return Ok(Tls::None);
        }
        let broken =
            |error| MailError::caused(MailErrorKind::Encryption, "the connection cannot be encrypted", error);
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.trusted_pem {
            parameters = parameters.add_root_certificate(Certificate::from_pem(pem).map_err(broken)?);
        }
        let parameters = parameters.build_rustls().map_err(broken)?;
        Ok(if self.security == Security::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, MailError>>) -> Result<T, MailError> {
    match tokio::time::timeout(DELIVERY_TIMEOUT, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(MailError::new(MailErrorKind::Unreachable, "the mail server took too long")),
    }
}

fn nowhere() -> MailError {
    MailError::new(MailErrorKind::Unreachable, "the mail server cannot be reached")
}

fn failure(error: lettre::transport::smtp::Error) -> MailError {
    let kind = if error.is_permanent() {
        MailErrorKind::Refused
    } else if error.is_transient() {
        MailErrorKind::Busy
    } else if error.is_tls() {
        MailErrorKind::Encryption
    } else if error.is_response() {
        MailErrorKind::Unreadable
    } else if error.is_client() {
        // It lacks what the settings ask for, such as encryption or a way to sign in.
        MailErrorKind::Refused
    } else {
        MailErrorKind::Unreachable
    };
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    let words: String = one_line(&words).chars().take(WORDS_CHARS_MAX).collect();
    let what = match kind {
        MailErrorKind::Refused => format!("the mail server refuses: {words}"),
        MailErrorKind::Busy => format!("the mail server puts off: {words}"),
        MailErrorKind::Encryption => "the connection cannot be encrypted".to_owned(),
        MailErrorKind::Unreadable => "what answers is no mail server".to_owned(),
        MailErrorKind::Unreachable | MailErrorKind::Address => "the mail server cannot be reached".to_owned(),
    };
    MailError::caused(kind, what, error)
}
