//! Query strings and urlencoded forms, with PHP's arrays: `a[]=1`, `a[0]=1`, `a[k]=1`, nested at will.

use percent_encoding::percent_decode;
use serde_json::{Map, Value};

use cairn_faults::Error;

use super::{PARAM_DEPTH_MAX, PARAMS_MAX, not_utf8, too_deep, too_many_params};

/// Parse `a=1&b[]=2`.
pub(super) fn parse(text: &[u8]) -> Result<Map<String, Value>, Error> {
    let mut fields = Fields::default();
    for pair in text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[..0]),
        };
        fields.push(&decode(name)?, Value::String(decode(value)?))?;
    }
    Ok(fields.finish())
}

fn decode(text: &[u8]) -> Result<String, Error> {
    let spaced: Vec<u8> = text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(decoded).map_err(|_| not_utf8())
}

/// Fields under construction; also used for the fields of a multipart body.
#[derive(Default)]
pub(super) struct Fields {
    top: Map<String, Value>,
    count: usize,
}

impl Fields {
    /// Add one field under its bracketed name. Later fields replace earlier ones, as in PHP.
    pub(super) fn push(&mut self, name: &str, value: Value) -> Result<(), Error> {
        self.count += 1;
        if self.count > PARAMS_MAX {
            return Err(too_many_params());
        }
        let (base, keys) = split_name(name);
        if base.is_empty() {
            return Ok(());
        }
        if keys.len() >= PARAM_DEPTH_MAX {
            return Err(too_deep());
        }
        let slot = self.top.entry(base).or_insert(Value::Null);
        place(slot, &keys, value);
        Ok(())
    }

    /// The fields, arrays with the keys 0, 1, 2, ... turned into lists.
    pub(super) fn finish(self) -> Map<String, Value> {
        self.top.into_iter().map(|(name, value)| (name, as_list(value))).collect()
    }
}

/// `a[b][]` is `a` and the keys `b` and nothing; text after an unclosed bracket belongs to the name.
fn split_name(name: &str) -> (String, Vec<&str>) {
    let Some(open) = name.find('[').filter(|at| *at > 0) else {
        return (name.to_owned(), Vec::new());
    };
    let (base, mut rest) = name.split_at(open);
    let mut keys = Vec::new();
    while let Some(inner) = rest.strip_prefix('[') {
        let Some(close) = inner.find(']') else {
            break;
        };
        keys.push(&inner[..close]);
        rest = &inner[close + 1..];
    }
    if keys.is_empty() { (name.to_owned(), keys) } else { (base.to_owned(), keys) }
}

/// Put `value` below `slot`. While it is built an array is an object, its list keys being numbers.
fn place(slot: &mut Value, keys: &[&str], value: Value) {
    let Some((key, rest)) = keys.split_first() else {
        *slot = value;
        return;
    };
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(map) = slot {
        let key = if key.is_empty() { next_index(map) } else { (*key).to_owned() };
        place(map.entry(key).or_insert(Value::Null), rest, value);
    }
}

/// The key that `[]` stands for: one more than the largest number so far.
///
/// Appending is the common case, so the count is tried before the keys are searched.
fn next_index(map: &Map<String, Value>) -> String {
    let last = map.keys().next_back().and_then(|key| key.parse::<usize>().ok());
    if last.is_some_and(|last| last + 1 == map.len()) {
        return map.len().to_string();
    }
    let largest = map.keys().filter_map(|key| key.parse::<usize>().ok()).max();
    largest.map_or(0, |largest| largest.saturating_add(1)).to_string()
}

fn as_list(value: Value) -> Value {
    let Value::Object(map) = value else {
        return value;
    };
    let is_list = map.keys().enumerate().all(|(index, key)| *key == index.to_string());
    let values = map.into_iter().map(|(key, value)| (key, as_list(value)));
    if is_list {
        Value::Array(values.map(|(_, value)| value).collect())
    } else {
        Value::Object(values.collect())
    }
}
