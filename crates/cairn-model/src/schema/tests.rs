//! What documents, attributes and indexes are accepted, and the sentences about the rest.

use super::*;
use crate::value::Value;

fn collection(attributes: Vec<Attribute>) -> Collection {
    Collection {
        id: "c".into(),
        number: 1,
        database_id: "d".into(),
        database_number: 1,
        name: "c".into(),
        is_enabled: true,
        document_security: false,
        permissions: Vec::new(),
        attributes,
        indexes: Vec::new(),
        created: Timestamp(0),
        updated: Timestamp(0),
    }
}

fn sized(key: &str, size: u32) -> Attribute {
    Attribute { size, ..Attribute::new(key, AttributeType::String) }
}

fn ranged(key: &str, kind: AttributeType, range: Range) -> Attribute {
    Attribute { range, ..Attribute::new(key, kind) }
}

fn members(list: &[(&str, Value)]) -> Vec<(String, Value)> {
    list.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

#[test]
fn values_become_typed() {
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let array = Attribute { is_array: true, ..sized("x", 3) };
    for (attribute, given, typed) in [
        (sized("x", 3), Value::from("äöü"), Value::from("äöü")),
        (sized("x", 3), Value::Null, Value::Null),
        (Attribute::new("x", AttributeType::Float), Value::from(3), Value::from(3.0)),
        (
            Attribute::new("x", AttributeType::Bigint),
            Value::from("-9223372036854775808"),
            Value::from(i64::MIN),
        ),
        (
            Attribute::new("x", AttributeType::Datetime),
            Value::from("2020-01-02T03:04:05.6789+01:00"),
            Value::from(at("2020-01-02T02:04:05.678Z")),
        ),
        (
            array.clone(),
            Value::Array(vec!["a".into(), Value::Null]),
            Value::Array(vec!["a".into(), Value::Null]),
        ),
        (array, Value::Array(vec![]), Value::Array(vec![])),
    ] {
        assert_eq!(attribute.accept(given.clone()), Ok(typed), "{given:?}");
    }
}

#[test]
fn values_that_do_not_fit_are_named() {
    let choice = Attribute {
        elements: vec!["yes".into(), "no".into(), "maybe".into()],
        ..Attribute::new("x", AttributeType::Enum)
    };
    let int = |min, max| ranged("x", AttributeType::Integer, Range::Int(min, max));
    for (attribute, given, reason) in [
        (
            Attribute::new("x", AttributeType::Email),
            Value::from("a"),
            r#"Attribute "x" has invalid format. Value must be a valid email address"#,
        ),
        (
            Attribute::new("x", AttributeType::Url),
            Value::from("a"),
            r#"Attribute "x" has invalid format. Value must be a valid URL"#,
        ),
        (
            Attribute::new("x", AttributeType::Ip),
            Value::from("a"),
            r#"Attribute "x" has invalid format. Value must be a valid IP address"#,
        ),
        (
            choice,
            Value::from("Yes"),
            r#"Attribute "x" has invalid format. Value must be one of (yes, no, maybe)"#,
        ),
        (
            int(1, 10),
            Value::from(11),
            r#"Attribute "x" has invalid format. Value must be a valid range between 1 and 10"#,
        ),
        (
            int(5, i64::MAX),
            Value::from(4),
            r#"Attribute "x" has invalid format. Value must be a valid range between 5 and 9,223,372,036,854,775,807"#,
        ),
        (
            ranged("x", AttributeType::Float, Range::Float(1.1, 1.4)),
            Value::from(2.5),
            r#"Attribute "x" has invalid format. Value must be a valid range between 1 and 1"#,
        ),
    ] {
        let got = attribute.accept(given.clone()).expect_err(reason);
        assert_eq!(got.as_str(), reason, "{given:?}");
    }
}

#[test]
fn values_of_the_wrong_type_are_named() {
    for (attribute, given, reason) in [
        (
            sized("x", 3),
            Value::from("abcd"),
            r#"Attribute "x" has invalid type. Value must be a valid string and no longer than 3 chars"#,
        ),
        (
            sized("x", 3),
            Value::from(1),
            r#"Attribute "x" has invalid type. Value must be a valid string and no longer than 3 chars"#,
        ),
        (
            sized("x", 3),
            Value::from("a\0"),
            r#"Attribute "x" has invalid type. Value must not contain the character U+0000"#,
        ),
        (
            Attribute::new("x", AttributeType::Integer),
            Value::from(1.0),
            r#"Attribute "x" has invalid type. Value must be a valid 64-bit integer"#,
        ),
        (
            Attribute::new("x", AttributeType::Float),
            Value::from(f64::INFINITY),
            r#"Attribute "x" has invalid type. Value must be a valid float"#,
        ),
        (
            Attribute::new("x", AttributeType::Boolean),
            Value::from(1),
            r#"Attribute "x" has invalid type. Value must be a valid boolean"#,
        ),
        (
            Attribute { is_array: true, ..sized("x", 3) },
            Value::from("a"),
            r#"Attribute "x" must be an array"#,
        ),
        (
            Attribute { is_array: true, ..sized("x", 3) },
            Value::from(vec!["a", "long"]),
            r#"Attribute "x['1']" has invalid type. Value must be a valid string and no longer than 3 chars"#,
        ),
    ] {
        let got = attribute.accept(given.clone()).expect_err(reason);
        assert_eq!(got.as_str(), reason, "{given:?}");
    }
}

#[test]
fn datetimes_that_do_not_exist_are_refused() {
    let attribute = Attribute::new("x", AttributeType::Datetime);
    for text in ["", "tomorrow", "2020-13-01T00:00:00Z", "20020-01-01T00:00:00Z", "2020-01-01T25:00:00"] {
        assert!(attribute.accept(Value::from(text)).is_err(), "{text}");
    }
}

#[test]
fn a_new_document_is_complete_known_and_valid_in_this_order() {
    let schema = collection(vec![
        Attribute { is_required: true, ..sized("name", 5) },
        Attribute { default: Value::from(7), ..Attribute::new("age", AttributeType::Integer) },
        Attribute { status: Status::Processing, ..sized("later", 5) },
    ]);
    for (given, reason) in [
        (members(&[("what", Value::Null)]), "Missing required attribute \"name\""),
        (members(&[("name", Value::Null)]), "Missing required attribute \"name\""),
        (members(&[("name", "too long".into()), ("what", 1.into())]), "Unknown attribute: \"what\""),
        (members(&[("name", "n".into()), ("later", "x".into())]), "Unknown attribute: \"later\""),
    ] {
        let got = schema.values_of_new(given).expect_err(reason);
        assert_eq!(got.as_str(), reason);
    }
    let values = schema.values_of_new(members(&[("name", "n".into())])).unwrap();
    assert_eq!(values, ["n".into(), 7.into(), Value::Null]);
    let values = schema.values_of_new(members(&[("age", Value::Null), ("name", "n".into())])).unwrap();
    let dated = Attribute { default: "1970-01-01".into(), ..Attribute::new("at", AttributeType::Datetime) };
    assert_eq!(collection(vec![dated]).values_of_new(vec![]), Ok(vec![Timestamp(0).into()]));
    assert_eq!(values[1], 7.into());
}

#[test]
fn a_change_touches_only_what_is_given() {
    let schema = collection(vec![
        Attribute { is_required: true, ..sized("name", 5) },
        Attribute { default: Value::from(7), ..Attribute::new("age", AttributeType::Integer) },
    ]);
    let current = ["n".into(), 8.into()];
    assert_eq!(schema.values_of_changed(&current, vec![]).unwrap(), current);
    let cleared = schema.values_of_changed(&current, members(&[("age", Value::Null)])).unwrap();
    assert_eq!(cleared, ["n".into(), Value::Null]);
    let reason = schema.values_of_changed(&current, members(&[("name", Value::Null)])).unwrap_err();
    assert_eq!(reason.as_str(), "Missing required attribute \"name\"");
}

#[test]
fn attributes_have_rules() {
    let schema = collection(vec![sized("Name", 16_000)]);
    let enumeration =
        |elements: Vec<String>| Attribute { elements, ..Attribute::new("e", AttributeType::Enum) };
    for (attribute, rule) in [
        (sized("_x", 1), Rule::KeyInvalid),
        (sized("$id", 1), Rule::KeyInvalid),
        (sized("x", 0), Rule::AttributeValue),
        (Attribute { is_encrypted: true, ..sized("x", 149) }, Rule::AttributeValue),
        (Attribute { size: 16_382, ..Attribute::new("x", AttributeType::Varchar) }, Rule::AttributeValue),
        (ranged("x", AttributeType::Integer, Range::Int(2, 1)), Rule::AttributeValue),
        (Attribute { is_required: true, default: "a".into(), ..sized("x", 1) }, Rule::AttributeDefault),
        (Attribute { is_array: true, default: "a".into(), ..sized("x", 1) }, Rule::AttributeDefault),
        (Attribute { default: "ab".into(), ..sized("x", 1) }, Rule::AttributeValue),
        (enumeration(vec![]), Rule::AttributeValue),
        (enumeration(vec![String::new()]), Rule::AttributeValue),
        (Attribute { is_array: true, ..Attribute::new("x", AttributeType::Point) }, Rule::AttributeType),
        (
            Attribute { default: "here".into(), ..Attribute::new("x", AttributeType::Point) },
            Rule::AttributeValue,
        ),
        (sized("name", 1), Rule::AttributeExists),
        (sized("x", 200), Rule::AttributeLimit),
    ] {
        let refusal = schema.check_new_attribute(&attribute).expect_err(&attribute.key);
        assert_eq!(refusal.rule, rule, "{attribute:?}: {refusal}");
    }
    assert_eq!(schema.check_new_attribute(&sized("x", 20_000)), Ok(()), "long text is not in the row");
    assert_eq!(schema.check_new_attribute(&sized("x", 100)), Ok(()));
}

#[test]
fn a_changed_attribute_competes_with_the_others_only() {
    let schema = collection(vec![sized("name", 16_000), sized("nick", 10)]);
    assert_eq!(schema.check_changed_attribute(0, &sized("NAME", 15_000)), Ok(()));
    assert_eq!(
        schema.check_changed_attribute(1, &sized("Name", 10)).unwrap_err().rule,
        Rule::AttributeExists
    );
    assert_eq!(
        schema.check_changed_attribute(1, &sized("nick", 500)).unwrap_err().rule,
        Rule::AttributeLimit
    );
}

#[test]
fn indexes_have_rules() {
    let mut schema = collection(vec![
        sized("name", 500),
        sized("nick", 500),
        Attribute { is_array: true, ..sized("tags", 5) },
        Attribute::new("age", AttributeType::Integer),
        Attribute { status: Status::Processing, ..sized("later", 5) },
        Attribute::new("here", AttributeType::Point),
        Attribute::new("there", AttributeType::Line),
        Attribute { is_encrypted: true, ..sized("secret", 200) },
    ]);
    schema.indexes.push(Index::new("Taken", IndexType::Key, ["age"]));
    let key = |attributes: &[&str]| Index::new("i", IndexType::Key, attributes.iter().copied());
    for (index, rule) in [
        (Index::new("-", IndexType::Key, ["age"]), Rule::KeyInvalid),
        (Index::new("taken", IndexType::Key, ["name"]), Rule::IndexExists),
        (Index::new("i", IndexType::Fulltext, ["age"]), Rule::IndexInvalid),
        (Index::new("i", IndexType::Fulltext, ["tags"]), Rule::IndexInvalid),
        (Index::new("i", IndexType::Fulltext, ["secret"]), Rule::IndexInvalid),
        (Index::new("i", IndexType::Fulltext, ["$id"]), Rule::AttributeUnknown),
        (Index::new("i", IndexType::Spatial, ["name"]), Rule::IndexInvalid),
        (Index::new("i", IndexType::Spatial, ["here", "there"]), Rule::IndexInvalid),
        (key(&["here"]), Rule::IndexInvalid),
        (key(&[]), Rule::IndexInvalid),
        (key(&["age"]), Rule::IndexInvalid),
        (key(&["age", "Age"]), Rule::IndexInvalid),
        (key(&["nothing"]), Rule::AttributeUnknown),
        (key(&["later"]), Rule::AttributeNotAvailable),
        (key(&["tags"]), Rule::IndexInvalid),
        (key(&["name", "nick"]), Rule::IndexInvalid),
        (Index { lengths: vec![Some(501)], ..key(&["name"]) }, Rule::IndexInvalid),
        (Index { lengths: vec![Some(5)], ..key(&["age", "name"]) }, Rule::IndexInvalid),
    ] {
        let refusal = schema.check_new_index(&index).expect_err(&index.key);
        assert_eq!(refusal.rule, rule, "{index:?}: {refusal}");
    }
    for index in [
        key(&["name", "$createdAt"]),
        Index { orders: vec![Some(Order::Desc)], ..key(&["age"]) },
        Index { lengths: vec![Some(100), Some(100)], ..key(&["name", "nick"]) },
        Index::new("i", IndexType::Unique, ["age"]),
        Index::new("i", IndexType::Fulltext, ["name", "nick"]),
        Index::new("i", IndexType::Spatial, ["there"]),
    ] {
        assert_eq!(schema.check_new_index(&index), Ok(()), "{index:?}");
    }
}

#[test]
fn types_are_found_by_their_wire_names() {
    for &kind in AttributeType::ALL {
        assert_eq!(AttributeType::from_wire(kind.name(), kind.format().unwrap_or("")), Some(kind));
    }
    assert_eq!(AttributeType::from_wire("integer", "intRange"), Some(AttributeType::Integer));
    assert_eq!(AttributeType::from_wire("string", "phone"), None);
}
