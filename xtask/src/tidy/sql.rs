//! Rules on SQL: in `.sql` files and in the string literals of the crate that may hold it.

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

/// `?1, ?2, ..` first appear in the order of their numbers: a reader can then match them with the bound values.
///
/// A text may be a fragment of a statement, so it may start anywhere.
pub(super) fn placeholders_count_up(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, line, text) in texts(tree) {
        let mut seen: Option<(u32, u32)> = None;
        for number in placeholders(text) {
            let (first, highest) = seen.unwrap_or((number, number));
            if number < first || number > highest + 1 {
                let text = format!("`?{number}` is out of order: it follows `?{highest}`");
                findings.push(Finding { rule: "sql-placeholders", path: path.to_owned(), line, text });
                break;
            }
            seen = Some((first, highest.max(number)));
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
