//! The one product error value: a fault, what may be told about it, and what may only be logged.
//!
//! INVARIANT: what a client sees comes from the fault, the parameters, the violations and `retry_after`; `detail` and
//! `source` are for the log alone. `Display` prints the public message and never the source.

use crate::Fault;
use crate::format::Vocabulary;
use crate::violation::Violation;
use std::error::Error as StdError;
use std::fmt;
use std::panic::Location;

/// A failure on its way to a client. One pointer wide, so that `Result<T, Error>` stays small.
pub struct Error(Box<Inner>);

struct Inner {
    fault: Fault,
    params: Vec<(&'static str, String)>,
    violations: Vec<Violation>,
    retry_after_s: Option<f64>,
    detail: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync + 'static>>,
    location: &'static Location<'static>,
}

impl Error {
    /// An error of a fault, located at the caller.
    #[track_caller]
    pub fn new(fault: Fault) -> Error {
        Error(Box::new(Inner {
            fault,
            params: Vec::new(),
            violations: Vec::new(),
            retry_after_s: None,
            detail: None,
            source: None,
            location: Location::caller(),
        }))
    }

    /// A request whose parameters break rules: all violations, the first of which makes the message.
    #[track_caller]
    pub fn invalid_params(violations: Vec<Violation>) -> Error {
        Error::new(Fault::GeneralArgumentInvalid).violating(violations)
    }

    /// A request with one unusable parameter.
    #[track_caller]
    pub fn invalid_param(pointer: impl Into<String>, reason: impl Into<String>) -> Error {
        Error::invalid_params(vec![Violation::invalid(pointer, reason)])
    }

    /// A request that lacks one parameter.
    #[track_caller]
    pub fn missing_param(pointer: impl Into<String>) -> Error {
        Error::invalid_params(vec![Violation::missing(pointer)])
    }

    /// Add a public parameter; it fills the `{placeholder}` of its name.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Error {
        let value = value.to_string();
        match self.0.params.iter_mut().find(|(known, _)| *known == key) {
            Some(param) => param.1 = value,
            None => self.0.params.push((key, value)),
        }
        self
    }

    /// Add what rules were broken, and where.
    #[must_use]
    pub fn violating(mut self, violations: Vec<Violation>) -> Error {
        self.0.violations.extend(violations);
        self
    }

    /// Add a private text for the log.
    #[must_use]
    pub fn detail(mut self, detail: impl fmt::Display) -> Error {
        self.0.detail = Some(detail.to_string());
        self
    }

    /// Add the private cause for the log.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync + 'static>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// Say when asking again makes sense, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: impl Into<f64>) -> Error {
        self.0.retry_after_s = Some(seconds.into().max(0.0));
        self
    }

    /// The fault: what callers branch on.
    pub fn fault(&self) -> Fault {
        self.0.fault
    }

    /// The value of a public parameter.
    pub fn param(&self, key: &str) -> Option<&str> {
        self.0.params.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str())
    }

    /// All public parameters, in the order given.
    pub fn params(&self) -> &[(&'static str, String)] {
        &self.0.params
    }

    /// What rules were broken, and where.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// When asking again makes sense, in seconds.
    pub fn retry_after_s(&self) -> Option<f64> {
        self.0.retry_after_s
    }

    /// The private text for the log.
    pub fn private_detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// Where the error was made.
    pub fn location(&self) -> &'static Location<'static> {
        self.0.location
    }

    /// The public message: one readable sentence, also when a parameter is missing.
    pub fn message(&self) -> String {
        self.message_in(Vocabulary::Documents)
    }

    /// The public message in the words of a route.
    pub fn message_in(&self, vocabulary: Vocabulary) -> String {
        if let Some(first) = self.0.violations.first()
            && self.fault() == Fault::GeneralArgumentInvalid
        {
            return first.message();
        }
        let words = |text: &'static str| vocabulary.words(text);
        fill(&words(self.fault().message()), |key| self.param(key))
            .unwrap_or_else(|| words(self.fault().summary()).into_owned())
    }

    /// The private detail and the whole chain of causes, for one line of the log; never for a client.
    pub fn private_text(&self) -> String {
        let mut parts: Vec<String> = self.private_detail().map(str::to_owned).into_iter().collect();
        let mut cause = StdError::source(self);
        while let Some(error) = cause {
            parts.push(error.to_string());
            cause = error.source();
        }
        parts.join(": ")
    }
}

impl From<Fault> for Error {
    #[track_caller]
    fn from(fault: Fault) -> Error {
        Error::new(fault)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("fault", &self.0.fault)
            .field("params", &self.0.params)
            .field("violations", &self.0.violations)
            .field("detail", &self.0.detail)
            .field("source", &self.0.source)
            .field("location", &format_args!("{}", self.0.location))
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Fill `{placeholders}`; nothing when one has no value. A brace that encloses no name stands for itself.
fn fill<'a>(template: &str, value: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
    let mut text = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open + 1..];
        match rest.split_once('}') {
            Some((key, after)) if is_placeholder(key) => {
                text.push_str(value(key)?);
                rest = after;
            }
            _ => text.push('{'),
        }
    }
    text.push_str(rest);
    Some(text)
}

/// Whether the text between braces is the name of a parameter.
pub(crate) fn is_placeholder(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

#[cfg(test)]
mod tests;
