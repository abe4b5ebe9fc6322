//! Conditions: which operation a field allows, and the typed operands.

use cairn_model::value::Value;
use cairn_std::time::Timestamp;

use super::{Builder, CONDITIONS_MAX, VALUES_TOTAL_MAX, find_in, related};
use crate::ast::{Filter, Op, Test};
use crate::error::{Kind, QueryError};
use crate::fields::{FieldDef, FieldType, Fields};
use crate::method::Method;
use crate::pattern;
use crate::raw::{Raw, RawValue};

/// How many values an operation takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arity {
    None,
    One,
    Two,
    Some,
}

impl Builder<'_> {
    pub(super) fn filter(&mut self, raw: Raw) -> Result<Filter, QueryError> {
        self.count(1)?;
        let (op, arity) = match raw.method {
            Method::And => return Ok(Filter::And(self.nested(raw)?)),
            Method::Or => return Ok(Filter::Or(self.nested(raw)?)),
            Method::Equal => (Op::Equal, Arity::Some),
            Method::NotEqual => (Op::NotEqual, Arity::One),
            Method::LessThan => (Op::Less, Arity::One),
            Method::LessThanEqual => (Op::LessEqual, Arity::One),
            Method::GreaterThan => (Op::Greater, Arity::One),
            Method::GreaterThanEqual => (Op::GreaterEqual, Arity::One),
            Method::Between => (Op::Between, Arity::Two),
            Method::NotBetween => (Op::NotBetween, Arity::Two),
            Method::IsNull => (Op::IsNull, Arity::None),
            Method::IsNotNull => (Op::IsNotNull, Arity::None),
            Method::StartsWith => (Op::StartsWith, Arity::One),
            Method::NotStartsWith => (Op::NotStartsWith, Arity::One),
            Method::EndsWith => (Op::EndsWith, Arity::One),
            Method::NotEndsWith => (Op::NotEndsWith, Arity::One),
            Method::Contains | Method::ContainsAny => (Op::ContainsAny, Arity::Some),
            Method::ContainsAll => (Op::ContainsAll, Arity::Some),
            Method::NotContains => (Op::NotContains, Arity::Some),
            Method::Search => (Op::Search, Arity::One),
            Method::NotSearch => (Op::NotSearch, Arity::One),
            Method::Regex => (Op::Matches, Arity::One),
            Method::Exists => return self.present(raw, Op::IsNotNull),
            Method::NotExists => return self.present(raw, Op::IsNull),
            Method::CreatedBefore => return self.test("$createdAt", raw, Op::Less, Arity::One),
            Method::CreatedAfter => return self.test("$createdAt", raw, Op::Greater, Arity::One),
            Method::CreatedBetween => return self.test("$createdAt", raw, Op::Between, Arity::Two),
            Method::UpdatedBefore => return self.test("$updatedAt", raw, Op::Less, Arity::One),
            Method::UpdatedAfter => return self.test("$updatedAt", raw, Op::Greater, Arity::One),
            Method::UpdatedBetween => return self.test("$updatedAt", raw, Op::Between, Arity::Two),
            Method::ElemMatch => return self.element(raw),
            Method::VectorDot | Method::VectorCosine | Method::VectorEuclidean => {
                return Err(unusable(&raw));
            }
            _ => return self.shape(raw),
        };
        let attribute = raw.attribute.clone();
        if arity != Arity::None
            && matches!(self.find(&attribute), Ok(FieldDef { kind: FieldType::Shape(_), .. }))
        {
            return self.shape(raw);
        }
        self.test(&attribute, raw, op, arity)
    }

    /// Whether all of the attributes that are named have a value, or none of them.
    ///
    /// The reference asks this of collections without schema only; with one, having no value is being null.
    fn present(&mut self, raw: Raw, op: Op) -> Result<Filter, QueryError> {
        let name = raw.method.name();
        if is_empty(&raw.values) {
            return Err(QueryError::invalid(format!("The query {name} needs at least one attribute")));
        }
        let mut tests = Vec::with_capacity(raw.values.len());
        for value in &raw.values {
            let RawValue::Value(Value::Text(attribute)) = value else {
                return Err(QueryError::invalid(format!("The values of the query {name} must be strings")));
            };
            let inner = Raw { method: raw.method, attribute: String::new(), values: Vec::new() };
            tests.push(self.test(attribute, inner, op, Arity::None)?);
        }
        self.all_of(tests)
    }

    /// All of at least one, each counting as a condition.
    pub(super) fn all_of(&mut self, mut filters: Vec<Filter>) -> Result<Filter, QueryError> {
        self.count(filters.len() - 1)?;
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::And(filters) })
    }

    /// Any of at least one, each counting as a condition.
    pub(super) fn any_of(&mut self, mut filters: Vec<Filter>) -> Result<Filter, QueryError> {
        self.count(filters.len() - 1)?;
        Ok(if filters.len() == 1 { filters.remove(0) } else { Filter::Or(filters) })
    }

    fn count(&mut self, conditions: usize) -> Result<(), QueryError> {
        self.conditions += conditions;
        if self.conditions > CONDITIONS_MAX {
            return Err(QueryError::invalid(format!("A list may have up to {CONDITIONS_MAX} conditions")));
        }
        Ok(())
    }

    fn nested(&mut self, raw: Raw) -> Result<Vec<Filter>, QueryError> {
        let name = raw.method.name();
        if raw.values.len() < 2 {
            return Err(QueryError::invalid(format!("The query {name} needs at least two queries")));
        }
        let mut filters = Vec::with_capacity(raw.values.len());
        for value in raw.values {
            match value {
                RawValue::Query(query) if query.method.is_filter() => {
                    let filter = self.filter(query)?;
                    // What an `and` says of one relationship is said of one document.
                    if raw.method == Method::And {
                        related::join(&mut filters, filter);
                    } else {
                        filters.push(filter);
                    }
                }
                RawValue::Query(query) => {
                    let inner = query.method.name();
                    return Err(QueryError::invalid(format!(
                        "The query {name} may hold filters only, not {inner}"
                    )));
                }
                RawValue::Value(_) => {
                    return Err(QueryError::invalid(format!("The query {name} may hold queries only")));
                }
            }
        }
        Ok(filters)
    }

    fn test(&mut self, attribute: &str, raw: Raw, op: Op, arity: Arity) -> Result<Filter, QueryError> {
        let name = raw.method.name();
        let count = raw.values.len();
        let needs = match arity {
            Arity::Some if is_empty(&raw.values) => Some("at least one value"),
            Arity::One if count != 1 => Some("exactly one value"),
            Arity::Two if count != 2 => Some("exactly two values"),
            _ => None,
        };
        if let Some(needs) = needs {
            let reason = format!("The query {name} on attribute \"{attribute}\" needs {needs}");
            return Err(QueryError::invalid(reason).of(attribute));
        }
        let (fields, path) = (self.fields, attribute);
        related::through(fields, path, op, |fields, last| {
            self.typed_test(fields, (path, last), raw, (op, arity))
        })
    }

    /// A condition on the field `last` of `fields`, which the client calls `attribute`.
    fn typed_test(
        &mut self,
        fields: &dyn Fields,
        (attribute, last): (&str, &str),
        raw: Raw,
        (op, arity): (Op, Arity),
    ) -> Result<Filter, QueryError> {
        let (name, count) = (raw.method.name(), raw.values.len());
        let def = find_in(fields, last, attribute)?;
        check_allowed(attribute, def, name, op)?;
        let mut values = Vec::new();
        self.count_values(attribute, count, arity)?;
        if arity != Arity::None {
            for value in raw.values {
                let typed = match value {
                    RawValue::Value(value) if op == Op::Matches => pattern_of(attribute, value)?,
                    RawValue::Value(value) => typed(def.kind, value),
                    RawValue::Query(_) => None,
                };
                // COMPAT(appwrite): clients compare this text.
                let refused = || {
                    QueryError::invalid(format!("Query value is invalid for attribute \"{attribute}\""))
                        .of(attribute)
                };
                values.push(typed.ok_or_else(refused)?);
            }
        }
        Ok(Filter::Test(Test { field: def.field, kind: def.kind, is_array: def.is_array, op, values }))
    }

    /// Charge the values of one query.
    pub(super) fn count_values(
        &mut self,
        attribute: &str,
        count: usize,
        arity: Arity,
    ) -> Result<(), QueryError> {
        if count > self.limits.values_max {
            // COMPAT(appwrite): clients compare this text.
            let reason =
                format!("Query on attribute has greater than {} values: {attribute}", self.limits.values_max);
            return Err(QueryError::new(Kind::TooManyValues, reason).of(attribute));
        }
        if arity != Arity::None {
            self.values += count;
        }
        if self.values > VALUES_TOTAL_MAX {
            let reason = format!("All queries of a list may have up to {VALUES_TOTAL_MAX} values");
            return Err(QueryError::invalid(reason).of(attribute));
        }
        Ok(())
    }
}

