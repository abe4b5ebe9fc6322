//! JSON bodies: an object at the top, bounded depth, no U+0000.

use serde_json::{Map, Value};

use cairn_faults::Error;

use super::{PARAM_DEPTH_MAX, PARAMS_MAX, malformed, not_utf8, refuse_nul, too_deep, too_many_params};

/// Whether a body without a telling content type is meant as a JSON object.
pub(super) fn looks_like_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{")
}

/// Parse a body. An empty one has no parameters; `null` and an empty list neither, as PHP clients send them.
pub(super) fn parse(body: &[u8]) -> Result<Map<String, Value>, Error> {
    if body.trim_ascii().is_empty() {
        return Ok(Map::new());
    }
    let text = str::from_utf8(body).map_err(|_| not_utf8())?;
    // The parser recurses, so that the depth is known before it starts.
    if is_too_deep(body) {
        return Err(too_deep());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) if map.len() > PARAMS_MAX => Err(too_many_params()),
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(Value::Array(list)) if list.is_empty() => Ok(Map::new()),
        Ok(_) => Err(malformed("the body must be a JSON object")),
        Err(error) => {
            Err(malformed(format!("the JSON is broken at line {}, column {}", error.line(), error.column())))
        }
    }
}

/// Whether brackets outside of strings are nested too deep. Linear, and needs no valid JSON.
pub(super) fn is_too_deep(body: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in body {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > PARAM_DEPTH_MAX {
                    return true;
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

/// Refuse U+0000 in any text or name, naming the parameter that holds it.
pub(super) fn refuse_nul_texts(map: &Map<String, Value>) -> Result<(), Error> {
    for (name, value) in map {
        refuse_nul(name, name)?;
        if has_nul(value) {
            refuse_nul(name, "\0")?;
        }
    }
    Ok(())
}

/// Depth is bounded by the parsers.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
