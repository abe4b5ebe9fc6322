use super::*;

#[test]
fn a_pattern_has_a_plain_form_and_one_for_postgres() {
    for (pattern, postgres) in [
        ("^Captain", r"\ACaptain"),
        (r"(a|bc)+?\.$", r"(?:(?:a|bc))+\.\Z"),
        (r"\bé\B", r"\y\U000000E9\Y"),
        (r"\d{2,3}", r"(?:[\U00000030-\U00000039]){2,3}"),
        ("(?i)k", r"[\U0000004B\U0000006B\U0000212A]"),
        ("é'", r"\U000000E9\'"),
    ] {
        let plain = plain(pattern).unwrap();
        assert_eq!(for_postgres(&plain), postgres, "{pattern}");
    }
}

#[test]
fn a_text_matches_somewhere() {
    for (pattern, text, expected) in [
        ("^Captain", "Captain America", true),
        ("^captain", "Captain America", false),
        ("(?i)^captain", "Captain America", true),
        (r"\bcat\b", "a cat!", true),
        (r"\bcat\b", "concat", false),
        (r"\w+", "é", false),
        ("", "anything", true),
        ("a.c", "a\nc", false),
        ("(?s)a.c", "a\nc", true),
    ] {
        assert_eq!(matches(&plain(pattern).unwrap(), text), expected, "{pattern} in {text}");
    }
}

#[test]
fn what_means_different_things_is_refused() {
    for pattern in [
        "(",
        "a**b(",
        "(?=a)",
        r"(a)\1",
        r"\p{L}",
        "(?m)^a",
        "a{256}",
        "(a{200}){200}",
        "(?-u:\\xFF)",
        "(?:)*",
        r"[a&&b]",
        "(?:^)*",
        "(?R)a",
        r"\x00",
        r"[\x00]",
    ] {
        assert!(plain(pattern).is_err(), "{pattern}");
    }
}
