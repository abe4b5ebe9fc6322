//! Ids, keys and labels.

use serde_json::Value;

use cairn_faults::Rule as Broken;
use cairn_model::ids::{ID_CHARS_MAX, is_key, is_label, key_rule};

use super::{Refusal, Rule, Shape};

/// The text that asks the server to make an id.
const UNIQUE: &str = "unique()";

/// An id that the client chose, or leaves to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdChoice {
    /// Make one.
    Unique,
    /// Take this one.
    Given(String),
}

impl IdChoice {
    /// The id; `make` draws one where the client left it to the server.
    pub fn or_make(self, make: impl FnOnce() -> String) -> String {
        match self {
            Self::Unique => make(),
            Self::Given(id) => id,
        }
    }
}

/// See [`custom_id`] and [`project_id`].
#[derive(Clone, Copy, Debug)]
pub struct IdRule {
    is_project: bool,
}

/// An id of the client's choice, or `unique()`.
pub fn custom_id() -> IdRule {
    IdRule { is_project: false }
}

/// A project id of the client's choice (lower case, digits and hyphens), or `unique()`.
pub fn project_id() -> IdRule {
    IdRule { is_project: true }
}

impl Rule for IdRule {
    type Output = IdChoice;

    fn shape(&self) -> Shape {
        Shape::text("id").sized(1, ID_CHARS_MAX).example("unique()")
    }

    fn check(&self, value: &Value) -> Result<IdChoice, Refusal> {
        let text = value.as_str().unwrap_or("");
        if text == UNIQUE {
            return Ok(IdChoice::Unique);
        }
        if self.is_project && !is_project_id(text) {
            return Err(refused(
                text,
                "Project IDs hold 1 to 36 of the chars a-z, 0-9 and hyphen, and begin with a letter or digit."
                    .to_owned(),
            ));
        }
        if !self.is_project && !is_key(text, ID_CHARS_MAX) {
            return Err(refused(text, key_rule(ID_CHARS_MAX)));
        }
        Ok(IdChoice::Given(text.to_owned()))
    }
}

fn is_project_id(text: &str) -> bool {
    is_key(text, ID_CHARS_MAX)
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn refused(text: &str, reason: String) -> Refusal {
    let refusal = Refusal::new(reason);
    if text.chars().count() > ID_CHARS_MAX {
        refusal.broken(Broken::LengthMax).limit(ID_CHARS_MAX)
    } else {
        refusal.broken(Broken::Pattern)
    }
}

/// See [`uid`], [`key`] and [`label`].
#[derive(Clone, Copy, Debug)]
pub struct KeyRule {
    format: &'static str,
    chars_max: usize,
}

/// The id of something that exists.
pub fn uid() -> KeyRule {
    KeyRule { format: "id", chars_max: ID_CHARS_MAX }
}

/// The key of an attribute, index or the like.
pub fn key() -> KeyRule {
    KeyRule { format: "key", chars_max: ID_CHARS_MAX }
}

/// A label: letters and digits alone.
pub fn label() -> KeyRule {
    KeyRule { format: "label", chars_max: ID_CHARS_MAX }
}

impl KeyRule {
    /// The same with another greatest length.
    #[must_use]
    pub fn chars_max(mut self, chars_max: usize) -> Self {
        self.chars_max = chars_max;
        self
    }
}

impl Rule for KeyRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::text(self.format).sized(1, self.chars_max)
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let text = value.as_str().unwrap_or("");
        match self.format {
            "label" if is_label(text) => Ok(text.to_owned()),
            "label" => Err(refused(text, "Value must be 1 to 36 ASCII letters and digits.".to_owned())),
            _ if is_key(text, self.chars_max) => Ok(text.to_owned()),
            _ => Err(refused(text, key_rule(self.chars_max))),
        }
    }
}
