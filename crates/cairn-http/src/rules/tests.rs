//! Every rule against values that keep and break it.

use serde_json::json;

use super::*;

/// The rule's verdict on each value, as `ok` or the kind of rule broken.
fn check<R: Rule>(rule: &R, cases: &[(Value, Result<(), Broken>)]) {
    for (value, expected) in cases {
        let got = rule.check(value).map(|_| ()).map_err(|refusal| refusal.broken);
        assert_eq!(got, *expected, "value {value}");
    }
}

const OK: Result<(), Broken> = Ok(());

fn no(broken: Broken) -> Result<(), Broken> {
    Err(broken)
}

#[test]
fn ids() {
    let pattern = || no(Broken::Pattern);
    let shared = [
        (json!("a"), OK),
        (json!("A1._-z"), OK),
        (json!("x".repeat(36)), OK),
        (json!("x".repeat(37)), no(Broken::LengthMax)),
        (json!(""), pattern()),
        (json!("_a"), pattern()),
        (json!("-a"), pattern()),
        (json!("a b"), pattern()),
        (json!("ü"), pattern()),
        (json!(5), pattern()),
        (Value::Null, pattern()),
    ];
    check(&uid(), &shared);
    check(&key(), &shared);
    check(&custom_id(), &shared);
    check(&key().chars_max(3), &[(json!("abc"), OK), (json!("abcd"), pattern())]);
    check(&custom_id(), &[(json!("unique()"), OK)]);
    check(&uid(), &[(json!("unique()"), pattern())]);
    check(
        &project_id(),
        &[
            (json!("my-app-1"), OK),
            (json!("unique()"), OK),
            (json!("My-App"), pattern()),
            (json!("a_b"), pattern()),
            (json!("-a"), pattern()),
        ],
    );
    check(&label(), &[(json!("admin1"), OK), (json!("a-b"), pattern())]);
    assert_eq!(IdChoice::Unique.or_make(|| "made".into()), "made");
    assert_eq!(IdChoice::Given("x".into()).or_make(|| "made".into()), "x");
}

#[test]
fn texts() {
    check(
        &text(1, 3),
        &[
            (json!("a"), OK),
            (json!("üüü"), OK),
            (json!(""), no(Broken::LengthMin)),
            (json!("abcd"), no(Broken::LengthMax)),
            (json!(12), no(Broken::Other)),
            (json!(["a"]), no(Broken::Other)),
        ],
    );
    check(&text(0, 6).only("0123456789"), &[(json!("012"), OK), (json!("0x"), no(Broken::Pattern))]);
    check(
        &one_of(&["asc", "desc"]),
        &[(json!("asc"), OK), (json!("ASC"), no(Broken::Choices)), (json!(null), no(Broken::Choices))],
    );
    assert_eq!(choices(&[("a", 1), ("b", 2)]).check(&json!("b")), Ok(2));
    let refusal = choices(&[("a", 1), ("b", 2)]).check(&json!("c")).unwrap_err();
    assert_eq!(refusal.reason, "Value must be one of: a, b.");
    check(
        &password(),
        &[
            (json!("12345678"), OK),
            (json!("1234567"), no(Broken::LengthMin)),
            (json!("x".repeat(256)), OK),
            (json!("x".repeat(257)), no(Broken::LengthMax)),
            (json!(12_345_678), no(Broken::Other)),
        ],
    );
    check(
        &datetime(),
        &[
            (json!("2026-01-02T03:04:05.678+00:00"), OK),
            (json!("2026-01-02 03:04:05"), OK),
            (json!("tomorrow"), no(Broken::Datetime)),
            (json!(0), no(Broken::Datetime)),
        ],
    );
}

#[test]
fn numbers() {
    check(
        &integer(0, 100),
        &[
            (json!(25), OK),
            (json!("25"), OK),
            (json!(25.0), OK),
            (json!(" 25 "), OK),
            (json!(25.5), no(Broken::NumberType)),
            (json!("25.0"), no(Broken::NumberType)),
            (json!("1e1"), no(Broken::NumberType)),
            (json!(true), no(Broken::NumberType)),
            (json!(1e300), no(Broken::NumberType)),
            (json!(u64::MAX), no(Broken::NumberType)),
            (json!(101), no(Broken::NumberMax)),
            (json!("-1"), no(Broken::NumberMin)),
        ],
    );
    assert_eq!(integer(i64::MIN, i64::MAX).check(&json!(i64::MIN)), Ok(i64::MIN));
    check(
        &float(-1.0, 1.5),
        &[
            (json!(1), OK),
            (json!("0.5"), OK),
            (json!("inf"), no(Broken::NumberType)),
            (json!("NaN"), no(Broken::NumberType)),
            (json!(2), no(Broken::NumberMax)),
            (json!(-2), no(Broken::NumberMin)),
        ],
    );
    for (value, expected) in [
        (json!(true), true),
        (json!("true"), true),
        (json!("1"), true),
        (json!(1), true),
        (json!("0"), false),
    ] {
        assert_eq!(boolean().check(&value), Ok(expected), "{value}");
    }
    check(
        &boolean(),
        &[(json!("yes"), no(Broken::Other)), (json!(2), no(Broken::Other)), (json!(""), no(Broken::Other))],
    );
}

