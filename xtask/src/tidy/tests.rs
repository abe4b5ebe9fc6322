//! The walk over the workspace, and the workspace itself.

use std::path::Path;

use super::{Finding, Tree, crate_of, is_test_file, run};

#[test]
fn this_workspace_is_tidy() {
    run(&crate::root()).unwrap();
}

#[test]
fn built_files_are_not_read_but_links_to_any_file_resolve() {
    let root = tempfile::tempdir().unwrap();
    let put = |path: &str| {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "text").unwrap();
    };
    for path in ["a/b.rs", "logo.png", "target/c.rs", "x/node_modules/d.md"] {
        put(path);
    }
    let tree = Tree::read(root.path()).unwrap();
    assert_eq!(tree.files, [("a/b.rs".to_owned(), "text".to_owned())]);
    assert!(tree.paths.contains("logo.png") && tree.paths.contains("a"));
    assert!(Tree::read(Path::new("/nonexistent")).is_err());
}

#[test]
fn a_finding_reads_like_a_compiler_message() {
    let finding = Finding { rule: "r", path: "a.rs".into(), line: 0, text: "no purpose".into() };
    assert_eq!(finding.to_string(), "a.rs:1: no purpose [r]");
}

#[test]
fn paths_tell_crates_and_tests() {
    assert_eq!(crate_of("crates/cairn-std/src/ids.rs"), "cairn-std");
    assert_eq!(crate_of("xtask/src/main.rs"), "xtask");
    let cases = [
        ("a/tests.rs", true),
        ("a/tests/b.rs", true),
        ("a/examples/c.rs", true),
        ("a/src/tests_of.rs", false),
    ];
    for (path, expected) in cases {
        assert_eq!(is_test_file(path), expected, "{path}");
    }
}
