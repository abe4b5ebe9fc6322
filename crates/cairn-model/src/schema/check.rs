//! Whether a value fits an attribute, and the typed value that it becomes.
//!
//! COMPAT(appwrite): the sentences are those that the reference's own suite compares; the word `format` stands for
//! `type` where an attribute has a format or bounds, and bounds of floats are shown as whole numbers.

use cairn_std::time::Timestamp;

use super::{Attribute, AttributeType, Range};
use crate::reason::Reason;
use crate::shape::Shape;
use crate::value::Value;
use crate::value::formats::{grouped, is_email, is_ip, is_url};

impl Attribute {
    /// Turn the value of a document into a typed one.
    ///
    /// Null passes for an optional attribute. The reason begins with `Attribute "key"`.
    pub fn accept(&self, value: Value) -> Result<Value, Reason> {
        if value.is_null() && !self.is_required {
            return Ok(Value::Null);
        }
        if !self.is_array {
            return self
                .accept_one(value)
                .map_err(|rule| Reason::new(format!("Attribute \"{}\" has invalid {rule}", self.key)));
        }
        let Value::Array(items) = value else {
            return Err(Reason::new(format!("Attribute \"{}\" must be an array", self.key)));
        };
        let mut typed = Vec::with_capacity(items.len());
        for (i, item) in items.into_iter().enumerate() {
            if item.is_null() && !self.is_required {
                typed.push(Value::Null);
                continue;
            }
            typed.push(self.accept_one(item).map_err(|rule| {
                Reason::new(format!("Attribute \"{}['{i}']\" has invalid {rule}", self.key))
            })?);
        }
        Ok(Value::Array(typed))
    }

    /// Turn one element into a typed value, or say `type. <rule>` or `format. <rule>`.
    fn accept_one(&self, value: Value) -> Result<Value, String> {
        let label = if self.kind.format().is_some() || self.range != Range::None { "format" } else { "type" };
        self.typed(value).map_err(|rule| format!("{label}. {rule}"))
    }

    fn typed(&self, value: Value) -> Result<Value, String> {
        match self.kind {
            kind if kind.is_text() => match value {
                Value::Text(text) => self.text(text),
                _ => Err(self.text_rule()),
            },
            AttributeType::Integer | AttributeType::Bigint => self.integer(&value),
            AttributeType::Float => self.float(&value),
            AttributeType::Boolean => match value {
                Value::Bool(_) => Ok(value),
                _ => Err("Value must be a valid boolean".to_owned()),
            },
            AttributeType::Datetime => match &value {
                Value::Datetime(_) => Ok(value),
                Value::Text(text) => Timestamp::parse(text).map(Value::Datetime).ok_or_else(datetime_rule),
                _ => Err(datetime_rule()),
            },
            kind => match kind.shape_kind() {
                Some(shape) => {
                    let read = Shape::of_kind(shape, &value).map_err(|rule| format!("Value {rule}"))?;
                    Ok(read.to_value())
                }
                None => Err(format!("Values of type {} are no part of the document itself", kind.name())),
            },
        }
    }

    fn text(&self, text: String) -> Result<Value, String> {
        let size = self.size as usize;
        let fits = match self.kind {
            AttributeType::Text | AttributeType::Mediumtext | AttributeType::Longtext => {
                size == 0 || text.len() <= size
            }
            _ => size == 0 || text.len() <= size || text.chars().count() <= size,
        };
        let is_well_formed = match self.kind {
            AttributeType::Email => is_email(&text),
            AttributeType::Url => is_url(&text),
            AttributeType::Ip => is_ip(&text),
            AttributeType::Enum => self.elements.contains(&text),
            _ => true,
        };
        if !fits || !is_well_formed {
            return Err(self.text_rule());
        }
        if text.contains('\0') {
            return Err("Value must not contain the character U+0000".to_owned());
        }
        Ok(Value::Text(text))
    }

    fn text_rule(&self) -> String {
        match self.kind {
            AttributeType::Email => "Value must be a valid email address".to_owned(),
            AttributeType::Url => "Value must be a valid URL".to_owned(),
            AttributeType::Ip => "Value must be a valid IP address".to_owned(),
            AttributeType::Enum => format!("Value must be one of ({})", self.elements.join(", ")),
            AttributeType::Text | AttributeType::Mediumtext | AttributeType::Longtext => {
                format!("Value must be a valid string and no longer than {} bytes", self.size)
            }
            _ => format!("Value must be a valid string and no longer than {} chars", self.size),
        }
    }

    fn integer(&self, value: &Value) -> Result<Value, String> {
        let int = match value {
            Value::Int(int) => Some(*int),
            // Clients whose numbers are floats send large integers as text.
            Value::Text(text) if self.kind == AttributeType::Bigint => decimal(text),
            _ => None,
        };
        let Some(int) = int else {
            return Err(match self.range {
                Range::Int(..) => self.range_rule(),
                _ => "Value must be a valid 64-bit integer".to_owned(),
            });
        };
        match self.range {
            Range::Int(min, max) if int < min || int > max => Err(self.range_rule()),
            _ => Ok(Value::Int(int)),
        }
    }

    fn float(&self, value: &Value) -> Result<Value, String> {
        let float = match value {
            Value::Float(float) => *float,
            #[expect(clippy::cast_precision_loss, reason = "a float attribute stores the nearest float")]
            Value::Int(int) => *int as f64,
            _ => f64::NAN,
        };
        match self.range {
            Range::Float(min, max) if !(float >= min && float <= max) => Err(self.range_rule()),
            _ if !float.is_finite() => Err("Value must be a valid float".to_owned()),
            _ => Ok(Value::Float(float)),
        }
    }

    fn range_rule(&self) -> String {
        let (min, max) = match self.range {
            Range::Int(min, max) => (grouped(min.into()), grouped(max.into())),
            Range::Float(min, max) => (whole(min), whole(max)),
            Range::None => return "Value must be a valid number".to_owned(),
        };
        format!("Value must be a valid range between {min} and {max}")
    }
}

fn datetime_rule() -> String {
    "Value must be a valid date between 0000-01-01 00:00:00 and 9999-12-31 23:59:59".to_owned()
}

/// A decimal integer that fits 64 bits; no plus sign, no spaces.
fn decimal(text: &str) -> Option<i64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

#[expect(clippy::cast_possible_truncation, reason = "the cast saturates, and this is for a message")]
fn whole(float: f64) -> String {
    grouped(float.round() as i128)
}
