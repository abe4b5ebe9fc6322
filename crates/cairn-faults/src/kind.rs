//! The dozen kinds of failure: what a fault inherits when its row says nothing of its own.

use crate::format::Code;

/// The kind of a fault: its default status, log level, retryability and fallback codes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// The request is wrong and stays wrong until its content changes.
    Invalid,
    /// The credential is missing, unusable or not enough to know the caller.
    Unauthorized,
    /// The caller is known and may not do this.
    Forbidden,
    /// What the request names does not exist, or not for this caller.
    NotFound,
    /// The request contradicts the present state.
    Conflict,
    /// What the request names existed and will not come back.
    Gone,
    /// The state is on its way; asking again later is right.
    NotReady,
    /// The request is larger than a bound allows.
    TooLarge,
    /// Too many requests in a window.
    RateLimited,
    /// Cairn has no such thing here.
    NotImplemented,
    /// A system outside Cairn answered badly.
    Upstream,
    /// Cairn or something it needs cannot serve at the moment.
    Unavailable,
    /// Time ran out.
    Timeout,
    /// A defect or a broken environment; the caller did nothing wrong.
    Internal,
}

/// How loudly a failure is logged.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogLevel {
    /// The caller's affair; useful only while debugging.
    Debug,
    /// Worth counting.
    Info,
    /// An operator may have to act.
    Warn,
    /// An operator should act.
    Error,
}

/// Whether sending the same request again can help.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Retry {
    /// The same request fails again.
    Never,
    /// The same request can succeed later.
    Later,
}

