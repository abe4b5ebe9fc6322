//! Regular expressions of one dialect on both engines.
//!
//! A pattern is read by `regex-syntax`, brought into its plain form, and from that written for the `regex` crate
//! (SQLite, and [`crate::eval`]) and for PostgreSQL's own engine. Only what means the same on both passes: no look-around,
//! no back references, no multi-line mode. `\d`, `\w`, `\s` and `\b` know ASCII only, as in JavaScript.
//!
//! Whether a text matches is all that is asked, so greedy and lazy repetition are one.

mod plain;
mod postgres;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use regex::{Regex, RegexBuilder};

/// Most pieces of a pattern, those inside a repetition counted as often as they may stand there.
const PIECES_MAX: u64 = 2_000;
/// Most repetitions that a pattern may bound; PostgreSQL takes no more.
const REPETITIONS_MAX: u32 = 255;
/// Bytes of a compiled pattern.
const COMPILED_BYTES_MAX: usize = 4 << 20;
/// Compiled patterns that are kept.
const COMPILED_KEPT_MAX: usize = 64;

/// Read a pattern: its plain form, which is what a query keeps; the error says what is wrong with it.
pub(crate) fn plain(pattern: &str) -> Result<String, String> {
    let hir = plain::read(pattern)?;
    let plain = plain::print(&hir)?;
    compile(&plain).map_err(|_| "it is too large".to_owned())?;
    Ok(plain)
}

/// The plain form for PostgreSQL's `~`.
pub fn for_postgres(plain: &str) -> String {
    plain::read_plain(plain).map_or_else(
        |why| {
            debug_assert!(false, "a plain form reads again: {plain}: {why}");
            // It matches nothing.
            "$.".to_owned()
        },
        |hir| postgres::write(&hir),
    )
}

/// Whether a text matches a plain form somewhere.
pub fn matches(plain: &str, text: &str) -> bool {
    compiled(plain).is_some_and(|regex| regex.is_match(text))
}

fn compile(plain: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(plain).size_limit(COMPILED_BYTES_MAX).dfa_size_limit(COMPILED_BYTES_MAX).build()
}

/// The compiled pattern, out of those that were used last.
fn compiled(plain: &str) -> Option<Regex> {
    type Kept = Mutex<Vec<(Arc<str>, Regex)>>;
    static KEPT: Kept = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(place) = kept.iter().position(|(known, _)| **known == *plain) {
        // The last one used stands last.
        if place + 1 < kept.len() {
            let found = kept.remove(place);
            kept.push(found);
        }
        return kept.last().map(|(_, regex)| regex.clone());
    }
    let regex = compile(plain).ok()?;
    if kept.len() >= COMPILED_KEPT_MAX {
        kept.remove(0);
    }
    kept.push((plain.into(), regex.clone()));
    Some(regex)
}
