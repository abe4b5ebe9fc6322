//! The headers that requests and answers carry beside the standard ones, and how a request's are read.
//!
//! Names are values here and not texts: a look-up by text parses the text each time, and each request is looked through for
//! dozens.

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

/// Declare header names, each as `NAME = "x-name"`.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {$(
        $(#[$doc])*
        pub static $name: HeaderName = HeaderName::from_static($text);
    )+};
}

names! {
    /// The project that the request is about.
    PROJECT = "x-appwrite-project";
    /// `admin`: a console user acts on the project.
    MODE = "x-appwrite-mode";
    /// The organization that the request is about.
    ORGANIZATION = "x-appwrite-organization";
    /// The value of a session, for clients without cookies.
    SESSION = "x-appwrite-session";
    /// The sessions of a browser that drops cookies, as a JSON object; the answer's header sets them.
    FALLBACK_COOKIES = "x-fallback-cookies";
    /// A JWT of a user.
    JWT = "x-appwrite-jwt";
    /// A key of the project, of a console user or of an organization.
    KEY = "x-appwrite-key";
    /// The console user whose key it is.
    KEY_USER = "x-appwrite-user";
    /// The application whose key it is.
    KEY_APP = "x-appwrite-app";
    /// A dev key of the project.
    DEV_KEY = "x-appwrite-dev-key";
    /// As whom the caller wants to act: an id.
    IMPERSONATED_ID = "x-appwrite-impersonate-user-id";
    /// The same by e-mail address.
    IMPERSONATED_EMAIL = "x-appwrite-impersonate-user-email";
    /// The same by phone number.
    IMPERSONATED_PHONE = "x-appwrite-impersonate-user-phone";
    /// The wire version that the caller speaks.
    RESPONSE_FORMAT = "x-appwrite-response-format";
    /// What the caller has seen of the row: a newer one is a conflict.
    SEEN_AT = "x-appwrite-timestamp";
    /// The language of mails and names.
    LOCALE = "x-appwrite-locale";
    /// The SDK that sent the request.
    SDK_NAME = "x-sdk-name";
    /// Another error format.
    ERROR_FORMAT = "x-error-format";
    /// Names a request, so that it can be sent again.
    IDEMPOTENCY_KEY = "idempotency-key";
    /// The code by which the first user of a server shows that the server is theirs.
    SETUP_CODE = "x-cairn-setup-code";
    /// The proof of Turnstile.
    TURNSTILE = "x-turnstile-token";
    /// The token that makes an app's device known.
    DEVICE_TOKEN = "x-device-token";
    /// Whether a proxy's client speaks https.
    FORWARDED_PROTO = "x-forwarded-proto";
    /// The request's id, on every answer; a caller may choose it.
    REQUEST_ID = "x-request-id";
    /// Answer: whether the session came from [`FALLBACK_COOKIES`].
    DEBUG_FALLBACK = "x-debug-fallback";
}

/// The value of a request's header, trimmed; `None` where it is absent, empty or no text.
pub fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    // A request has about a dozen headers, and most names that are looked for are not among them: to compare takes less
    // than to hash.
    let (_, value) = headers.iter().find(|(sent, _)| *sent == name)?;
    value.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

/// The value of an `Authorization` header of this scheme.
pub fn authorization<'h>(headers: &'h HeaderMap, scheme: &str) -> Option<&'h str> {
    let (named, value) = text(headers, &AUTHORIZATION)?.split_once(' ')?;
    named.eq_ignore_ascii_case(scheme).then(|| value.trim())
}

/// Add a header to an answer; a value that HTTP cannot carry is left out.
pub fn append(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}
