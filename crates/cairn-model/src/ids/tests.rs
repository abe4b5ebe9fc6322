//! Which ids are well formed.

use super::*;

#[test]
fn keys_have_a_fixed_alphabet_and_length() {
    for good in ["a", "0", "Name", "a_b", "a-b.c", "1name", &"x".repeat(36)] {
        assert!(is_key(good, ID_CHARS_MAX), "{good} is a key");
    }
    for bad in ["", "_a", ".a", "-a", "$id", "a b", "é", "a/b", "a\0", &"x".repeat(37)] {
        assert!(!is_key(bad, ID_CHARS_MAX), "{bad:?} is no key");
    }
}

#[test]
fn labels_are_letters_and_digits() {
    assert!(is_label("vip2"));
    for bad in ["", "a-b", "a_b", "ä", &"x".repeat(37)] {
        assert!(!is_label(bad), "{bad:?} is no label");
    }
}

#[test]
fn project_ids_are_lower_case() {
    for good in ["a", "0", "my-project", &"x".repeat(36)] {
        assert!(is_project_id(good), "{good} is a project id");
    }
    for bad in ["", "-a", "A", "a_b", "a.b", "unique()", &"x".repeat(37)] {
        assert!(!is_project_id(bad), "{bad:?} is no project id");
    }
}
