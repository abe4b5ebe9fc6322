//! Every operator: what comes of a value, and what is refused.

use super::{Method, Operator};
use crate::schema::{Attribute, AttributeType};
use crate::value::Value;
use cairn_std::time::Timestamp;

const NOW: Timestamp = Timestamp(1_767_322_800_000);

fn one(kind: AttributeType) -> Attribute {
    Attribute { size: 20, ..Attribute::new("x", kind) }
}

fn list(kind: AttributeType) -> Attribute {
    Attribute { is_array: true, ..one(kind) }
}

fn apply(
    attribute: &Attribute,
    current: impl Into<Value>,
    method: &str,
    values: Vec<Value>,
) -> Result<Value, String> {
    let method = Method::by_name(method).expect("a method");
    Operator { method, values }.apply(attribute, &current.into(), NOW).map_err(|reason| reason.to_string())
}

#[test]
fn every_method_has_its_name() {
    for method in Method::ALL {
        assert_eq!(Method::by_name(method.name()), Some(*method));
    }
    assert_eq!(Method::by_name("add"), None);
}

#[test]
fn numbers_are_computed_and_bounds_leave_them_alone() {
    const NULL: Value = Value::Null;
    let int = one(AttributeType::Integer);
    let cases: &[(Value, &str, Vec<Value>, Value)] = &[
        (5.into(), "increment", vec![3.into()], 8.into()),
        (NULL, "increment", vec![3.into()], 3.into()),
        (5.into(), "increment", vec![3.into(), 8.into()], 8.into()),
        (5.into(), "increment", vec![3.into(), 7.into()], 5.into()),
        (5.into(), "increment", vec![3.into(), NULL], 8.into()),
        (5.into(), "decrement", vec![3.into()], 2.into()),
        (5.into(), "decrement", vec![3.into(), 2.into()], 2.into()),
        (5.into(), "decrement", vec![3.into(), 3.into()], 5.into()),
        (NULL, "decrement", vec![3.into()], (-3).into()),
        (5.into(), "multiply", vec![3.into()], 15.into()),
        (5.into(), "multiply", vec![1.5.into()], 8.into()),
        (5.into(), "multiply", vec![3.into(), 14.into()], 5.into()),
        (i64::MAX.into(), "multiply", vec![2.into(), 100.into()], i64::MAX.into()),
        (7.into(), "divide", vec![2.into()], 4.into()),
        ((-7).into(), "divide", vec![2.into()], (-4).into()),
        (9.into(), "divide", vec![3.into()], 3.into()),
        (9.into(), "divide", vec![3.into(), 4.into()], 9.into()),
        (17.into(), "modulo", vec![5.into()], 2.into()),
        ((-17).into(), "modulo", vec![5.into()], (-2).into()),
        (2.into(), "power", vec![10.into()], 1_024.into()),
        (2.into(), "power", vec![10.into(), 1_000.into()], 2.into()),
        (0.into(), "power", vec![0.into()], 1.into()),
        (0.into(), "power", vec![(-1).into(), 9.into()], 0.into()),
        (9.into(), "power", vec![0.5.into()], 3.into()),
        (i64::MAX.into(), "power", vec![400.into(), 9.into()], i64::MAX.into()),
    ];
    for (current, method, values, expected) in cases {
        let found = apply(&int, current.clone(), method, values.clone());
        assert_eq!(found.as_ref(), Ok(expected), "{current:?} {method} {values:?}");
    }
    let float = one(AttributeType::Float);
    assert_eq!(apply(&float, 1.5, "increment", vec![1.into()]), Ok(Value::Float(2.5)));
    assert_eq!(apply(&float, 7.0, "divide", vec![2.into()]), Ok(Value::Float(3.5)));
    assert_eq!(apply(&float, 7.5, "modulo", vec![2.into()]), Ok(Value::Float(1.5)));
    assert_eq!(apply(&float, 9.0, "power", vec![0.5.into()]), Ok(Value::Float(3.0)));
    assert_eq!(apply(&one(AttributeType::Bigint), 1, "increment", vec![1.into()]), Ok(Value::Int(2)));
}