/// Why a method that parses cannot be used.
fn unusable(raw: &Raw) -> QueryError {
    let (name, attribute) = (raw.method.name(), raw.attribute.as_str());
    let reason = format!("The query {name} on attribute \"{attribute}\" needs a vector attribute");
    QueryError::invalid(reason).of(attribute)
}

/// The plain form of a pattern; `None` for what is no text.
fn pattern_of(attribute: &str, value: Value) -> Result<Option<Value>, QueryError> {
    let Value::Text(text) = value else { return Ok(None) };
    let refused = |why| {
        let reason =
            format!("The pattern of the query regex on attribute \"{attribute}\" cannot be used: {why}");
        QueryError::invalid(reason).of(attribute)
    };
    pattern::plain(&text).map(|plain| Some(Value::Text(plain))).map_err(refused)
}

/// Whether a field allows an operation.
fn check_allowed(attribute: &str, def: FieldDef, name: &str, op: Op) -> Result<(), QueryError> {
    let is_contains = matches!(op, Op::ContainsAny | Op::ContainsAll | Op::NotContains);
    let is_null_test = matches!(op, Op::IsNull | Op::IsNotNull);
    let is_of_text = matches!(
        op,
        Op::StartsWith
            | Op::NotStartsWith
            | Op::EndsWith
            | Op::NotEndsWith
            | Op::Search
            | Op::NotSearch
            | Op::Matches
    );
    // COMPAT(appwrite): clients compare the text about arrays, and its pattern is kept for the others.
    let why = if def.is_encrypted {
        "it is encrypted"
    } else if def.kind == FieldType::Unusable {
        "its type cannot be queried yet"
    } else if def.is_array && !is_contains && !is_null_test {
        "it is an array"
    } else if !def.is_array && is_contains && def.kind != FieldType::Text {
        "it is neither an array nor a string"
    } else if is_of_text && def.kind != FieldType::Text {
        "it is not a string"
    } else if matches!(op, Op::Search | Op::NotSearch) && !def.has_words {
        // COMPAT(appwrite): clients compare this text.
        let reason = format!("Searching by attribute \"{attribute}\" requires a fulltext index.");
        return Err(QueryError::invalid(reason).of(attribute));
    } else {
        return Ok(());
    };
    Err(QueryError::invalid(format!("Cannot query {name} on attribute \"{attribute}\" because {why}."))
        .of(attribute))
}

