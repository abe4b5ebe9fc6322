//! Lists of system nouns: from a checked [`Query`] to SQL for both engines.
//!
//! The text of a statement depends on the shape of the query and never on its values. What a filter means is told by
//! `cairn_query::eval`; a test compares the two.

mod filters;

#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::schema::Order;
use cairn_query::{CursorSide, Field, OrderBy, Query};

use crate::sql::{Param, Row};
use crate::tx::Dialect;
use crate::{StoreError, Tx};

/// Rows of a page when the client says nothing.
pub const PAGE_ROWS_DEFAULT: u64 = 25;
/// Rows of one page at most.
pub const PAGE_ROWS_MAX: u64 = 5_000;
/// How far a list counts.
pub const TOTAL_MAX: i64 = 5_000;

/// What a client wants to see of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Filters, order and page.
    pub query: Query,
    /// Words that must all occur; none when empty.
    pub search: String,
    /// Whether the whole number is told.
    pub counting: Counting,
}

/// Whether a list tells how many rows there are in all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Counting {
    /// It counts, up to [`TOTAL_MAX`].
    #[default]
    Total,
    /// It answers 0.
    Skipped,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many there are in all, as far as that was counted.
    pub total: i64,
}

/// A table whose rows can be listed.
pub(crate) struct Source {
    /// The table.
    pub(crate) table: &'static str,
    /// The columns that the row mapper reads.
    pub(crate) columns: &'static str,
    /// The expression of each field of the noun, in the order of its list.
    pub(crate) fields: &'static [&'static str],
    /// The lower-case text that a search looks through; empty where there is no search.
    pub(crate) search: &'static str,
}

impl Source {
    fn column(&self, field: Field) -> &'static str {
        match field {
            Field::Id | Field::Permissions => "id",
            Field::Sequence => "seq",
            Field::Created => "created",
            Field::Updated => "updated",
            Field::Attribute(place) => self.fields.get(place).copied().unwrap_or("NULL"),
        }
    }
}

/// A condition that holds for every row of a list, beside the project: SQL with `{}` where a value stands.
pub(crate) type Within<'a> = (&'static str, &'a str);