#[test]
fn numbers_refuse_what_has_no_result() {
    let int = one(AttributeType::Integer);
    let cases: &[(Value, &str, Vec<Value>, &str)] = &[
        (i64::MAX.into(), "increment", vec![1.into()], "the result would pass 9223372036854775807"),
        (i64::MIN.into(), "decrement", vec![1.into()], "the result would pass -9223372036854775808"),
        (i64::MAX.into(), "multiply", vec![2.into()], "the result would pass 9223372036854775807"),
        (i64::MAX.into(), "power", vec![9.into()], "the result would pass 9223372036854775807"),
        (10.into(), "power", vec![400.into()], "the result is not a number"),
        (0.into(), "power", vec![(-1).into()], "the result is not a number"),
        ((-2).into(), "power", vec![0.5.into()], "the result is not a number"),
        (1.into(), "divide", vec![0.into()], "nothing can be divided by zero"),
        (1.into(), "modulo", vec![0.0.into()], "nothing can be divided by zero"),
        (1.into(), "increment", vec![], "it needs a finite number"),
        (1.into(), "increment", vec!["2".into()], "it needs a finite number"),
        (1.into(), "increment", vec![1.into(), "9".into()], "its bound must be a finite number"),
    ];
    for (current, method, values, why) in cases {
        let expected = Err(format!("Cannot apply {method} operator: {why}"));
        assert_eq!(apply(&int, current.clone(), method, values.clone()), expected, "{current:?} {values:?}");
    }
}

#[test]
fn texts_flags_and_instants_change() {
    let text = one(AttributeType::String);
    assert_eq!(apply(&text, "ab", "stringConcat", vec!["cd".into()]), Ok("abcd".into()));
    assert_eq!(apply(&text, Value::Null, "stringConcat", vec!["cd".into()]), Ok("cd".into()));
    assert_eq!(apply(&text, "a-b-c", "stringReplace", vec!["-".into(), "+".into()]), Ok("a+b+c".into()));
    assert_eq!(apply(&text, "abc", "stringReplace", vec!["".into(), "+".into()]), Ok("abc".into()));
    assert_eq!(apply(&text, Value::Null, "stringReplace", vec!["a".into(), "b".into()]), Ok(Value::Null));
    assert!(apply(&text, "x", "stringConcat", vec!["y".repeat(100).into()]).is_err());
    assert!(apply(&text, "x", "stringConcat", vec![1.into()]).is_err());
    assert!(apply(&text, "x", "stringReplace", vec!["y".into()]).is_err());
    let flag = one(AttributeType::Boolean);
    for (before, after) in [(Value::Null, true), (false.into(), true), (true.into(), false)] {
        assert_eq!(apply(&flag, before, "toggle", vec![]), Ok(after.into()));
    }
    let at = one(AttributeType::Datetime);
    let day = 86_400_000;
    let moved = |days: i64| Ok(Value::Datetime(Timestamp(NOW.0 + days * day)));
    assert_eq!(apply(&at, NOW, "dateAddDays", vec![3.into()]), moved(3));
    assert_eq!(apply(&at, NOW, "dateSubDays", vec![3.into()]), moved(-3));
    assert_eq!(apply(&at, Value::Null, "dateAddDays", vec![3.into()]), Ok(Value::Null));
    assert_eq!(apply(&at, Value::Null, "dateSetNow", vec![]), moved(0));
    for days in [i64::MAX, i64::MIN, 4_000_000] {
        assert!(apply(&at, NOW, "dateAddDays", vec![days.into()]).is_err(), "{days}");
    }
    assert!(apply(&at, NOW, "dateAddDays", vec![1.5.into()]).is_err());
}

#[test]
fn lists_change() {
    let ints = list(AttributeType::Integer);
    let of = |items: &[i64]| Value::from(items.to_vec());
    let cases: &[(Value, &str, Vec<Value>, &[i64])] = &[
        (of(&[1, 2]), "arrayAppend", vec![3.into(), 4.into()], &[1, 2, 3, 4]),
        (of(&[1, 2]), "arrayAppend", vec![of(&[3])], &[1, 2, 3]),
        (Value::Null, "arrayAppend", vec![3.into()], &[3]),
        (of(&[1, 2]), "arrayPrepend", vec![3.into(), 4.into()], &[3, 4, 1, 2]),
        (of(&[1, 2]), "arrayInsert", vec![1.into(), 9.into()], &[1, 9, 2]),
        (of(&[1, 2]), "arrayInsert", vec![2.into(), 9.into()], &[1, 2, 9]),
        (of(&[1, 2, 1]), "arrayRemove", vec![1.into()], &[2]),
        (of(&[1, 2, 3]), "arrayRemove", vec![of(&[1, 3])], &[2]),
        (of(&[1, 2]), "arrayRemove", vec!["x".into()], &[1, 2]),
        (of(&[3, 1, 3, 2, 1]), "arrayUnique", vec![], &[3, 1, 2]),
        (of(&[1, 2, 2, 3]), "arrayIntersect", vec![2.into(), 3.into()], &[2, 2, 3]),
        (of(&[1, 2, 2, 3]), "arrayDiff", vec![2.into()], &[1, 3]),
        (of(&[1, 2]), "arrayDiff", vec![], &[1, 2]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["equal".into(), 2.into()], &[2]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["notEqual".into(), 2.into()], &[1, 3]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["greaterThan".into(), 1.5.into()], &[2, 3]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["greaterThanEqual".into(), 2.into()], &[2, 3]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["lessThan".into(), 2.into()], &[1]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["lessThanEqual".into(), 2.into()], &[1, 2]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["isNull".into()], &[]),
        (of(&[1, 2, 3]), "arrayFilter", vec!["isNotNull".into(), Value::Null], &[1, 2, 3]),
    ];
    for (current, method, values, expected) in cases {
        let found = apply(&ints, current.clone(), method, values.clone());
        assert_eq!(found, Ok(of(expected)), "{current:?} {method} {values:?}");
    }
    let texts = list(AttributeType::String);
    let before = Value::Array(vec!["a".into(), Value::Null, "b".into()]);
    let kept = apply(&texts, before, "arrayFilter", vec!["notEqual".into(), "a".into()]);
    assert_eq!(kept, Ok(Value::Array(vec!["b".into()])));
    let days = list(AttributeType::Datetime);
    let before = Value::Array(vec![Value::Datetime(Timestamp(0)), Value::Datetime(NOW)]);
    let gone = apply(&days, before, "arrayRemove", vec!["1970-01-01T00:00:00.000+00:00".into()]);
    assert_eq!(gone, Ok(Value::Array(vec![Value::Datetime(NOW)])));
}

