//! One query as the SDKs write it: JSON with `method`, `attribute` and `values`. Nothing is checked against fields here.

#[cfg(test)]
mod tests;

use std::fmt;

use cairn_model::value::Value;
use serde_json::Value as Json;

use crate::error::QueryError;
use crate::json::{json_of, value_of};
use crate::method::Method;

/// Deepest nesting of `and`, `or` and `elemMatch`.
pub(crate) const DEPTH_MAX: usize = 16;

/// One query.
#[derive(Clone, Debug, PartialEq)]
pub struct Raw {
    /// What it asks for.
    pub method: Method,
    /// The field that it is about, or empty.
    pub attribute: String,
    /// Its values.
    pub values: Vec<RawValue>,
}

/// One value of a query.
#[derive(Clone, Debug, PartialEq)]
pub enum RawValue {
    /// A plain value; datetimes are still text.
    Value(Value),
    /// A query, inside `and`, `or` and `elemMatch`.
    Query(Raw),
}

impl Raw {
    /// Read a query string.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        // COMPAT(appwrite): clients compare this text.
        let json: Json = serde_json::from_str(text).map_err(|_| QueryError::invalid("Syntax error"))?;
        Self::from_json(json, DEPTH_MAX)
    }

    fn from_json(json: Json, depth_left: usize) -> Result<Self, QueryError> {
        let Json::Object(mut members) = json else {
            return Err(QueryError::invalid(format!("A query must be an object, not {}", kind_of(&json))));
        };
        let method = match members.remove("method") {
            Some(Json::String(name)) => Method::by_name(&name)
                .ok_or_else(|| QueryError::invalid(format!("Invalid query method: {name}")))?,
            other => {
                let kind = other.as_ref().map_or("missing", kind_of);
                return Err(QueryError::invalid(format!(
                    "The method of a query must be a string, it is {kind}"
                )));
            }
        };
        let name = method.name();
        let attribute = match members.remove("attribute") {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(attribute)) => attribute,
            Some(other) => {
                let kind = kind_of(&other);
                return Err(QueryError::invalid(format!(
                    "The attribute of the query {name} must be a string, it is {kind}"
                )));
            }
        };
        let values = match members.remove("values") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::Array(values)) => values,
            Some(other) => {
                let kind = kind_of(&other);
                return Err(QueryError::invalid(format!(
                    "The values of the query {name} must be an array, they are {kind}"
                )));
            }
        };
        let values = if method.is_nested() {
            let Some(depth_left) = depth_left.checked_sub(1) else {
                return Err(QueryError::invalid(format!(
                    "The query {name} is nested deeper than {DEPTH_MAX} levels"
                )));
            };
            let nested = |json| Self::from_json(json, depth_left).map(RawValue::Query);
            values.into_iter().map(nested).collect::<Result<_, _>>()?
        } else {
            values.into_iter().map(|json| RawValue::Value(value_of(json))).collect()
        };
        Ok(Self { method, attribute, values })
    }

    fn to_json(&self) -> Json {
        let mut members = serde_json::Map::new();
        members.insert("method".to_owned(), self.method.name().into());
        if !self.attribute.is_empty() {
            members.insert("attribute".to_owned(), self.attribute.as_str().into());
        }
        if !self.values.is_empty() {
            let values = self.values.iter().map(|value| match value {
                RawValue::Value(value) => json_of(value),
                RawValue::Query(query) => query.to_json(),
            });
            members.insert("values".to_owned(), values.collect());
        }
        Json::Object(members)
    }
}

/// Prints the query string that reads as this query.
impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_json())
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}
