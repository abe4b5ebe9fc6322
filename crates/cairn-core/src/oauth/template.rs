//! Addresses with placeholders, and the endpoints that a provider tells itself.

use cairn_faults::{Error, Fault};
use cairn_net::{Request, Url};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::Client;
use super::exchange::{ANSWER_BYTES_MAX, PATIENCE};
use crate::Cx;

/// What stands in a URL as it is (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where GitHub's API is, as its rows have it; the server's configuration may name another place.
const GITHUB_API: &str = "https://api.github.com";

/// Where the endpoints of OpenID Connect are told, by field (Discovery 1.0, section 3).
const DISCOVERED: [(&str, &str); 3] = [
    ("authorizationURL", "authorization_endpoint"),
    ("tokenURL", "token_endpoint"),
    ("userInfoURL", "userinfo_endpoint"),
];

impl Client {
    /// A text with the placeholders filled in.
    pub(super) fn filled(&self, template: &str, tokens: &Value) -> String {
        self.fill(template, tokens, str::to_owned)
    }

    /// The same as a URL: what was entered as text is encoded, what was entered as an address is not.
    ///
    /// # Errors
    /// The fault, when it makes no address of the web.
    pub(super) fn url(&self, template: &str, tokens: &Value, fault: Fault) -> Result<Url, Error> {
        let is_address = |text: &str| text.starts_with("http://") || text.starts_with("https://");
        let encode = |text: &str| {
            if is_address(text) { text.to_owned() } else { utf8_percent_encode(text, UNRESERVED).to_string() }
        };
        let text = self.fill(template, tokens, encode);
        let text = match text.strip_prefix(GITHUB_API) {
            Some(path) => format!("{}{path}", self.github_api),
            None => text,
        };
        let url =
            Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.ok_or_else(|| fault.with("provider", self.provider.id))
    }

    fn fill(&self, template: &str, tokens: &Value, encode: impl Fn(&str) -> String) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('{') {
            let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
            filled.push_str(before);
            filled.push_str(&encode(&self.value(name, tokens)));
            rest = after;
        }
        filled + rest
    }

    fn value(&self, name: &str, tokens: &Value) -> String {
        match name {
            "base" => self.base.clone(),
            "client_id" => self.id.clone(),
            "client_secret" => self.secret.clone(),
            "token:prefix" => {
                let token = tokens.pointer(self.provider.token.access).and_then(Value::as_str);
                token.and_then(|token| token.split('.').next()).unwrap_or_default().to_owned()
            }
            name => match name.strip_prefix("token:") {
                Some(pointer) => {
                    tokens.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
                }
                None => self.parts.get(name).cloned().unwrap_or_default(),
            },
        }
    }

    /// Ask the provider for the endpoints that nobody has entered.
    pub(super) async fn discover(&mut self, cx: &Cx) -> Result<(), Error> {
        let is_missing = |client: &Self, name: &str| client.parts.get(name).is_some_and(String::is_empty);
        if !DISCOVERED.iter().any(|(name, _)| is_missing(self, name)) {
            return Ok(());
        }
        let fault = || Fault::OauthAuthUrlInvalid.with("provider", self.provider.id);
        let url = self.url("{wellKnownURL}", &Value::Null, Fault::OauthAuthUrlInvalid)?;
        let request = Request::get(url)
            .header("accept", "application/json")
            .at_most(ANSWER_BYTES_MAX)
            .within(PATIENCE)
            .following(3);
        let answer = cx.app.net.foreign().send(request).await.map_err(|error| fault().source(error))?;
        let told: Value = serde_json::from_slice(&answer.body)
            .map_err(|error| fault().detail(format!("status {}", answer.status)).source(error))?;
        for (name, member) in DISCOVERED {
            if is_missing(self, name) {
                let endpoint = told.get(member).and_then(Value::as_str).unwrap_or_default();
                self.parts.insert(name.to_owned(), endpoint.to_owned());
            }
        }
        Ok(())
    }
}