#[test]
fn lists_refuse_what_has_no_place() {
    let ints = list(AttributeType::Integer);
    let before = || Value::from(vec![1_i64, 2]);
    for (method, values) in [
        ("arrayInsert", vec![3.into(), 9.into()]),
        ("arrayInsert", vec![(-1).into(), 9.into()]),
        ("arrayInsert", vec!["0".into(), 9.into()]),
        ("arrayInsert", vec![0.into()]),
        ("arrayRemove", vec![]),
        ("arrayIntersect", vec![]),
        ("arrayFilter", vec![]),
        ("arrayFilter", vec!["contains".into(), 1.into()]),
        ("arrayFilter", vec![1.into(), 1.into()]),
        ("arrayAppend", vec![Value::from(1); super::OPERATOR_VALUES_MAX + 1]),
    ] {
        assert!(apply(&ints, before(), method, values.clone()).is_err(), "{method} {values:.60?}");
    }
}

#[test]
fn an_operator_fits_the_type_alone() {
    let kinds = [
        AttributeType::Integer,
        AttributeType::Float,
        AttributeType::String,
        AttributeType::Boolean,
        AttributeType::Datetime,
    ];
    for method in Method::ALL {
        let values = match method {
            Method::StringConcat => vec!["a".into()],
            Method::StringReplace => vec!["a".into(), "b".into()],
            Method::ArrayInsert => vec![0.into(), 1.into()],
            Method::ArrayFilter => vec!["isNull".into()],
            _ => vec![1.into()],
        };
        for kind in kinds {
            for is_array in [false, true] {
                let attribute = Attribute { is_array, ..one(kind) };
                let fits = match method.name() {
                    name if name.starts_with("array") => is_array,
                    name if name.starts_with("string") => !is_array && kind == AttributeType::String,
                    name if name.starts_with("date") => !is_array && kind == AttributeType::Datetime,
                    "toggle" => !is_array && kind == AttributeType::Boolean,
                    _ => !is_array && matches!(kind, AttributeType::Integer | AttributeType::Float),
                };
                let found = apply(&attribute, Value::Null, method.name(), values.clone());
                assert_eq!(found.is_ok(), fits, "{method:?} on {kind:?}, a list: {is_array}: {found:?}");
            }
        }
    }
}

#[test]
fn an_operator_is_an_object_with_a_known_method() {
    let member = |key: &str, value: Value| (key.to_owned(), value);
    let read = |members: &[(String, Value)]| Operator::of_members(members);
    let increment = [member("method", "increment".into()), member("values", vec![1_i64].into())];
    let expected = Operator { method: Method::Increment, values: vec![1.into()] };
    assert_eq!(read(&increment), Some(Ok(expected)));
    assert_eq!(read(&[member("method", "grow".into())]), None);
    assert_eq!(read(&[member("method", 1.into())]), None);
    assert_eq!(read(&[]), None);
    assert!(read(&[member("method", "toggle".into())]).is_some_and(|found| found.is_ok()));
    let broken = [member("method", "toggle".into()), member("values", 1.into())];
    assert!(read(&broken).is_some_and(|found| found.is_err()));
}