impl Tx {
    /// A page of a table's rows that lie within all conditions.
    ///
    /// # Errors
    /// `general_cursor_not_found` and `database_query_order_null` beside what a store may refuse.
    pub(crate) async fn list<T: Send>(
        &self,
        source: &Source,
        within: &[Within<'_>],
        listing: &Listing,
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Page<T>, Error> {
        let query = &listing.query;
        let mut statement = Statement::new(self.dialect(), source);
        statement.text.push_str("SELECT ");
        statement.text.push_str(source.columns);
        statement.conditions(self.scope(), within, listing);
        if let Some(cursor) = &query.cursor {
            let position = self.position(source, within, query, &cursor.id).await?;
            statement.beyond(&query.orders, cursor.side, &position);
        }
        statement.order(query);
        let limit = query.limit.unwrap_or(PAGE_ROWS_DEFAULT).min(PAGE_ROWS_MAX);
        statement.text.push_str(" LIMIT ");
        statement.value(Param::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
        statement.text.push_str(" OFFSET ");
        statement.value(Param::Int(i64::try_from(query.offset).unwrap_or(i64::MAX)));
        let mut items = self.rows(&statement.text, &statement.values, map).await?;
        if query.is_backward() {
            items.reverse();
        }
        let total = match listing.counting {
            Counting::Total => self.list_count(source, within, listing).await?,
            Counting::Skipped => 0,
        };
        Ok(Page { items, total })
    }

    async fn list_count(
        &self,
        source: &Source,
        within: &[Within<'_>],
        listing: &Listing,
    ) -> Result<i64, StoreError> {
        let mut statement = Statement::new(self.dialect(), source);
        statement.text.push_str("SELECT count(*) FROM (SELECT 1");
        statement.conditions(self.scope(), within, listing);
        statement.text.push_str(" LIMIT ");
        statement.value(Param::Int(TOTAL_MAX));
        statement.text.push_str(") AS counted");
        Ok(self.row(&statement.text, &statement.values, |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The values by which the row of a cursor stands in the order.
    async fn position(
        &self,
        source: &Source,
        within: &[Within<'_>],
        query: &Query,
        id: &str,
    ) -> Result<Vec<Param<'static>>, Error> {
        let all = Listing::default();
        let mut statement = Statement::new(self.dialect(), source);
        let columns: Vec<_> = query.orders.iter().map(|by| source.column(by.field)).collect();
        statement.text = format!("SELECT {}", columns.join(", "));
        statement.conditions(self.scope(), within, &all);
        statement.text.push_str(" AND id = ");
        statement.value(Param::from(id));
        let orders = &query.orders;
        let found = self.row(&statement.text, &statement.values, |row| {
            (0..orders.len()).map(|place| row.any(place)).collect::<Result<Vec<_>, _>>()
        });
        let position = found.await?.ok_or_else(|| Fault::GeneralCursorNotFound.with("cursor", id))?;
        if position.contains(&Param::Null) {
            return Err(Fault::DatabaseQueryOrderNull.error());
        }
        Ok(position)
    }
}

/// A statement in the making.
struct Statement<'a> {
    dialect: Dialect,
    source: &'a Source,
    text: String,
    values: Vec<Param<'a>>,
}

impl<'a> Statement<'a> {
    fn new(dialect: Dialect, source: &'a Source) -> Self {
        Self { dialect, source, text: String::new(), values: Vec::new() }
    }

    /// Put a value in; its placeholder is numbered in the order of the text.
    fn value(&mut self, value: Param<'a>) {
        self.values.push(value);
        self.text.push('?');
        self.text.push_str(&self.values.len().to_string());
    }

    /// FROM and WHERE, without a cursor.
    fn conditions(&mut self, scope: i64, within: &[Within<'a>], listing: &'a Listing) {
        self.text.push_str(" FROM ");
        self.text.push_str(self.source.table);
        self.text.push_str(" WHERE project = ");
        self.value(Param::Int(scope));
        for (condition, value) in within {
            let (before, after) = condition.split_once("{}").unwrap_or((condition, ""));
            self.text.push_str(" AND ");
            self.text.push_str(before);
            self.value(Param::from(*value));
            self.text.push_str(after);
        }
        for word in listing.search.split_whitespace().take(SEARCH_WORDS_MAX) {
            self.text.push_str(" AND ");
            self.text.push_str(self.position_function());
            self.text.push('(');
            self.text.push_str(self.source.search);
            self.text.push_str(", ");
            self.value(Param::from(word.to_lowercase()));
            self.text.push_str(") > 0");
        }
        for filter in &listing.query.filters {
            self.text.push_str(" AND ");
            self.filter(filter);
        }
    }

    /// `f(text, part)`: the place of a part in a text, from 1; 0 when it is not there.
    fn position_function(&self) -> &'static str {
        match self.dialect {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        }
    }

    /// The rows on one side of a position in the order. Rows without value come first, ascending.
    fn beyond(&mut self, orders: &[OrderBy], side: CursorSide, position: &[Param<'static>]) {
        self.text.push_str(" AND (");
        for (depth, by) in orders.iter().enumerate() {
            self.text.push_str(if depth == 0 { "(" } else { " OR (" });
            for (equal, value) in orders.iter().zip(position).take(depth) {
                self.text.push_str(self.source.column(equal.field));
                self.text.push_str(" = ");
                self.value(value.clone());
                self.text.push_str(" AND ");
            }
            let column = self.source.column(by.field);
            let is_greater = (by.order == Order::Asc) == (side == CursorSide::After);
            self.text.push('(');
            self.text.push_str(column);
            self.text.push_str(if is_greater { " > " } else { " < " });
            self.value(position[depth].clone());
            if !is_greater {
                self.text.push_str(" OR ");
                self.text.push_str(column);
                self.text.push_str(" IS NULL");
            }
            self.text.push_str("))");
        }
        self.text.push(')');
    }

    fn order(&mut self, query: &Query) {
        self.text.push_str(" ORDER BY ");
        if query.is_random {
            self.text.push_str("random()");
            return;
        }
        for (place, by) in query.orders.iter().enumerate() {
            if place > 0 {
                self.text.push_str(", ");
            }
            self.text.push_str(self.source.column(by.field));
            let is_ascending = (by.order == Order::Asc) != query.is_backward();
            self.text.push_str(if is_ascending { " ASC NULLS FIRST" } else { " DESC NULLS LAST" });
        }
    }
}

/// Words of a search that count.
const SEARCH_WORDS_MAX: usize = 32;
