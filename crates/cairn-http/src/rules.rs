//! Rules for the values of parameters, as data and as checks.
//!
//! A rule reads one raw value into a Rust type or says why not; it also describes itself, for the OpenAPI
//! document and the docs. Rules are as lenient as the reference's: whole numbers also as `"25"`, booleans
//! also as `"true"`, `"1"` and 1, because query strings and forms carry nothing but text.

use serde_json::Value;

use cairn_faults::{Rule as Broken, Violation};

mod ids;
mod lists;
mod net;
mod numbers;
mod shape;
mod texts;
mod wrappers;

pub use ids::{IdChoice, IdRule, KeyRule, custom_id, key, label, project_id, uid};
pub use lists::{
    ArrayOf, ListRule, ObjectRule, PermissionsRule, QUERIES_MAX, QUERY_CHARS_MAX, RolesRule, array_of, list,
    object, object_or_text, permissions, queries, roles,
};
pub use net::{NetRule, UrlRule, domain, email, hostname, ip, phone, url};
pub use numbers::{BooleanRule, FloatRule, IntegerRule, boolean, float, integer};
pub use shape::{Shape, ShapeKind};
pub use texts::{
    Choices, DatetimeRule, OneOf, PasswordRule, TextRule, choices, datetime, one_of, password, text,
};
pub use wrappers::{Defaulted, Nullable, Optional, Patch, Patched};

#[cfg(test)]
mod tests;

/// Why a value was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where inside the value, as segments of a JSON pointer (`/3`); empty for the value itself.
    pub within: String,
    /// A sentence for the caller.
    pub reason: String,
    /// The bound that was passed, if there is one.
    pub limit: Option<i64>,
    /// Which kind of rule was broken.
    pub broken: Broken,
}

impl Refusal {
    /// A refusal of the value itself.
    pub fn new(reason: impl Into<String>) -> Self {
        Self { within: String::new(), reason: reason.into(), limit: None, broken: Broken::Other }
    }

    /// Say which kind of rule was broken.
    #[must_use]
    pub fn broken(mut self, broken: Broken) -> Self {
        self.broken = broken;
        self
    }

    /// Say which bound was passed.
    #[must_use]
    pub fn limit(mut self, limit: impl TryInto<i64>) -> Self {
        self.limit = limit.try_into().ok();
        self
    }

    /// Say that the item at `index` was refused.
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.within = format!("/{index}{}", self.within);
        self
    }

    /// The violation of the parameter `name`.
    pub fn of_param(self, name: &str) -> Violation {
        let name = name.replace('~', "~0").replace('/', "~1");
        let violation = Violation::invalid(format!("/{name}{}", self.within), self.reason).rule(self.broken);
        match self.limit {
            Some(limit) => violation.limit(limit),
            None => violation,
        }
    }
}

/// A rule for one value.
pub trait Rule {
    /// What a value is read into.
    type Output;

    /// The rule as data.
    fn shape(&self) -> Shape;

    /// Read a value that was sent, which may be null.
    fn check(&self, value: &Value) -> Result<Self::Output, Refusal>;

    /// What stands for an absent parameter; `None` when it is required.
    fn absent(&self) -> Option<Self::Output> {
        None
    }

    /// May be absent or null, both of which are `None`.
    fn optional(self) -> Optional<Self>
    where
        Self: Sized,
    {
        Optional(self)
    }

    /// Must be sent and may be null.
    fn nullable(self) -> Nullable<Self>
    where
        Self: Sized,
    {
        Nullable(self)
    }

    /// May be absent or null; `value` stands for it then. `wire` is the same value as the docs show it.
    fn or(self, value: Self::Output, wire: Value) -> Defaulted<Self>
    where
        Self: Sized,
        Self::Output: Clone,
    {
        Defaulted { rule: self, value, wire: Some(wire) }
    }

    /// May be absent or null; an empty list, object or text, zero or false stands for it then.
    fn or_empty(self) -> Defaulted<Self>
    where
        Self: Sized,
        Self::Output: Clone + Default,
    {
        Defaulted { rule: self, value: Self::Output::default(), wire: None }
    }
}
