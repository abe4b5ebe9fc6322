//! What a [`Query`] means, computed on rows in memory.
//!
//! The meaning is that of the reference's SQL, made the same on every engine:
//! - Text compares by its bytes; `startsWith`, `endsWith` and `contains` on text ignore the case of ASCII letters.
//! - A field without value satisfies no condition but `isNull`: not `notEqual`, `notContains` or `notBetween` either.
//! - Elements of lists are compared exactly. An element without value equals nothing.
//! - `elemMatch` asks of one element what the other operations ask of a value; a list without elements satisfies none.
//! - Rows without value come first in ascending order, last in descending order, and stay reachable behind a cursor.

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;

use cairn_model::schema::Order;
use cairn_model::value::Value;

use crate::ast::{CursorSide, Filter, Op, Query, Test};
use crate::error::{Kind, QueryError};
use crate::fields::Field;
pub use crate::row::Row;
use crate::words::Search;
use crate::{pattern, relevance, spatial};

/// Whether a row satisfies all filters of a query.
pub fn matches(query: &Query, row: &dyn Row) -> bool {
    query.filters.iter().all(|filter| satisfies(filter, row))
}

fn satisfies(filter: &Filter, row: &dyn Row) -> bool {
    match filter {
        Filter::And(all) => all.iter().all(|filter| satisfies(filter, row)),
        Filter::Or(any) => any.iter().any(|filter| satisfies(filter, row)),
        Filter::Test(test) => holds(test, &row.value(test.field)),
        Filter::Related(related) => {
            let is_one = |row: &&dyn Row| related.filters.iter().all(|filter| satisfies(filter, *row));
            row.related(related.place).iter().any(is_one) != related.is_none
        }
        Filter::Element(element) => match &*row.value(element.field) {
            Value::Array(items) => items
                .iter()
                .any(|item| element.filters.iter().all(|filter| satisfies(filter, &OneElement(item)))),
            _ => false,
        },
    }
}

/// An element of a list, as conditions on one see it.
struct OneElement<'a>(&'a Value);

impl Row for OneElement<'_> {
    fn value(&self, _: Field) -> Cow<'_, Value> {
        Cow::Borrowed(self.0)
    }
}

fn holds(test: &Test, value: &Value) -> bool {
    if value.is_null() {
        return test.op == Op::IsNull;
    }
    let compared = |place: usize| test.values.get(place).and_then(|operand| value.compare(operand));
    match test.op {
        Op::IsNull => false,
        Op::IsNotNull => true,
        Op::Equal => test.values.iter().any(|operand| value.compare(operand) == Some(Ordering::Equal)),
        Op::NotEqual => compared(0).is_some_and(Ordering::is_ne),
        Op::Less => compared(0).is_some_and(Ordering::is_lt),
        Op::LessEqual => compared(0).is_some_and(Ordering::is_le),
        Op::Greater => compared(0).is_some_and(Ordering::is_gt),
        Op::GreaterEqual => compared(0).is_some_and(Ordering::is_ge),
        Op::Between => compared(0).is_some_and(Ordering::is_ge) && compared(1).is_some_and(Ordering::is_le),
        Op::NotBetween => {
            compared(0).is_some_and(Ordering::is_lt) || compared(1).is_some_and(Ordering::is_gt)
        }
        Op::StartsWith => on_text(test, value, starts_with),
        Op::NotStartsWith => !on_text(test, value, starts_with),
        Op::EndsWith => on_text(test, value, ends_with),
        Op::NotEndsWith => !on_text(test, value, ends_with),
        Op::ContainsAny => test.values.iter().any(|operand| contains(value, operand)),
        Op::ContainsAll => test.values.iter().all(|operand| contains(value, operand)),
        Op::NotContains => !test.values.iter().any(|operand| contains(value, operand)),
        Op::Search => on_text(test, value, |text, search| Search::parse(search).finds(text)),
        Op::NotSearch => !on_text(test, value, |text, search| Search::parse(search).finds(text)),
        Op::Matches => on_text(test, value, |text, plain| pattern::matches(plain, text)),
        Op::Shape(_)
        | Op::NotShape(_)
        | Op::DistanceEqual(_)
        | Op::DistanceNotEqual(_)
        | Op::DistanceGreater(_)
        | Op::DistanceLess(_) => spatial::Near::of(test).is_some_and(|near| near.holds(value)),
    }
}

