//! Which format a request gets.

use super::*;

const V1_0: Format = Format::Appwrite(ContractAge::V1_0);
const V1_9: Format = Format::Appwrite(ContractAge::V1_9);
const OLDEST: Format = Format::Appwrite(ContractAge::Oldest);
const PROBLEM: &str = "application/problem+json";

#[test]
fn header_beats_accept_beats_surface() {
    let cases: &[(Option<&str>, Option<&str>, Format, Format)] = &[
        (None, None, V1_9, V1_0),
        (None, None, Format::Everlive, Format::Everlive),
        (None, Some("*/*"), Format::Reason, Format::Reason),
        (None, Some("application/json"), Format::Problem, Format::Problem),
        (None, Some(PROBLEM), Format::Reason, Format::Problem),
        (None, Some("application/json, Application/Problem+JSON;q=0.5"), V1_0, Format::Problem),
        (None, Some("application/problem+json;q=0, */*"), Format::Reason, Format::Reason),
        (None, Some("application/*"), Format::Reason, Format::Reason),
        (Some("discord"), Some(PROBLEM), Format::Reason, Format::Discord),
        (Some(" Everlive "), None, V1_0, Format::Everlive),
        (Some("problem"), None, V1_0, Format::Problem),
        (Some("appwrite"), Some(PROBLEM), Format::Reason, V1_0),
        (Some("yaml"), None, Format::Everlive, Format::Everlive),
        (Some("yaml"), Some(PROBLEM), Format::Everlive, Format::Problem),
        (Some(""), None, Format::Everlive, Format::Everlive),
    ];
    for (header, accept, surface, expected) in cases {
        let chosen = Format::negotiate(*header, *accept, *surface, None);
        assert_eq!(chosen, *expected, "{header:?} {accept:?} on {surface:?}");
    }
}

#[test]
fn the_response_format_chooses_the_contract() {
    let cases = [
        (None, V1_0),
        (Some(""), V1_0),
        (Some("newest"), V1_0),
        (Some("0.6.2"), OLDEST),
        (Some("0.11.0"), OLDEST),
        (Some("0.12.0-RC1"), V1_0),
        (Some("0.15.3"), V1_0),
        (Some("1.0.0"), V1_0),
        (Some("1.0.0-RC1"), V1_0),
        (Some("1.1.0"), V1_9),
        (Some("1.8.0"), V1_9),
        (Some("1.9.5"), V1_9),
        (Some("2.0.0"), V1_9),
        (Some("2"), V1_9),
    ];
    for (version, expected) in cases {
        assert_eq!(Format::negotiate(None, None, V1_9, version), expected, "{version:?}");
        assert_eq!(Format::negotiate(Some("reason"), None, V1_9, version), Format::Reason, "{version:?}");
    }
}

#[test]
fn words_follow_the_vocabulary() {
    let cases = [
        ("There is no such document.", "There is no such row."),
        ("An attribute of the collection.", "A column of the table."),
        (
            "An index uses the attribute `{attribute}` of documents.",
            "An index uses the column `{attribute}` of rows.",
        ),
        ("Too many requests.", "Too many requests."),
    ];
    for (documents, tables) in cases {
        assert_eq!(Vocabulary::Documents.words(documents), documents);
        assert_eq!(Vocabulary::Tables.words(documents), tables);
    }
}
