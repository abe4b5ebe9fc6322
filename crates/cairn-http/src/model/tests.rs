//! Answers are compared with what is declared, and described so.

use serde_json::json;

use super::Kind::{Integer, List, Maybe, Of, OrNull, Text};
use super::{Shape, Success};
use crate::model;

model! {
    /// A tag.
    TAG = "tag" { "name": Text }
}

model! {
    /// A thing
    /// with tags.
    THING = "thing" { "$id": Text, "count": OrNull(&Integer), "tags": List(&Of(&TAG)), "note": Maybe(&Text) }
}

model! {
    /// Anything.
    LOOSE = "loose" open { "$id": Text }
}

#[test]
fn what_differs_is_told_with_its_place() {
    let one = Success { status: 200, body: Shape::One(&THING) };
    let page = Success { status: 200, body: Shape::Page { name: "things", model: &THING } };
    let loose = Success { status: 200, body: Shape::One(&LOOSE) };
    let nothing = Success { status: 204, body: Shape::Nothing };
    for (success, status, body, expected) in [
        (one, 200, json!({ "$id": "a", "count": null, "tags": [{ "name": "x" }] }), None),
        (one, 200, json!({ "$id": "a", "count": 1, "tags": [], "note": "n" }), None),
        (one, 201, json!({}), Some("the status is 201, declared is 200")),
        (one, 200, json!({ "$id": "a", "tags": [] }), Some("/count: missing from this thing")),
        (
            one,
            200,
            json!({ "$id": "a", "count": "1", "tags": [] }),
            Some(r#"/count: "1" is not as declared (Integer)"#),
        ),
        (
            one,
            200,
            json!({ "$id": "a", "count": 1, "tags": [{}] }),
            Some("/tags/0/name: missing from this tag"),
        ),
        (
            one,
            200,
            json!({ "$id": "a", "count": 1, "tags": [], "more": 1 }),
            Some("/more: not declared in the model thing"),
        ),
        (loose, 200, json!({ "$id": "a", "more": 1 }), None),
        (page, 200, json!({ "total": 0, "things": [] }), None),
        (
            page,
            200,
            json!({ "total": 1, "things": [{ "$id": 1 }] }),
            Some("/things/0/$id: 1 is not as declared (Text)"),
        ),
        (
            page,
            200,
            json!({ "things": [] }),
            Some(r#"a page has the members ["things"], declared are total and things"#),
        ),
        (nothing, 204, json!(null), None),
        (nothing, 204, json!({}), Some("there is a body, declared is none")),
    ] {
        assert_eq!(success.problem(status, &body).as_deref(), expected, "{body}");
    }
}

#[test]
fn a_model_is_described() {
    assert_eq!(
        THING.schema(),
        json!({
            "type": "object",
            "description": "A thing with tags.",
            "required": ["$id", "count", "tags"],
            "properties": {
                "$id": { "type": "string" },
                "count": { "anyOf": [{ "type": "integer" }, { "type": "null" }] },
                "tags": { "type": "array", "items": { "$ref": "#/components/schemas/tag" } },
                "note": { "type": "string" },
            },
            "additionalProperties": false,
        })
    );
    assert_eq!(THING.parts().map(|model| model.name).collect::<Vec<_>>(), ["tag"]);
}
