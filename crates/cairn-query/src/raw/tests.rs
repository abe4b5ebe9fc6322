//! What parses, and that printing and reading undo each other.

use proptest::prelude::*;

use super::*;

#[test]
fn every_method_of_the_sdk_parses() {
    for &method in Method::ALL {
        let values = if method.is_nested() { r#"[{"method":"isNull","attribute":"a"}]"# } else { r#"["a"]"# };
        let text = format!(r#"{{"method":"{}","attribute":"x","values":{values}}}"#, method.name());
        let raw = Raw::parse(&text).unwrap();
        assert_eq!(raw.method, method);
        assert_eq!(raw.to_string(), text);
    }
}

#[test]
fn attribute_and_values_may_be_missing() {
    for text in [r#"{"method":"orderRandom"}"#, r#"{"method":"orderRandom","attribute":null,"values":null}"#]
    {
        let raw = Raw::parse(text).unwrap();
        assert_eq!((raw.attribute.as_str(), raw.values.len()), ("", 0));
    }
}

#[test]
fn what_is_no_query_says_why() {
    let deep = format!(
        "{}{}{}",
        r#"{"method":"and","values":["#.repeat(20),
        r#"{"method":"isNull","attribute":"a"}"#,
        "]}".repeat(20)
    );
    for (text, reason) in [
        ("", "Syntax error"),
        ("equal(\"a\", 1)", "Syntax error"),
        ("{\"method\":\"limit\",", "Syntax error"),
        ("[]", "A query must be an object, not an array"),
        ("3", "A query must be an object, not a number"),
        ("{}", "The method of a query must be a string, it is missing"),
        (r#"{"method":1}"#, "The method of a query must be a string, it is a number"),
        (r#"{"method":"same"}"#, "Invalid query method: same"),
        (
            r#"{"method":"equal","attribute":["a"]}"#,
            "The attribute of the query equal must be a string, it is an array",
        ),
        (
            r#"{"method":"equal","attribute":"a","values":1}"#,
            "The values of the query equal must be an array, they are a number",
        ),
        (r#"{"method":"or","values":["a"]}"#, "A query must be an object, not a string"),
        (&deep, "The query and is nested deeper than 16 levels"),
    ] {
        assert_eq!(Raw::parse(text).unwrap_err().reason, reason, "{text}");
    }
}

#[test]
fn numbers_keep_their_type() {
    let raw = Raw::parse(
        r#"{"method":"equal","attribute":"a","values":[9223372036854775807,9223372036854775808,1.0,-1]}"#,
    );
    let values: Vec<_> = raw.unwrap().values;
    let int = |int: i64| RawValue::Value(Value::Int(int));
    assert_eq!(values[0], int(i64::MAX));
    assert_eq!(values[1], RawValue::Value(Value::Float(9_223_372_036_854_775_808.0)));
    assert_eq!(values[2], RawValue::Value(Value::Float(1.0)));
    assert_eq!(values[3], int(-1));
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<i32>().prop_map(|quarters| Value::Float(f64::from(quarters) / 4.0)),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(Value::Array))
}

fn any_raw() -> impl Strategy<Value = Raw> {
    let is_plain = |method: &Method| !method.is_nested();
    let plain = prop::sample::select(Method::ALL.iter().copied().filter(is_plain).collect::<Vec<_>>());
    let values = prop::collection::vec(any_value().prop_map(RawValue::Value), 0..4);
    let leaf = (plain, any::<String>(), values).prop_map(|(method, attribute, values)| Raw {
        method,
        attribute,
        values,
    });
    leaf.prop_recursive(4, 32, 4, |inner| {
        let methods = prop::sample::select(vec![Method::And, Method::Or, Method::ElemMatch]);
        let values = prop::collection::vec(inner.prop_map(RawValue::Query), 0..4);
        (methods, any::<String>(), values).prop_map(|(method, attribute, values)| Raw {
            method,
            attribute,
            values,
        })
    })
}

proptest! {
    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = Raw::parse(&text);
    }

    #[test]
    fn reading_json_of_any_shape_never_panics(value in any_value(), name in "[a-zA-Z]{0,12}", values in any_value()) {
        let _ = Raw::parse(&json_of(&value).to_string());
        let members = serde_json::json!({"method": name, "attribute": json_of(&value), "values": json_of(&values)});
        let _ = Raw::parse(&members.to_string());
    }

    #[test]
    fn what_is_printed_reads_the_same(raw in any_raw()) {
        prop_assert_eq!(Raw::parse(&raw.to_string()), Ok(raw));
    }
}
