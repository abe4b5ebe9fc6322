//! The words of mails, a file per language.
//!
//! A language may lack kinds; English stands in. `{{name}}` are the places that [`crate::template`] fills in. The
//! marks are typographic ones, which no markup escapes.

use crate::Kind;

mod de;
mod en;

/// The words of one kind of mail in one language; what a kind does not need is empty.
pub(crate) struct Text {
    pub(crate) subject: &'static str,
    /// The line that mail programs show in a list.
    pub(crate) preview: &'static str,
    pub(crate) hello: &'static str,
    pub(crate) lead: &'static str,
    /// What stands on the link.
    pub(crate) button: &'static str,
    /// Before the link as text.
    pub(crate) link: &'static str,
    /// Lines of facts.
    pub(crate) facts: &'static [&'static str],
    /// From which client it was asked for.
    pub(crate) client: &'static str,
    /// What the security phrase is for; only where one was asked for.
    pub(crate) phrase: &'static str,
    pub(crate) note: &'static str,
    pub(crate) thanks: &'static str,
    pub(crate) signature: &'static str,
}

type Texts = fn(Kind) -> Option<&'static Text>;

/// Every language with words of its own.
const LANGUAGES: [(&str, Texts); 2] = [("en", en::text), ("de", de::text)];

/// The words of a kind in a language (`de-at` is `de` where it has none of its own), else in English.
pub(crate) fn text(kind: Kind, locale: &str) -> &'static Text {
    let find = |code: &str| LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
    let general = locale.split(['-', '_']).next().unwrap_or(locale);
    let own = find(locale).or_else(|| find(general)).and_then(|(_, texts)| texts(kind));
    own.unwrap_or_else(|| en::of(kind))
}
