//! From query strings to a checked [`Query`].
//!
//! COMPAT(appwrite): of several limits, offsets or cursors the first counts; an order by `$createdAt` or `$updatedAt`
//! takes `$sequence` along in its own direction, any other ends with it ascending. Some sentences are kept word for
//! word because clients and suites compare them.

mod aggregates;
mod elements;
mod filters;
mod related;
mod shapes;
#[cfg(test)]
mod tests;

use cairn_model::ids::{ID_CHARS_MAX, is_key, key_rule};
use cairn_model::schema::Order;
use cairn_model::value::Value;
use cairn_model::value::formats::grouped;

use crate::ast::{Cursor, CursorSide, OrderBy, Query};
use crate::error::{Kind, QueryError};
use crate::fields::{Field, FieldDef, FieldType, Fields, of_every_row};
use crate::method::Method;
use crate::raw::{Raw, RawValue};
use crate::relevance::{self, RELEVANCE, SEARCHES_MAX};

/// Most conditions of one list, `and` and `or` counted; keeps the compiled SQL within every engine's limits.
const CONDITIONS_MAX: usize = 500;
/// Most values of all queries of one list.
const VALUES_TOTAL_MAX: usize = 10_000;
/// Most fields of an order.
const ORDERS_MAX: usize = 32;

/// How much one list may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Queries in the list.
    pub queries_max: usize,
    /// Characters of one query.
    pub query_chars_max: usize,
    /// Values of one query.
    pub values_max: usize,
}

impl Limits {
    /// The limits of the current contract.
    pub const CURRENT: Self = Self { queries_max: 100, query_chars_max: 4_096, values_max: 500 };
    /// The limits of the 1.0 contract.
    pub const V1_0: Self = Self { values_max: 100, ..Self::CURRENT };
}

/// Check the query strings of a list request against `fields`.
pub fn build<S: AsRef<str>>(texts: &[S], fields: &dyn Fields, limits: Limits) -> Result<Query, QueryError> {
    if texts.len() > limits.queries_max {
        return Err(QueryError::new(
            Kind::Argument,
            format!("A list may have up to {} queries, {} were given", limits.queries_max, texts.len()),
        ));
    }
    let mut builder = Builder {
        fields,
        limits,
        conditions: 0,
        values: 0,
        offset: None,
        selects_all: false,
        selects_one: false,
        query: Query::default(),
    };
    builder.query.orders.clear();
    for (place, text) in texts.iter().enumerate() {
        let text = text.as_ref();
        // Bytes first: counting characters is only needed for what could be too long.
        if text.len() > limits.query_chars_max && text.chars().count() > limits.query_chars_max {
            let reason = format!("A query may have up to {} characters", limits.query_chars_max);
            return Err(QueryError::new(Kind::Argument, reason).at(place));
        }
        Raw::parse(text).and_then(|raw| builder.add(raw)).map_err(|error| error.at(place))?;
    }
    builder.check_aggregates()?;
    builder.check_relevance()?;
    Ok(builder.finish())
}

struct Builder<'a> {
    fields: &'a dyn Fields,
    limits: Limits,
    conditions: usize,
    values: usize,
    offset: Option<u64>,
    selects_all: bool,
    /// Whether a select goes through a relationship to one document.
    selects_one: bool,
    query: Query,
}

