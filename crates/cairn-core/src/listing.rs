//! Lists of things that a project has few of: keys, platforms, webhooks, variables, and projects themselves.
//!
//! All of them are read and the queries computed in memory, with the meaning that SQL has elsewhere. What a project may
//! have many of (users, teams, documents) is listed by the store.

use std::borrow::Cow;

use cairn_faults::{Error, Fault};
use cairn_model::value::Value;
use cairn_query::{Field, Kind, Limits, NounFields, Query, QueryError, build, eval};
pub use cairn_store::Page;
use cairn_store::{Counting, Listing, PAGE_ROWS_DEFAULT, TOTAL_MAX};

#[cfg(test)]
mod tests;

/// How many rows a page has where the client names no limit.
pub const PAGE_DEFAULT: u64 = PAGE_ROWS_DEFAULT;

/// What a client asks of a list.
#[derive(Clone, Debug)]
pub struct ListRequest {
    /// Query strings.
    pub queries: Vec<String>,
    /// A word to look for; empty for none.
    pub search: String,
    /// Whether to count.
    pub counts_total: bool,
    /// How much one list may ask for.
    pub limits: Limits,
}

impl Default for ListRequest {
    fn default() -> Self {
        Self { queries: Vec::new(), search: String::new(), counts_total: true, limits: Limits::CURRENT }
    }
}

impl ListRequest {
    /// The list that the store is asked for, over these fields.
    pub(crate) fn listing(&self, fields: &NounFields) -> Result<Listing, Error> {
        let query = build(&self.queries, fields, self.limits).map_err(query_error)?;
        let counting = if self.counts_total { Counting::Total } else { Counting::Skipped };
        Ok(Listing { query, search: self.search.clone(), counting })
    }
}

/// The fault of a refused query.
pub fn query_error(error: QueryError) -> Error {
    match error.kind {
        Kind::Invalid => Fault::GeneralQueryInvalid.with("reason", &error.reason).source(error),
        Kind::TooManyValues => Fault::GeneralAttributeQueryLimitExceeded
            .with("attribute", error.attribute.clone().unwrap_or_default())
            .with("limit", Limits::V1_0.values_max)
            .source(error),
        Kind::Argument => {
            let pointer = error.place.map_or("/queries".to_owned(), |place| format!("/queries/{place}"));
            Error::invalid_param(pointer, error.reason)
        }
        Kind::OrderNull => Fault::DatabaseQueryOrderNull.error().source(error),
    }
}

/// How one kind of thing is listed.
#[derive(Clone, Copy)]
pub(crate) struct Listed<T> {
    /// What may be queried.
    pub(crate) fields: NounFields,
    /// The value of a field.
    pub(crate) value: fn(&T, Field) -> Value,
    /// Rows on a page where the client names no limit.
    pub(crate) page_default: u64,
}

struct Row<'a, T> {
    item: &'a T,
    value: fn(&T, Field) -> Value,
}

impl<T> eval::Row for Row<'_, T> {
    fn value(&self, field: Field) -> Cow<'_, Value> {
        Cow::Owned((self.value)(self.item, field))
    }
}

impl<T: Clone> Listed<T> {
    /// Check the queries of a request.
    pub(crate) fn query(&self, request: &ListRequest) -> Result<Query, Error> {
        build(&request.queries, &self.fields, request.limits).map_err(query_error)
    }

    /// The page of `all` that a request asks for.
    pub(crate) fn page(&self, query: &Query, counts_total: bool, all: &[T]) -> Result<Page<T>, Error> {
        let rows: Vec<Row<'_, T>> = all.iter().map(|item| Row { item, value: self.value }).collect();
        if let Some(cursor) = &query.cursor {
            let id = Value::Text(cursor.id.clone());
            if !all.iter().any(|item| (self.value)(item, Field::Id) == id) {
                return Err(Fault::GeneralCursorNotFound.with("cursor", &cursor.id));
            }
        }
        let total = if counts_total {
            let matching = rows.iter().filter(|row| eval::matches(query, *row)).count();
            i64::try_from(matching).unwrap_or(TOTAL_MAX).min(TOTAL_MAX)
        } else {
            0
        };
        let page = eval::page(query, &rows, self.page_default).map_err(query_error)?;
        Ok(Page { items: page.into_iter().map(|row| row.item.clone()).collect(), total })
    }
}

/// A field's value that may be missing.
pub(crate) fn value_or_null<V: Into<Value>>(value: Option<V>) -> Value {
    value.map_or(Value::Null, Into::into)
}
