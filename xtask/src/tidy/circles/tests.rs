//! Crates whose modules need each other, and some whose modules do not.

use super::super::Tree;
use super::modules_form_no_circles;

fn check(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, &str)> =
        files.iter().map(|(module, text)| (format!("crates/a/src/{module}.rs"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let of_a = |path: &str| path == "crates/a/src";
    let found = modules_form_no_circles(&Tree::of(&files));
    found.into_iter().filter(|finding| of_a(&finding.path)).map(|finding| finding.text).collect()
}

#[test]
fn circles_are_found_however_long_and_however_written() {
    for files in [
        &[("b", "use crate::c::D;"), ("c", "fn f() { crate::b::g() }")][..],
        &[("b", "use crate::{\n    d::{self, E},\n    c,\n};"), ("c", "use crate::b;"), ("d", "")],
        &[("b", "use crate::c;"), ("c/e", "use crate::{d::X, f};"), ("d", "use crate::b;"), ("f", "")],
    ] {
        let found = check(files);
        assert_eq!(found.len(), 1, "{files:?}: {found:?}");
        assert!(found[0].contains("b, c"), "{found:?}");
    }
}

#[test]
fn what_is_no_circle_is_not_found() {
    for files in [
        &[("b", "use crate::{c, d::E};"), ("c", "use crate::d;"), ("d", "use crate::d::e;")][..],
        &[("b", "use crate::c; // crate::b"), ("c", "let text = \"crate::b\";")],
        &[("lib", "use crate::b;"), ("b", "use crate::c;"), ("c", "")],
        &[("lib", "#[cfg(test)]\nmod bed;"), ("bed", "use crate::b;"), ("b", "use crate::bed;")],
        &[("b", "use crate::c;"), ("c", "#[cfg(test)]\nmod tests {\n    use crate::b;\n}")],
        &[("b", "use crate::c;"), ("c/tests", "use crate::b;")],
    ] {
        assert_eq!(check(files), [""; 0], "{files:?}");
    }
}
