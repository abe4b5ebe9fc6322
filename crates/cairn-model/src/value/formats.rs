//! The formats of text values: e-mail addresses, URLs, IP addresses, and numbers in messages.

use std::net::IpAddr;

/// Longest local part of an e-mail address in bytes (RFC 5321, 4.5.3.1.1).
const EMAIL_LOCAL_BYTES_MAX: usize = 64;
/// Longest e-mail address in bytes (RFC 5321, 4.5.3.1.3, less the angle brackets).
const EMAIL_BYTES_MAX: usize = 254;
/// Longest label of a host name in bytes (RFC 1035, 2.3.4).
const HOST_LABEL_BYTES_MAX: usize = 63;

/// Whether `text` is an e-mail address: an unquoted ASCII local part (RFC 5321 dot-string) at a host name with a dot.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    text.len() <= EMAIL_BYTES_MAX
        && local.len() <= EMAIL_LOCAL_BYTES_MAX
        && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(is_atom_byte))
        && host.contains('.')
        && host.split('.').all(is_host_label)
}

fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_host_label(label: &str) -> bool {
    (1..=HOST_LABEL_BYTES_MAX).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// Whether `text` is an absolute URL in ASCII with a host, or one of the schemes that have none (`mailto:`, `file:`, `news:`).
pub fn is_url(text: &str) -> bool {
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return false;
    }
    let Ok(url) = url::Url::parse(text) else { return false };
    match url.scheme() {
        "mailto" | "news" => !url.path().is_empty(),
        "file" => true,
        scheme => {
            // The parser is lenient about the slashes of the web's own schemes; a stored value should not be.
            url.host_str().is_some_and(|host| !host.is_empty()) && text[scheme.len()..].starts_with("://")
        }
    }
}

/// Whether `text` is an IPv4 or IPv6 address.
pub fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// A number with a comma between groups of three digits, as limits appear in messages.
pub fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('-');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
