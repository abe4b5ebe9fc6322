//! Rules on SQL: in `.sql` files and in the string literals of the crate that may hold it.

use std::collections::BTreeSet;

use super::rust::literals;
use super::{Finding, Tree, is_test_file};

const STORE: &str = "crates/cairn-store/";

/// What reads a clock, in either dialect, in lower case.
const CLOCKS: &[&str] = &[
    "now()",
    "current_timestamp",
    "current_date",
    "current_time",
    "clock_timestamp(",
    "statement_timestamp(",
    "datetime('now'",
    "date('now'",
    "strftime(",
    "julianday(",
    "unixepoch(",
];

/// Times are bound as parameters, so that a test's clock is the only one.
pub(super) fn time_is_never_read_in_sql(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, start, text) in texts(tree) {
        let lower = text.to_ascii_lowercase();
        for (at, clock) in CLOCKS.iter().filter_map(|clock| Some((lower.find(clock)?, clock))) {
            if lower[..at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':')) {
                continue;
            }
            let line = start + lower[..at].matches('\n').count();
            let text = format!("SQL reads a clock (`{clock}`): bind the time of the transaction");
            findings.push(Finding { rule: "sql-clock", path: path.to_owned(), line, text });
        }
    }
    findings
}

/// The numbers of a text's `?1, ?2, ..` have no gap: PostgreSQL cannot tell the type of a value that is never used.
///
/// A text may be a fragment of a statement, so its numbers may start anywhere.
pub(super) fn placeholders_have_no_gap(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, line, text) in texts(tree) {
        let numbers: BTreeSet<u32> = placeholders(text).collect();
        let gap = numbers.iter().zip(numbers.iter().skip(1)).find(|(low, high)| *high - *low > 1);
        if let Some((low, _)) = gap {
            let text = format!("`?{}` is bound but never used", low + 1);
            findings.push(Finding { rule: "sql-placeholders", path: path.to_owned(), line, text });
        }
    }
    findings
}

/// SQL texts of the store with the lines they start at: whole `.sql` files, and literals outside of tests.
fn texts(tree: &Tree) -> Vec<(&str, usize, &str)> {
    let files = tree.matching(STORE, ".sql").map(|(path, text)| (path, 1, text));
    let sources = tree.matching(STORE, ".rs").filter(|(path, _)| !is_test_file(path));
    let inner = sources
        .flat_map(|(path, text)| literals(text).into_iter().map(move |(line, text)| (path, line, text)));
    files.chain(inner).collect()
}

/// Numbers of the `?N` in a text, in order.
fn placeholders(text: &str) -> impl Iterator<Item = u32> {
    text.split('?').skip(1).filter_map(|after| {
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        after[..end].parse().ok()
    })
}

#[cfg(test)]
mod tests;
