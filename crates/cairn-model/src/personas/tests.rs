//! What a handle, a name and a biography may be.

use super::*;

#[test]
fn handles() {
    for fine in ["emma", "Emma_W", "a1b2", "abcdefghij12345", "x_y_z"] {
        assert_eq!(check_handle(fine), Ok(()), "{fine}");
    }
    for unfit in [
        "",
        "abc",
        "abcdefghij123456",
        "_emma",
        "emma_",
        "em__ma",
        "em-ma",
        "émma",
        "em ma",
        "admin",
        "Root",
        "API1 ",
    ] {
        assert!(check_handle(unfit).is_err(), "{unfit}");
    }
}

#[test]
fn display_names() {
    for fine in ["E", "Emma Woodhouse", "Émile", "李小龍", "O'Brien (2)", "e\u{301}\u{302}"] {
        assert_eq!(check_display_name(fine), Ok(()), "{fine}");
    }
    let long = "x".repeat(DISPLAY_NAME_CHARS_MAX + 1);
    for unfit in [
        "",
        "  ",
        "<b>",
        "a>b",
        "a\nb",
        "a\u{200b}b",
        "a\u{202e}b",
        "\u{e000}",
        "smile \u{1f600}",
        "\u{a9} me",
        "e\u{301}\u{301}\u{301}",
        &long,
    ] {
        assert!(check_display_name(unfit).is_err(), "{unfit:?}");
    }
}

#[test]
fn biographies() {
    assert_eq!(check_bio("I read \u{1f4d6}"), Ok(()));
    assert!(check_bio(" \n").is_err());
    assert!(check_bio(&"x".repeat(BIO_CHARS_MAX + 1)).is_err());
}
