//! The parameter language: presence, violations and descriptions of one declared set.

use serde_json::json;

use crate::rules::{IdChoice, Patch, ShapeKind, boolean, custom_id, email, integer, phone, queries, text};

use super::*;

crate::params! {
    /// Create a user.
    struct CreateUser {
        /// User ID, or `unique()`
        /// for one that the server makes.
        user_id: IdChoice = "userId" => custom_id(),
        /// Email.
        email: Option<String> = "email" => email().optional(),
        phone: Patch<String> = "phone" => phone().nullable().optional(),
        name: String = "name" => text(0, 128).or_empty(),
        queries: Vec<String> = "queries" => queries().or_empty(),
        limit: i64 = "limit" => integer(1, 100).or(25, json!(25)),
        flag: Option<bool> = "flag" => boolean().nullable(),
    }
}

fn read(body: serde_json::Value) -> Result<CreateUser, Error> {
    CreateUser::from_params(&ParamMap::from_body(body.as_object().unwrap().clone()))
}

#[test]
fn unset_null_and_set_are_kept_apart() {
    let user = read(json!({"userId": "unique()", "flag": null})).unwrap();
    assert_eq!((user.user_id, user.email, user.phone), (IdChoice::Unique, None, Patch::Unset));
    assert_eq!((user.name.as_str(), user.queries.len(), user.limit, user.flag), ("", 0, 25, None));
    let user = read(json!({
        "userId": "u1", "flag": "1", "email": null, "phone": null, "name": "Ann", "limit": null, "queries": ["q"]
    }))
    .unwrap();
    assert_eq!((user.email, user.phone, user.limit, user.flag), (None, Patch::Null, 25, Some(true)));
    assert_eq!((user.name.as_str(), &user.queries[..]), ("Ann", &["q".to_owned()][..]));
    let user = read(json!({"userId": "u1", "flag": false, "phone": "+4912345678", "limit": "7"})).unwrap();
    assert_eq!((user.phone, user.limit), (Patch::Set("+4912345678".to_owned()), 7));
}

#[test]
fn all_violations_are_collected_in_order() {
    let error = read(json!({"userId": "_x", "email": "no", "limit": 0, "queries": ["ok", 5]})).unwrap_err();
    let pointers: Vec<&str> = error.violations().iter().map(|v| v.pointer.as_str()).collect();
    assert_eq!(pointers, ["/userId", "/email", "/queries/1", "/limit", "/flag"]);
    assert!(error.message().starts_with("Invalid `userId` param: "), "{error}");
    assert_eq!(error.violations()[3].limit, Some(1));
    assert_eq!(error.violations()[4].message(), "Param \"flag\" is not optional.");
    assert_eq!(read(json!({"flag": true})).unwrap_err().message(), "Param \"userId\" is not optional.");
    let error = read(json!({"userId": null, "flag": true})).unwrap_err();
    assert!(error.message().starts_with("Invalid `userId` param: "), "null is sent, and no id: {error}");
}

#[test]
fn specs_describe_the_parameters() {
    let specs = CreateUser::specs();
    let told: Vec<String> = specs
        .iter()
        .map(|spec| {
            let shape = &spec.shape;
            let required = if shape.is_required { "required" } else { "optional" };
            let null = if shape.is_nullable { " null" } else { "" };
            let default = shape.default.as_ref().map(|d| format!(" = {d}")).unwrap_or_default();
            format!("{}: {} {required}{null}{default}", spec.name, shape.kind.name())
        })
        .collect();
    assert_eq!(
        told,
        [
            "userId: string required",
            "email: string optional",
            "phone: string optional null",
            "name: string optional = \"\"",
            "queries: array optional = []",
            "limit: integer optional = 25",
            "flag: boolean required null",
        ]
    );
    assert_eq!(specs[0].description, "User ID, or `unique()` for one that the server makes.");
    assert_eq!(specs[4].shape.items.as_ref().map(|items| items.kind), Some(ShapeKind::Text));
    assert_eq!((specs[5].shape.min, specs[5].shape.max), (Some(1.0), Some(100.0)));
}

#[test]
fn a_set_without_parameters() {
    assert!(<()>::from_params(&ParamMap::default()).is_ok());
    assert_eq!(<()>::specs(), []);
}