/// What a kind gives to the contracts for which a row has no column.
pub(crate) struct Fallback {
    pub(crate) appwrite_1_0: (u16, &'static str),
    pub(crate) appwrite: (u16, &'static str),
    pub(crate) reason: (u16, &'static str),
    pub(crate) everlive: (u16, u32),
    pub(crate) discord: (u16, u32),
}

impl Kind {
    /// Every kind.
    pub const ALL: &[Kind] = &[
        Kind::Invalid,
        Kind::Unauthorized,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Conflict,
        Kind::Gone,
        Kind::NotReady,
        Kind::TooLarge,
        Kind::RateLimited,
        Kind::NotImplemented,
        Kind::Upstream,
        Kind::Unavailable,
        Kind::Timeout,
        Kind::Internal,
    ];

    /// The HTTP status in the `problem` format, unless the row names another.
    pub fn status(self) -> u16 {
        match self {
            Kind::Invalid | Kind::NotReady => 400,
            Kind::Unauthorized => 401,
            Kind::Forbidden => 403,
            Kind::NotFound => 404,
            Kind::Conflict => 409,
            Kind::Gone => 410,
            Kind::TooLarge => 413,
            Kind::RateLimited => 429,
            Kind::Internal => 500,
            Kind::NotImplemented => 501,
            Kind::Upstream => 502,
            Kind::Unavailable => 503,
            Kind::Timeout => 504,
        }
    }

    /// How loudly a failure of this kind is logged.
    pub fn log_level(self) -> LogLevel {
        match self {
            Kind::Internal => LogLevel::Error,
            Kind::Upstream | Kind::Unavailable | Kind::Timeout => LogLevel::Warn,
            Kind::RateLimited | Kind::TooLarge => LogLevel::Info,
            _ => LogLevel::Debug,
        }
    }

    /// Whether sending the same request again can help.
    pub fn retry(self) -> Retry {
        match self {
            Kind::NotReady | Kind::RateLimited | Kind::Upstream | Kind::Unavailable | Kind::Timeout => {
                Retry::Later
            }
            _ => Retry::Never,
        }
    }

    /// The name in prose, lower case.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid request",
            Kind::Unauthorized => "unauthorized",
            Kind::Forbidden => "forbidden",
            Kind::NotFound => "not found",
            Kind::Conflict => "conflict",
            Kind::Gone => "gone",
            Kind::NotReady => "not ready",
            Kind::TooLarge => "too large",
            Kind::RateLimited => "rate limited",
            Kind::NotImplemented => "not implemented",
            Kind::Upstream => "upstream failure",
            Kind::Unavailable => "unavailable",
            Kind::Timeout => "timeout",
            Kind::Internal => "internal",
        }
    }

    /// The codes for contracts without a column.
    ///
    /// The pairs of `reason` are rows of its file, also where its status surprises (an internal error is a 400
    /// there). Everlive's number 1 is not in its file, but it is what that service said for an unexpected failure.
    pub(crate) fn fallback(self) -> Fallback {
        let (appwrite_1_0, appwrite, reason, everlive, discord) = match self {
            Kind::Invalid => (
                (400, "general_argument_invalid"),
                (400, "general_bad_request"),
                (400, "general:bad_request"),
                (400, 601),
                (400, 50035),
            ),
            Kind::Unauthorized => (
                (401, "user_unauthorized"),
                (401, "user_unauthorized"),
                (401, "user:unauthorized"),
                (401, 604),
                (401, 40001),
            ),
            Kind::Forbidden => (
                (401, "general_access_forbidden"),
                (401, "general_access_forbidden"),
                (403, "FORBIDDEN"),
                (403, 603),
                (403, 50013),
            ),
            Kind::NotFound => (
                (404, "general_route_not_found"),
                (404, "general_route_not_found"),
                (404, "system:not_found"),
                (404, 600),
                (404, 10008),
            ),
            Kind::Conflict => (
                (409, "document_already_exists"),
                (409, "resource_already_exists"),
                (400, "general:bad_request"),
                (400, 601),
                (409, 40041),
            ),
            Kind::Gone => (
                (404, "general_route_not_found"),
                (404, "general_route_not_found"),
                (404, "system:not_found"),
                (404, 600),
                (410, 0),
            ),
            Kind::NotReady => (
                (400, "general_argument_invalid"),
                (400, "general_bad_request"),
                (400, "general:bad_request"),
                (400, 601),
                (202, 110_000),
            ),
            Kind::TooLarge => (
                (413, "general_argument_invalid"),
                (413, "general_bad_request"),
                (413, "FILE_TOO_LARGE"),
                (400, 601),
                (413, 40005),
            ),
            Kind::RateLimited => (
                (429, "general_rate_limit_exceeded"),
                (429, "general_rate_limit_exceeded"),
                (429, "rate_limit:exceeded"),
                (403, 222),
                (429, 31001),
            ),
            Kind::NotImplemented => (
                (501, "general_route_not_found"),
                (405, "general_not_implemented"),
                (404, "system:not_found"),
                (405, 602),
                (501, 0),
            ),
            Kind::Upstream => (
                (500, "general_server_error"),
                (400, "general_provider_failure"),
                (502, "worker:response_invalid"),
                (500, 1),
                (502, 0),
            ),
            Kind::Unavailable => (
                (503, "general_server_error"),
                (503, "general_server_error"),
                (503, "worker:connection_failed"),
                (503, 670),
                (503, 130_000),
            ),
            Kind::Timeout => (
                (504, "general_server_error"),
                (504, "general_server_error"),
                (503, "worker:connection_failed"),
                (408, 650),
                (504, 0),
            ),
            Kind::Internal => (
                (500, "general_server_error"),
                (500, "general_server_error"),
                (400, "system:internal_error"),
                (500, 1),
                (500, 0),
            ),
        };
        Fallback { appwrite_1_0, appwrite, reason, everlive, discord }
    }
}

impl LogLevel {
    /// The level's name, lower case, as log filters spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        }
    }
}

/// Make a textual code.
pub(crate) fn text(pair: (u16, &'static str)) -> (u16, Code) {
    (pair.0, Code::Text(pair.1))
}

/// Make a numeric code.
pub(crate) fn number(pair: (u16, u32)) -> (u16, Code) {
    (pair.0, Code::Number(pair.1))
}
