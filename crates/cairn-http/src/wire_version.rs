//! Wire versions: which form of the API an exchange speaks, and the ordered steps between forms.
//!
//! A surface keeps two tables. Request steps lift an older request to the native form, oldest first;
//! response steps lower a native answer, newest first. Nothing here knows what a step does, and no code
//! behind the surface ever sees a version.

use std::fmt;

use serde_json::{Map, Value};

use crate::params::ParamMap;

#[cfg(test)]
mod tests;

/// A version of the wire format, ordered: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireVersion {
    /// Major.
    pub major: u16,
    /// Minor.
    pub minor: u16,
    /// Patch.
    pub patch: u16,
}

impl WireVersion {
    /// The form that handlers speak.
    pub const NATIVE: Self = Self::new(2, 0, 0);

    /// A version from its numbers.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch }
    }

    /// Read `1.8.0`; missing parts are zero and a suffix such as `-RC1` is passed over.
    ///
    /// COMPAT(appwrite): the reference compares whatever it was sent, and text without a leading number
    /// sorts below every number. `None` (no version, or no number to begin with) is therefore the
    /// caller's choice between "native" and "oldest"; see [`WireVersion::of_header`].
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.trim().splitn(3, '.').map(leading_number);
        let major = parts.next()??;
        let minor = parts.next().flatten().unwrap_or(0);
        let patch = parts.next().flatten().unwrap_or(0);
        Some(Self { major, minor, patch })
    }

    /// The version that a header, or else the configured default, asks for.
    ///
    /// `None` when neither is set: bodies are native then. A value that is no version counts as the oldest.
    pub fn of_header(header: Option<&str>, configured: Option<&str>) -> Option<Self> {
        let text = header.filter(|h| !h.is_empty()).or_else(|| configured.filter(|c| !c.is_empty()))?;
        Some(Self::parse(text).unwrap_or(Self::new(0, 0, 0)))
    }
}

impl fmt::Display for WireVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// The number that `part` begins with; one too large counts as the largest.
fn leading_number(part: &str) -> Option<u16> {
    let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (digits > 0).then(|| part[..digits].parse().unwrap_or(u16::MAX))
}

/// One conversion of an older request: it runs for requests whose version is below `below`.
#[derive(Clone, Copy)]
pub struct RequestStep {
    /// The first version that no longer needs the step.
    pub below: WireVersion,
    /// `service.method` of the SDK, or `*` for every method.
    pub method: &'static str,
    /// Rewrites the raw parameters.
    pub apply: fn(&mut ParamMap),
}

/// One conversion of an answer: it runs for answers to versions below `below`.
#[derive(Clone, Copy)]
pub struct ResponseStep {
    /// The first version that no longer needs the step.
    pub below: WireVersion,
    /// Name of the model that is converted.
    pub model: &'static str,
    /// Rewrites the built object.
    pub apply: fn(&mut Map<String, Value>),
}

/// The steps of a surface.
#[derive(Clone, Copy)]
pub struct WireSteps {
    /// Requests, in ascending order of `below`.
    pub requests: &'static [RequestStep],
    /// Answers, in descending order of `below`.
    pub responses: &'static [ResponseStep],
}

impl WireSteps {
    /// Whether both tables have the order that the application relies on; asserted by a surface's test.
    pub fn is_ordered(&self) -> bool {
        self.requests.is_sorted_by_key(|step| step.below)
            && self.responses.is_sorted_by_key(|step| std::cmp::Reverse(step.below))
    }

    /// Lift the parameters of `service.method` to the native form. No version means native.
    pub fn lift_request(&self, version: Option<WireVersion>, method: &str, params: &mut ParamMap) {
        let Some(version) = version else { return };
        for step in self.requests.iter().filter(|step| version < step.below) {
            if step.method == "*" || step.method == method {
                (step.apply)(params);
            }
        }
    }

    /// Whether an answer of `model` needs any step; lets a surface write the native body directly.
    pub fn touches(&self, version: Option<WireVersion>, model: &str) -> bool {
        version.is_some_and(|v| self.responses.iter().any(|step| v < step.below && step.model == model))
    }

    /// Lower one object of `model` to the version spoken. No version means native.
    pub fn lower_answer(&self, version: Option<WireVersion>, model: &str, object: &mut Map<String, Value>) {
        let Some(version) = version else { return };
        for step in self.responses.iter().filter(|step| version < step.below && step.model == model) {
            (step.apply)(object);
        }
    }
}
