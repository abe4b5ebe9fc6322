//! Key templates of rate limits: `{url}`, `{ip}`, `{userId}`, `{param-email}` and the others of the reference.

use std::fmt::Write as _;

/// The values that the placeholders of a key template stand for.
///
/// An unknown placeholder, or a parameter that the request does not carry, stays in the key as it is
/// written, as in the reference: such requests share one counter.
#[derive(Clone, Copy)]
pub struct KeyParts<'a> {
    /// The project's id; part of every key, also without a placeholder.
    pub project: &'a str,
    /// The host of the request, in lower case.
    pub host: &'a str,
    /// The route's path as it is declared, parameters unfilled.
    pub route_path: &'a str,
    /// The method in capitals.
    pub method: &'a str,
    /// The caller's address.
    pub ip: &'a str,
    /// The user's id, empty for a guest.
    pub user_id: &'a str,
    /// The `User-Agent` header.
    pub user_agent: &'a str,
    /// Index of the chunk of a chunked upload, else 0.
    pub chunk: u64,
    /// Looks up a parameter of the request, as text.
    pub param: &'a (dyn Fn(&str) -> Option<String> + Sync),
}

impl KeyParts<'_> {
    /// Append `template` with its placeholders filled to `key`.
    pub(super) fn fill(&self, template: &str, key: &mut String) {
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else {
                break;
            };
            key.push_str(&rest[..open]);
            let placeholder = &rest[open..=open + close];
            self.value(&placeholder[1..placeholder.len() - 1], placeholder, key);
            rest = &rest[open + close + 1..];
        }
        key.push_str(rest);
    }

    fn value(&self, name: &str, placeholder: &str, key: &mut String) {
        match name {
            "projectId" => key.push_str(self.project),
            "userId" => key.push_str(self.user_id),
            "userAgent" => key.push_str(self.user_agent),
            "ip" => key.push_str(self.ip),
            "method" => key.push_str(self.method),
            "url" => {
                key.push_str(self.host);
                key.push_str(self.route_path);
            }
            "chunkId" => {
                // Writing to a String cannot fail.
                let _ = write!(key, "{}", self.chunk);
            }
            _ => match name.strip_prefix("param-").and_then(|param| (self.param)(param)) {
                Some(value) if !value.is_empty() => key.push_str(&value),
                _ => key.push_str(placeholder),
            },
        }
    }
}
