//! Why a list of queries was refused.

use std::fmt;

/// What kind of rule a query broke; core gives each kind its fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The query is malformed or does not fit the fields: `general_query_invalid`.
    Invalid,
    /// One query has more values than the contract allows: `general_query_limit_exceeded` in the 1.0 contract.
    TooManyValues,
    /// The list itself has too many or too long elements: an invalid parameter.
    Argument,
    /// A cursor's document has no value for a field that orders the list: `database_query_order_null`.
    OrderNull,
}

/// A refused query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The kind of rule.
    pub kind: Kind,
    /// The sentence for the client, without the prefix `Invalid query: `. It names the method or the attribute.
    pub reason: String,
    /// The place of the query in the list, when one query is to blame.
    pub place: Option<usize>,
    /// The attribute, when one is to blame.
    pub attribute: Option<String>,
}

impl QueryError {
    pub(crate) fn new(kind: Kind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into(), place: None, attribute: None }
    }

    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, reason)
    }

    pub(crate) fn of(mut self, attribute: &str) -> Self {
        self.attribute = Some(attribute.to_owned());
        self
    }

    pub(crate) fn at(mut self, place: usize) -> Self {
        self.place = Some(place);
        self
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for QueryError {}
