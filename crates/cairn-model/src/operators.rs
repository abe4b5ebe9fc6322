//! Update operators: changes of a value that depend on the value that is there.
//!
//! An operator is computed inside the transaction that writes, from the stored value, so that concurrent ones add up.
//! Its result goes through the attribute's own rules like any other value.
//!
//! COMPAT(appwrite): a bound does not clamp. A result beyond it leaves the value as it is.

mod lists;
mod numbers;
#[cfg(test)]
mod tests;

use cairn_std::time::Timestamp;

use crate::reason::Reason;
use crate::schema::{Attribute, AttributeType};
use crate::value::Value;

/// Most values that one operator on a list may carry (the reference's `MAX_ARRAY_OPERATOR_SIZE`).
pub const OPERATOR_VALUES_MAX: usize = 10_000;
const DAY_MS: i64 = 86_400_000;

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Add, up to a bound.
    Increment,
    /// Take away, down to a bound.
    Decrement,
    /// Multiply, up to a bound.
    Multiply,
    /// Divide, down to a bound.
    Divide,
    /// The rest of a division, with the sign of the value.
    Modulo,
    /// Raise to a power, up to a bound.
    Power,
    /// Add elements at the end.
    ArrayAppend,
    /// Add elements at the beginning.
    ArrayPrepend,
    /// Put an element before the one at a place.
    ArrayInsert,
    /// Remove every element that equals a value.
    ArrayRemove,
    /// Keep the first of equal elements.
    ArrayUnique,
    /// Keep the elements that are among some values.
    ArrayIntersect,
    /// Remove the elements that are among some values.
    ArrayDiff,
    /// Keep the elements that satisfy a condition.
    ArrayFilter,
    /// Add text at the end.
    StringConcat,
    /// Replace every occurrence of a text.
    StringReplace,
    /// Turn true into false and everything else into true.
    Toggle,
    /// Move an instant by days.
    DateAddDays,
    /// Move an instant back by days.
    DateSubDays,
    /// The present instant.
    DateSetNow,
}

impl Method {
    /// Every method.
    pub const ALL: &[Self] = &[
        Self::Increment,
        Self::Decrement,
        Self::Multiply,
        Self::Divide,
        Self::Modulo,
        Self::Power,
        Self::ArrayAppend,
        Self::ArrayPrepend,
        Self::ArrayInsert,
        Self::ArrayRemove,
        Self::ArrayUnique,
        Self::ArrayIntersect,
        Self::ArrayDiff,
        Self::ArrayFilter,
        Self::StringConcat,
        Self::StringReplace,
        Self::Toggle,
        Self::DateAddDays,
        Self::DateSubDays,
        Self::DateSetNow,
    ];

    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Increment => "increment",
            Self::Decrement => "decrement",
            Self::Multiply => "multiply",
            Self::Divide => "divide",
            Self::Modulo => "modulo",
            Self::Power => "power",
            Self::ArrayAppend => "arrayAppend",
            Self::ArrayPrepend => "arrayPrepend",
            Self::ArrayInsert => "arrayInsert",
            Self::ArrayRemove => "arrayRemove",
            Self::ArrayUnique => "arrayUnique",
            Self::ArrayIntersect => "arrayIntersect",
            Self::ArrayDiff => "arrayDiff",
            Self::ArrayFilter => "arrayFilter",
            Self::StringConcat => "stringConcat",
            Self::StringReplace => "stringReplace",
            Self::Toggle => "toggle",
            Self::DateAddDays => "dateAddDays",
            Self::DateSubDays => "dateSubDays",
            Self::DateSetNow => "dateSetNow",
        }
    }

    /// The method with this word.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.name() == name)
    }

    fn is_numeric(self) -> bool {
        matches!(
            self,
            Self::Increment | Self::Decrement | Self::Multiply | Self::Divide | Self::Modulo | Self::Power
        )
    }

    fn is_on_lists(self) -> bool {
        matches!(
            self,
            Self::ArrayAppend
                | Self::ArrayPrepend
                | Self::ArrayInsert
                | Self::ArrayRemove
                | Self::ArrayUnique
                | Self::ArrayIntersect
                | Self::ArrayDiff
                | Self::ArrayFilter
        )
    }
}

/// One operator with its operands as they came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    /// What it does.
    pub method: Method,
    /// Its operands.
    pub values: Vec<Value>,
}

