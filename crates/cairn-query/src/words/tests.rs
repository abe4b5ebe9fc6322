use super::*;

#[test]
fn words_have_neither_case_nor_accents() {
    for (text, expected) in [
        ("The Quick, brown-fox!", &["the", "quick", "brown", "fox"][..]),
        ("Ärger im Café", &["arger", "im", "cafe"]),
        ("snake_case 3.14 it's", &["snake_case", "3", "14", "it", "s"]),
        ("\u{fb01}n \u{212b} STRASSE", &["fin", "a", "strasse"]),
        ("日本 語", &["日本", "語"]),
        ("  -- ", &[]),
    ] {
        assert_eq!(of_text(text), expected, "{text}");
    }
    assert_eq!(of_text(&"x".repeat(100)), ["x".repeat(WORD_CHARS_MAX)]);
    assert_eq!(of_text(&"a ".repeat(WORDS_MAX + 5)).len(), WORDS_MAX);
}

#[test]
fn the_common_words_are_in_order() {
    let mut sorted = COMMON.to_vec();
    sorted.sort_unstable();
    // `binary_search` finds nothing reliably in a list out of order.
    assert_eq!(sorted, COMMON);
}

#[test]
fn a_search_finds_any_word_a_beginning_or_a_phrase() {
    for (search, text, expected) in [
        ("space", "A space opera", true),
        ("spac", "A space opera", true),
        ("spac opera", "A space station", false),
        ("opera spac", "A space station", true),
        ("romance opera", "A space opera", true),
        ("\"space opera\"", "A SPACE, opera!", true),
        ("\"opera space\"", "A space opera", false),
        ("\"space op\"", "A space opera", false),
        ("\"a opera\"", "A space opera", false),
        ("the opera", "The station", false),
        ("the", "The station", true),
        ("a", "A station", true),
        ("st", "A station", true),
        ("in a station", "in a boat", false),
        ("station in", "in a boat", false),
        ("cafe", "Café", true),
        ("+-*", "anything", false),
        ("", "anything", false),
        ("\"\"", "anything", false),
        ("\"", "anything", false),
    ] {
        assert_eq!(Search::parse(search).finds(text), expected, "{search:?} in {text:?}");
    }
}
