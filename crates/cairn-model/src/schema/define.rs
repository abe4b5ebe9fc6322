//! The rules for making an attribute. The limits are those that the reference shows on MariaDB.

use super::{Attribute, AttributeType, Collection, Range};
use crate::ids::{ID_CHARS_MAX, is_key, key_rule};
use crate::reason::Reason;

/// Most attributes of one collection: 1,017 columns less the seven that every document has.
pub const ATTRIBUTES_MAX: usize = 1_010;
/// The row width, in bytes, that a collection stays below; see [`Attribute::row_bytes`].
pub const ROW_BYTES_MAX: u64 = 65_535;
/// Bytes of the row that the system's own columns take.
const ROW_BYTES_OWN: u64 = 1_067;
/// Bytes in the row of a value that is stored beside it.
const POINTER_BYTES: u64 = 20;
/// Largest size of a string, in characters.
pub const STRING_CHARS_MAX: u32 = 1_073_741_824;
/// Largest size of text that is stored in the row, in characters.
pub const VARCHAR_CHARS_MAX: u32 = 16_381;
/// Most elements of an enum (the reference's `APP_LIMIT_ARRAY_PARAMS_SIZE`).
pub const ENUM_ELEMENTS_MAX: usize = 100;
/// Longest element of an enum, in characters.
pub const ENUM_ELEMENT_CHARS_MAX: usize = 255;
/// Smallest size of an encrypted string, in characters.
const ENCRYPTED_CHARS_MIN: u32 = 150;

/// The rule of the schema that a change would break; core gives each its fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// The key has the wrong form or is taken by the system.
    KeyInvalid,
    /// The collection has such an attribute already.
    AttributeExists,
    /// Too many attributes, or too wide a row.
    AttributeLimit,
    /// A default where none may be.
    AttributeDefault,
    /// A size, bound, element or default out of range.
    AttributeValue,
    /// A type that cannot be used for this.
    AttributeType,
    /// No such attribute.
    AttributeUnknown,
    /// The attribute is still processing, being deleted, or failed.
    AttributeNotAvailable,
    /// The collection has such an index already.
    IndexExists,
    /// Too many indexes.
    IndexLimit,
    /// The index cannot be made as asked.
    IndexInvalid,
}

/// A change of the schema that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The rule that it would break.
    pub rule: Rule,
    /// The sentence for the client.
    pub reason: Reason,
}

impl Refusal {
    pub(super) fn new(rule: Rule, reason: impl Into<String>) -> Self {
        Self { rule, reason: Reason::new(reason) }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.reason.fmt(f)
    }
}

impl std::error::Error for Refusal {}

impl Attribute {
    /// Bytes that a value takes in a row, as the reference counts them: four for a character, 20 for what is stored elsewhere.
    pub fn row_bytes(&self) -> u64 {
        if self.is_array {
            return POINTER_BYTES;
        }
        let inline = |size: u32| u64::from(size) * 4 + if size > 255 { 2 } else { 1 };
        match self.kind {
            AttributeType::String
            | AttributeType::Email
            | AttributeType::Url
            | AttributeType::Ip
            | AttributeType::Enum => {
                if self.size > VARCHAR_CHARS_MAX {
                    POINTER_BYTES
                } else {
                    inline(self.size)
                }
            }
            AttributeType::Varchar => inline(self.size),
            AttributeType::Integer | AttributeType::Bigint | AttributeType::Float => 8,
            AttributeType::Boolean => 1,
            AttributeType::Datetime => 7,
            AttributeType::Relationship => inline(255),
            AttributeType::Text
            | AttributeType::Mediumtext
            | AttributeType::Longtext
            | AttributeType::Line
            | AttributeType::Polygon => POINTER_BYTES,
            AttributeType::Point => 25,
        }
    }

    /// Whether the attribute is well formed by itself: key, size, bounds, elements and default fit each other.
    pub fn check_definition(&self) -> Result<(), Refusal> {
        if !is_key(&self.key, ID_CHARS_MAX) {
            return Err(Refusal::new(Rule::KeyInvalid, format!("The key {}.", key_rule(ID_CHARS_MAX))));
        }
        if self.kind == AttributeType::Relationship && self.relation.is_none() {
            return Err(Refusal::new(
                Rule::AttributeType,
                "An attribute of type relationship needs to know what it relates to.",
            ));
        }
        if self.kind.is_spatial() && self.is_array {
            return Err(Refusal::new(
                Rule::AttributeType,
                format!("Attributes of type {} cannot be arrays.", self.kind.name()),
            ));
        }
        self.check_size()?;
        self.check_range()?;
        self.check_elements()?;
        self.check_default()
    }

