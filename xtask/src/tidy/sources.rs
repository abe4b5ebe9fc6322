//! Rules on Rust files.

use super::crates::DRIVERS;
use super::rust::{code_lines, has_word};
use super::{Finding, Tree, crate_of, is_test_file};

/// Lines that a file may have, its tests left out.
const FILE_LINES_MAX: usize = 600;

/// Every file says what it is before anything else.
pub(super) fn files_open_with_their_purpose(tree: &Tree) -> Vec<Finding> {
    let bare = tree.rust().filter(|(_, text)| !text.starts_with("//!"));
    bare.map(|(path, _)| finding("purpose", path, 1, "does not open with `//!`".to_owned())).collect()
}

/// A file that nobody reads to the end hides what it does.
pub(super) fn files_stay_small(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test_file(path)) {
        let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        if lines > FILE_LINES_MAX {
            let text = format!("has {lines} lines without its tests; split it below {FILE_LINES_MAX}");
            findings.push(finding("size", path, 0, text));
        }
    }
    findings
}

/// Code names a driver in the crates that may (see `DRIVERS`); tests may look behind the store's back.
pub(super) fn drivers_are_named_in_the_store_alone(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| !is_test_file(path)) {
        let own = match crate_of(path) {
            "bench" => "cairn-bench",
            name => name,
        };
        for (driver, allowed) in DRIVERS {
            let ident = driver.replace('-', "_");
            if allowed.contains(&own) || !text.contains(&ident) {
                continue;
            }
            let named = code_lines(text).into_iter().filter(|(_, code)| has_word(code, &ident));
            let say = || format!("names `{ident}` outside of {}", allowed.join(", "));
            findings.extend(named.map(|(line, _)| finding("drivers", path, line, say())));
        }
    }
    findings
}

/// Ways to open a connection to elsewhere.
const SOCKETS: &[&str] = &["TcpStream::connect", "TcpSocket", "UdpSocket", "lookup_host", "ToSocketAddrs"];

/// Nothing goes out but through the clients of `cairn-net` (and the drivers, which have a rule of their own).
pub(super) fn connections_are_made_in_few_places(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let product = tree.matching("crates/", ".rs").filter(|(path, _)| !is_test_file(path));
    for (path, text) in product.filter(|(path, _)| !matches!(crate_of(path), "cairn-net" | "cairn-testkit")) {
        for (line, code) in code_lines(text) {
            if let Some(way) = SOCKETS.iter().find(|way| code.contains(**way)) {
                let text = format!("`{way}` goes out of the server; ask cairn-net");
                findings.push(finding("sockets", path, line, text));
            }
        }
    }
    findings
}

/// The allocator passes calls on to two others, which cannot be said without `unsafe`.
const UNSAFE_ALLOCATOR: &str = "crates/cairn/src/allocator.rs";

/// Memory safety is argued in one crate, and in one file of the binary.
pub(super) fn unsafe_is_argued_in_few_places(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_argued = |path: &str| crate_of(path) == "cairn-vfs" || path == UNSAFE_ALLOCATOR;
    for (path, text) in tree.rust().filter(|(path, _)| !is_argued(path)) {
        for (line, code) in code_lines(text) {
            if has_word(code, "unsafe") || has_word(code, "unsafe_code") {
                findings.push(finding(
                    "unsafe",
                    path,
                    line,
                    "unsafe code outside of cairn-vfs and the allocator".to_owned(),
                ));
            }
        }
    }
    findings
}

/// A test that sleeps is slow on a fast machine and wrong on a slow one.
pub(super) fn tests_wait_for_events(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in tree.rust().filter(|(path, _)| is_test_file(path)) {
        for (line, code) in code_lines(text) {
            if has_word(code, "sleep") || has_word(code, "sleep_ms") {
                findings.push(finding("sleep", path, line, "a test sleeps: wait for the event".to_owned()));
            }
        }
    }
    findings
}

/// What an editor or a merge left lying is no part of the project.
pub(super) fn nothing_is_left_lying(tree: &Tree) -> Vec<Finding> {
    const LEFT: &[&str] = &[".new", ".orig", ".rej", ".bak", ".tmp", ".snap.new", "~"];
    let left = tree.paths.iter().filter(|path| LEFT.iter().any(|end| path.ends_with(end)));
    left.map(|path| finding("leftovers", path, 0, "looks left over: remove it".to_owned())).collect()
}

fn finding(rule: &'static str, path: &str, line: usize, text: String) -> Finding {
    Finding { rule, path: path.to_owned(), line, text }
}

#[cfg(test)]
mod tests;
