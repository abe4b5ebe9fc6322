//! Operators on lists. Elements are compared as the attribute's type has them.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::{Method, OPERATOR_VALUES_MAX, refusal};
use crate::reason::Reason;
use crate::schema::Attribute;
use crate::value::Value;

pub(super) fn apply(
    method: Method,
    values: &[Value],
    attribute: &Attribute,
    current: &Value,
) -> Result<Value, Reason> {
    // The operands may also come wrapped in one list.
    let operands = match values {
        [Value::Array(items)] if method != Method::ArrayInsert => items.as_slice(),
        _ => values,
    };
    if operands.len() > OPERATOR_VALUES_MAX {
        let found = operands.len();
        return Err(refusal(method, &format!("it has {found} values, {OPERATOR_VALUES_MAX} are allowed")));
    }
    let mut items = current.as_array().map(<[Value]>::to_vec).unwrap_or_default();
    let among: HashSet<String> = match method {
        Method::ArrayRemove | Method::ArrayIntersect | Method::ArrayDiff => operands
            .iter()
            .filter_map(|operand| typed(attribute, operand))
            .map(|value| name(&value))
            .collect(),
        _ => HashSet::new(),
    };
    let is_operand = |item: &Value| among.contains(&name(item));
    match method {
        Method::ArrayAppend => items.extend_from_slice(operands),
        Method::ArrayPrepend => items.splice(..0, operands.iter().cloned()).for_each(drop),
        Method::ArrayInsert => insert(values, &mut items)?,
        Method::ArrayRemove | Method::ArrayIntersect if operands.is_empty() => {
            return Err(refusal(method, "it needs a value"));
        }
        Method::ArrayRemove | Method::ArrayDiff => items.retain(|item| !is_operand(item)),
        Method::ArrayIntersect => items.retain(is_operand),
        Method::ArrayFilter => filter(values, attribute, &mut items)?,
        _ => unique(&mut items),
    }
    Ok(Value::Array(items))
}

fn insert(values: &[Value], items: &mut Vec<Value>) -> Result<(), Reason> {
    let [at, value] = values else {
        return Err(refusal(Method::ArrayInsert, "it needs a place and a value"));
    };
    let Some(place) = at.as_int().and_then(|place| usize::try_from(place).ok()) else {
        return Err(refusal(Method::ArrayInsert, "its place must be a whole number from 0"));
    };
    let length = items.len();
    if place > length {
        let why = format!("the place {place} lies beyond the {length} elements that are there");
        return Err(refusal(Method::ArrayInsert, &why));
    }
    items.insert(place, value.clone());
    Ok(())
}

fn filter(values: &[Value], attribute: &Attribute, items: &mut Vec<Value>) -> Result<(), Reason> {
    const CONDITIONS: &str =
        "equal, notEqual, greaterThan, greaterThanEqual, lessThan, lessThanEqual, isNull, isNotNull";
    let (Some(Value::Text(condition)), 1..=2) = (values.first(), values.len()) else {
        return Err(refusal(Method::ArrayFilter, "it needs a condition and, for most of them, a value"));
    };
    let operand = typed(attribute, values.get(1).unwrap_or(&Value::Null));
    let standing = |item: &Value| if item.is_null() { None } else { item.compare(operand.as_ref()?) };
    let holds: fn(Ordering) -> bool = match condition.as_str() {
        "isNull" => {
            items.retain(Value::is_null);
            return Ok(());
        }
        "isNotNull" => {
            items.retain(|item| !item.is_null());
            return Ok(());
        }
        "equal" => Ordering::is_eq,
        "notEqual" => Ordering::is_ne,
        "greaterThan" => Ordering::is_gt,
        "greaterThanEqual" => Ordering::is_ge,
        "lessThan" => Ordering::is_lt,
        "lessThanEqual" => Ordering::is_le,
        _ => {
            let why = format!("\"{condition}\" is no condition; they are {CONDITIONS}");
            return Err(refusal(Method::ArrayFilter, &why));
        }
    };
    items.retain(|item| standing(item).is_some_and(holds));
    Ok(())
}

fn unique(items: &mut Vec<Value>) {
    let mut seen = HashSet::with_capacity(items.len());
    items.retain(|item| seen.insert(name(item)));
}

/// A text that equal elements share, and no others.
fn name(item: &Value) -> String {
    match item {
        // The two zeros are equal.
        Value::Float(float) => format!("{:?}", float + 0.0),
        other => format!("{other:?}"),
    }
}

/// An operand as the elements of the attribute are; `None` where it can be none of them.
fn typed(attribute: &Attribute, operand: &Value) -> Option<Value> {
    match attribute.accept(Value::Array(vec![operand.clone()])) {
        Ok(Value::Array(mut items)) => items.pop(),
        // Beyond the attribute's own bounds, but a number that elements can be compared with.
        _ => matches!(operand, Value::Int(_) | Value::Float(_) | Value::Text(_)).then(|| operand.clone()),
    }
}
