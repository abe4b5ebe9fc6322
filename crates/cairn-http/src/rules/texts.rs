//! Texts: bounded ones, choices, passwords, dates.

use serde_json::Value;

use cairn_faults::Rule as Broken;
use cairn_std::time::Timestamp;

use super::{Refusal, Rule, Shape, ShapeKind};

/// See [`text`].
#[derive(Clone, Copy, Debug)]
pub struct TextRule {
    chars_min: usize,
    chars_max: usize,
    only: Option<&'static str>,
}

/// A text of `chars_min` to `chars_max` characters (not bytes).
pub fn text(chars_min: usize, chars_max: usize) -> TextRule {
    TextRule { chars_min, chars_max, only: None }
}

impl TextRule {
    /// The same of these characters alone.
    #[must_use]
    pub fn only(mut self, chars: &'static str) -> Self {
        self.only = Some(chars);
        self
    }
}

impl Rule for TextRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::of(ShapeKind::Text).sized(self.chars_min, self.chars_max)
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let (min, max) = (self.chars_min, self.chars_max);
        let reason = format!("Value must be a text of {min} to {max} characters.");
        let Some(text) = value.as_str() else {
            return Err(Refusal::new(reason));
        };
        let chars = text.chars().count();
        if chars > max {
            return Err(Refusal::new(reason).broken(Broken::LengthMax).limit(max));
        }
        if chars < min {
            return Err(Refusal::new(reason).broken(Broken::LengthMin).limit(min));
        }
        if let Some(only) = self.only
            && !text.chars().all(|c| only.contains(c))
        {
            let reason = format!("Value must consist of the characters {only} alone.");
            return Err(Refusal::new(reason).broken(Broken::Pattern));
        }
        Ok(text.to_owned())
    }
}

/// See [`one_of`].
#[derive(Clone, Copy, Debug)]
pub struct OneOf(&'static [&'static str]);

/// One of a few texts, spelled as listed.
pub fn one_of(allowed: &'static [&'static str]) -> OneOf {
    OneOf(allowed)
}

impl Rule for OneOf {
    type Output = &'static str;

    fn shape(&self) -> Shape {
        Shape { allowed: self.0.to_vec(), ..Shape::of(ShapeKind::Text) }
    }

    fn check(&self, value: &Value) -> Result<&'static str, Refusal> {
        let text = value.as_str().unwrap_or("");
        self.0.iter().find(|known| **known == text).copied().ok_or_else(|| no_choice(self.0.iter().copied()))
    }
}

fn no_choice<'a>(allowed: impl Iterator<Item = &'a str>) -> Refusal {
    let list: Vec<&str> = allowed.collect();
    Refusal::new(format!("Value must be one of: {}.", list.join(", "))).broken(Broken::Choices)
}

/// See [`choices`].
#[derive(Clone, Copy, Debug)]
pub struct Choices<T: 'static>(&'static [(&'static str, T)]);

/// One of a few texts, each of which stands for a value of the domain.
pub fn choices<T: Copy>(allowed: &'static [(&'static str, T)]) -> Choices<T> {
    Choices(allowed)
}

impl<T: Copy> Rule for Choices<T> {
    type Output = T;

    fn shape(&self) -> Shape {
        Shape { allowed: self.0.iter().map(|(name, _)| *name).collect(), ..Shape::of(ShapeKind::Text) }
    }

    fn check(&self, value: &Value) -> Result<T, Refusal> {
        let text = value.as_str().unwrap_or("");
        let found = self.0.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.ok_or_else(|| no_choice(self.0.iter().map(|(name, _)| *name)))
    }
}

/// See [`password`].
#[derive(Clone, Copy, Debug)]
pub struct PasswordRule;

/// Fewest bytes of a password.
const PASSWORD_BYTES_MIN: usize = 8;

/// Most bytes of a password.
const PASSWORD_BYTES_MAX: usize = 256;

/// A password of 8 to 256 bytes. What a project asks beyond that is decided in core.
pub fn password() -> PasswordRule {
    PasswordRule
}

impl Rule for PasswordRule {
    type Output = String;

    fn shape(&self) -> Shape {
        Shape::text("password").sized(PASSWORD_BYTES_MIN, PASSWORD_BYTES_MAX)
    }

    fn check(&self, value: &Value) -> Result<String, Refusal> {
        let refused = || {
            Refusal::new(format!(
                "Password must be between {PASSWORD_BYTES_MIN} and {PASSWORD_BYTES_MAX} characters long."
            ))
        };
        match value.as_str() {
            Some(text) if text.len() < PASSWORD_BYTES_MIN => {
                Err(refused().broken(Broken::LengthMin).limit(PASSWORD_BYTES_MIN))
            }
            Some(text) if text.len() > PASSWORD_BYTES_MAX => {
                Err(refused().broken(Broken::LengthMax).limit(PASSWORD_BYTES_MAX))
            }
            Some(text) => Ok(text.to_owned()),
            None => Err(refused()),
        }
    }
}

/// See [`datetime`].
#[derive(Clone, Copy, Debug)]
pub struct DatetimeRule;

/// An ISO 8601 date and time. Whether it must lie ahead is decided where the clock is.
pub fn datetime() -> DatetimeRule {
    DatetimeRule
}

impl Rule for DatetimeRule {
    type Output = Timestamp;

    fn shape(&self) -> Shape {
        Shape::text("datetime").example("2026-01-02T03:04:05.678+00:00")
    }

    fn check(&self, value: &Value) -> Result<Timestamp, Refusal> {
        value.as_str().and_then(Timestamp::parse).ok_or_else(|| {
            Refusal::new("Value must be an ISO 8601 date and time of the years 0 to 9999.")
                .broken(Broken::Datetime)
        })
    }
}