    fn check_size(&self) -> Result<(), Refusal> {
        let max = match self.kind {
            AttributeType::String => STRING_CHARS_MAX,
            AttributeType::Varchar => VARCHAR_CHARS_MAX,
            _ => return Ok(()),
        };
        let min = if self.is_encrypted { ENCRYPTED_CHARS_MIN } else { 1 };
        if (min..=max).contains(&self.size) {
            return Ok(());
        }
        Err(value(format!("The size must be between {min} and {max} characters.")))
    }

    fn check_range(&self) -> Result<(), Refusal> {
        let is_ordered = match self.range {
            Range::None => true,
            Range::Int(min, max) => min <= max,
            Range::Float(min, max) => min <= max,
        };
        if is_ordered { Ok(()) } else { Err(value("The minimum must not be greater than the maximum.")) }
    }

    fn check_elements(&self) -> Result<(), Refusal> {
        if self.kind != AttributeType::Enum {
            return Ok(());
        }
        if !(1..=ENUM_ELEMENTS_MAX).contains(&self.elements.len()) {
            return Err(value(format!("An enum has 1 to {ENUM_ELEMENTS_MAX} elements.")));
        }
        let is_good = |element: &String| {
            !element.is_empty()
                && !element.contains('\0')
                && element.chars().count() <= ENUM_ELEMENT_CHARS_MAX
        };
        if self.elements.iter().all(is_good) {
            return Ok(());
        }
        Err(value(format!("Each element of an enum has 1 to {ENUM_ELEMENT_CHARS_MAX} characters.")))
    }

    fn check_default(&self) -> Result<(), Refusal> {
        if self.default.is_null() {
            return Ok(());
        }
        if self.is_required || self.is_array {
            let kind = if self.is_required { "required" } else { "array" };
            return Err(Refusal::new(
                Rule::AttributeDefault,
                format!("The {kind} attribute \"{}\" takes no default value.", self.key),
            ));
        }
        match self.accept(self.default.clone()) {
            Ok(_) => Ok(()),
            Err(reason) => Err(value(format!("The default value does not fit. {reason}"))),
        }
    }
}

impl Collection {
    /// Whether `attribute` may be added.
    pub fn check_new_attribute(&self, attribute: &Attribute) -> Result<(), Refusal> {
        attribute.check_definition()?;
        self.check_key_is_free(attribute, self.attributes.len())?;
        if self.attributes.len() >= ATTRIBUTES_MAX {
            return Err(Refusal::new(
                Rule::AttributeLimit,
                format!("A collection may have up to {ATTRIBUTES_MAX} attributes."),
            ));
        }
        check_width(self.row_bytes() + attribute.row_bytes())
    }

    /// Whether rows stay narrow enough with these.
    pub(super) fn check_room_for<'a>(
        &self,
        more: impl Iterator<Item = &'a Attribute>,
    ) -> Result<(), Refusal> {
        check_width(self.row_bytes() + more.map(Attribute::row_bytes).sum::<u64>())
    }

    /// Whether the attribute at `place` may become `changed`: another key, size, default, bounds or elements.
    ///
    /// Whether the stored values still fit a smaller size is for the store to find out.
    pub fn check_changed_attribute(&self, place: usize, changed: &Attribute) -> Result<(), Refusal> {
        changed.check_definition()?;
        self.check_key_is_free(changed, place)?;
        let others = self.attributes.iter().enumerate().filter(|(other, _)| *other != place);
        let width: u64 = others.map(|(_, other)| other.row_bytes()).sum();
        check_width(ROW_BYTES_OWN + width + changed.row_bytes())
    }

    /// COMPAT(appwrite): keys differ in more than case.
    fn check_key_is_free(&self, attribute: &Attribute, place: usize) -> Result<(), Refusal> {
        let mut others = self.attributes.iter().enumerate().filter(|(other, _)| *other != place);
        if others.any(|(_, other)| other.key.eq_ignore_ascii_case(&attribute.key)) {
            return Err(Refusal::new(
                Rule::AttributeExists,
                format!("There is already an attribute with the key \"{}\".", attribute.key),
            ));
        }
        Ok(())
    }

    /// Bytes that a row takes, as the reference counts them.
    pub fn row_bytes(&self) -> u64 {
        ROW_BYTES_OWN + self.attributes.iter().map(Attribute::row_bytes).sum::<u64>()
    }
}

fn check_width(width: u64) -> Result<(), Refusal> {
    if width < ROW_BYTES_MAX {
        return Ok(());
    }
    Err(Refusal::new(
        Rule::AttributeLimit,
        format!("A row would take {width} bytes, it must stay below {ROW_BYTES_MAX}."),
    ))
}

fn value(reason: impl Into<String>) -> Refusal {
    Refusal::new(Rule::AttributeValue, reason)
}
