//! Formats and comparison.

use std::cmp::Ordering::{Equal, Greater, Less};

use super::formats::{grouped, is_email, is_ip, is_url};
use super::*;

#[test]
fn email_addresses() {
    for good in ["a@b.co", "first.last+tag@sub.example.org", "x_y-z@1.example", "o'neil@example.com"] {
        assert!(is_email(good), "{good}");
    }
    let long = format!("{}@b.co", "a".repeat(65));
    for bad in [
        "",
        "a",
        "a@b",
        "@b.co",
        "a@",
        "a b@c.de",
        ".a@b.co",
        "a..b@c.de",
        "a@-b.co",
        "ä@b.co",
        "a@b..co",
        "a@b@c.de ",
        &long,
    ] {
        assert!(!is_email(bad), "{bad}");
    }
}

#[test]
fn urls() {
    for good in ["http://example.com", "https://a.b/c?d#e", "ftp://host/x", "mailto:a@b.co", "custom://host"]
    {
        assert!(is_url(good), "{good}");
    }
    for bad in
        ["", "example.com", "http://", "http:example.com", "http://a b", "https://exämple.com", "//a.b"]
    {
        assert!(!is_url(bad), "{bad}");
    }
}

#[test]
fn addresses() {
    for good in ["127.0.0.1", "::1", "2001:db8::1", "::ffff:1.2.3.4"] {
        assert!(is_ip(good), "{good}");
    }
    for bad in ["", "1.2.3", "1.2.3.4/8", "256.1.1.1", "[::1]", "localhost"] {
        assert!(!is_ip(bad), "{bad}");
    }
}

#[test]
fn numbers_in_messages() {
    for (number, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567")] {
        assert_eq!(grouped(number), text);
    }
    assert_eq!(grouped(i128::from(i64::MIN)), "-9,223,372,036,854,775,808");
}

#[test]
fn comparison_is_by_bytes_with_no_value_first() {
    for (a, b, order) in [
        (Value::Null, Value::from(0), Some(Less)),
        (Value::from("B"), Value::from("a"), Some(Less)),
        (Value::from("a"), Value::from("ä"), Some(Less)),
        (Value::from("z"), Value::from("ä"), Some(Less)),
        (Value::from(2), Value::from(2.0), Some(Equal)),
        (Value::from(2), Value::from(2.5), Some(Less)),
        (Value::from(-2), Value::from(-2.5), Some(Greater)),
        (Value::from(0), Value::from(-0.0), Some(Equal)),
        (Value::from(i64::MAX), Value::from(9_223_372_036_854_775_807.0), Some(Less)),
        (Value::from(i64::MIN), Value::from(-1e300), Some(Greater)),
        (Value::from(vec!["a"]), Value::from(vec!["a", "b"]), Some(Less)),
        (Value::from("1"), Value::from(1), None),
    ] {
        assert_eq!(a.compare(&b), order, "{a:?} {b:?}");
    }
}
