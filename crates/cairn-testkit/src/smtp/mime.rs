//! Reading a mail as a person's program does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A mail that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The sender of the envelope.
    pub sender: String,
    /// The receivers of the envelope.
    pub receivers: Vec<String>,
    /// The name and the password that the client signed in with.
    pub login: Option<(String, String)>,
    /// Whether it came over an encrypted connection.
    pub is_encrypted: bool,
    /// The whole message as it travelled.
    pub source: String,
}

impl Mail {
    /// The decoded value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = split(&self.source);
        word_decoded(&header(head, name))
    }

    /// The names of all headers.
    pub fn header_names(&self) -> Vec<String> {
        let (head, _) = split(&self.source);
        head.lines()
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split_once(':'))
            .map(|(name, _)| name.to_owned())
            .collect()
    }

    /// The HTML part.
    pub fn html(&self) -> String {
        part(&self.source, "text/html").unwrap_or_default()
    }

    /// The plain part.
    pub fn text(&self) -> String {
        part(&self.source, "text/plain").unwrap_or_default()
    }

    /// The first link of the plain part.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn link(&self) -> String {
        let text = self.text();
        let start = text.find("http").unwrap_or_else(|| panic!("no link in {text}"));
        text[start..].split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// A parameter of that link.
    ///
    /// # Panics
    /// When it is not there.
    #[track_caller]
    pub fn link_param(&self, name: &str) -> String {
        let link = self.link();
        let query = link.split_once('?').map_or("", |(_, query)| query);
        let found = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        found.unwrap_or_else(|| panic!("no {name} in {link}")).to_owned()
    }

    /// The first code of `digits` digits in the plain part, on a line of its own.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn code(&self, digits: usize) -> String {
        let text = self.text();
        let is_code = |line: &&str| line.len() == digits && line.bytes().all(|byte| byte.is_ascii_digit());
        text.lines().map(str::trim).find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }
}

fn split(source: &str) -> (&str, &str) {
    source.split_once("\r\n\r\n").unwrap_or((source, ""))
}

/// A header's value with its folded lines joined.
fn header(head: &str, name: &str) -> String {
    let mut lines = head.split("\r\n");
    let is_it = |line: &&str| line.split_once(':').is_some_and(|(known, _)| known.eq_ignore_ascii_case(name));
    let Some(first) = lines.by_ref().find(is_it) else { return String::new() };
    let mut value = first.split_once(':').map_or("", |(_, value)| value).trim().to_owned();
    for more in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push(' ');
        value.push_str(more.trim());
    }
    value
}

/// The decoded body of the first part of this type, looking into multiparts.
fn part(source: &str, wanted: &str) -> Option<String> {
    let (head, body) = split(source);
    let kind = header(head, "Content-Type");
    if kind.starts_with("multipart/") {
        let boundary =
            kind.split_once("boundary=")?.1.trim_matches('"').split(';').next()?.trim_matches('"').to_owned();
        return body
            .split(&format!("--{boundary}"))
            .skip(1)
            .find_map(|inner| part(inner.trim_start_matches("\r\n"), wanted));
    }
    if !kind.starts_with(wanted) {
        return None;
    }
    Some(match header(head, "Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
        "base64" => {
            let joined: String = body.split_whitespace().collect();
            String::from_utf8_lossy(&STANDARD.decode(joined).unwrap_or_default()).into_owned()
        }
        "quoted-printable" => quoted(body, '=').replace("\r\n", "\n"),
        _ => body.replace("\r\n", "\n"),
    })
}

/// Undo `=C3=A4`, and lines that were broken with `=`.
fn quoted(text: &str, mark: char) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(mark) {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let byte = rest.get(at + 1..at + 3).and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(b'='));
        rest = &rest[if byte.is_some() { at + 3 } else { at + 1 }..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Undo `=?utf-8?b?...?=` words.
fn word_decoded(value: &str) -> String {
    let mut text = String::new();
    let mut was_word = false;
    for piece in value.split_inclusive(' ') {
        let word = piece.trim().strip_prefix("=?").and_then(|word| word.strip_suffix("?="));
        let decoded = word.and_then(|word| {
            let mut parts = word.splitn(3, '?');
            let (_, way, data) = (parts.next()?, parts.next()?, parts.next()?);
            Some(match way {
                "b" | "B" => String::from_utf8_lossy(&STANDARD.decode(data).ok()?).into_owned(),
                _ => quoted(&data.replace('_', " "), '='),
            })
        });
        was_word = decoded.is_some() && {
            // White space between two encoded words is not part of the text.
            if was_word {
                text.truncate(text.trim_end_matches(' ').len());
            }
            true
        };
        text.push_str(decoded.as_deref().unwrap_or(piece));
        if was_word && piece.ends_with(' ') {
            text.push(' ');
        }
    }
    text.trim().to_owned()
}
