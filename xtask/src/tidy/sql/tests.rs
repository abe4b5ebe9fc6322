//! SQL that breaks each rule.

use super::super::{Finding, Tree, places};
use super::{placeholders_have_no_gap, time_is_never_read_in_sql};

fn check(rule: fn(&Tree) -> Vec<Finding>, path: &str, text: &str) -> Vec<String> {
    places(&rule(&Tree::of(&[(path, text)])))
}

#[test]
fn clocks() {
    let sql = "CREATE TABLE t (\n  at BIGINT DEFAULT (strftime('%s'))\n)";
    assert_eq!(
        check(time_is_never_read_in_sql, "crates/cairn-store/src/a.sql", sql),
        ["crates/cairn-store/src/a.sql:2"]
    );
    let source = "//! Never NOW().\nlet at = clock.now();\nf(\"SELECT x,\n NOW()\"); g(\"cairn.now() \");";
    assert_eq!(
        check(time_is_never_read_in_sql, "crates/cairn-store/src/a.rs", source),
        ["crates/cairn-store/src/a.rs:4"]
    );
    assert!(check(time_is_never_read_in_sql, "crates/cairn-http/src/a.rs", source).is_empty());
    assert!(check(time_is_never_read_in_sql, "crates/cairn-store/src/a/tests.rs", source).is_empty());
}

#[test]
fn placeholders() {
    let path = "crates/cairn-store/src/a.rs";
    let fine = ["a = ?1 AND b = ?2 OR a = ?1", "x = ?3, y = ?4", "is it?", "b = ?2 AND a = ?1"];
    for sql in fine {
        assert!(check(placeholders_have_no_gap, path, &format!("\"{sql}\"")).is_empty(), "{sql}");
    }
    for sql in ["a = ?1 AND b = ?3", "VALUES (?1, ?2, ?11)"] {
        assert_eq!(
            check(placeholders_have_no_gap, path, &format!("\n\"{sql}\"")),
            [format!("{path}:2")],
            "{sql}"
        );
    }
}
