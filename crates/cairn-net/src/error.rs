//! Why nothing came back.

use std::fmt;

/// What went wrong, as far as callers tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetErrorKind {
    /// The address is not one that a foreign URL may lead to, or the URL is not one of the web.
    Refused,
    /// Nobody answered: the name is unknown, the connection failed or broke, or its certificate is not good.
    Unreachable,
    /// The answer took too long.
    TimedOut,
    /// The answer is larger than the request allows.
    TooLarge,
    /// The redirects had no end.
    TooManyRedirects,
    /// The request itself cannot be sent: a header or address that HTTP does not know.
    BadRequest,
}

/// Why nothing came back. Its text names no path, query or header: they may hold secrets.
#[derive(Debug)]
pub struct NetError {
    kind: NetErrorKind,
    host: String,
    source: Option<reqwest::Error>,
}

impl NetError {
    pub(crate) fn new(kind: NetErrorKind, host: Option<&str>) -> Self {
        Self { kind, host: host.unwrap_or("?").to_owned(), source: None }
    }

    pub(crate) fn caused(kind: NetErrorKind, host: Option<&str>, source: reqwest::Error) -> Self {
        Self { source: Some(source.without_url()), ..Self::new(kind, host) }
    }

    /// What went wrong.
    pub fn kind(&self) -> NetErrorKind {
        self.kind
    }
}

impl fmt::Display for NetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            NetErrorKind::Refused => "is no address that may be called",
            NetErrorKind::Unreachable => "cannot be reached",
            NetErrorKind::TimedOut => "took too long to answer",
            NetErrorKind::TooLarge => "answered with too much",
            NetErrorKind::TooManyRedirects => "redirects without end",
            NetErrorKind::BadRequest => "cannot be asked this",
        };
        write!(f, "{} {what}", self.host)
    }
}

impl std::error::Error for NetError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
