//! Telling code, comments and strings apart.

use super::{Kind, code_lines, has_word, literals, pieces};

#[test]
fn source_is_cut_at_comments_and_strings() {
    let source = "a // \"no\"\nb(\"x // y\", 'q', '\"', '\\'') /* /* n */ \" */ c";
    let found: Vec<_> =
        pieces(source).into_iter().map(|piece| (piece.kind, piece.text, piece.line)).collect();
    let expected = [
        (Kind::Code, "a ", 1),
        (Kind::Comment, "// \"no\"", 1),
        (Kind::Code, "\nb(", 1),
        (Kind::Text, "x // y", 2),
        (Kind::Code, ", 'q', '\"', '\\'') ", 2),
        (Kind::Comment, "/* /* n */ \" */", 2),
        (Kind::Code, " c", 2),
    ];
    assert_eq!(found, expected);
}

#[test]
fn literals_of_every_kind_are_found() {
    let source = "\"a \\\" b\" r\"c\\\" r#\"d \" e\"# b\"f\"\n\"g\nh\" \"i\" fn x<'a>(y: &'a str) {} \"j";
    let expected = [(1, "a \\\" b"), (1, "c\\"), (1, "d \" e"), (1, "f"), (2, "g\nh"), (3, "i"), (3, "j")];
    assert_eq!(literals(source), expected);
}

#[test]
fn code_lines_leave_out_the_rest() {
    let source = "one(); // two\n/// three\nfour(\"five\");";
    assert_eq!(code_lines(source), [(1, "one(); "), (1, ""), (2, ""), (2, ""), (3, "four("), (3, ");")]);
}

#[test]
fn words_end_where_names_end() {
    let cases = [("unsafe {", true), ("unsafe_code", false), ("not_unsafe", false), ("(unsafe)", true)];
    for (text, expected) in cases {
        assert_eq!(has_word(text, "unsafe"), expected, "{text}");
    }
}