#[test]
fn addresses() {
    let mail = no(Broken::Email);
    check(
        &email(),
        &[
            (json!("a@b.co"), OK),
            (json!("first.last+tag@sub.example.org"), OK),
            (json!("a@localhost"), mail),
            (json!("a..b@c.de"), mail),
            (json!(".a@c.de"), mail),
            (json!("a@-c.de"), mail),
            (json!("a@c..de"), mail),
            (json!("a b@c.de"), mail),
            (json!("@c.de"), mail),
            (json!(format!("{}@c.de", "a".repeat(65))), mail),
            (json!("ä@c.de"), mail),
        ],
    );
    let bad = no(Broken::Pattern);
    check(
        &phone(),
        &[
            (json!("+4912345678"), OK),
            (json!("+123456789012345"), OK),
            (json!("+1234567890123456"), bad),
            (json!("+123456"), bad),
            (json!("12345678"), bad),
            (json!("+0123456789"), bad),
            (json!("+12 3456789"), bad),
        ],
    );
    check(
        &url(),
        &[
            (json!("https://example.com/a?b#c"), OK),
            (json!("ftp://h"), OK),
            (json!("example.com"), bad),
            (json!("http:example.com"), bad),
            (json!("http://"), bad),
            (json!("http://exa mple.com"), bad),
            (json!("http://ü.de"), bad),
            (json!(format!("http://a/{}", "x".repeat(3_000))), no(Broken::LengthMax)),
        ],
    );
    check(&url().schemes(&["https"]), &[(json!("https://a"), OK), (json!("http://a"), bad)]);
    check(
        &hostname(),
        &[
            (json!("localhost"), OK),
            (json!("*.example.com"), OK),
            (json!("example.com:80"), bad),
            (json!("https://example.com"), bad),
            (json!(""), bad),
        ],
    );
    check(&domain(), &[(json!("a.example.com"), OK), (json!("a_b.com"), bad), (json!("a.com."), bad)]);
    check(&ip(), &[(json!("1.2.3.4"), OK), (json!("::1"), OK), (json!("1.2.3"), bad)]);
}

#[test]
fn lists_and_objects() {
    let rule = array_of(integer(0, 9), 3);
    assert_eq!(rule.check(&json!(["1", 2])), Ok(vec![1, 2]));
    assert_eq!(rule.check(&json!({})), Ok(vec![]));
    check(
        &rule,
        &[
            (json!([1, 2, 3, 4]), no(Broken::LengthMax)),
            (json!("1"), no(Broken::Other)),
            (json!({"a": 1}), no(Broken::Other)),
        ],
    );
    let refusal = rule.check(&json!([1, 22])).unwrap_err();
    assert_eq!((refusal.within.as_str(), refusal.limit), ("/1", Some(9)));
    assert_eq!(refusal.of_param("a/b").pointer, "/a~1b/1");
    let nested = array_of(array_of(integer(0, 9), 3), 3).check(&json!([[1], [2, "x"]])).unwrap_err();
    assert_eq!(nested.within, "/1/1");

    check(
        &queries(),
        &[
            (json!(vec!["x"; QUERIES_MAX]), OK),
            (json!(vec!["x"; QUERIES_MAX + 1]), no(Broken::LengthMax)),
            (json!(["x".repeat(QUERY_CHARS_MAX)]), OK),
            (json!(["x".repeat(QUERY_CHARS_MAX + 1)]), no(Broken::LengthMax)),
        ],
    );
    check(
        &object(),
        &[
            (json!({"a": {"b": [1]}}), OK),
            (json!([]), OK),
            (json!({}), OK),
            (json!([1]), no(Broken::ObjectType)),
            (json!("{}"), no(Broken::ObjectType)),
            (json!({"a": "x".repeat(70_000)}), no(Broken::LengthMax)),
        ],
    );
    check(
        &object_or_text(),
        &[
            (json!("{\"a\":1}"), OK),
            (json!({"a": "x".repeat(70_000)}), OK),
            (json!("[1]"), no(Broken::ObjectType)),
            (json!("{\"a\":\"\\u0000\"}"), no(Broken::ObjectType)),
            (json!("{"), no(Broken::ObjectType)),
        ],
    );
}

#[test]
fn permissions_and_roles() {
    use cairn_model::permissions::Action;
    let rule = permissions(&[Action::Read, Action::Update, Action::Delete, Action::Write]);
    let texts = |value: Value| {
        rule.check(&value).map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(texts(json!(["read(\"any\")", "read(\"any\")"])).unwrap(), ["read(\"any\")"]);
    assert!(texts(json!(["read(\"nobody\")"])).is_err());
    assert!(texts(json!(["create(\"any\")"])).is_err());
    assert_eq!(texts(json!(["read(\"any\")", 1])).unwrap_err().within, "/1");
    assert!(texts(json!("read")).is_err());
    assert_eq!(roles().check(&json!(["any", "user:x"])).unwrap().len(), 2);
    assert_eq!(roles().check(&json!(["any", "bad role"])).unwrap_err().within, "/1");
}
