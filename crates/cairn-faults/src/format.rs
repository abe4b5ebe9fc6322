//! The error formats, and how a request chooses one.
//!
//! `X-Error-Format` beats `Accept`, which beats the surface's default; names that nobody knows are ignored. The age
//! of the Appwrite contract follows the response format that the request speaks, never the surface.

use std::borrow::Cow;
use std::fmt;

/// The body shape, and with it the status and the code, of an error answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Format {
    /// `{message, code: <status>, type, version}`.
    Appwrite(ContractAge),
    /// `{status, code: "domain:reason", details?}`.
    Reason,
    /// `{message, errorCode}`.
    Everlive,
    /// `{message, code, errors?}`, with its 202 and 429 bodies.
    Discord,
    /// RFC 9457.
    Problem,
}

/// Which of the Appwrite error contracts is spoken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ContractAge {
    /// A response format below 0.12: `{message, code, version}`, no type.
    Oldest,
    /// No response format, or one up to 1.0.
    V1_0,
    /// A response format from 1.1 on.
    V1_9,
}

/// The words for the one noun that has two names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Vocabulary {
    /// collection, attribute, document
    Documents,
    /// table, column, row
    Tables,
}

/// The words of the documents vocabulary and what the tables vocabulary says instead; longer ones first.
const TABLE_WORDS: &[(&str, &str)] = &[
    ("An attribute", "A column"),
    ("an attribute", "a column"),
    ("attribute", "column"),
    ("collection", "table"),
    ("document", "row"),
];

impl Vocabulary {
    /// A text of the catalogue in these words.
    pub(crate) fn words(self, text: &'static str) -> Cow<'static, str> {
        let has_words = || TABLE_WORDS.iter().any(|(from, _)| text.contains(from));
        if self == Vocabulary::Documents || !has_words() {
            return Cow::Borrowed(text);
        }
        // Placeholders keep their names: they are looked up, not read.
        let mut told = String::with_capacity(text.len());
        for (i, part) in text.split_inclusive(['{', '}']).enumerate() {
            let is_placeholder = i > 0 && part.ends_with('}');
            let in_words =
                |part: &str| TABLE_WORDS.iter().fold(part.to_owned(), |t, (from, to)| t.replace(from, to));
            told.push_str(&if is_placeholder { part.to_owned() } else { in_words(part) });
        }
        Cow::Owned(told)
    }
}

/// A contract's own name of a fault.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Code {
    /// A word, such as `user_blocked` or `user:banned`.
    Text(&'static str),
    /// A number, such as 603 or 20013.
    Number(u32),
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Code::Text(text) => f.write_str(text),
            Code::Number(number) => write!(f, "{number}"),
        }
    }
}

/// The value that names the `problem` format in `Accept`.
const PROBLEM_MEDIA_TYPE: &str = "application/problem+json";

impl ContractAge {
    /// The contract for an `X-Appwrite-Response-Format` (or its configured default).
    ///
    /// None, and what is no version, counts as the 1.0 contract.
    pub fn of_response_format(response_format: Option<&str>) -> ContractAge {
        match response_format.and_then(major_minor) {
            None => ContractAge::V1_0,
            Some(version) if version < (0, 12) => ContractAge::Oldest,
            Some(version) if version <= (1, 0) => ContractAge::V1_0,
            Some(_) => ContractAge::V1_9,
        }
    }
}

impl Format {
    /// Choose the format of a request's errors.
    pub fn negotiate(
        x_error_format: Option<&str>,
        accept: Option<&str>,
        surface_default: Format,
        response_format: Option<&str>,
    ) -> Format {
        let asked = x_error_format.and_then(Format::parse);
        let accepted = || accept.is_some_and(names_problem).then_some(Format::Problem);
        match asked.or_else(accepted).unwrap_or(surface_default) {
            Format::Appwrite(_) => Format::Appwrite(ContractAge::of_response_format(response_format)),
            other => other,
        }
    }

    /// The format with this name in `X-Error-Format`; Appwrite in its newest contract.
    pub fn parse(name: &str) -> Option<Format> {
        let name = name.trim();
        let known = [
            Format::Appwrite(ContractAge::V1_9),
            Format::Reason,
            Format::Everlive,
            Format::Discord,
            Format::Problem,
        ];
        known.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The name in `X-Error-Format`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Appwrite(_) => "appwrite",
            Format::Reason => "reason",
            Format::Everlive => "everlive",
            Format::Discord => "discord",
            Format::Problem => "problem",
        }
    }
}

/// The first two numbers of a version such as `1.9.5` or `0.12.0-RC1`.
fn major_minor(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.trim().split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = match parts.next() {
        None => 0,
        Some(text) => {
            let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
            text[..digits].parse().ok()?
        }
    };
    Some((major, minor))
}

/// Whether `Accept` names the problem media type itself (a wildcard does not) and does not refuse it with `q=0`.
fn names_problem(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let is_named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(PROBLEM_MEDIA_TYPE));
        let is_refused = parts.any(|parameter| {
            let weight = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="));
            weight.and_then(|q| q.trim().parse::<f32>().ok()).is_some_and(|q| q <= 0.0)
        });
        is_named && !is_refused
    })
}

#[cfg(test)]
mod tests;
