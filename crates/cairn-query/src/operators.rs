//! Update operators as clients write them: a JSON object, or a text that holds one, with a known `method`.

use cairn_model::operators::Operator;
use cairn_model::reason::Reason;
use cairn_model::value::Value;

use crate::json::value_of;

/// The operator that a member's value is; `None` for every other value, which then stands for itself.
pub fn operator_of(value: &Value) -> Option<Result<Operator, Reason>> {
    match value {
        Value::Object(members) => Operator::of_members(members),
        // Most texts are none: they are not parsed to find that out.
        Value::Text(text) if text.starts_with('{') && text.contains("\"method\"") => {
            match value_of(serde_json::from_str(text).ok()?) {
                Value::Object(members) => Operator::of_members(&members),
                _ => None,
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cairn_model::operators::Method;

    use super::*;

    #[test]
    fn texts_and_objects_with_a_known_method_are_operators() {
        let cases = [
            (r#"{"method":"increment","values":[2]}"#, Some(Method::Increment)),
            (r#"{"method":"toggle","values":[]}"#, Some(Method::Toggle)),
            (r#"{"method":"arrayAppend","attribute":"","values":["a"]}"#, Some(Method::ArrayAppend)),
            (r#"{"method":"sing"}"#, None),
            (r#"{"method":"#, None),
            (r#"{"a":"method"}"#, None),
            ("increment", None),
        ];
        for (text, expected) in cases {
            let found = operator_of(&text.into()).map(|found| found.expect("well-formed").method);
            assert_eq!(found, expected, "{text}");
            if let Ok(json) = serde_json::from_str(text) {
                let found = operator_of(&value_of(json)).map(|found| found.expect("well-formed").method);
                assert_eq!(found, expected, "{text} as an object");
            }
        }
        assert!(operator_of(&r#"{"method":"toggle","values":1}"#.into()).is_some_and(|found| found.is_err()));
        assert_eq!(operator_of(&Value::Int(1)), None);
    }
}
