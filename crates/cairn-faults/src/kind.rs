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
    pub(crate) fn fallback(self) -> &'static Fallback {
        &FALLBACKS[self as usize]
    }
}

/// The fallbacks, in the order of the kinds.
///
/// The pairs of `reason` are rows of its file, also where its status surprises (an internal error is a 400 there).
/// Everlive's number 1 is not in its file, but it is what that service said for an unexpected failure.
static FALLBACKS: [Fallback; 14] = [
    // Invalid
    Fallback {
        appwrite_1_0: (400, "general_argument_invalid"),
        appwrite: (400, "general_bad_request"),
        reason: (400, "general:bad_request"),
        everlive: (400, 601),
        discord: (400, 50035),
    },
    // Unauthorized
    Fallback {
        appwrite_1_0: (401, "user_unauthorized"),
        appwrite: (401, "user_unauthorized"),
        reason: (401, "user:unauthorized"),
        everlive: (401, 604),
        discord: (401, 40001),
    },
    // Forbidden
    Fallback {
        appwrite_1_0: (401, "general_access_forbidden"),
        appwrite: (401, "general_access_forbidden"),
        reason: (403, "FORBIDDEN"),
        everlive: (403, 603),
        discord: (403, 50013),
    },
    // NotFound
    Fallback {
        appwrite_1_0: (404, "general_route_not_found"),
        appwrite: (404, "general_route_not_found"),
        reason: (404, "system:not_found"),
        everlive: (404, 600),
        discord: (404, 10008),
    },
    // Conflict
    Fallback {
        appwrite_1_0: (409, "resource_already_exists"),
        appwrite: (409, "resource_already_exists"),
        reason: (400, "general:bad_request"),
        everlive: (400, 601),
        discord: (409, 40041),
    },
    // Gone
    Fallback {
        appwrite_1_0: (404, "general_route_not_found"),
        appwrite: (404, "general_route_not_found"),
        reason: (404, "system:not_found"),
        everlive: (404, 600),
        discord: (410, 0),
    },
    // NotReady
    Fallback {
        appwrite_1_0: (400, "general_argument_invalid"),
        appwrite: (400, "general_bad_request"),
        reason: (400, "general:bad_request"),
        everlive: (400, 601),
        discord: (202, 110_000),
    },
    // TooLarge
    Fallback {
        appwrite_1_0: (413, "general_argument_invalid"),
        appwrite: (413, "general_bad_request"),
        reason: (413, "FILE_TOO_LARGE"),
        everlive: (400, 601),
        discord: (413, 40005),
    },
    // RateLimited
    Fallback {
        appwrite_1_0: (429, "general_rate_limit_exceeded"),
        appwrite: (429, "general_rate_limit_exceeded"),
        reason: (429, "rate_limit:exceeded"),
        everlive: (403, 222),
        discord: (429, 31001),
    },
    // NotImplemented
    Fallback {
        appwrite_1_0: (405, "general_not_implemented"),
        appwrite: (405, "general_not_implemented"),
        reason: (404, "system:not_found"),
        everlive: (405, 602),
        discord: (501, 0),
    },
    // Upstream
    Fallback {
        appwrite_1_0: (500, "general_server_error"),
        appwrite: (400, "general_provider_failure"),
        reason: (502, "worker:response_invalid"),
        everlive: (500, 1),
        discord: (502, 0),
    },
    // Unavailable
    Fallback {
        appwrite_1_0: (503, "general_server_error"),
        appwrite: (503, "general_server_error"),
        reason: (503, "worker:connection_failed"),
        everlive: (503, 670),
        discord: (503, 130_000),
    },
    // Timeout
    Fallback {
        appwrite_1_0: (504, "general_server_error"),
        appwrite: (504, "general_server_error"),
        reason: (503, "worker:connection_failed"),
        everlive: (408, 650),
        discord: (504, 0),
    },
    // Internal
    Fallback {
        appwrite_1_0: (500, "general_server_error"),
        appwrite: (500, "general_server_error"),
        reason: (400, "system:internal_error"),
        everlive: (500, 1),
        discord: (500, 0),
    },
];

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
