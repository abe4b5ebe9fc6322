//! From a checked query to SQL, for documents and for system nouns, in both dialects.
//!
//! INVARIANT: the text depends on the shape of a query only (fields, operations, and how many values, rounded up to
//! a power of two); values are parameters. The meaning is that of [`cairn_query::eval`], which tests compare with this.

mod conditions;
mod relevance;
mod words;

use std::fmt::Write as _;
use std::sync::Arc;

use cairn_model::schema::Order;
use cairn_model::value::Value;
use cairn_query::{Cursor, CursorSide, Field, Filter, Query, Related};

use crate::sql::{Dialect, Param};
pub(crate) use relevance::RELEVANCE_COLUMN;

/// Rows of one page at most.
pub const PAGE_ROWS_MAX: u64 = 5_000;

/// The column behind a field.
pub(crate) struct Column {
    /// Its name.
    pub name: String,
    /// Whether it can be without a value.
    pub is_nullable: bool,
}

/// Where the fields of one kind of row are stored.
pub(crate) trait Columns: Sync {
    /// The column of a field that may be queried.
    fn column(&self, field: Field) -> Column;

    /// Add a condition on related rows; those of a noun have none.
    fn related(&self, sql: &mut Sql, related: &Related) {
        sql.push(if related.is_none { "TRUE" } else { "FALSE" });
    }

    /// Where the words of a field that can be searched are kept.
    fn words(&self, _field: Field) -> Option<Words> {
        None
    }
}

/// Where the words of one field are kept, beside its table.
pub(crate) struct Words {
    /// The table of words.
    pub table: String,
    /// The number of the index that they were kept for.
    pub index: i64,
    /// The number of the field's column.
    pub column: i64,
}

/// A statement as it grows: its text and the values of its placeholders.
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) params: Vec<Param<'static>>,
    dialect: Dialect,
    /// The rows that each condition on shapes is about, as JSON, in the order of the conditions.
    shapes: Arc<[String]>,
    shapes_used: usize,
}

impl Sql {
    pub(crate) fn new(dialect: Dialect, text: impl Into<String>) -> Self {
        Self { text: text.into(), params: Vec::new(), dialect, shapes: Arc::default(), shapes_used: 0 }
    }

    /// With the rows that were found for the conditions on shapes that are added next.
    pub(crate) fn with_shapes(mut self, shapes: &Arc<[String]>) -> Self {
        (self.shapes, self.shapes_used) = (Arc::clone(shapes), 0);
        self
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect
    }

    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Add a placeholder with its value.
    pub(crate) fn bind(&mut self, value: impl Into<Param<'static>>) -> &mut Self {
        self.params.push(value.into());
        let _ = write!(self.text, "?{}", self.params.len());
        self
    }

    /// Add `(?1, ?2, ..)`, as many as the next power of two: the last value fills up.
    pub(crate) fn bind_list(&mut self, values: impl IntoIterator<Item = Param<'static>>) -> &mut Self {
        let mut values: Vec<_> = values.into_iter().collect();
        let filler = values.last().cloned().unwrap_or(Param::Null);
        values.resize(values.len().max(1).next_power_of_two(), filler);
        for (place, value) in values.into_iter().enumerate() {
            self.push(if place == 0 { "(" } else { ", " }).bind(value);
        }
        self.push(")")
    }

    /// Add ` AND ..` for each filter.
    pub(crate) fn filters(&mut self, filters: &[Filter], columns: &dyn Columns) -> &mut Self {
        for filter in filters {
            self.push(" AND ").filter(filter, columns);
        }
        self
    }

    /// Add ` AND ..`: only rows on the cursor's side of `position`, which has a value per order.
    pub(crate) fn beyond(&mut self, query: &Query, position: &[Value], columns: &dyn Columns) -> &mut Self {
        let Some(Cursor { side, .. }) = &query.cursor else { return self };
        let mut open = 0;
        for (place, (by, value)) in query.orders.iter().zip(position).enumerate() {
            let Column { name, is_nullable } = columns.column(by.field);
            if place == 0 {
                self.push(" AND ");
            } else {
                // The fields before are equal.
                let before = columns.column(query.orders[place - 1].field).name;
                self.push(" OR (").push(&before).push(" = ").bind(param(&position[place - 1])).push(" AND ");
                open += 1;
            }
            self.push("(").push(&name);
            if (by.order == Order::Asc) == (*side == CursorSide::After) {
                self.push(" > ").bind(param(value));
            } else {
                self.push(" < ").bind(param(value));
                if is_nullable {
                    self.push(" OR ").push(&name).push(" IS NULL");
                }
            }
            open += 1;
        }
        self.push(&")".repeat(open))
    }

    /// Add ` ORDER BY ..`, the other way round when the page ends at its cursor.
    pub(crate) fn order_by(&mut self, query: &Query, seed: i64, columns: &dyn Columns) -> &mut Self {
        self.push(" ORDER BY ");
        if query.is_random {
            // The engines' own generators are beyond the reach of a seed; multiplying modulo a prime shuffles.
            let column = columns.column(Field::Sequence).name;
            self.push("((").push(&column).push(" % 1000003) * ").bind(seed.rem_euclid(1_000_002) + 1);
            self.push(") % 1000003, ").push(&column);
            return self;
        }
        for (place, by) in query.orders.iter().enumerate() {
            let Column { name, is_nullable } = columns.column(by.field);
            let order = if query.is_backward() { by.order.reversed() } else { by.order };
            self.push(if place == 0 { "" } else { ", " }).push(&name).push(direction(order, is_nullable));
        }
        self
    }

    /// Add ` LIMIT .. OFFSET ..`.
    pub(crate) fn page(&mut self, query: &Query, default_limit: u64) -> &mut Self {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.push(" LIMIT ").bind(number(limit_of(query, default_limit)));
        self.push(" OFFSET ").bind(number(query.offset))
    }
}

/// How many rows a page has, whatever the client asks for.
pub(crate) fn limit_of(query: &Query, default_limit: u64) -> u64 {
    query.limit.unwrap_or(default_limit).min(PAGE_ROWS_MAX)
}

/// The words behind a column of an order or index: no value stands first when ascending, last when descending.
pub(crate) fn direction(order: Order, is_nullable: bool) -> &'static str {
    match (order, is_nullable) {
        (Order::Asc, false) => " ASC",
        (Order::Asc, true) => " ASC NULLS FIRST",
        (Order::Desc, false) => " DESC",
        (Order::Desc, true) => " DESC NULLS LAST",
    }
}

/// A value as it is stored.
pub(crate) fn param(value: &Value) -> Param<'static> {
    match value {
        Value::Bool(value) => Param::Bool(*value),
        Value::Int(value) => Param::Int(*value),
        Value::Float(value) => Param::Float(*value),
        Value::Text(text) => Param::Text(text.clone().into()),
        Value::Datetime(at) => Param::Int(at.0),
        Value::Null | Value::Array(_) | Value::Object(_) => Param::Null,
    }
}