/// COMPAT(appwrite): a single empty list counts as no value.
fn is_empty(values: &[RawValue]) -> bool {
    match values.first() {
        None => true,
        Some(RawValue::Value(Value::Array(items))) => items.is_empty(),
        Some(_) => false,
    }
}

/// A value as an operand for a field of this type.
fn typed(kind: FieldType, value: Value) -> Option<Value> {
    match (kind, value) {
        (FieldType::Text, Value::Text(text)) if !text.contains('\0') => Some(Value::Text(text)),
        (FieldType::Int | FieldType::Bigint, Value::Int(int)) => Some(Value::Int(int)),
        // Sequences come as text on the wire, and clients whose numbers are floats send large integers so.
        (FieldType::Bigint, Value::Text(text)) => {
            if text.starts_with('+') {
                None
            } else {
                text.parse().ok().map(Value::Int)
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "a float field holds the nearest float")]
        (FieldType::Float, Value::Int(int)) => Some(Value::Float(int as f64)),
        (FieldType::Float, Value::Float(float)) if float.is_finite() => Some(Value::Float(float)),
        (FieldType::Bool, Value::Bool(value)) => Some(Value::Bool(value)),
        (FieldType::Datetime, Value::Text(text)) => Timestamp::parse(&text).map(Value::Datetime),
        (FieldType::Datetime, Value::Datetime(at)) => Some(Value::Datetime(at)),
        _ => None,
    }
}