impl Operator {
    /// An operator that a client wrote as an object with `method` and `values`; `None` for every other value.
    ///
    /// Whoever reads JSON turns a text into such an object first. Operands that are not a list are a reason.
    pub fn of_members(members: &[(String, Value)]) -> Option<Result<Self, Reason>> {
        let member = |name: &str| members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value);
        let method = Method::by_name(member("method")?.as_text()?)?;
        Some(match member("values") {
            None | Some(Value::Null) => Ok(Self { method, values: Vec::new() }),
            Some(Value::Array(values)) => Ok(Self { method, values: values.clone() }),
            Some(other) => {
                let kind = other.kind_name();
                Err(Reason::new(format!("Invalid operator values. Must be an array, got {kind}")))
            }
        })
    }

    /// The value that comes of `current`, not yet checked by the attribute's own rules.
    ///
    /// No value counts as 0, as an empty text and as an empty list; an instant that is not there stays so.
    pub fn apply(&self, attribute: &Attribute, current: &Value, now: Timestamp) -> Result<Value, Reason> {
        self.check_kind(attribute)?;
        match self.method {
            method if method.is_numeric() => numbers::apply(method, &self.values, attribute, current),
            method if method.is_on_lists() => lists::apply(method, &self.values, attribute, current),
            Method::StringConcat => self.concat(attribute, current),
            Method::StringReplace => self.replace(current),
            Method::Toggle => Ok(Value::Bool(*current != Value::Bool(true))),
            Method::DateSetNow => Ok(Value::Datetime(now)),
            Method::DateSubDays => self.moved(current, -1),
            _ => self.moved(current, 1),
        }
    }

    fn check_kind(&self, attribute: &Attribute) -> Result<(), Reason> {
        let is_list_wanted = self.method.is_on_lists();
        let is_fitting = match self.method {
            method if method.is_numeric() => is_number(attribute.kind),
            Method::StringConcat | Method::StringReplace => attribute.kind.is_text(),
            Method::Toggle => attribute.kind == AttributeType::Boolean,
            Method::DateAddDays | Method::DateSubDays | Method::DateSetNow => {
                attribute.kind == AttributeType::Datetime
            }
            _ => attribute.kind != AttributeType::Relationship && !attribute.kind.is_spatial(),
        };
        if is_fitting && attribute.is_array == is_list_wanted {
            return Ok(());
        }
        let wanted = match self.method {
            method if method.is_numeric() => "non-numeric",
            method if method.is_on_lists() => "non-array",
            Method::StringConcat | Method::StringReplace => "non-string",
            Method::Toggle => "non-boolean",
            _ => "non-datetime",
        };
        Err(self.refusal(format!("it was given for the {wanted} attribute \"{}\"", attribute.key)))
    }

    fn concat(&self, attribute: &Attribute, current: &Value) -> Result<Value, Reason> {
        let Some(Value::Text(more)) = self.values.first() else {
            return Err(self.refusal("it needs a text".to_owned()));
        };
        let before = current.as_text().unwrap_or_default();
        let size = attribute.size as usize;
        // The attribute's own rule counts exactly; this one keeps what cannot fit out of memory.
        if size > 0 && before.len().saturating_add(more.len()) > size.saturating_mul(4) {
            let limit = attribute.size;
            return Err(self.refusal(format!("the result would be longer than {limit} characters")));
        }
        Ok(Value::Text(format!("{before}{more}")))
    }

    fn replace(&self, current: &Value) -> Result<Value, Reason> {
        let [Value::Text(search), Value::Text(with)] = self.values.as_slice() else {
            return Err(self.refusal("it needs two texts, what to look for and what to put there".to_owned()));
        };
        Ok(match current {
            Value::Text(text) if !search.is_empty() => Value::Text(text.replace(search, with)),
            other => other.clone(),
        })
    }

    fn moved(&self, current: &Value, sign: i64) -> Result<Value, Reason> {
        let Some(Value::Int(days)) = self.values.first() else {
            return Err(self.refusal("it needs a whole number of days".to_owned()));
        };
        let Value::Datetime(at) = current else { return Ok(current.clone()) };
        let moved = days.checked_mul(DAY_MS * sign).and_then(|by| at.0.checked_add(by)).map(Timestamp);
        match moved.filter(|at| (Timestamp::MIN..=Timestamp::MAX).contains(at)) {
            Some(at) => Ok(Value::Datetime(at)),
            None => Err(self.refusal("the result would lie outside the years 0000 to 9999".to_owned())),
        }
    }

    fn refusal(&self, why: String) -> Reason {
        refusal(self.method, &why)
    }
}

fn is_number(kind: AttributeType) -> bool {
    matches!(kind, AttributeType::Integer | AttributeType::Bigint | AttributeType::Float)
}

fn refusal(method: Method, why: &str) -> Reason {
    Reason::new(format!("Cannot apply {} operator: {why}", method.name()))
}
