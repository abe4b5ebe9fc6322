//! Rust files that break each rule.

use super::super::{Finding, Tree, places};
use super::{
    connections_are_made_in_few_places, drivers_are_named_in_the_store_alone, files_open_with_their_purpose,
    files_stay_small, nothing_is_left_lying, tests_wait_for_events, unsafe_is_argued_in_few_places,
};

fn check(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
    places(&rule(&Tree::of(&[(path, text)])))
}

#[test]
fn purpose() {
    assert!(check(files_open_with_their_purpose, "crates/a/src/lib.rs", "//! All of it.\n").is_empty());
    assert_eq!(check(files_open_with_their_purpose, "a.rs", "use x;\n//! late"), ["a.rs:1"]);
}

#[test]
fn size() {
    let long = "line\n".repeat(601);
    assert_eq!(check(files_stay_small, "a/b.rs", &long), ["a/b.rs:0"]);
    assert!(check(files_stay_small, "a/tests.rs", &long).is_empty());
    let tests = format!("line\n#[cfg(test)]\nmod tests {{\n{long}}}");
    assert!(check(files_stay_small, "a/b.rs", &tests).is_empty());
}

#[test]
fn drivers() {
    let source = "//! On rusqlite.\nuse rusqlite::Connection;\nlet text = \"rusqlite\"; my_rusqlite();";
    let rule = drivers_are_named_in_the_store_alone;
    assert_eq!(check(rule, "crates/cairn-core/src/a.rs", source), ["crates/cairn-core/src/a.rs:2"]);
    assert!(check(rule, "crates/cairn-store/src/a.rs", source).is_empty());
    assert!(check(rule, "crates/cairn-core/src/a/tests.rs", source).is_empty());
    assert!(check(rule, "bench/src/main.rs", source).is_empty());
    assert_eq!(check(rule, "xtask/src/a.rs", "//!\ntokio_postgres::connect()"), ["xtask/src/a.rs:2"]);
}

#[test]
fn sockets() {
    let source = "// TcpStream::connect\nlet all = tokio::net::lookup_host(name).await;";
    let rule = connections_are_made_in_few_places;
    assert_eq!(check(rule, "crates/cairn-core/src/a.rs", source), ["crates/cairn-core/src/a.rs:2"]);
    assert!(check(rule, "crates/cairn-net/src/a.rs", source).is_empty());
    assert!(check(rule, "crates/cairn-core/src/a/tests.rs", source).is_empty());
    assert!(check(rule, "bench/src/main.rs", source).is_empty());
}

#[test]
fn memory_safety() {
    let source = "// unsafe\nfn f() { unsafe { g() } }";
    assert_eq!(
        check(unsafe_is_argued_in_few_places, "crates/cairn-std/a.rs", source),
        ["crates/cairn-std/a.rs:2"]
    );
    assert_eq!(
        check(unsafe_is_argued_in_few_places, "crates/cairn/src/main.rs", source),
        ["crates/cairn/src/main.rs:2"]
    );
    for path in ["crates/cairn-vfs/a.rs", "crates/cairn/src/allocator.rs"] {
        assert!(check(unsafe_is_argued_in_few_places, path, source).is_empty());
    }
}

#[test]
fn sleeps() {
    let source = "tokio::time::sleep(ms).await; sleeping(); // sleep";
    assert_eq!(check(tests_wait_for_events, "a/tests.rs", source), ["a/tests.rs:1"]);
    assert!(check(tests_wait_for_events, "a/retry.rs", source).is_empty());
}

#[test]
fn leftovers() {
    assert_eq!(check(nothing_is_left_lying, "a/b.rs.orig", ""), ["a/b.rs.orig:0"]);
    assert!(check(nothing_is_left_lying, "a/new.rs", "").is_empty());
}
