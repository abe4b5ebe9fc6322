//! The parameter language of surfaces: a struct, the reading of it, and its description, from one text.
//!
//! ```
//! use cairn_http::params;
//! use cairn_http::rules::{IdChoice, Patch, Rule, custom_id, email, phone, queries};
//!
//! params! {
//!     /// Create a user.
//!     pub struct CreateUser {
//!         /// User ID.
//!         user_id: IdChoice = "userId" => custom_id(),
//!         /// Email of the user.
//!         email: Option<String> = "email" => email().optional(),
//!         /// Phone of the user; null clears it.
//!         phone: Patch<String> = "phone" => phone().nullable().optional(),
//!         /// Queries.
//!         queries: Vec<String> = "queries" => queries().or_empty(),
//!     }
//! }
//! ```

use std::cell::RefCell;

use cairn_faults::{Error, Violation};

use crate::params::ParamMap;
use crate::rules::{Rule, Shape};

#[cfg(test)]
mod tests;

/// A set of parameters that can be read and described; made by [`params!`](crate::params!).
pub trait FromParams: Sized {
    /// Read every parameter. All violations are collected, in the order of declaration.
    fn from_params(map: &ParamMap) -> Result<Self, Error>;

    /// The parameters as data.
    fn specs() -> Vec<ParamSpec>;
}

/// No parameters at all.
impl FromParams for () {
    fn from_params(_: &ParamMap) -> Result<Self, Error> {
        Ok(())
    }

    fn specs() -> Vec<ParamSpec> {
        Vec::new()
    }
}

/// One parameter as data.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamSpec {
    /// Name on the wire.
    pub name: &'static str,
    /// What it is, for people.
    pub description: String,
    /// What is allowed, and whether it may be left out.
    pub shape: Shape,
}

impl ParamSpec {
    /// Describe a parameter; `doc` are the lines of its doc comment.
    pub fn new(name: &'static str, doc: &[&str], rule: &impl Rule) -> Self {
        let lines: Vec<&str> = doc.iter().map(|line| line.trim()).collect();
        Self { name, description: lines.join(" ").trim().to_owned(), shape: rule.shape() }
    }
}

/// Reads parameters one by one and remembers what was wrong.
pub struct ParamReader<'m> {
    map: &'m ParamMap,
    violations: RefCell<Vec<Violation>>,
}

impl<'m> ParamReader<'m> {
    /// A reader of `map`.
    pub fn new(map: &'m ParamMap) -> Self {
        Self { map, violations: RefCell::default() }
    }

    /// Read one parameter; `None` means that a violation was recorded.
    pub fn take<R: Rule>(&self, name: &str, rule: &R) -> Option<R::Output> {
        let Some(value) = self.map.value(name) else {
            let absent = rule.absent();
            if absent.is_none() {
                self.violations.borrow_mut().push(Violation::missing(name));
            }
            return absent;
        };
        match rule.check(value) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.violations.borrow_mut().push(refusal.of_param(name));
                None
            }
        }
    }

    /// Whether every value that was taken was one.
    ///
    /// # Errors
    /// All violations, where there are some.
    pub fn finish(self) -> Result<(), Error> {
        if self.violations.borrow().is_empty() { Ok(()) } else { Err(self.into_error()) }
    }

    /// The error of all violations so far.
    #[track_caller]
    pub fn into_error(self) -> Error {
        Error::invalid_params(self.violations.into_inner())
    }
}

/// Declare a struct of parameters: `field: Type = "wireName" => rule,`, doc comments being the descriptions.
#[macro_export]
macro_rules! params {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])*
                $field:ident : $type:ty = $wire:literal => $rule:expr
            ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        $vis struct $name {
            $(
                $(#[doc = $doc])*
                $vis $field: $type,
            )*
        }

        impl $crate::spec::FromParams for $name {
            fn from_params(map: &$crate::params::ParamMap) -> ::core::result::Result<Self, $crate::Error> {
                let reader = $crate::spec::ParamReader::new(map);
                $(let $field = reader.take($wire, &$rule);)*
                if let ($(Some($field),)*) = ($($field,)*) {
                    return Ok(Self { $($field),* });
                }
                Err(reader.into_error())
            }

            fn specs() -> ::std::vec::Vec<$crate::spec::ParamSpec> {
                ::std::vec![$($crate::spec::ParamSpec::new($wire, &[$($doc),*], &$rule)),*]
            }
        }
    };
}
