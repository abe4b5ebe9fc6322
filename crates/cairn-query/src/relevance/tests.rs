//! What texts are worth to searches.

use super::*;

#[test]
fn more_words_then_whole_words_then_more_often() {
    for (search, best_first) in [
        ("red fox", &["a red fox", "red red red red", "red", "foxes are foxes", "a foxglove", "none"][..]),
        ("fox", &["fox and foxes", "fox fox", "foxes, foxes", "foxes", ""]),
        ("\"red fox\"", &["red fox, red fox", "a red fox", "red foxes", "fox red"]),
        ("", &["red"]),
    ] {
        let worth: Vec<i64> = best_first.iter().map(|text| Search::parse(search).relevance(text)).collect();
        let mut sorted = worth.clone();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(worth, sorted, "{search}");
        for (text, worth) in best_first.iter().zip(worth) {
            assert_eq!(worth > 0, Search::parse(search).finds(text), "{search} in {text}");
        }
    }
    assert_eq!(Search::parse("red fox").relevance("red foxes, red fox"), 1_002 + 1_001 + 501);
    assert_eq!(Search::parse("a").relevance(&"a ".repeat(500)), WHOLE + TIMES_MAX);
    assert_eq!(Search::parse("\"red fox\"").relevance("red fox"), 2_001);
}