fn on_text(test: &Test, value: &Value, holds: fn(&str, &str) -> bool) -> bool {
    match (value, test.values.first()) {
        (Value::Text(text), Some(Value::Text(part))) => holds(text, part),
        _ => false,
    }
}

fn starts_with(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    text.get(..part.len()).is_some_and(|head| head.eq_ignore_ascii_case(part))
}

fn ends_with(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    let at = text.len().checked_sub(part.len());
    at.is_some_and(|at| text[at..].eq_ignore_ascii_case(part))
}

fn contains(value: &Value, operand: &Value) -> bool {
    match (value, operand) {
        (Value::Array(items), operand) => {
            items.iter().any(|item| item.compare(operand) == Some(Ordering::Equal))
        }
        (Value::Text(text), Value::Text(part)) => {
            let (text, part) = (text.as_bytes(), part.as_bytes());
            part.is_empty() || text.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
        }
        _ => false,
    }
}

/// How two rows stand in the order of a query, without regard to its cursor. Rows of equal standing are one row.
pub fn compare(query: &Query, a: &dyn Row, b: &dyn Row) -> Ordering {
    let mut standing = Ordering::Equal;
    for by in &query.orders {
        standing = directed(by.order, &ordered(query, by.field, a), &ordered(query, by.field, b));
        if standing.is_ne() {
            break;
        }
    }
    standing
}

/// What an order compares of a row.
fn ordered<'r>(query: &Query, field: Field, row: &'r dyn Row) -> Cow<'r, Value> {
    match field {
        Field::Relevance => Cow::Owned(relevance::of_row(query, row).into()),
        _ => row.value(field),
    }
}

fn directed(order: Order, a: &Value, b: &Value) -> Ordering {
    let ascending = a.compare(b).unwrap_or(Ordering::Equal);
    match order {
        Order::Asc => ascending,
        Order::Desc => ascending.reverse(),
    }
}

/// The values of the row that a cursor names, one per order: what a page is compared with.
///
/// COMPAT(appwrite): a row that has no value for one of them cannot be a cursor; the error is that field.
pub fn position(query: &Query, row: &dyn Row) -> Result<Vec<Value>, Field> {
    let mut values = Vec::with_capacity(query.orders.len());
    for by in &query.orders {
        let value = ordered(query, by.field, row);
        if value.is_null() {
            return Err(by.field);
        }
        values.push(value.into_owned());
    }
    Ok(values)
}

/// Whether a row lies on the cursor's side of a [`position`].
pub fn is_beyond(query: &Query, side: CursorSide, position: &[Value], row: &dyn Row) -> bool {
    let mut standing = Ordering::Equal;
    for (by, value) in query.orders.iter().zip(position) {
        standing = directed(by.order, &ordered(query, by.field, row), value);
        if standing.is_ne() {
            break;
        }
    }
    match side {
        CursorSide::After => standing.is_gt(),
        CursorSide::Before => standing.is_lt(),
    }
}

/// The page of `rows` that a query asks for, in its order; `default_limit` rows when it names none.
///
/// A cursor whose row is not among `rows` gives an error, as does one without a value to compare. Random order is not
/// computed here: it is the order of `$sequence`.
pub fn page<'a, R: Row>(query: &Query, rows: &'a [R], default_limit: u64) -> Result<Vec<&'a R>, QueryError> {
    let mut found: Vec<&R> = rows.iter().filter(|row| matches(query, *row)).collect();
    found.sort_by(|a, b| compare(query, *a, *b));
    if let Some(cursor) = &query.cursor {
        let id = Value::Text(cursor.id.clone());
        let Some(row) = rows.iter().find(|row| *row.value(Field::Id) == id) else {
            return Err(QueryError::invalid(format!(
                "The row \"{}\" of the cursor was not found",
                cursor.id
            )));
        };
        let position = position(query, row).map_err(|_| {
            QueryError::new(Kind::OrderNull, "The row of the cursor has no value for what orders the list")
        })?;
        found.retain(|row| is_beyond(query, cursor.side, &position, *row));
    }
    if query.is_backward() {
        found.reverse();
    }
    let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let limit = count(query.limit.unwrap_or(default_limit));
    let mut page: Vec<&R> = found.into_iter().skip(count(query.offset)).take(limit).collect();
    if query.is_backward() {
        page.reverse();
    }
    Ok(page)
}
