//! Looking for tokens in a header, without regard to case.

/// A header, with a lower-case twin in which tokens are found.
pub(super) struct Agent<'a> {
    pub(super) raw: &'a str,
    lower: String,
}

/// The header cut to at most `bytes_max` bytes, between characters.
pub(super) fn bounded(header: &str, bytes_max: usize) -> &str {
    let mut end = header.len().min(bytes_max);
    while !header.is_char_boundary(end) {
        end -= 1;
    }
    &header[..end]
}

impl<'a> Agent<'a> {
    pub(super) fn new(raw: &'a str) -> Self {
        // ASCII only, so that positions are the same in both.
        Self { raw, lower: raw.to_ascii_lowercase() }
    }

    /// Whether `token` (in lower case) stands anywhere.
    pub(super) fn has(&self, token: &str) -> bool {
        self.lower.contains(token)
    }

    /// Whether one of the tokens stands anywhere.
    pub(super) fn has_any(&self, tokens: &[&str]) -> bool {
        tokens.iter().any(|token| self.has(token))
    }

    /// Whether `token` stands with no letter or digit on either side.
    pub(super) fn has_word(&self, token: &str) -> bool {
        self.lower.match_indices(token).any(|(at, _)| {
            let before = self.lower[..at].chars().next_back();
            let after = self.lower[at + token.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        })
    }

    /// Whether a word begins with `prefix` (in lower case), and goes on.
    pub(super) fn has_prefix(&self, prefix: &str) -> bool {
        self.lower.match_indices(prefix).any(|(at, _)| {
            let before = self.lower[..at].chars().next_back();
            let after = self.lower[at + prefix.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
        })
    }

    /// The version behind `token` and a slash, a space or nothing; `None` when there is no such token.
    pub(super) fn version(&self, token: &str) -> Option<String> {
        self.lower.match_indices(token).find_map(|(at, _)| {
            let rest = &self.raw[at + token.len()..];
            version_at(rest.strip_prefix(['/', ' ']).unwrap_or(rest))
        })
    }

    /// The text in the brackets that hold the platform, split at its semicolons.
    pub(super) fn platform(&self) -> Vec<&'a str> {
        let inner =
            self.raw.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inner, _)| inner);
        inner.unwrap_or("").split(';').map(str::trim).collect()
    }
}

/// The version that `text` begins with, underscores as dots.
fn version_at(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(text.len());
    let version = text[..end].replace('_', ".");
    let version = version.trim_matches('.');
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}

/// The first two parts of a version.
pub(super) fn short(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}
