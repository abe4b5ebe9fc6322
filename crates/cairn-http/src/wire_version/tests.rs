//! The wire version that a request speaks.

use serde_json::json;

use super::*;

#[test]
fn versions_parse_and_order() {
    for (text, expected) in [
        ("1.8.0", Some("1.8.0")),
        (" 2.0.0 ", Some("2.0.0")),
        ("1.9", Some("1.9.0")),
        ("2", Some("2.0.0")),
        ("1.7.0-RC1", Some("1.7.0")),
        ("0.12.1", Some("0.12.1")),
        ("1.2.3.4", Some("1.2.3")),
        ("99999999.0.0", Some("65535.0.0")),
        ("latest", None),
        ("", None),
        ("v1.2.3", None),
    ] {
        assert_eq!(WireVersion::parse(text).map(|v| v.to_string()).as_deref(), expected, "{text:?}");
    }
    assert!(WireVersion::new(1, 9, 5) < WireVersion::NATIVE);
    assert!(WireVersion::new(1, 10, 0) > WireVersion::new(1, 9, 5));
}

#[test]
fn the_header_beats_the_setting() {
    for (header, configured, expected) in [
        (Some("1.8.0"), Some("1.4.0"), Some("1.8.0")),
        (None, Some("1.4.0"), Some("1.4.0")),
        (Some(""), Some("1.4.0"), Some("1.4.0")),
        (None, None, None),
        (None, Some(""), None),
        (Some("garbage"), None, Some("0.0.0")),
    ] {
        let got = WireVersion::of_header(header, configured).map(|v| v.to_string());
        assert_eq!(got.as_deref(), expected, "header {header:?}, setting {configured:?}");
    }
}

const STEPS: WireSteps = WireSteps {
    requests: &[
        RequestStep {
            below: WireVersion::new(1, 8, 0),
            method: "users.create",
            apply: |params| params.rename("mail", "address"),
        },
        RequestStep {
            below: WireVersion::new(1, 9, 0),
            method: "users.create",
            apply: |params| params.rename("address", "email"),
        },
        RequestStep {
            below: WireVersion::NATIVE,
            method: "*",
            apply: |params| params.set("seen", json!(true)),
        },
    ],
    responses: &[
        ResponseStep {
            below: WireVersion::NATIVE,
            model: "user",
            apply: |object| drop(object.insert("steps".into(), json!("2.0"))),
        },
        ResponseStep {
            below: WireVersion::new(1, 9, 0),
            model: "user",
            apply: |object| {
                let so_far = object["steps"].as_str().unwrap_or("").to_owned();
                object.insert("steps".into(), json!(format!("{so_far},1.9")));
            },
        },
    ],
};

#[test]
fn requests_are_lifted_oldest_first() {
    assert!(STEPS.is_ordered());
    for (version, method, given, expected) in [
        (Some((1, 7, 0)), "users.create", json!({"mail": "a"}), json!({"email": "a", "seen": true})),
        (Some((1, 8, 0)), "users.create", json!({"mail": "a"}), json!({"mail": "a", "seen": true})),
        (Some((1, 8, 0)), "users.create", json!({"address": "a"}), json!({"email": "a", "seen": true})),
        (Some((1, 7, 0)), "users.list", json!({"mail": "a"}), json!({"mail": "a", "seen": true})),
        (Some((2, 0, 0)), "users.create", json!({"mail": "a"}), json!({"mail": "a"})),
        (None, "users.create", json!({"mail": "a"}), json!({"mail": "a"})),
    ] {
        let mut params = ParamMap::from_body(given.as_object().unwrap().clone());
        let version = version.map(|(a, b, c)| WireVersion::new(a, b, c));
        STEPS.lift_request(version, method, &mut params);
        assert_eq!(Value::Object(params.to_object()), expected, "{version:?} {method} {given}");
    }
}

#[test]
fn answers_are_lowered_newest_first() {
    for (version, model, expected) in [
        (Some(WireVersion::new(1, 8, 0)), "user", json!({"steps": "2.0,1.9"})),
        (Some(WireVersion::new(1, 9, 5)), "user", json!({"steps": "2.0"})),
        (Some(WireVersion::NATIVE), "user", json!({})),
        (Some(WireVersion::new(1, 8, 0)), "team", json!({})),
        (None, "user", json!({})),
    ] {
        let mut object = Map::new();
        STEPS.lower_answer(version, model, &mut object);
        assert_eq!(STEPS.touches(version, model), expected != json!({}), "{version:?} {model}");
        assert_eq!(Value::Object(object), expected, "{version:?} {model}");
    }
}
