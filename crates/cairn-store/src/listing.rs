//! Lists of what a project may have many of and what has a fixed table: users, teams, databases, collections.
//!
//! COMPAT(appwrite): a cursor whose row has no value for what orders the list is refused, because nothing could be
//! compared with it.

#[cfg(test)]
mod tests;

use cairn_faults::{Error, Fault};
use cairn_model::value::Value;
use cairn_query::{Field, Query};

use crate::compile::{Column, Columns, PAGE_ROWS_MAX, Sql};
use crate::sql::{Dialect, Param, Row};
use crate::{StoreError, Tx};

/// Rows of a page when the client says nothing.
pub const PAGE_ROWS_DEFAULT: u64 = 25;
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

/// Words of a search that count.
const SEARCH_WORDS_MAX: usize = 32;

/// A table whose rows can be listed.
pub(crate) struct Source {
    /// The table.
    pub(crate) table: &'static str,
    /// The columns that the row mapper reads.
    pub(crate) columns: &'static str,
    /// The column behind `$sequence`.
    pub(crate) seq: &'static str,
    /// The expression of each field of the noun, in the order of its list.
    pub(crate) fields: &'static [&'static str],
    /// The lower-case text that a search looks through; empty where there is no search.
    pub(crate) search: &'static str,
}

impl Columns for Source {
    fn column(&self, field: Field) -> Column {
        let (name, is_nullable) = match field {
            Field::Id | Field::Permissions | Field::Relevance => ("id", false),
            Field::Sequence => (self.seq, false),
            Field::Created => ("created", false),
            Field::Updated => ("updated", false),
            Field::Attribute(place) => (self.fields.get(place).copied().unwrap_or("NULL"), true),
        };
        Column { name: name.to_owned(), is_nullable }
    }
}

/// A condition that holds for every row of a list, beside the project: SQL with `{}` where its value stands.
pub(crate) type Within<'a> = (&'static str, Param<'a>);

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
        let position = match &query.cursor {
            Some(cursor) => self.position(source, within, query, &cursor.id).await?,
            None => Vec::new(),
        };
        let mut sql = self.selected(source, source.columns, within);
        self.matching(&mut sql, source, listing);
        sql.beyond(query, &position, source).order_by(query, self.scope(), source);
        let limit = query.limit.unwrap_or(PAGE_ROWS_DEFAULT).min(PAGE_ROWS_MAX);
        sql.page(&Query { limit: Some(limit), ..query.clone() }, PAGE_ROWS_DEFAULT);
        let mut items = self.rows(&sql.text, &sql.params, map).await?;
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
        let mut sql = self.selected(source, "1", within);
        sql.text.insert_str(0, "SELECT count(*) FROM (");
        self.matching(&mut sql, source, listing);
        sql.push(" LIMIT ").bind(TOTAL_MAX).push(") AS counted");
        Ok(self.row(&sql.text, &sql.params, |row| row.int(0)).await?.unwrap_or(0))
    }

    /// The values by which the row of a cursor stands in the order.
    async fn position(
        &self,
        source: &Source,
        within: &[Within<'_>],
        query: &Query,
        id: &str,
    ) -> Result<Vec<Value>, Error> {
        let columns: Vec<_> = query.orders.iter().map(|by| source.column(by.field).name).collect();
        let mut sql = self.selected(source, &columns.join(", "), within);
        sql.push(" AND id = ").bind(id.to_owned());
        let places = 0..columns.len();
        let found = self
            .row(&sql.text, &sql.params, |row| places.clone().map(|place| row.any(place)).collect())
            .await?;
        let found: Vec<Param<'_>> = found.ok_or_else(|| Fault::GeneralCursorNotFound.with("cursor", id))?;
        found
            .into_iter()
            .map(value)
            .collect::<Option<_>>()
            .ok_or_else(|| Fault::DatabaseQueryOrderNull.error())
    }

    /// SELECT, FROM and the conditions of every row.
    fn selected(&self, source: &Source, columns: &str, within: &[Within<'_>]) -> Sql {
        let mut sql =
            Sql::new(self.dialect(), format!("SELECT {columns} FROM {} WHERE project = ", source.table));
        sql.bind(self.scope());
        for (condition, value) in within {
            let (before, after) = condition.split_once("{}").unwrap_or((condition, ""));
            sql.push(" AND ").push(before).bind(value.clone().into_owned()).push(after);
        }
        sql
    }

    /// What the client looks for.
    fn matching(&self, sql: &mut Sql, source: &Source, listing: &Listing) {
        let place_of = match self.dialect() {
            Dialect::Sqlite => "instr",
            Dialect::Postgres => "strpos",
        };
        for word in listing.search.split_whitespace().take(SEARCH_WORDS_MAX) {
            sql.push(" AND ").push(place_of).push("(").push(source.search).push(", ");
            sql.bind(word.to_lowercase()).push(") > 0");
        }
        sql.filters(&listing.query.filters, source);
    }
}

/// A stored value, to be compared with others of its column.
fn value(param: Param<'_>) -> Option<Value> {
    match param {
        Param::Null => None,
        Param::Bool(value) => Some(Value::Bool(value)),
        Param::Int(value) => Some(Value::Int(value)),
        Param::Float(value) => Some(Value::Float(value)),
        Param::Text(text) => Some(Value::Text(text.into_owned())),
    }
}
