//! Which queries fit which fields, and the sentences about the rest.

use proptest::prelude::*;

use super::*;
use crate::ast::{Filter, Op, Test};
use crate::fields::{NounField, NounFields};

const FIELDS: NounFields = NounFields(&[
    NounField::one("name", FieldType::Text),
    NounField::one("age", FieldType::Int),
    NounField::one("score", FieldType::Float),
    NounField::one("status", FieldType::Bool),
    NounField::one("birthDay", FieldType::Datetime),
    NounField::list("roles", FieldType::Text),
    NounField::one("place", FieldType::Unusable),
]);

fn query(method: &str, attribute: &str, values: &str) -> String {
    format!(r#"{{"method":"{method}","attribute":"{attribute}","values":{values}}}"#)
}

fn one(text: &str) -> Result<Query, QueryError> {
    build(&[text], &FIELDS, Limits::CURRENT)
}

fn test_of(text: &str) -> Test {
    match one(text).unwrap().filters.as_slice() {
        [Filter::Test(test)] => test.clone(),
        other => panic!("one test was expected of {text}, not {other:?}"),
    }
}

#[test]
fn operands_are_typed_as_the_field() {
    for (text, field, op, values) in [
        (
            query("equal", "name", r#"["a","b"]"#),
            Field::Attribute(0),
            Op::Equal,
            vec!["a".into(), "b".into()],
        ),
        (query("equal", "$sequence", r#"["12",13]"#), Field::Sequence, Op::Equal, vec![12.into(), 13.into()]),
        (query("lessThan", "score", "[3]"), Field::Attribute(2), Op::Less, vec![3.0.into()]),
        (query("isNull", "roles", "[]"), Field::Attribute(5), Op::IsNull, vec![]),
        (query("contains", "roles", r#"["a"]"#), Field::Attribute(5), Op::ContainsAny, vec!["a".into()]),
        (query("contains", "name", r#"["a"]"#), Field::Attribute(0), Op::ContainsAny, vec!["a".into()]),
        (
            query("createdBefore", "", r#"["1970-01-01T00:00:01.000+00:00"]"#),
            Field::Created,
            Op::Less,
            vec![cairn_std::time::Timestamp(1_000).into()],
        ),
    ] {
        let test = test_of(&text);
        assert_eq!((test.field, test.op, test.values), (field, op, values), "{text}");
    }
}

#[test]
fn refusals_name_the_method_or_the_attribute() {
    let many = format!("[{}1]", "1,".repeat(500));
    for (text, reason) in [
        (query("equal", "nobody", "[1]"), "Attribute not found in schema: nobody"),
        (query("equal", "place.name", "[1]"), "Attribute not found in schema: place.name"),
        (query("equal", "$permissions", "[1]"), "Attribute not found in schema: $permissions"),
        (query("equal", "birthDay", r#"["yesterday"]"#), "Query value is invalid for attribute \"birthDay\""),
        (query("equal", "age", "[1.0]"), "Query value is invalid for attribute \"age\""),
        (query("equal", "age", r#"["1"]"#), "Query value is invalid for attribute \"age\""),
        (query("equal", "name", "[null]"), "Query value is invalid for attribute \"name\""),
        (query("equal", "name", r#"["\u0000"]"#), "Query value is invalid for attribute \"name\""),
        (query("equal", "age", &many), "Query on attribute has greater than 500 values: age"),
        (
            query("equal", "roles", r#"["a"]"#),
            "Cannot query equal on attribute \"roles\" because it is an array.",
        ),
        (
            query("contains", "age", "[1]"),
            "Cannot query contains on attribute \"age\" because it is neither an array nor a string.",
        ),
        (
            query("startsWith", "age", "[1]"),
            "Cannot query startsWith on attribute \"age\" because it is not a string.",
        ),
        (
            query("isNull", "place", "[]"),
            "Cannot query isNull on attribute \"place\" because its type cannot be queried yet.",
        ),
        (query("equal", "age", "[]"), "The query equal on attribute \"age\" needs at least one value"),
        (
            query("notEqual", "age", "[1,2]"),
            "The query notEqual on attribute \"age\" needs exactly one value",
        ),
        (query("between", "age", "[1]"), "The query between on attribute \"age\" needs exactly two values"),
    ] {
        assert_eq!(one(&text).unwrap_err().reason, reason, "{text}");
    }
}

#[test]
fn what_shapes_the_list_has_bounds() {
    for (text, reason) in [
        (
            query("limit", "", "[0]"),
            "Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,807",
        ),
        (
            query("limit", "", "[]"),
            "Invalid limit: Value must be a valid range between 1 and 9,223,372,036,854,775,807",
        ),
        (
            query("offset", "", "[-1]"),
            "Invalid offset: Value must be a valid range between 0 and 9,223,372,036,854,775,807",
        ),
        (query("select", "", r#"["name"]"#), "Invalid query method: select"),
        (query("orderAsc", "roles", "[]"), "Cannot order by the attribute \"roles\": it has no order"),
        (
            query("or", "", r#"[{"method":"isNull","attribute":"age"}]"#),
            "The query or needs at least two queries",
        ),
        (
            query("or", "", r#"[{"method":"limit"},{"method":"limit"}]"#),
            "The query or may hold filters only, not limit",
        ),
        (query("search", "name", r#"["a"]"#), "Searching by attribute \"name\" requires a fulltext index."),
    ] {
        assert_eq!(one(&text).unwrap_err().reason, reason, "{text}");
    }
    assert!(one(&query("cursorAfter", "", r#"["_x"]"#)).unwrap_err().reason.starts_with("Invalid cursor: "));
}

#[test]
fn methods_for_other_attributes_are_invalid() {
    for method in ["elemMatch", "crosses", "distanceEqual", "notTouches", "vectorDot"] {
        let values = if method == "elemMatch" { "[]" } else { "[[1,2]]" };
        let error = one(&query(method, "name", values)).unwrap_err();
        assert_eq!(error.kind, Kind::Invalid, "{method}");
        assert!(error.reason.contains(method), "{method}: {error}");
    }
}

#[test]
fn the_list_has_limits() {
    let error = build(&vec![query("isNull", "age", "[]"); 101], &FIELDS, Limits::CURRENT).unwrap_err();
    assert_eq!(error.kind, Kind::Argument);
    let error = one(&query("equal", "name", &format!("[\"{}\"]", "ä".repeat(4_096)))).unwrap_err();
    assert_eq!((error.kind, error.place), (Kind::Argument, Some(0)));
    let values = format!("[{}1]", "1,".repeat(100));
    let error = build(&[query("equal", "age", &values)], &FIELDS, Limits::V1_0).unwrap_err();
    assert_eq!((error.kind, error.attribute.as_deref()), (Kind::TooManyValues, Some("age")));
    let leaf = r#"{"method":"isNull","attribute":"age"}"#;
    let wide = query("or", "", &format!("[{}{leaf}]", format!("{leaf},").repeat(99)));
    assert!(build(&vec![wide; 6], &FIELDS, Limits::CURRENT).is_err());
}

#[test]
fn orders_are_total_and_the_first_of_a_kind_counts() {
    let orders = |texts: &[String]| {
        let query = build(texts, &FIELDS, Limits::CURRENT).unwrap();
        query.orders.iter().map(|by| (by.field, by.order)).collect::<Vec<_>>()
    };
    let (asc, desc) =
        (|name: &str| query("orderAsc", name, "[]"), |name: &str| query("orderDesc", name, "[]"));
    assert_eq!(orders(&[]), [(Field::Sequence, Order::Asc)]);
    assert_eq!(orders(&[desc("age")]), [(Field::Attribute(1), Order::Desc), (Field::Sequence, Order::Asc)]);
    assert_eq!(
        orders(&[desc("$createdAt")]),
        [(Field::Created, Order::Desc), (Field::Sequence, Order::Desc)]
    );
    assert_eq!(orders(&[desc("$id"), asc("age")]), [(Field::Id, Order::Desc)]);
    assert_eq!(orders(&[asc("age"), desc("age")]).len(), 2);

    let texts = [
        query("limit", "", "[3]"),
        query("limit", "", "[4]"),
        query("offset", "", "[0]"),
        query("offset", "", r#"["7"]"#),
        query("cursorAfter", "", r#"["a"]"#),
        query("cursorBefore", "", r#"["b"]"#),
    ];
    let query = build(&texts, &FIELDS, Limits::CURRENT).unwrap();
    assert_eq!((query.limit, query.offset), (Some(3), 0));
    assert_eq!(query.cursor, Some(Cursor { id: "a".into(), side: CursorSide::After }));
}

proptest! {
    #[test]
    fn checking_never_panics_and_keeps_its_promises(
        methods in prop::collection::vec((0..Method::ALL.len(), 0_usize..9, 0_usize..9), 0..12)
    ) {
        const NAMES: [&str; 9] = ["name", "age", "score", "status", "birthDay", "roles", "place", "$id", ""];
        const VALUES: [&str; 9] = [
            "[]",
            "[1]",
            "[\"a\"]",
            "[\"2020-01-01\"]",
            "[true]",
            "[1.5]",
            "[1,2]",
            "[{\"method\":\"equal\",\"attribute\":\"age\",\"values\":[1]},{\"method\":\"isNull\",\"attribute\":\"age\"}]",
            "[[]]",
        ];
        let texts: Vec<_> =
            methods.iter().map(|&(m, n, v)| query(Method::ALL[m].name(), NAMES[n], VALUES[v])).collect();
        if let Ok(query) = build(&texts, &FIELDS, Limits::CURRENT) {
            let last = query.orders.last().map(|by| by.field);
            prop_assert!(matches!(last, Some(Field::Id | Field::Sequence)));
        }
    }
}