impl Builder<'_> {
    fn add(&mut self, raw: Raw) -> Result<(), QueryError> {
        match raw.method {
            Method::Select => self.select(raw),
            method if method.is_aggregate() => self.aggregate(raw),
            Method::OrderAsc => self.order(&raw.attribute, Order::Asc),
            Method::OrderDesc => self.order(&raw.attribute, Order::Desc),
            Method::OrderRandom => {
                self.query.is_random = true;
                Ok(())
            }
            Method::Limit => {
                let limit = whole(&raw, 1)?;
                self.query.limit.get_or_insert(limit);
                Ok(())
            }
            Method::Offset => {
                let offset = whole(&raw, 0)?;
                self.offset.get_or_insert(offset);
                Ok(())
            }
            Method::CursorAfter => self.cursor(&raw, CursorSide::After),
            Method::CursorBefore => self.cursor(&raw, CursorSide::Before),
            _ => {
                let filter = self.filter(raw)?;
                related::join(&mut self.query.filters, filter);
                Ok(())
            }
        }
    }

    fn select(&mut self, raw: Raw) -> Result<(), QueryError> {
        if !self.fields.allows_select() {
            return Err(QueryError::invalid("Invalid query method: select"));
        }
        if raw.values.is_empty() {
            return Err(QueryError::invalid("The query select names no attribute"));
        }
        let mut names: Vec<String> = Vec::with_capacity(raw.values.len());
        for value in raw.values {
            let RawValue::Value(Value::Text(name)) = value else {
                return Err(QueryError::invalid("The values of the query select must be strings"));
            };
            if names.contains(&name) {
                return Err(QueryError::invalid(format!("The query select names \"{name}\" twice")).of(&name));
            }
            names.push(name);
        }
        let mut selected = Vec::with_capacity(names.len());
        for name in &names {
            match name.as_str() {
                "*" => self.selects_all = true,
                "$permissions" => selected.push(Field::Permissions),
                // Answered with every document anyway.
                "$collection" | "$tenant" => {}
                "*.*" => self.query.selects_related = true,
                _ if related::is_path(self.fields, name) => {
                    let is_many = related::select(&mut self.query.related, self.fields, name)?;
                    self.selects_one |= !is_many;
                }
                _ => selected.push(self.find(name)?.field),
            }
        }
        // Several selects add up.
        let fields = self.query.select.get_or_insert_default();
        for field in selected {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        Ok(())
    }

    fn order(&mut self, attribute: &str, order: Order) -> Result<(), QueryError> {
        let name = attribute;
        if name == RELEVANCE && self.fields.allows_select() {
            return self.ordered_by(name, Field::Relevance, order);
        }
        let def = self.find(name)?;
        if def.is_array || def.is_encrypted || matches!(def.kind, FieldType::Unusable | FieldType::Shape(_)) {
            let what = if def.is_encrypted { "is encrypted" } else { "has no order" };
            return Err(
                QueryError::invalid(format!("Cannot order by the attribute \"{name}\": it {what}")).of(name)
            );
        }
        self.ordered_by(name, def.field, order)
    }

    fn ordered_by(&mut self, name: &str, field: Field, order: Order) -> Result<(), QueryError> {
        if self.query.orders.iter().any(|known| known.field == field) {
            return Ok(());
        }
        if self.query.orders.len() >= ORDERS_MAX {
            return Err(QueryError::invalid(format!(
                "A list may be ordered by up to {ORDERS_MAX} attributes"
            ))
            .of(name));
        }
        self.query.orders.push(OrderBy { field, order });
        Ok(())
    }

    /// An order by relevance needs something that rows are relevant for.
    fn check_relevance(&self) -> Result<(), QueryError> {
        if !relevance::is_ranked(&self.query) || self.query.is_random {
            return Ok(());
        }
        let reason = match relevance::searches(&self.query).len() {
            0 => format!("Cannot order by {RELEVANCE} without the query search"),
            1..=SEARCHES_MAX => return Ok(()),
            _ => format!("A list that is ordered by {RELEVANCE} may have up to {SEARCHES_MAX} searches"),
        };
        Err(QueryError::invalid(reason).of(RELEVANCE))
    }

    fn cursor(&mut self, raw: &Raw, side: CursorSide) -> Result<(), QueryError> {
        match raw.values.as_slice() {
            [RawValue::Value(Value::Text(id)), ..] if is_key(id, ID_CHARS_MAX) => {
                self.query.cursor.get_or_insert_with(|| Cursor { id: id.clone(), side });
                Ok(())
            }
            _ => Err(QueryError::invalid(format!(
                "Invalid cursor: the value of the query {} {}",
                raw.method.name(),
                key_rule(ID_CHARS_MAX)
            ))),
        }
    }

    /// A field by name, those of every row first.
    fn find(&self, name: &str) -> Result<FieldDef, QueryError> {
        find_in(self.fields, name, name)
    }

    fn finish(mut self) -> Query {
        self.query.offset = self.offset.unwrap_or(0);
        // COMPAT(appwrite): who selects nothing but lists of related documents gets the document's own attributes too.
        let only_lists = !self.selects_one
            && !self.query.related.is_empty()
            && self.query.select.as_ref().is_some_and(Vec::is_empty);
        if self.selects_all || only_lists {
            self.query.select = None;
        }
        let orders = &mut self.query.orders;
        if self.query.is_random {
            orders.clear();
        }
        if let Some(end) = orders.iter().position(|by| matches!(by.field, Field::Id | Field::Sequence)) {
            // Nothing behind a unique field can matter.
            orders.truncate(end + 1);
        } else {
            let order = match orders.first() {
                Some(OrderBy { field: Field::Created | Field::Updated, order }) => *order,
                _ => Order::Asc,
            };
            orders.push(OrderBy { field: Field::Sequence, order });
        }
        self.query
    }
}

/// A field of `fields` by name, those of every row first; `path` is what the client calls it.
fn find_in(fields: &dyn Fields, name: &str, path: &str) -> Result<FieldDef, QueryError> {
    // COMPAT(appwrite): clients compare this text.
    let unknown = || QueryError::invalid(format!("Attribute not found in schema: {path}")).of(path);
    of_every_row(name).or_else(|| fields.find(name)).ok_or_else(unknown)
}

/// The number of a `limit` or `offset`; decimal text counts too.
fn whole(raw: &Raw, min: i64) -> Result<u64, QueryError> {
    let name = raw.method.name();
    let number = match raw.values.first() {
        Some(RawValue::Value(Value::Int(number))) => Some(*number),
        Some(RawValue::Value(Value::Text(text))) => text.parse::<i64>().ok(),
        _ => None,
    };
    match number {
        Some(number) if number >= min => Ok(number.unsigned_abs()),
        _ => Err(QueryError::invalid(format!(
            "Invalid {name}: Value must be a valid range between {min} and {}",
            grouped(i64::MAX.into())
        ))),
    }
}
