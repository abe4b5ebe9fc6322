//! Counting tests in the output of other programs.

use std::path::Path;

use super::{Counts, Run, has};

#[test]
fn summaries_of_rust_and_node_are_counted() {
    let cases = [
        (
            "test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 2.72s",
            4,
            0,
        ),
        ("test result: FAILED. 17 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out", 17, 3),
        ("# pass 12", 12, 0),
        ("# fail 2", 0, 2),
        ("# cancelled 7", 0, 7),
        ("# tests 14", 0, 0),
        ("    test result: ok. 4 passed", 0, 0),
    ];
    for (line, passed, failed) in cases {
        assert_eq!(Counts::of_line(line), Counts { passed, failed }, "{line}");
    }
}

#[test]
fn the_last_line_is_plain() {
    assert_eq!(Counts { passed: 3, failed: 1 }.to_string(), "3 passed, 1 failed");
}

#[test]
fn a_failing_program_is_counted_to_its_end() {
    let script = "echo 'test result: FAILED. 1 passed; 2 failed;'; echo '# pass 5'; exit 3";
    let (counts, is_success) = Run::new(Path::new("."), "sh", ["-c", script]).count().unwrap();
    assert_eq!((counts, is_success), (Counts { passed: 6, failed: 2 }, false));
    let error = Run::new(Path::new("."), "sh", ["-c", "exit 3"]).check().unwrap_err();
    assert_eq!(error.to_string(), "`sh -c exit 3` failed (exit status: 3)");
}

#[test]
fn programs_are_probed() {
    assert!(has("sh"));
    assert!(!has("no-such-program-anywhere"));
}
