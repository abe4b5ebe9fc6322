//! How well a row fits the searches of a query: what an order by `$relevance` compares.
//!
//! A row's relevance comes from its own texts alone: which of the words it has, how whole, and how often. How rare a word
//! is among other rows takes no part, because that would tell of rows that the caller may not read.

#[cfg(test)]
mod tests;

use crate::ast::{Filter, Op, Query, Test};
use crate::fields::Field;
use crate::row::Row;
use crate::words::Search;
pub use crate::words::{BEGINNING, TIMES_MAX, WHOLE};

/// What an order by relevance names.
pub const RELEVANCE: &str = "$relevance";
/// Most searches of one ordered query.
pub const SEARCHES_MAX: usize = 16;

/// The searches of a query that rank its rows, in their order. What a row must not have does not rank it, nor what related
/// rows have.
pub fn searches(query: &Query) -> Vec<&Test> {
    let mut found = Vec::new();
    collect(&query.filters, &mut found);
    found
}

fn collect<'a>(filters: &'a [Filter], found: &mut Vec<&'a Test>) {
    for filter in filters {
        match filter {
            Filter::And(inner) | Filter::Or(inner) => collect(inner, found),
            Filter::Test(test) if test.op == Op::Search => found.push(test),
            Filter::Test(_) | Filter::Related(_) | Filter::Element(_) => {}
        }
    }
}

/// Whether a query orders by relevance.
pub fn is_ranked(query: &Query) -> bool {
    query.orders.iter().any(|by| by.field == Field::Relevance)
}

/// The relevance of a row.
pub fn of_row(query: &Query, row: &dyn Row) -> i64 {
    let one = |test: &Test| {
        let value = row.value(test.field);
        match (value.as_text(), test.values.first().and_then(|value| value.as_text())) {
            (Some(text), Some(search)) => Search::parse(search).relevance(text),
            _ => 0,
        }
    };
    searches(query).into_iter().map(one).sum()
}
