//! Texts with places, and filling them in.
//!
//! Cairn's own texts are laid out by minijinja. What a project writes is text with places and nothing else: it has no
//! loops and no expressions, so that it can neither fail nor take long. Both are then filled in by [`fill`].

use std::collections::BTreeMap;
use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, HtmlEscape, Value, context};

use crate::Kind;
use crate::texts;

#[cfg(test)]
mod tests;

/// Characters of a subject at most, filled in.
const SUBJECT_CHARS_MAX: usize = 400;

/// A subject and an HTML body with places like `{{user}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The subject.
    pub subject: String,
    /// The body, HTML or plain text.
    pub message: String,
}

/// Whether a mail shows a security phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// One was asked for.
    Shown,
    /// None was.
    Absent,
}

/// What stands in the places, by their name.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<&'static str, String>);

impl std::fmt::Debug for Values {
    /// Links and codes are secrets: only the names are shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Values {
    /// With one value more. What is no printable character becomes a space.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl AsRef<str>) -> Self {
        self.0.insert(name, one_line(value.as_ref()));
        self
    }

    /// The value of a place; `None` for a place that is not known.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// A mail's texts with nothing left open.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    /// The subject, one line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain part.
    pub text: String,
}

impl std::fmt::Debug for Filled {
    /// The parts hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filled").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// Cairn's own text of a kind in a language, or in English.
pub fn standard(kind: Kind, locale: &str, phrase: Phrase) -> Template {
    let text = texts::text(kind, locale);
    let is_code = matches!(kind, Kind::MfaChallenge | Kind::OtpSession);
    let message = LAYOUTS.get_template("message.html").and_then(|layout| {
        layout.render(context! {
            text => context! {
                hello => text.hello,
                lead => text.lead,
                button => text.button,
                link => text.link,
                facts => text.facts.iter().copied().collect::<Value>(),
                client => text.client,
                phrase => text.phrase,
                note => text.note,
                thanks => text.thanks,
                signature => text.signature,
            },
            has_code => is_code,
            has_link => kind.has_link(),
            has_phrase => phrase == Phrase::Shown,
            has_client => is_code || kind == Kind::MagicSession,
        })
    });
    Template {
        subject: text.subject.to_owned(),
        message: message.expect("a test lays out every kind in every language"),
    }
}

/// Fill in a template. A place that is not known stays as it is written.
pub fn fill(kind: Kind, locale: &str, template: &Template, values: &Values) -> Filled {
    let subject = one_line(&places(&template.subject, |name| values.get(name).map(str::to_owned)));
    let subject: String = subject.trim().chars().take(SUBJECT_CHARS_MAX).collect();
    let preview = places(texts::text(kind, locale).preview, |name| values.get(name).map(str::to_owned));
    let body = places(&template.message, |name| match name {
        // The reference's own way to write bold.
        "b" => Some("<strong>".to_owned()),
        "/b" => Some("</strong>".to_owned()),
        name => values.get(name).map(escaped),
    });
    let text = places(&plain(&template.message), |name| match name {
        "b" | "/b" => Some(String::new()),
        name => values.get(name).map(str::to_owned),
    });
    let html = LAYOUTS.get_template("base.html").and_then(|layout| {
        let body = Value::from_safe_string(body);
        layout.render(
            context! { locale => locale, subject => subject.as_str(), preview => preview, body => body },
        )
    });
    Filled { subject, html: html.expect("a test lays out the frame"), text }
}

static LAYOUTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut layouts = Environment::new();
    layouts.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, source) in [
        ("base.html", include_str!("templates/base.html")),
        ("message.html", include_str!("templates/message.html")),
    ] {
        layouts.add_template(name, source).expect("a test reads every layout");
    }
    layouts
});

/// HTML text or attribute value. A slash needs no escape, and links are easier to read with it.
fn escaped(value: &str) -> String {
    HtmlEscape(value).to_string().replace("&#x2f;", "/")
}

/// Put values into the places of a text; what `value` does not know stays.
fn places(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let inside = &rest[open + 2..];
        let found = inside.find("}}").and_then(|close| Some((close, value(inside[..close].trim())?)));
        filled.push_str(&rest[..open]);
        let (value, read) = found.map_or(("{{".to_owned(), 0), |(close, value)| (value, close + 2));
        filled.push_str(&value);
        rest = &inside[read..];
    }
    filled.push_str(rest);
    filled
}

/// The words of an HTML text: blocks become lines, a link's address stands behind its words, other tags go.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    let mut href = String::new();
    while let Some(open) = rest.find('<') {
        let Some(close) = rest[open..].find('>') else { break };
        text.push_str(&rest[..open]);
        let tag = &rest[open + 1..open + close];
        let name = tag.split([' ', '/', '\n', '\t']).find(|part| !part.is_empty()).unwrap_or("");
        match (name.to_ascii_lowercase().as_str(), tag.starts_with('/')) {
            ("a", false) => attribute(tag, "href").unwrap_or_default().clone_into(&mut href),
            ("a", true) if !href.is_empty() => {
                text.push_str(": ");
                text.push_str(&std::mem::take(&mut href));
            }
            ("br", _) | ("p" | "div" | "li" | "tr" | "h1" | "h2" | "h3", true) => text.push('\n'),
            _ => {}
        }
        rest = &rest[open + close + 1..];
    }
    text.push_str(rest);
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        text = text.replace(entity, character);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n") + "\n"
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let value = tag.split_once(&format!("{name}="))?.1;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// A text without line breaks and other control characters, none of which a name or an address has.
pub(crate) fn one_line(text: &str) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.chars().map(|c| if is_break(c) { ' ' } else { c }).collect()
}
